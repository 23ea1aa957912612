"""The infrastructure role of one service: with it ECS gets the service's certificate and keeps its private key.

Narrower than AWS's AmazonECSInfrastructureRolePolicyForServiceConnectTransportLayerSecurity (v4), which is for every service,
region and private CA: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonECSInfrastructureRolePolicyForServiceConnectTransportLayerSecurity.html
"""

from collections.abc import Iterator

from meshrole.blueprint.engines.ecs_service_connect_names import connect, ecs, service_arn
from meshrole.blueprint.platforms.base import Helper, service_trust
from meshrole.iam.policy import Statement, conditions, in_service
from meshrole.inventory.values import Mesh, Workload

PURPOSE = "infrastructure"
PRINCIPAL = "ecs.amazonaws.com"
TEMPLATE = "arn:{partition}:acm-pca:::template/EndEntityCertificate/V1"
Block = dict[str, dict[str, str | list[str]]]
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-tls.html (the tag is required)
MANAGED = {"aws:ResourceTag/AmazonECSManaged": "true"}


def helper(workload: Workload, mesh: Mesh) -> Helper:
    """The role for TLS.

    AWS documents no source condition for it, and a service whose role has a wrong one does not start.
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/infrastructure_IAM_role.html
    """
    return Helper(purpose=PURPOSE, trust=(service_trust(PRINCIPAL),), policy=tuple(_statements(workload, mesh)))


def _statements(workload: Workload, mesh: Mesh) -> Iterator[Statement]:
    yield from _secrets(workload, mesh)
    authority, key = connect(mesh).authority, connect(mesh).key
    if authority:
        yield Statement(
            sid="SeeAuthority",
            actions=in_service("acm-pca", "DescribeCertificateAuthority GetCertificate GetCertificateAuthorityCertificate"),
            resources=(authority,),
            conditions=conditions({"StringEquals": MANAGED}),
        )
        template = {"acm-pca:TemplateArn": TEMPLATE.format(partition=mesh.environment.partition)}
        yield Statement(
            sid="IssueCertificate",
            actions=("acm-pca:IssueCertificate",),
            resources=(authority,),
            conditions=conditions({"StringEquals": MANAGED | template}),
        )
    if key:
        # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-tls.html (AWS KMS)
        uses = in_service("kms", "Decrypt Encrypt GenerateDataKey GenerateDataKeyPair")
        yield Statement(sid="UseKey", actions=uses, resources=(key,))


def _secrets(workload: Workload, mesh: Mesh) -> Iterator[Statement]:
    """The secrets that ECS tags with the service for which it makes them; AWS's own policy is for those of every service."""
    environment = mesh.environment
    secrets = (f"arn:{environment.partition}:secretsmanager:{environment.region}:{environment.account}:secret:ecs-sc!*",)
    of_service = [service_arn(workload, mesh), ecs(mesh, f"task-set/{connect(mesh).cluster}/{workload.aws_name}/*")]
    made: Block = {
        "ArnLike": {"aws:RequestTag/AmazonECSCreated": of_service},
        "StringEquals": {"aws:RequestTag/AmazonECSManaged": "true"},
    }
    yield Statement(
        sid="MakeSecret",
        actions=in_service("secretsmanager", "CreateSecret TagResource"),
        resources=secrets,
        conditions=conditions(made),
    )
    kept: Block = {
        "ArnLike": {"aws:ResourceTag/AmazonECSCreated": of_service},
        "StringEquals": {"secretsmanager:ResourceTag/aws:secretsmanager:owningService": "ecs-sc"},
    }
    changes = "DeleteSecret GetSecretValue PutSecretValue RotateSecret UpdateSecret UpdateSecretVersionStage"
    yield Statement(
        sid="RotateSecret",
        actions=in_service("secretsmanager", changes),
        resources=secrets,
        conditions=conditions(kept),
    )
    # A secret that is not there has no tags to ask for.
    yield Statement(sid="SeeSecret", actions=("secretsmanager:DescribeSecret",), resources=secrets)
