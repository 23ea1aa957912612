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
from meshrole.review.checks.common.made import found, some
from meshrole.review.facts import Facts
from meshrole.review.model import Change, Finding, Permission, Severity

LEVELS = {"Permissions management": Severity.high, "Write": Severity.low, "Tagging": Severity.low}
# A managed policy whose content is not in the plan stands for what it allows.
POLICY = "arn:"
FIX = "check that it is meant, and that the resource and the condition are as narrow as they can be"


def check(facts: Facts) -> Iterator[Finding]:
    """A finding for each identity that gains."""
    for change in changes(facts):
        if change.gained:
            severity = max(_severity(each, change) for each in change.gained)
            names = some(f"{each.action} on {each.resource}{_when(each)}" for each in change.gained)
            yield found(__name__, severity, change.address, f"can now do {names}", FIX)


def _severity(gained: Permission, change: Change) -> Severity:
    plain = LEVELS.get(gained.level, Severity.info)
    if gained.action.startswith(POLICY):
        return Severity.medium
    if gained.resource == "*" and gained.level in LEVELS:
        plain = max(plain, Severity.medium)
    return max(plain, Severity.medium) if _is_loosened(gained, change) else plain


def _is_loosened(gained: Permission, change: Change) -> bool:
    """Whether it is the same action on the same resource under another condition."""
    return any(lost.action == gained.action and lost.resource == gained.resource for lost in change.lost)


def _when(permission: Permission) -> str:
    return f" if {permission.condition}" if permission.condition else ""
