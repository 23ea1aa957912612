"""What an identity may do, of what its policies in the plan say: allowed by a statement, and not plainly denied or out of bounds.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from meshrole.iam import wildcard
from meshrole.review.documents import Statement

CACHE = 65_536


def allowing(statements: Iterable[Statement], action: str, resources: tuple[str, ...]) -> Iterator[Statement]:
    """The statements that allow the action on something of `resources`, when no statement among them denies it all."""
    every = tuple(statements)
    if not any(is_dead(each, action, resource) for each in every for resource in resources):
        for statement in every:
            if statement.effect == "Allow" and any(touches(statement, action, resource) for resource in resources):
                yield statement


def touches(statement: Statement, action: str, resource: str) -> bool:
    """Whether the statement speaks of some request for the action on the resource, both of which may be patterns."""
    return _acts(statement, action) and _is_about(statement, resource)


def is_dead(statement: Statement, action: str, resource: str) -> bool:
    """Whether it denies every request for the action on the resource."""
    return statement.effect == "Deny" and not statement.conditions and covers(statement, action, resource)


def covers(statement: Statement, action: str, resource: str) -> bool:
    """Whether the statement speaks of every request for the action on the resource."""
    if statement.not_actions:
        acts = not any(overlap(each, action) for each in statement.not_actions)
    else:
        acts = any(wildcard.covers(each.lower(), action.lower()) for each in statement.actions)
    if statement.not_resources:
        return acts and not any(wildcard.overlaps(each, resource) for each in statement.not_resources)
    return acts and (not statement.resources or any(wildcard.covers(each, resource) for each in statement.resources))


@lru_cache(CACHE)
def overlap(one: str, other: str) -> bool:
    """Whether some action is meant by both patterns."""
    return wildcard.overlaps(one.lower(), other.lower())


def _acts(statement: Statement, action: str) -> bool:
    if statement.not_actions:
        return not any(wildcard.covers(each.lower(), action.lower()) for each in statement.not_actions)
    return any(overlap(each, action) for each in statement.actions)


def _is_about(statement: Statement, resource: str) -> bool:
    if statement.not_resources:
        return not any(wildcard.covers(each, resource) for each in statement.not_resources)
    return not statement.resources or any(wildcard.overlaps(each, resource) for each in statement.resources)
