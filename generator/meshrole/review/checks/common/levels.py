"""AWS's access levels as an order, and what a pattern of actions reaches.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_understand-policy-summary-access-level-summaries.html
"""

from enum import IntEnum
from functools import cache

from meshrole.iam import actions as reference


class Level(IntEnum):
    """How much an action may do. One that AWS does not have does nothing."""

    nothing = 0
    list = 1
    read = 2
    tagging = 3
    write = 4
    permissions = 5


NAMES = {
    "List": Level.list,
    "Read": Level.read,
    "Tagging": Level.tagging,
    "Write": Level.write,
    "Permissions management": Level.permissions,
}


@cache
def level(action: str) -> Level:
    """The level of one action."""
    known = reference.find(action)
    return NAMES.get(known.level, Level.write) if known else Level.nothing


@cache
def highest(pattern: str) -> Level:
    """The highest level of the actions that a pattern matches."""
    return max(map(level, reference.expand(pattern)), default=Level.nothing)


@cache
def typed(pattern: str) -> tuple[str, ...]:
    """The actions of a pattern that can be granted on single resources."""
    return tuple(name for name in reference.expand(pattern) if (known := reference.find(name)) and known.resource_types)
