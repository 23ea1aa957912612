"""A value that is known only after the apply.

What: a policy, a trust or an attachment whose text Terraform does not know yet, or that lies outside the plan. No check has
seen it.
Why: what nobody could read is no pass:
https://developer.hashicorp.com/terraform/internals/json-format#change-representation
Bad: a policy made of the id of a resource that is created by the same apply
Good: a policy made of names that are known before
"""

from collections.abc import Iterator

from meshrole.review.checks.common.made import found
from meshrole.review.facts import Facts
from meshrole.review.model import Finding, Severity

FIX = "review it after the apply, or make it of values that are known before"


def check(facts: Facts) -> Iterator[Finding]:
    """A finding for each value that nobody could read."""
    for unknown in facts.after.unknown:
        yield found(__name__, Severity.info, unknown.address, unknown.what, FIX)
