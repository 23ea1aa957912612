"""ECS: a task role for what the containers call, an execution role for what the agent does for them.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
"""

from collections.abc import Iterator

from meshrole.blueprint.platforms.base import Helper, Needs, service_trust
from meshrole.blueprint.statements import NO_RESOURCE_TYPE
from meshrole.iam.policy import Statement, conditions
from meshrole.inventory.values import EcsTask, Environment

PRINCIPAL = "ecs-tasks.amazonaws.com"
# https://docs.aws.amazon.com/AmazonECR/latest/userguide/security_iam_id-based-policy-examples.html
PULL_ACTIONS = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")


def design(place: EcsTask, environment: Environment, role_name: str) -> Needs:
    """A task role bound to the account and region, and an execution role of its own."""
    # aws:SourceArn cannot name one cluster: the wildcard is AWS's own advice.
    only_here = conditions(
        {
            "ArnLike": {"aws:SourceArn": f"arn:{environment.partition}:ecs:{environment.region}:{environment.account}:*"},
            "StringEquals": {"aws:SourceAccount": environment.account},
        }
    )
    execution = Helper(
        purpose="execution",
        # AWS documents no source condition for the execution role, and a task whose role has a wrong one does not start.
        # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
        trust=(service_trust(PRINCIPAL),),
        policy=tuple(_execution(place, environment, role_name)),
    )
    return Needs(platform="ecs", trust=(service_trust(PRINCIPAL, conditions=only_here),), helpers=(execution,))


def _execution(place: EcsTask, environment: Environment, role_name: str) -> Iterator[Statement]:
    yield Statement(sid=f"EcrLogin{NO_RESOURCE_TYPE}", actions=("ecr:GetAuthorizationToken",), resources=("*",))
    images = tuple(image for image in (place.envoy_image, *place.images) if image)
    if images:
        yield Statement(sid="PullImages", actions=PULL_ACTIONS, resources=images)
    group = place.log_group or f"/ecs/{role_name}"
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
    streams = f"arn:{environment.partition}:logs:{environment.region}:{environment.account}:log-group:{group}:log-stream:*"
    yield Statement(sid="WriteLogs", actions=("logs:CreateLogStream", "logs:PutLogEvents"), resources=(streams,))
    # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html#task-execution-secrets
    secrets = tuple(secret for secret in place.secrets if ":secretsmanager:" in secret)
    parameters = tuple(secret for secret in place.secrets if ":ssm:" in secret)
    if secrets:
        yield Statement(sid="ReadSecrets", actions=("secretsmanager:GetSecretValue",), resources=secrets)
    if parameters:
        yield Statement(sid="ReadParameters", actions=("ssm:GetParameters",), resources=parameters)
