"""What the limiting layers leave of a grant, whose action and resource may be patterns.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from meshrole.access.policies import Applied, known_keys
from meshrole.blueprint.model import Role
from meshrole.iam import actions, wildcard
from meshrole.iam.evaluation import PolicySet, Request, evaluate
from meshrole.iam.evaluation.access import RCP_SERVICES
from meshrole.iam.policy import Conditions, Document, Statement

# From the least to the most that is left.
ORDER = ("no", "unknown", "depends", "partly", "yes")
STATES = {"allow": "holds", "deny": "fails", "depends": "unknown"}
Holds = Callable[[Conditions], str]


class Limit(NamedTuple):
    """What one layer, or one statement of it, leaves of a grant: `by` is `layer` or `layer:Sid`."""

    left: str
    by: str


class Alive(NamedTuple):
    """What all layers together leave of a grant (see ORDER), and who takes the rest away."""

    left: str
    by: tuple[str, ...]


def conditions_of(role: Role, organization_id: str | None) -> Holds:
    """Whether conditions hold in every request of a role: "holds", "fails", or "unknown" where the request decides."""
    known = dict(known_keys(role, organization_id))
    found: dict[Conditions, str] = {}

    def holds(conditions: Conditions) -> str:
        if not conditions:
            return "holds"
        if conditions not in found:
            statement = Statement(sid="Check", actions=("*",), resources=("*",), conditions=conditions)
            request = Request(role.arn, "iam:GetRole", "*", context=known, complete=False)
            found[conditions] = STATES[evaluate(request, PolicySet(identity=[(statement,)])).decision]
        return found[conditions]

    return holds


def alive(action: str, resource: str, applied: Applied, holds: Holds) -> Alive:
    """What is left of a grant of `action` on `resource`, either of which may be a pattern."""
    limits = [limit for limit in _limits(action, resource, applied, holds) if limit.left != "yes"]
    left = min((limit.left for limit in limits), key=ORDER.index, default="yes")
    return Alive(left, tuple(dict.fromkeys(limit.by for limit in limits)))


def _limits(action: str, resource: str, applied: Applied, holds: Holds) -> Iterator[Limit]:
    if applied.boundary_arn:
        yield Limit("unknown", "boundary")
    for name in ("identity", "boundary", "scp", "rcp"):
        if name == "rcp" and action.partition(":")[0].lower() not in RCP_SERVICES:
            continue
        document = tuple(item for policy in applied.layer(name) for item in policy.document)
        if document and name in ("boundary", "scp"):
            yield Limit(_allowed(document, action, resource, holds), name)
        for statement in document:
            if statement.effect == "Deny":
                yield Limit(_denied(statement, action, resource, holds), f"{name}:{statement.sid}")


def _allowed(document: Document, action: str, resource: str, holds: Holds) -> str:
    """What the Allow statements of a layer let through."""
    best = "no"
    for statement in document:
        if statement.effect == "Allow" and _touches(statement, action, resource):
            state = holds(statement.conditions)
            through = "partly" if not _covers(statement, action, resource) else "depends" if state == "unknown" else "yes"
            if state != "fails" and ORDER.index(through) > ORDER.index(best):
                best = through
    return best


def _denied(statement: Statement, action: str, resource: str, holds: Holds) -> str:
    """What a Deny leaves."""
    if not _touches(statement, action, resource):
        return "yes"
    state = holds(statement.conditions)
    if state != "holds":
        return "yes" if state == "fails" else "depends"
    return "no" if _covers(statement, action, resource) else "partly"


def _touches(statement: Statement, action: str, resource: str) -> bool:
    """Whether a statement and a grant have a request in common."""
    if not any(wildcard.overlaps(pattern.lower(), action.lower()) for pattern in statement.actions):
        return False
    if statement.not_resources:
        return not any(wildcard.covers(pattern, resource) for pattern in statement.not_resources)
    known = actions.find(action)
    if known is not None and not known.resource_types:
        return "*" in statement.resources
    return any(wildcard.overlaps(pattern, resource) for pattern in statement.resources)


def _covers(statement: Statement, action: str, resource: str) -> bool:
    """Whether a statement speaks of every request of a grant."""
    if not any(wildcard.covers(pattern.lower(), action.lower()) for pattern in statement.actions):
        return False
    if statement.not_resources:
        return not any(wildcard.overlaps(pattern, resource) for pattern in statement.not_resources)
    return any(wildcard.covers(pattern, resource) for pattern in statement.resources)
