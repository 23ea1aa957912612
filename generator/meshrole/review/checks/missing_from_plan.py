"""A role that the inventory asks for, and the plan does not have.

What: with an inventory, a role that follows from it and that will not be there after the plan.
Why: whatever should run as it does not start, or runs as another:
https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/sec_permissions_least_privileges.html
Bad: a service added to the inventory, and the Terraform not generated anew
Good: meshrole generate, and both in one pull request
"""

from collections.abc import Iterator
from dataclasses import replace

from meshrole.review.checks.common.made import found
from meshrole.review.facts import UNKNOWN, Facts
from meshrole.review.model import Confidence, Finding, Severity, Where

FIX = "generate the Terraform anew, or plan the root that has the role"


def check(facts: Facts) -> Iterator[Finding]:
    """A finding for each role that is expected and not there."""
    if facts.expected is None:
        return
    names = {role.name.lower() for role in facts.after.roles if isinstance(role.name, str)}
    # One whose name is known only after the apply may be the one that is looked for.
    confidence = Confidence.low if any(role.name is UNKNOWN for role in facts.after.roles) else Confidence.high
    for name, file, line in facts.expected.roles:
        if name.lower() not in names:
            finding = found(__name__, Severity.medium, f"aws_iam_role {name}", f"the plan has no role {name}", FIX, confidence)
            yield replace(finding, inventory=Where(file, line))
