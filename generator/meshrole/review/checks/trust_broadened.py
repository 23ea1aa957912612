"""More may assume a role than before.

What: a role that is there already, and whose trust lets in somebody whom it did not: another principal, a condition that is
dropped or that is loosened, such as StringEquals turned to StringLike.
Why: whoever may assume the role has all that it has, from the next minute:
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_manage_modify.html
Bad: "repo:acme/shop:ref:refs/heads/main" turned to "repo:acme/shop:*"
Good: a role of its own for whoever is new
"""

from collections.abc import Iterator

from meshrole.review.checks.common.changed import changes
from meshrole.review.checks.common.made import found, some
from meshrole.review.facts import Facts
from meshrole.review.model import Change, Finding, Severity, Trusted

FIX = "show in the pull request why they must; a role of its own is easier to take away"


def check(facts: Facts) -> Iterator[Finding]:
    """A finding for each role that somebody new may assume."""
    for change in changes(facts):
        if change.trust_gained:
            severity = max(_severity(each, change) for each in change.trust_gained)
            names = some(each.words or each.principal for each in change.trust_gained)
            yield found(__name__, severity, change.address, f"can now be assumed by {names}", FIX)


def _severity(gained: Trusted, change: Change) -> Severity:
    if gained.principal in ("*", "* *", "AWS *"):
        return Severity.high if gained.condition else Severity.critical
    if any(lost.principal == gained.principal for lost in change.trust_lost) and _is_named(gained):
        return Severity.low
    return Severity.medium if gained.principal.lower().startswith("service") else Severity.high


def _is_named(gained: Trusted) -> bool:
    """Whether its conditions name somebody, who stands in the place of somebody else."""
    return bool(gained.condition) and "*" not in gained.condition
