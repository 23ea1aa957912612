"""One role for two workloads.

What: a role that two task definitions, functions, pods or instance profiles run as, that two services may assume, or whose
trust names two service accounts.
Why: each can do what the other needs, and the audit trail cannot tell who did it:
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-iam-roles.html
Bad: two aws_ecs_task_definition with one task_role_arn
Good: a role for each
"""

from collections import defaultdict
from collections.abc import Iterator

from meshrole.review.checks.common.made import found, some
from meshrole.review.checks.common.principals import allows, issuers, services
from meshrole.review.documents import Statement
from meshrole.review.facts import Facts, Reference, Role, Workload
from meshrole.review.model import Confidence, Finding, Severity

FIX = "give each workload a role of its own"
# The role that the agent fetches images and secrets with is often one for all; that of the task is not.
AGENT = "execution"
# What runs something of a team's own. Lambda at the edge is one function under two names.
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-edge-permissions.html
RUNTIMES = {
    "ecs-tasks.amazonaws.com": "ECS tasks",
    "ec2.amazonaws.com": "EC2 instances",
    "lambda.amazonaws.com": "Lambda functions",
    "edgelambda.amazonaws.com": "Lambda functions",
    "pods.eks.amazonaws.com": "EKS pods",
    "build.apprunner.amazonaws.com": "App Runner builds",
    "tasks.apprunner.amazonaws.com": "App Runner services",
    "codebuild.amazonaws.com": "CodeBuild projects",
    "glue.amazonaws.com": "Glue jobs",
    "sagemaker.amazonaws.com": "SageMaker",
    "batch.amazonaws.com": "Batch",
    "states.amazonaws.com": "state machines",
}
KINDS = {
    "aws_ecs_task_definition": "task",
    "aws_eks_pod_identity_association": "service account",
    "aws_iam_instance_profile": "instance profile",
    "aws_lambda_function": "function",
}
ACCOUNT = "system:serviceaccount:"


def check(facts: Facts) -> Iterator[Finding]:
    """A finding for each role with several workloads."""
    used: dict[str, set[str]] = defaultdict(set)
    for workload in facts.after.workloads:
        for purpose, handed in workload.roles:
            key = _key(handed)
            if purpose != AGENT and key:
                used[key].add(_who(workload))
    for role in facts.after.roles:
        who = used.get(role.address, set()) | used.get(str(role.name), set())
        if len(who) > 1:
            message = f"{len(who)} workloads share the role: {some(sorted(who))}"
            yield found(__name__, Severity.medium, role.address, message, FIX)
        elif len(_trusted(role)) > 1:
            message = f"the role is for several workloads: {some(sorted(_trusted(role)))}"
            yield found(__name__, Severity.medium, role.address, message, FIX, Confidence.medium)


def _key(role: Reference) -> str:
    return role.address or (role.name if isinstance(role.name, str) else "")


def _who(workload: Workload) -> str:
    """Who it is, without what differs between two copies of one workload: the cluster of a pod."""
    name = workload.name if isinstance(workload.name, str) else workload.address
    own = name.partition("/")[2] if workload.type == "aws_eks_pod_identity_association" else name
    return f"{KINDS.get(workload.type, workload.type)} {own}"


def _trusted(role: Role) -> set[str]:
    """The kinds of workload that the role's trust names, and the service accounts in it."""
    found_here: set[str] = set()
    for statement in allows(role.trust):
        found_here |= {RUNTIMES[name] for name in services(statement) if name in RUNTIMES}
        if issuers(statement):
            found_here |= set(_service_accounts(statement))
    return found_here


def _service_accounts(statement: Statement) -> Iterator[str]:
    for _, key, values in statement.conditions:
        if key.lower().endswith(":sub"):
            yield from (value.removeprefix(ACCOUNT) for value in values if value.startswith(ACCOUNT))
