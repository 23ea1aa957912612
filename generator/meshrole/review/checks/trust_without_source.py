"""A service of AWS may act for anybody's account.

What: a role's trust, or a resource's policy, that lets a service in without aws:SourceAccount, aws:SourceArn or the like, where
that service is documented to send them.
Why: somebody else can have the service act on your resources, as a confused deputy:
https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html#cross-service-confused-deputy-prevention
Bad: "Principal": {"Service": "ecs-tasks.amazonaws.com"}
Good: the same with "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}
"""

from collections.abc import Iterator

from meshrole.review.checks.common.conditions import SOURCE, narrows
from meshrole.review.checks.common.grants import own_statements
from meshrole.review.checks.common.made import found, some
from meshrole.review.checks.common.policies import of_resources
from meshrole.review.checks.common.principals import allows, services
from meshrole.review.documents import Statement
from meshrole.review.facts import Facts, Role
from meshrole.review.model import Confidence, Finding, Severity

# Services that assume a role with the keys, and the page that says so.
TRUSTED = {
    "ecs-tasks": "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html",
    "config": "https://docs.aws.amazon.com/config/latest/developerguide/iamrole-permissions.html",
    "iot": "https://docs.aws.amazon.com/iot/latest/developerguide/cross-service-confused-deputy-prevention.html",
    "personalize": "https://docs.aws.amazon.com/personalize/latest/dg/cross-service-confused-deputy-prevention.html",
    "frauddetector": "https://docs.aws.amazon.com/frauddetector/latest/ug/confused-deputy-prevention.html",
}
# Services that use somebody's resource with the keys.
# https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cross-service-confused-deputy-prevention.html
CALLING = frozenset(["cloudtrail", "config", "s3", "sns", "events", "apigateway", "iot", "cloudformation", "budgets"])
AGENT, PULL = "execution", "ecr:getauthorizationtoken"
DOCUMENTED = frozenset(("AmazonECSTaskExecutionRolePolicy", "AWSConfigRoleForOrganizations"))
# AWS's own policy for CloudTrail lets it describe a key without the condition.
# https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
DESCRIBE = "kms:describekey"
KEYS = (*SOURCE, "aws:principalorgid", "s3:x-amz-source-account", "kms:calleraccount", "kms:viaservice", "kms:encryptioncontext:")
FIX = "add a condition on aws:SourceAccount, or on aws:SourceArn with the ARN of what calls"


def check(facts: Facts) -> Iterator[Finding]:
    """A finding for each statement that lets such a service in for everybody."""
    agents = _agents(facts)
    for role in facts.after.roles:
        # A role cannot be passed to a service of another account, so the service itself must be confused.
        for statement in allows(role.trust) if role.address not in agents else ():
            names = _unheld(statement, frozenset(TRUSTED))
            if names:
                message = f"{some(names)} may assume the role, whichever account asks for it"
                yield found(__name__, Severity.low, role.address, message, FIX, Confidence.medium)
    for address, policy in of_resources(facts.after):
        names = [name for statement in allows(policy) for name in _unheld(statement, CALLING)]
        if names:
            message = f"{some(names)} may use it, whichever account asks for it"
            yield found(__name__, _weight(names), address, message, FIX, Confidence.medium)


def _agents(facts: Facts) -> set[str]:
    """Roles that are documented without the condition: those that an ECS agent starts tasks with, and Config's aggregators.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
    https://docs.aws.amazon.com/config/latest/developerguide/aggregated-create.html
    """
    used = [role for workload in facts.after.workloads for purpose, role in workload.roles if purpose == AGENT]
    found_here = {role.address for role in used} | {role.address for role in facts.after.roles if _is_agent(role)}
    tasks = {role.address for each in facts.after.workloads for purpose, role in each.roles if purpose != AGENT}
    return found_here - tasks


def _is_agent(role: Role) -> bool:
    names = {str(attached.arn).rpartition("/")[2] for attached in role.attached}
    pulls = any(PULL in map(str.lower, statement.actions) for statement in own_statements(role))
    return pulls or bool(names & DOCUMENTED)


def _weight(names: list[str]) -> Severity:
    """AWS's own policy for a bucket of CloudTrail was for years without the condition."""
    return Severity.low if all(name.startswith(("cloudtrail.", "config.")) for name in names) else Severity.medium


def _unheld(statement: Statement, known: frozenset[str]) -> list[str]:
    actions = tuple(map(str.lower, statement.actions))
    if narrows(statement, KEYS) or actions == (DESCRIBE,):
        return []
    # A topic's policy for EventBridge is documented without one.
    # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
    if all(action.startswith("sns:") for action in actions):
        known -= {"events"}
    return [name for name in services(statement) if name.removesuffix(".cn").removesuffix(".amazonaws.com") in known]
