"""The layers that have a part in the decision of a request, and how their permissions come together."""

from collections.abc import Iterator, Sequence

from meshrole.iam.evaluation import access
from meshrole.iam.evaluation.access import Way
from meshrole.iam.evaluation.facts import Facts
from meshrole.iam.evaluation.layer import Layer
from meshrole.iam.evaluation.prepared import Layers, Prepared

# What it means that a policy is not there. The root user has full access without one.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#access_policies-root
ROOT = Layer("identity", is_open=True)
NO_RESOURCE_POLICY = Layer("resource")
# A federated user has no permissions of identity policies without a session policy.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_request.html#api_getfederationtoken
NO_SESSION_POLICY = Layer("session")


class Plan:
    """The layers in their order: those that limit everything, the resource's, the identity's, and what limits that.

    `identity` and `resource` are the places of those two among the layers; several policies of the resource are `resources`.
    `has_boundary` is whether the principal has a permissions boundary. `verdicts` are what grades of the layers came to so far.
    """

    __slots__ = (
        "_gates",
        "_limits",
        "_own",
        "_rule",
        "has_boundary",
        "how",
        "identity",
        "layers",
        "resource",
        "resources",
        "verdicts",
    )

    def __init__(
        self, how: Way, gates: Sequence[Layer], resource: Sequence[Layer], identity: Sequence[Layer], limits: Sequence[Layer]
    ) -> None:
        self.how = how
        self.layers = (*gates, *resource, *identity, *limits)
        self._gates = len(gates)
        self._own = len(gates) + len(resource)
        self._limits = self._own + len(identity)
        self.resource = len(gates)
        self.resources = range(len(gates), self._own)
        self.identity = self._own if identity else None
        self.has_boundary = any(layer.name == "boundary" for layer in limits)
        self._rule = access.RULES[how]
        self.verdicts: dict[tuple[int, ...], tuple[bool, int]] = {}

    def grants(self, grades: Sequence[int]) -> bool:
        """Whether access is granted when each layer allows as directly as `grades` says."""
        gates, own, limits = self._gates, self._own, self._limits
        if gates and 0 in grades[:gates]:
            return False
        resource = grades[gates] if own == gates + 1 else min(grades[gates:own], default=0)
        return self._rule(grades[own] if limits > own else 0, resource, 0 not in grades[limits:])


def plan(facts: Facts, policies: Prepared) -> Plan:
    """The plan of a request. It is the same for most requests with the same policies."""
    principal = facts.principal
    how = access.way(facts)
    is_trust = access.is_trust(facts)
    key = (how, principal.kind, is_trust, access.is_below_rcp(facts), access.is_below_scp(facts))
    plans = policies.plans
    found: Plan | None = plans.get(key)
    if found is None:
        found = plans[key] = _planned(facts, policies, how)
    return found


def _planned(facts: Facts, policies: Prepared, how: Way) -> Plan:
    layers = policies.layers
    own = policies.trusts if access.is_trust(facts) else policies.resources
    if not own and how != "union":
        own = (NO_RESOURCE_POLICY,)
    gates = tuple(_gates(facts, layers))
    if not facts.principal.has_identity:
        return Plan(how, gates, own, (), ())
    if facts.principal.kind == "root":
        return Plan(how, gates, own, (ROOT,), ())
    return Plan(how, gates, own, (layers.identity,), tuple(_limits(facts, layers)))


def _gates(facts: Facts, layers: Layers) -> Iterator[Layer]:
    if access.is_below_rcp(facts):
        yield from layers.rcp
    if access.is_below_scp(facts):
        yield from layers.scp
    if layers.endpoint is not None:
        yield layers.endpoint


def _limits(facts: Facts, layers: Layers) -> Iterator[Layer]:
    if layers.boundary is not None:
        yield layers.boundary
    if layers.session is not None:
        yield layers.session
    elif facts.principal.kind == "federated-user":
        yield NO_SESSION_POLICY
