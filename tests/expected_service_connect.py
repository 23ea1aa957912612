"""What the plan of a mesh of ECS Service Connect must hold: from the YAML, with tables typed from AWS's pages.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudmap.html
"""

from collections.abc import Iterator
from typing import Any

import expected
from expected import Grants, Trust, World, text

TASKS = {"StringEquals": {"iam:PassedToService": ["ecs-tasks.amazonaws.com"]}}
ECS = {"StringEquals": {"iam:PassedToService": ["ecs.amazonaws.com"]}}
MADE_BY_ECS = {"Null": {"aws:ResourceTag/AmazonECSManaged": ["false"]}}
# (the first level that has it, actions, on what, under which condition)
TABLE = (
    (0, "ecs:ListClusters ecs:ListTaskDefinitions ecs:ListTaskDefinitionFamilies ecs:DescribeTaskDefinition", "*", ""),
    (0, "ecs:ListServices", "*", "cluster"),
    (0, "ecs:ListServicesByNamespace", "if-namespace", "namespace"),
    (0, "ecs:DescribeClusters ecs:ListTagsForResource", "cluster", ""),
    (0, "ecs:DescribeServices ecs:ListServiceDeployments ecs:ListTagsForResource", "seen:service", ""),
    (0, "ecs:DescribeServiceDeployments", "seen:service seen:service-deployment", ""),
    (0, "ecs:DescribeServiceRevisions", "seen:service seen:service-revision", ""),
    (0, "ecs:DescribeTasks ecs:GetTaskProtection ecs:ListTagsForResource", "tasks", ""),
    (0, "ecs:ListTasks", "instances", "cluster"),
    (0, "ecs:ListTagsForResource", "families", ""),
    (
        0,
        (
            "servicediscovery:ListNamespaces servicediscovery:ListOperations servicediscovery:ListServices "
            "servicediscovery:ListTagsForResource"
        ),
        "*",
        "",
    ),
    (0, "servicediscovery:GetNamespace servicediscovery:GetOperation", "namespace", ""),
    (
        0,
        (
            "servicediscovery:GetService servicediscovery:GetServiceAttributes servicediscovery:GetInstance "
            "servicediscovery:GetInstancesHealthStatus servicediscovery:ListInstances"
        ),
        "found",
        "made-by-ecs",
    ),
    (1, "ecs:UpdateService", "each-service", "updated"),
    (1, "ecs:ContinueServiceDeployment ecs:StopServiceDeployment", "services deployments", ""),
    (2, "ecs:CreateService", "each-service", "created"),
    (2, "ecs:DeleteService ecs:TagResource ecs:UntagResource", "services", ""),
    (2, "ecs:RegisterTaskDefinition ecs:DeleteTaskDefinitions ecs:TagResource ecs:UntagResource", "families", ""),
    (2, "iam:PassRole", "task-roles", "tasks"),
    (2, "iam:PassRole", "infrastructure-roles", "ecs"),
    (
        3,
        (
            "ecs:CreateCluster ecs:UpdateCluster ecs:DeleteCluster ecs:UpdateClusterSettings ecs:PutClusterCapacityProviders "
            "ecs:TagResource ecs:UntagResource"
        ),
        "cluster",
        "",
    ),
    (3, "servicediscovery:CreateHttpNamespace servicediscovery:TagResource", "*", "not-ecs"),
    (
        3,
        (
            "servicediscovery:UpdateHttpNamespace servicediscovery:DeleteNamespace servicediscovery:PutResourcePolicy "
            "servicediscovery:GetResourcePolicy servicediscovery:DeleteResourcePolicy"
        ),
        "namespace",
        "",
    ),
    (3, "servicediscovery:DeleteService", "found", "made-by-ecs"),
    (3, "iam:CreateServiceLinkedRole", "linked-role", "linked"),
)


