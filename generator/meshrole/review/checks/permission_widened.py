"""An identity may do more than before.

What: a role, user or group that is there already and gains permissions: an action, a resource, or a condition that is dropped.
How bad it is follows from AWS's access level, and from whether the edit looks like none.
Why: a permission that is added is seldom taken away:
https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege
Bad: a condition removed beside a reordered statement
Good: one action, on one resource, in a pull request that says so
"""

from collections.abc import Iterator

from meshrole.review.checks.common.changed import changes
from meshrole.review.checks.common.grants import identities, own_statements
from meshrole.review.checks.common.made import found, some
from meshrole.review.checks.common.reaching import touches
from meshrole.review.documents import Statement
from meshrole.review.facts import Facts
from meshrole.review.model import Finding, Permission, Severity

LEVELS = {"Permissions management": Severity.high, "Write": Severity.low, "Tagging": Severity.low}
FIX = "check that it is meant, and that the resource and the condition are as narrow as they can be"


def check(facts: Facts) -> Iterator[Finding]:
    """A finding for each identity that gains."""
    before = {identity.address: identity for identity in identities(facts.before)}
    was = {identity.address: identity.was for identity in identities(facts.after)}
    for change in changes(facts):
        if change.gained:
            old = before.get(was[change.address])
            statements = own_statements(old) if old else ()
            severity = max(_severity(each, statements) for each in change.gained)
            names = some(map(_said, change.gained))
            yield found(__name__, severity, change.address, f"can now do {names}", FIX)


def _severity(gained: Permission, before: tuple[Statement, ...]) -> Severity:
    plain = LEVELS.get(gained.level, Severity.info)
    if gained.policy or (gained.resource == "*" and gained.level in LEVELS):
        plain = max(plain, Severity.medium)
    return max(plain, Severity.medium) if _is_loosened(gained, before) else plain


def _is_loosened(gained: Permission, before: tuple[Statement, ...]) -> bool:
    """Whether it could do that already for some resources, or under a condition: the edit then looks like none."""
    return any(each.effect == "Allow" and touches(each, gained.action, gained.resource) for each in before)


def _said(permission: Permission) -> str:
    if permission.policy:
        return f"everything that the policy {permission.policy} allows"
    return f"{permission.action} on {permission.resource}" + (f" if {permission.condition}" if permission.condition else "")
