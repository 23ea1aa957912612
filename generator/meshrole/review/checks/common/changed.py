"""What the plan changes in who can do what, worked out once for all checks."""

from functools import lru_cache

from meshrole.review import difference
from meshrole.review.facts import Facts, Identity
from meshrole.review.model import Change


@lru_cache(maxsize=1)
def changes(facts: Facts) -> tuple[Change, ...]:
    """The changes of identities that are there before the plan and after it."""
    before = {thing.address for thing in _all(facts, before=True)} | {thing.address for thing in facts.after.outside}
    after = {thing.address: thing.was for thing in _all(facts, before=False)}
    return tuple(change for change in difference.changes(facts) if after.get(change.address) in before)


def _all(facts: Facts, *, before: bool) -> tuple[Identity, ...]:
    side = facts.before if before else facts.after
    return (*side.roles, *side.users, *side.groups, *side.outside)