class Connect:
    """One mesh in one environment."""

    def __init__(self, world: World, key: str, mesh: dict[str, Any]) -> None:
        self.world, self.key, self.mesh = world, key, mesh
        self.cluster = world.fill(mesh.get("cluster", mesh.get("mesh_name", key)), mesh=key)
        self.authority, self.tls_key = self.of("certificate_authority"), self.of("tls_key")
        namespace = self.of("namespace")
        place = f"arn:aws:servicediscovery:{world.region}:{world.account}"
        self.namespace = f"{place}:namespace/{namespace}" if namespace else None

    def of(self, key: str) -> str | None:
        value = self.mesh.get(key)
        value = value.get(self.world.name) if isinstance(value, dict) else value
        return self.world.fill(value) if value else None

    def entries(self) -> Iterator[tuple[bool, str, dict[str, Any]]]:
        for kind in ("gateways", "services"):
            for name, entry in self.mesh.get(kind, {}).items():
                if self.world.name in entry.get("environments", [self.world.name]):
                    yield kind == "services", name, entry

    def ecs(self, rest: str) -> str:
        return f"arn:aws:ecs:{self.world.region}:{self.world.account}:{rest}"

    def service(self, name: str, entry: dict[str, Any]) -> str:
        return str(entry.get("ecs_service", name))

    def family(self, name: str, entry: dict[str, Any]) -> str:
        return self.ecs(f"task-definition/{entry.get('task_family', f'{self.cluster}-{self.service(name, entry)}')}:*")

    def role(self, name: str, suffix: str = "") -> str:
        return f"{self.world.organization}-{self.key}-{name}-{self.world.name}{suffix}"

    def role_arn(self, name: str, suffix: str = "") -> str:
        path = self.world.inventory["organization"].get("role_path", "/")
        return f"arn:aws:iam::{self.world.account}:role{path}{self.role(name, suffix)}"

    def has_certificate(self, is_service: bool, entry: dict[str, Any]) -> bool:
        return bool(self.authority) and is_service and entry.get("discovery_name") is not False


def mesh(world: World, key: str, entry: dict[str, Any]) -> Iterator[tuple[str, tuple[Trust, Grants]]]:
    """Every role of the mesh: of the task, of what starts it, and of ECS where it makes a certificate."""
    connect = Connect(world, key, entry)
    for is_service, name, item in connect.entries():
        role, words = connect.role(name), {"service": name, "mesh": key}
        guard = ("Deny", "secretsmanager:GetSecretValue", "arn:aws:secretsmanager:*:*:secret:ecs-sc!*", "{}")
        grants = expected._own(world, item, words) | {guard}
        if item.get("telemetry", {}).get("xray"):
            grants |= {("Allow", f"xray:{action}", "*", "{}") for action in expected.XRAY}
        yield role, (expected._assumes(world, item["runs_on"], words), grants)
        yield f"{role}-execution", (_service("ecs-tasks.amazonaws.com"), _execution(world, item, role, words))
        if connect.has_certificate(is_service, item):
            yield f"{role}-infrastructure", (_service("ecs.amazonaws.com"), _certificate(connect, name, item))


def _service(name: str) -> Trust:
    return name, frozenset({"sts:AssumeRole"}), "{}"


def _execution(world: World, entry: dict[str, Any], role: str, words: dict[str, str]) -> Grants:
    """What starts the task; no image of a proxy, which is AWS's own."""
    place = entry["runs_on"]
    pulls = ("BatchCheckLayerAvailability", "BatchGetImage", "GetDownloadUrlForLayer")
    grants = {("Allow", f"ecr:{action}", world.fill(image), "{}") for action in pulls for image in place.get("images", [])}
    grants.add(("Allow", "ecr:GetAuthorizationToken", "*", "{}"))
    stream = f"arn:aws:logs:{world.region}:{world.account}:log-group:/ecs/{role}:log-stream:*"
    grants |= {("Allow", f"logs:{action}", stream, "{}") for action in ("CreateLogStream", "PutLogEvents")}
    secrets = [world.fill(secret, **words) for secret in place.get("secrets", [])]
    return grants | {("Allow", "secretsmanager:GetSecretValue", secret, "{}") for secret in secrets}


def _certificate(connect: Connect, name: str, entry: dict[str, Any]) -> Grants:
    """AWS's policy for it, version 4, with this service's ARN for those of all and this authority for all that are tagged."""
    here = f"{connect.world.region}:{connect.world.account}"
    own = f"{connect.cluster}/{connect.service(name, entry)}"
    created = sorted([connect.ecs(f"service/{own}"), connect.ecs(f"task-set/{own}/*")])
    asked = text(
        {
            "ArnLike": {"aws:RequestTag/AmazonECSCreated": created},
            "StringEquals": {"aws:RequestTag/AmazonECSManaged": ["true"]},
        }
    )
    owned = text(
        {
            "ArnLike": {"aws:ResourceTag/AmazonECSCreated": created},
            "StringEquals": {"secretsmanager:ResourceTag/aws:secretsmanager:owningService": ["ecs-sc"]},
        }
    )
    tagged = {"aws:ResourceTag/AmazonECSManaged": ["true"]}
    template = {"acm-pca:TemplateArn": ["arn:aws:acm-pca:::template/EndEntityCertificate/V1"]}
    secret, authority = f"arn:aws:secretsmanager:{here}:secret:ecs-sc!*", str(connect.authority)
    grants = {("Allow", f"secretsmanager:{action}", secret, asked) for action in ("CreateSecret", "TagResource")}
    changes = ("UpdateSecret", "GetSecretValue", "PutSecretValue", "DeleteSecret", "RotateSecret", "UpdateSecretVersionStage")
    grants |= {("Allow", f"secretsmanager:{action}", secret, owned) for action in changes}
    grants.add(("Allow", "secretsmanager:DescribeSecret", secret, "{}"))
    sees = ("GetCertificate", "GetCertificateAuthorityCertificate", "DescribeCertificateAuthority")
    grants |= {("Allow", f"acm-pca:{action}", authority, text({"StringEquals": tagged})) for action in sees}
    grants.add(("Allow", "acm-pca:IssueCertificate", authority, text({"StringEquals": tagged | template})))
    uses = ("Encrypt", "Decrypt", "GenerateDataKey", "GenerateDataKeyPair") if connect.tls_key else ()
    return grants | {("Allow", f"kms:{action}", str(connect.tls_key), "{}") for action in uses}


