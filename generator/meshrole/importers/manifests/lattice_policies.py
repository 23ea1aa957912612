"""Who may call a service of VPC Lattice: `IAMAuthPolicy`.

https://docs.aws.amazon.com/vpc-lattice/latest/ug/auth-policies.html
https://www.gateway-api-controller.eks.aws.dev/latest/api-types/iam-auth-policy/
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from meshrole.importers.found import Edge, Miss
from meshrole.importers.manifests.cluster import Cluster
from meshrole.importers.manifests.lattice import Attached, attached, service_name
from meshrole.importers.manifests.notes import LATTICE
from meshrole.importers.manifests.objects import Manifest, mapping
from meshrole.importers.manifests.policies import parsed, statements, texts_or_one
from meshrole.importers.values import Value, value

ACTIONS = {"*", "vpc-lattice-svcs:*", "vpc-lattice-svcs:invoke", "vpc-lattice-svcs:connect"}
METHOD, PATH = "vpc-lattice-svcs:requestmethod", "vpc-lattice-svcs:requestpath"
CALLER = "aws:principalarn"
# The tags of a session of EKS Pod Identity: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html
NAMESPACE, ACCOUNT = "aws:principaltag/kubernetes-namespace", "aws:principaltag/kubernetes-service-account"
POSITIVE = ("stringequals", "stringlike", "arnequals", "arnlike", "stringequalsignorecase")
NEGATIVE = ("NotPrincipal", "NotAction", "NotResource")
ANYBODY = "*"


@dataclass
class _Conditions:
    """The conditions of a statement by their keys, and the keys of those that an edge cannot carry."""

    values: dict[str, list[Any]] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)


def entries(cluster: Cluster) -> Iterator[Edge | Miss]:
    """The callers that the auth policies of services and of service networks name."""
    policies = cluster.of(LATTICE, "IAMAuthPolicy")
    routes = list(attached(cluster)) if policies else []
    own = {(_target(each)) for each in policies}
    for policy in policies:
        kind, space, name = _target(policy)
        if kind == "Gateway":
            networks = [(name, each.route) for each in routes if name in each.networks and _key(each) not in own]
        else:
            meant = [each for each in routes if _key(each) == (kind, space, name)]
            networks = [(network, each.route) for each in meant for network in each.networks]
        if not networks:
            yield policy.miss(f"the {kind} {name} that it is for is not in the files, or has no service that it decides for")
        document = parsed(policy.spec.get("policy"))
        if document is None:
            yield policy.miss("its policy is not JSON")
        for statement in statements(document or {}):
            yield from _statement(policy, statement, networks)


def _target(policy: Manifest) -> tuple[str, Value, Value]:
    target = mapping(policy.spec.get("targetRef"))
    name = policy.text(target.get("name")) or value("?")
    kind = policy.written(target.get("kind"))
    space = policy.text(target.get("namespace")) or policy.space
    return kind, value(ANYBODY) if kind == "Gateway" else space, name


def _key(each: Attached) -> tuple[str, Value, Value]:
    return each.route.kind, each.route.space, each.route.name


def _statement(policy: Manifest, statement: Mapping[str, Any], networks: list[tuple[Value, Manifest]]) -> Iterator[Edge | Miss]:
    if statement.get("Effect") != "Allow" or any(key in statement for key in NEGATIVE):
        yield policy.miss("a statement that denies, or that says who or what is not meant, is no edge")
        return
    actions = {str(each).lower() for each in texts_or_one(statement.get("Action"))}
    if not actions & ACTIONS:
        yield policy.miss("a statement about other actions than vpc-lattice-svcs:Invoke")
        return
    conditions = _conditions(statement)
    if conditions.left:
        yield policy.miss(f"conditions that an edge does not carry: {', '.join(conditions.left)}")
    methods = tuple(policy.written(each) for each in conditions.values.get(METHOD, ()))
    paths = tuple(policy.written(each) for each in conditions.values.get(PATH, ())) or tuple(_resource_paths(policy, statement))
    for caller in _callers(policy, statement, conditions):
        for network, route in networks:
            yield Edge(network, caller, service_name(route), policy.origin, methods, paths)


def _conditions(statement: Mapping[str, Any]) -> _Conditions:
    found = _Conditions()
    blocks = statement.get("Condition")
    for operator, block in blocks.items() if isinstance(blocks, Mapping) else ():
        for key, raw in block.items() if isinstance(block, Mapping) else ():
            if str(operator).lower() in POSITIVE and key.lower() in (METHOD, PATH, CALLER, NAMESPACE, ACCOUNT):
                found.values.setdefault(key.lower(), []).extend(texts_or_one(raw))
            else:
                found.left.append(f"{operator} {key}")
    return found


def _callers(policy: Manifest, statement: Mapping[str, Any], conditions: _Conditions) -> Iterator[Value]:
    """Service accounts or roles that the conditions name, or else the principals."""
    if NAMESPACE in conditions.values or ACCOUNT in conditions.values:
        for space in conditions.values.get(NAMESPACE, [ANYBODY]):
            for account in conditions.values.get(ACCOUNT, [ANYBODY]):
                yield value(policy.text(space) or "", "/", policy.text(account) or "")
        return
    raw = conditions.values.get(CALLER) or statement.get("Principal")
    groups = raw.values() if isinstance(raw, Mapping) else (raw,)
    for group in groups:
        for each in texts_or_one(group):
            caller = policy.text(each)
            if caller is not None:
                yield caller


def _resource_paths(policy: Manifest, statement: Mapping[str, Any]) -> Iterator[str]:
    """The paths behind the service in the resources' ARNs: `arn:…:service/svc-0abc/orders/*`."""
    for each in texts_or_one(statement.get("Resource")):
        _, _, rest = policy.written(each).partition(":service/")
        _, slash, path = rest.partition("/")
        if slash and path != "*":
            yield f"/{path}"
