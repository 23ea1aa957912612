"""What a permissions boundary does not let through.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from meshrole.iam import actions as reference
from meshrole.iam import wildcard
from meshrole.iam.policy import Document, Statement

Forbidden = tuple[str, str, str]
CACHE = 256


class Limits(NamedTuple):
    """The statements of a boundary that decide: every Allow, and every Deny without a condition."""

    allows: tuple[Statement, ...]
    denies: tuple[Statement, ...]


def forbidden(document: Document, boundary: Document) -> tuple[Forbidden, ...]:
    """Every (action, resource, reason) that `document` allows and `boundary` does not let through whole.

    A boundary statement with a condition is given the benefit of the doubt, an Allow as if it let through and a Deny as if it
    did not forbid: whether it holds is known only when a request is made.
    """
    limits = _limits(boundary)
    return tuple(
        (action, resource, reason)
        for statement in document
        if statement.effect == "Allow"
        for action in statement.actions
        for resource in statement.resources
        for reason in _reasons(action.lower(), resource, limits)
    )


@lru_cache(CACHE)
def _limits(boundary: Document) -> Limits:
    return Limits(
        allows=tuple(item for item in boundary if item.effect == "Allow"),
        denies=tuple(item for item in boundary if item.effect == "Deny" and not item.conditions),
    )


def _reasons(action: str, resource: str, limits: Limits) -> Iterator[str]:
    denial = next((item for item in limits.denies if _touches(item, action, resource)), None)
    if denial is not None:
        yield f"its statement {denial.sid} denies it"
    elif not _is_allowed(action, resource, limits):
        yield "none of its statements allows it"


def _is_allowed(action: str, resource: str, limits: Limits) -> bool:
    """Whether one statement allows the grant, or each action of a wildcard is allowed by some statement."""
    if any(_covers(item, action, resource) for item in limits.allows):
        return True
    if not wildcard.has_wildcard(action):
        return False
    names = reference.expand(action)
    return bool(names) and all(any(_covers(item, name.lower(), resource) for item in limits.allows) for name in names)


def _touches(statement: Statement, action: str, resource: str) -> bool:
    acts = any(wildcard.overlaps(pattern.lower(), action) for pattern in statement.actions)
    if statement.not_resources:
        return acts and not any(wildcard.covers(pattern, resource) for pattern in statement.not_resources)
    return acts and any(wildcard.overlaps(pattern, resource) for pattern in statement.resources)


def _covers(statement: Statement, action: str, resource: str) -> bool:
    acts = any(wildcard.covers(pattern.lower(), action) for pattern in statement.actions)
    return acts and any(wildcard.covers(pattern, resource) for pattern in statement.resources)