def access(world: World, key: str, entry: dict[str, Any], who: dict[str, Any]) -> Grants:
    """What a level of access and those below it allow."""
    connect = Connect(world, key, entry)
    depth = ("observe", "route", "operate", "own").index(who["access"])
    whole = "services" not in who
    chosen = [item for item in connect.entries() if whole or (item[0] and item[1] in who["services"])]
    grants: Grants = set()
    for level, actions, places, condition in TABLE:
        for place in places.split() if level <= depth else ():
            for resource, held in _places(place, condition, connect, chosen, whole):
                grants |= {("Allow", action, resource, text(held)) for action in actions.split()}
    return grants


def _places(place: str, condition: str, connect: Connect, chosen: list, whole: bool) -> Iterator[tuple[str, dict[str, Any]]]:
    held = _condition(condition, connect, [connect.family(name, entry) for _, name, entry in chosen])
    for number, (is_service, name, entry) in enumerate(chosen):
        own = f"{connect.cluster}/{connect.service(name, entry)}"
        match place:
            case "each-service":
                # Of a whole mesh eight services share a statement; a chosen one is alone.
                first, size = (number - number % 8, 8) if whole else (number, 1)
                families = [connect.family(key, item) for _, key, item in chosen[first : first + size]]
                yield connect.ecs(f"service/{own}"), _condition(condition, connect, families)
            case "services":
                yield connect.ecs(f"service/{own}"), held
            case "deployments":
                yield connect.ecs(f"service-deployment/{own}/*"), held
            case "families":
                yield connect.family(name, entry), held
            case "task-roles":
                yield from ((connect.role_arn(name, suffix), held) for suffix in ("", "-execution"))
            case "infrastructure-roles" if connect.has_certificate(is_service, entry):
                yield connect.role_arn(name, "-infrastructure"), held
            case _ if place.startswith("seen:") and not whole:
                kind = place.removeprefix("seen:")
                yield connect.ecs(f"{kind}/{own}" + ("" if kind == "service" else "/*")), held
    if place.startswith("seen:") and whole:
        kind = place.removeprefix("seen:")
        yield connect.ecs(f"{kind}/{connect.cluster}/*" + ("" if kind == "service" else "/*")), held
    yield from ((resource, held) for resource in _fixed(place, connect))


def _fixed(place: str, connect: Connect) -> list[str]:
    here = f"{connect.world.region}:{connect.world.account}"
    namespace = [connect.namespace] if connect.namespace else []
    return {
        "*": ["*"],
        "if-namespace": ["*"] if namespace else [],
        "namespace": namespace,
        "cluster": [connect.ecs(f"cluster/{connect.cluster}")],
        "tasks": [connect.ecs(f"task/{connect.cluster}/*")],
        "instances": [connect.ecs(f"container-instance/{connect.cluster}/*")],
        "found": [f"arn:aws:servicediscovery:{here}:service/*"],
        "linked-role": [f"arn:aws:iam::{connect.world.account}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS"],
    }.get(place, [])


def _condition(name: str, connect: Connect, families: list[str]) -> dict[str, Any]:
    cluster = {"ecs:cluster": [connect.ecs(f"cluster/{connect.cluster}")]}
    namespace = {"ecs:namespace": [connect.namespace]} if connect.namespace else {}
    started = {"ecs:task-definition": families}
    update: dict[str, Any] = {"ArnEquals": cluster, "ArnLikeIfExists": started}
    return {
        "cluster": {"ArnEquals": cluster},
        "namespace": {"ArnEquals": namespace},
        "created": {"ArnEquals": cluster | namespace, "ArnLike": started},
        "updated": update | ({"ArnEqualsIfExists": namespace} if namespace else {}),
        "made-by-ecs": MADE_BY_ECS,
        "not-ecs": {"Null": {"aws:RequestTag/AmazonECSManaged": ["true"]}},
        "tasks": TASKS,
        "ecs": ECS,
        "linked": {"StringEquals": {"iam:AWSServiceName": ["ecs.amazonaws.com"]}},
    }.get(name, {})
