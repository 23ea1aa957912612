"""One role for the task and for the agent that starts it.

What: a task definition whose task_role_arn is its execution_role_arn.
Why: the containers can then read every secret and image that the agent may:
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-iam-roles.html
Bad: task_role_arn = aws_iam_role.orders.arn, execution_role_arn = aws_iam_role.orders.arn
Good: a role for the task, and another that may fetch its image and secrets
"""

from collections.abc import Iterator

from meshrole.review.checks.common.made import found
from meshrole.review.facts import Facts, Workload
from meshrole.review.model import Finding, Severity

TASK, AGENT = "task", "execution"


def check(facts: Facts) -> Iterator[Finding]:
    """A finding for each such task definition."""
    for workload in facts.after.workloads:
        if _names(workload, TASK) & _names(workload, AGENT):
            message = "the task's role is also its execution role"
            yield found(__name__, Severity.medium, workload.address, message, "make an execution role of its own")


def _names(workload: Workload, purpose: str) -> set[str]:
    roles = [role for given, role in workload.roles if given == purpose]
    known = {role.text for role in roles if isinstance(role.text, str)}
    return known | {role.address for role in roles if role.address}
