"""Proof: the boundary is the declared one, and neither it nor a policy of the organization kills a grant.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from meshrole.access.verify import boundaries, entries
from meshrole.access.verify.cells import Cell, Cells, Except
from meshrole.access.verify.compare import Requests, Side, UndecidedError, allows, touched
from meshrole.access.verify.contexts import Value
from meshrole.access.verify.estate import Estate, Subject, tried
from meshrole.access.verify.finding import CounterExample, Finding, Proof, counted
from meshrole.access.verify.reach import fixed, speaking
from meshrole.iam import wildcard
from meshrole.iam.evaluation import PolicySet, Request
from meshrole.iam.evaluation.access import RCP_SERVICES
from meshrole.iam.evaluation.layer import Layer

NAME = "no dead grants"
CLAIM = "the boundary, the SCP and the RCP are as declared and leave every grant alive"
FULL_ACCESS = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


@dataclass(frozen=True)
class Limit:
    """A layer that takes away; one that is `is_open` allows whatever it does not deny."""

    name: str
    side: Side
    is_open: bool
    layer: Callable[[], Layer]

    def about(self, action: str) -> Cells:
        """Its cells that speak of an action; resource control policies reach some services only."""
        if self.name == "RCP" and action.partition(":")[0] not in RCP_SERVICES:
            return frozenset()
        return speaking(self.side.cells, action)


def prove(estate: Estate) -> Proof:
    """Every grant of every identity below everything that limits it."""
    organization = list(_organization(estate))
    findings: list[Finding] = []
    cache: dict[tuple[int, str], Cells] = {}
    differing: boundaries.Cache = {}
    grants = unknown = 0
    for subject in estate.ours:
        findings += tried(subject, boundaries.findings(subject, estate, differing))
        findings += tried(subject, entries.findings(subject, estate))
        unknown += subject.role.boundary is not None and subject.limits is None
        limits = [*_boundary(subject), *organization]
        granted = [cell for cell in subject.policies.cells if cell.effect == "Allow"] if limits else []
        grants += len(granted)
        findings += tried(subject, _dead(subject, granted, limits, cache))
    over = f"{counted(len(estate.ours), 'identity', 'identities')}, {counted(grants, 'limited grant')}"
    more = f"; of {counted(unknown, 'boundary', 'boundaries')} only the ARN is known" if unknown else ""
    return Proof(NAME, CLAIM, over + more, tuple(findings))


def _organization(estate: Estate) -> Iterator[Limit]:
    if estate.scp.documents:
        full = [FULL_ACCESS, *estate.scp.documents]
        yield Limit("SCP", estate.scp, True, lambda: PolicySet(scp=[full]).layers.scp[0])
    if estate.rcp.documents:
        yield Limit("RCP", estate.rcp, True, lambda: PolicySet(rcp=[estate.rcp.documents]).layers.rcp[0])


def _boundary(subject: Subject) -> Iterator[Limit]:
    side = subject.limits
    if side is not None:
        yield Limit(
            "permissions boundary", side, False, lambda: PolicySet(boundary=list(side.documents)).layers.boundary or Layer("")
        )


def _dead(subject: Subject, granted: list[Cell], limits: list[Limit], cache: dict[tuple[int, str], Cells]) -> Iterator[Finding]:
    for cell in granted:
        for action in [cell.action] if isinstance(cell.action, str) and "*" not in cell.action else touched([cell])[:1]:
            for limit in limits:
                key = id(limit.side), action
                if key not in cache:
                    cache[key] = limit.about(action.lower())
                if not _is_surely_alive(cell, cache[key], limit):
                    yield from _tried(subject, cell, action, limit, cache[key])


def _is_surely_alive(cell: Cell, about: Cells, limit: Limit) -> bool:
    """Whether a statement lets all of the grant through and none denies any of it, whatever the request."""
    if isinstance(cell.resource, Except):
        return False
    resource = cell.resource
    denied = any(each.effect == "Deny" and _meets(each, resource) for each in about)
    return not denied and (limit.is_open or any(each.effect == "Allow" and _covers(each, resource) for each in about))


def _meets(limit: Cell, resource: str) -> bool:
    if isinstance(limit.resource, Except):
        return not any(wildcard.covers(name, resource) for name in limit.resource.names)
    return wildcard.overlaps(limit.resource, resource)


def _covers(limit: Cell, resource: str) -> bool:
    return not limit.conditions and isinstance(limit.resource, str) and wildcard.covers(limit.resource, resource)


def _tried(subject: Subject, cell: Cell, action: str, limit: Limit, about: Cells) -> Iterator[Finding]:
    """A part of the grant for which the limit lets no request through, in whatever context."""
    given: dict[str, Value] = {**dict(fixed(subject)), "aws:principalisawsservice": "false"}
    asked = Requests(about | {cell}, action, subject.role.arn, fixed=given)
    own = PolicySet(identity=[_statement(cell)]).layers.identity
    layer = limit.layer()
    alive: dict[str, bool] = {}
    for resource, context in asked:
        request = asked.request(resource, context)
        if allows(own, request):
            alive[resource] = alive.get(resource, False) or _lets(layer, request)
    if not asked.complete:
        raise UndecidedError
    for resource, lives in alive.items():
        if not lives:
            example = CounterExample(subject.role.arn, action, resource, {}, False)
            message = f"the {limit.name} of {subject.name} refuses {action} on {resource}, which its policy grants"
            yield Finding(message, subject.name, example, subject.path, subject.role.address)
            return


def _lets(layer: Layer, request: Request) -> bool:
    said = layer.says(request.facts, True)
    return said is None or said[1] > 0


def _statement(cell: Cell) -> dict[str, object]:
    condition: dict[str, dict[str, list[str]]] = {}
    for operator, key, values in cell.conditions:
        condition.setdefault(operator, {})[key] = sorted(values)
    item: dict[str, object] = {"Effect": "Allow"}
    for name, part in (("Action", cell.action), ("Resource", cell.resource)):
        item |= {f"Not{name}": sorted(part.names)} if isinstance(part, Except) else {name: part}
    return {"Version": "2012-10-17", "Statement": [{**item, **({"Condition": condition} if condition else {})}]}
