"""What a permissions boundary does not let through.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
"""

from collections.abc import Iterable, Iterator

from meshrole.iam import wildcard
from meshrole.iam.policy import Document, Statement

Forbidden = tuple[str, str, str]


def forbidden(document: Document, boundary: Document) -> tuple[Forbidden, ...]:
    """Every (action, resource, reason) that `document` allows and `boundary` does not let through.

    A boundary statement with a condition is given the benefit of the doubt, an Allow as if it let through and a Deny as if it
    did not forbid: whether it holds is known only when a request is made.
    """
    allows = [statement for statement in boundary if statement.effect == "Allow"]
    denies = [statement for statement in boundary if statement.effect == "Deny" and not statement.conditions]
    return tuple(
        (action, resource, reason)
        for statement in document
        if statement.effect == "Allow"
        for action in statement.actions
        for resource in statement.resources
        for reason in _reasons(action, resource, allows, denies)
    )


def _reasons(action: str, resource: str, allows: Iterable[Statement], denies: Iterable[Statement]) -> Iterator[str]:
    denial = next((item for item in denies if _touches(item, action, resource)), None)
    if denial is not None:
        yield f"its statement {denial.sid} denies it"
    elif not any(_covers(item, action, resource) for item in allows):
        yield "none of its statements allows it"


def _touches(statement: Statement, action: str, resource: str) -> bool:
    acts = any(wildcard.overlaps(pattern.lower(), action.lower()) for pattern in statement.actions)
    return acts and any(wildcard.overlaps(pattern, resource) for pattern in statement.resources)


def _covers(statement: Statement, action: str, resource: str) -> bool:
    acts = any(wildcard.covers(pattern.lower(), action.lower()) for pattern in statement.actions)
    return acts and any(wildcard.covers(pattern, resource) for pattern in statement.resources)
