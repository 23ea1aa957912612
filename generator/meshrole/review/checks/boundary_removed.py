"""A permissions boundary is taken off.

What: a role or user that had a boundary and has none after the plan, or another one.
Why: what the boundary forbade is allowed at once:
https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
Bad: the line permissions_boundary removed
Good: the boundary's policy changed, in a pull request of its own
"""

from collections.abc import Iterator

from meshrole.review.checks.common.made import found
from meshrole.review.facts import UNKNOWN, Attached, Facts, Identity, pairs
from meshrole.review.model import Confidence, Finding, Severity


def check(facts: Facts) -> Iterator[Finding]:
    """A finding for each boundary that goes or is another."""
    before: tuple[Identity, ...] = (*facts.before.roles, *facts.before.users)
    after: tuple[Identity, ...] = (*facts.after.roles, *facts.after.users)
    for old, new in pairs(before, after):
        if old is None or new is None or old.boundary is None:
            continue
        if new.boundary is None:
            yield found(__name__, Severity.high, new.address, "loses its permissions boundary", "keep permissions_boundary")
        elif _is_other(old.boundary, new.boundary):
            message = "gets another permissions boundary: what the old one forbade may be allowed"
            yield found(__name__, Severity.medium, new.address, message, "compare the two boundaries", Confidence.medium)


def _is_other(old: Attached, new: Attached) -> bool:
    if UNKNOWN in (old.arn, new.arn):
        return False
    return str(old.arn).rpartition("/")[2] != str(new.arn).rpartition("/")[2]
