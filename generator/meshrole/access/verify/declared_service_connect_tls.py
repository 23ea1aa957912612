"""The infrastructure role of one service, from AWS's own policy for it: each statement held to the service and its authority.

https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonECSInfrastructureRolePolicyForServiceConnectTransportLayerSecurity.html
"""

from collections.abc import Iterator
from typing import Any

from meshrole.access.roles import Found
from meshrole.access.verify.items import Item, allow
from meshrole.inventory.values import Mesh, Workload

# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/infrastructure_IAM_role.html
TRUST: Item = {"Effect": "Allow", "Principal": {"Service": "ecs.amazonaws.com"}, "Action": ["sts:AssumeRole"]}
# The statements of version 4: what each is about, its actions, and which tags it asks for, by a name that `_condition` has.
VERSION_4 = (
    ("secret", "CreateSecret", "request"),
    ("secret", "TagResource", "request"),
    ("secret", "UpdateSecret GetSecretValue PutSecretValue DeleteSecret RotateSecret UpdateSecretVersionStage", "owned"),
    ("secret", "DescribeSecret", ""),
    ("authority", "GetCertificate GetCertificateAuthorityCertificate DescribeCertificateAuthority", "managed"),
    ("authority", "IssueCertificate", "template"),
)
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-tls.html
KEY_USES = ("Encrypt", "Decrypt", "GenerateDataKey", "GenerateDataKeyPair")
SERVICES = {"secret": "secretsmanager", "authority": "acm-pca"}


def is_served(item: Workload, mesh: Mesh) -> bool:
    """Whether ECS makes a certificate for it: the mesh has an authority, and others can find the service."""
    service = next((each for each in mesh.services if each.name == item.service), None)
    return bool(mesh.service_connect and mesh.service_connect.authority and service and service.virtual_service)


def statements(found: Found) -> Iterator[Item]:
    """What the role may do."""
    mesh, item = found.mesh, found.origin
    assert mesh and isinstance(item, Workload) and mesh.service_connect
    environment, connect = mesh.environment, mesh.service_connect
    here = f"{environment.region}:{environment.account}"
    resources = {
        "secret": f"arn:{environment.partition}:secretsmanager:{here}:secret:ecs-sc!*",
        "authority": connect.authority or "",
    }
    ecs = f"arn:{environment.partition}:ecs:{here}"
    made_for = [f"{ecs}:service/{connect.cluster}/{item.aws_name}", f"{ecs}:task-set/{connect.cluster}/{item.aws_name}/*"]
    for kind, names, tags in VERSION_4:
        condition = _condition(tags, made_for, environment.partition)
        yield allow([f"{SERVICES[kind]}:{name}" for name in names.split()], [resources[kind]], condition)
    if connect.key:
        yield allow([f"kms:{name}" for name in KEY_USES], [connect.key])


def _condition(tags: str, made_for: list[str], partition: str) -> dict[str, Any]:
    ours = {"aws:ResourceTag/AmazonECSManaged": "true"}
    template = {"acm-pca:TemplateArn": f"arn:{partition}:acm-pca:::template/EndEntityCertificate/V1"}
    blocks: dict[str, dict[str, Any]] = {
        "request": {
            "ArnLike": {"aws:RequestTag/AmazonECSCreated": made_for},
            "StringEquals": {"aws:RequestTag/AmazonECSManaged": "true"},
        },
        # A secret keeps the tag with which it was made, so that one service's role does not read another's key.
        "owned": {
            "ArnLike": {"aws:ResourceTag/AmazonECSCreated": made_for},
            "StringEquals": {"secretsmanager:ResourceTag/aws:secretsmanager:owningService": "ecs-sc"},
        },
        "managed": {"StringEquals": ours},
        "template": {"StringEquals": {**ours, **template}},
    }
    return blocks.get(tags, {})
