"""A long-lived access key.

What: an aws_iam_access_key. Its secret stands in Terraform's state, too.
Why: it works for whoever has it, from anywhere, until somebody remembers it:
https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#bp-workloads-use-roles
Bad: resource "aws_iam_access_key" "ci" { user = aws_iam_user.ci.name }
Good: a role that the workload or the pipeline assumes
"""

from collections.abc import Iterator

from meshrole.review.checks.common.made import found
from meshrole.review.facts import Facts
from meshrole.review.model import Finding, Severity

KEY = "aws_iam_access_key"
FIX = "use a role: an instance profile, a task role, IRSA or Pod Identity, OIDC for a pipeline, IAM Roles Anywhere elsewhere"


def check(facts: Facts) -> Iterator[Finding]:
    """A finding for each key."""
    for key in facts.after.keys_of_users:
        if key.type == KEY:
            yield found(__name__, Severity.high, key.address, "a long-lived access key, with its secret in the state", FIX)
