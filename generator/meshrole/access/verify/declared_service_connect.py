"""ECS Service Connect: by rule from AWS's reference, each action by its level, its name and its resource types.

*observe* is what AWS calls List and Read and what is about clusters, services, their tasks and Cloud Map, but the namespace's
sharing policy and discovery itself; *route* is what writes a service that is there, but deletes and tags nothing; *operate* is
everything that writes or tags services and task definitions, and passing the services' own roles; *own* is the cluster, the
namespace and its sharing.
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudmap.html
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from meshrole.access.roles import Found
from meshrole.access.verify import declared_service_connect_tls as tls
from meshrole.access.verify.items import LEVELS, Item, allow
from meshrole.blueprint.role_names import role_arn
from meshrole.iam import actions
from meshrole.iam.actions import Action
from meshrole.inventory.values import Access, Mesh, Workload

READS = ("List", "Read")
# What ECS has beside services: daemons, its own gateways, external deployments, instances, settings.
ELSE = re.compile("Daemon|Gateway|TaskSet|ContainerInstance|Attribute|AccountSetting|^DescribeCapacity")
ABOUT = re.compile("Cluster|Service|Task")
SHIFTS = ("UpdateService", "ContinueServiceDeployment", "StopServiceDeployment")
# Running a task outside of a service, or reaching into one, is no part of Service Connect.
RUNS = re.compile("RunTask|StartTask|StopTask|ExecuteCommand|TaskProtection|Submit|Agent")
# Here only a condition key says which cluster.
LISTS = ("ecs:ListServices", "ecs:ListTasks")
KINDS = {"cluster": "own", "service": "operate", "task-definition": "operate"}
MADE_BY_ECS = {"Null": {"aws:ResourceTag/AmazonECSManaged": "false"}}


def workload(item: Workload, mesh: Mesh) -> Iterator[Item]:  # noqa: ARG001
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-tls.html"""
    secret = f"arn:{mesh.environment.partition}:secretsmanager:*:*:secret:ecs-sc!*"
    yield {**allow(["secretsmanager:GetSecretValue"], [secret]), "Effect": "Deny"}


def helper(found: Found) -> tuple[Item, list[Item]] | None:
    """The infrastructure role of a service; the other helper is the platform's."""
    if found.role.label != f"{found.identity.label}-infrastructure":
        return None
    return tls.TRUST, list(tls.statements(found))


def node(item: Workload, mesh: Mesh) -> str | None:  # noqa: ARG001
    """None: IAM does not decide who is which service."""
    return None


def statements(access: Access, level: str) -> Iterator[Item]:
    """What `level` and the levels before it allow, on the services that `access` names."""
    depth = LEVELS.index(level)
    names = None if access.services is None else {service.name for service in access.services}
    chosen = [item for item in access.mesh.workloads if names is None or item.service in names]
    for action in _every("ecs"):
        yield from _of_ecs(action, depth, chosen, access)
    for action in _every("servicediscovery"):
        yield from _of_cloud_map(action, depth, access.mesh)
    if depth >= LEVELS.index("operate"):
        yield from _passed(chosen, access.mesh)
    if depth >= LEVELS.index("own"):
        yield _linked_role(access.mesh)


@cache
def _every(service: str) -> tuple[Action, ...]:
    found = (actions.find(name) for name in actions.expand(f"{service}:*"))
    return tuple(action for action in found if action)


def _of_ecs(action: Action, depth: int, chosen: list[Workload], access: Access) -> Iterator[Item]:
    name = action.name.partition(":")[2]
    is_tag = name in ("TagResource", "UntagResource", "ListTagsForResource")
    if ELSE.search(name) or not (is_tag or ABOUT.search(name)):
        return
    if action.level in READS:
        yield from _reading(action, chosen, access)
    elif name in SHIFTS and depth >= LEVELS.index("route"):
        yield from _writing(action, "service", chosen, access)
    elif not RUNS.search(name) and name not in SHIFTS:
        for kind in KINDS.keys() & set(action.resource_types):
            if depth >= LEVELS.index(KINDS[kind]):
                yield from _writing(action, kind, chosen, access)


def _reading(action: Action, chosen: list[Workload], access: Access) -> Iterator[Item]:
    mesh = access.mesh
    condition = _in_cluster(mesh) if action.name in LISTS else {}
    if action.name == "ecs:ListServicesByNamespace":
        namespace = _connect(mesh).namespace
        if namespace is None:
            return
        condition = {"ArnEquals": {"ecs:namespace": namespace}}
    if not action.resource_types:
        yield allow([action.name], ["*"], condition)
        return
    for kind in [each for each in action.resource_types if each != "container-instance" or action.name in LISTS]:
        names = ["*"] if access.services is None and kind != "task-definition" else [item.aws_name for item in chosen]
        resources = _resources(kind, names, chosen, mesh)
        if resources:
            yield allow([action.name], resources, condition)


def _resources(kind: str, names: list[str], chosen: list[Workload], mesh: Mesh) -> list[str]:
    cluster = _connect(mesh).cluster
    match kind:
        case "cluster":
            return [_ecs(mesh, f"cluster/{cluster}")]
        case "service":
            return [_ecs(mesh, f"service/{cluster}/{name}") for name in names]
        case "service-deployment" | "service-revision":
            return [_ecs(mesh, f"{kind}/{cluster}/{name}/*") for name in names]
        case "task" | "container-instance":
            return [_ecs(mesh, f"{kind}/{cluster}/*")]
        case "task-definition":
            return [_ecs(mesh, f"task-definition/{item.task_family}:*") for item in chosen]
    return []


def _writing(action: Action, kind: str, chosen: list[Workload], access: Access) -> Iterator[Item]:
    """Single services each with what holds it; those of a whole mesh eight by eight, in the inventory's order."""
    size = 1 if access.services is not None else 8
    groups = [chosen[start : start + size] for start in range(0, len(chosen), size)]
    for some in groups if kind != "cluster" else [chosen]:
        names = [item.aws_name for item in some]
        kinds = action.required_types or (kind,)
        resources = [text for each in kinds for text in _resources(each, names, some, access.mesh)]
        if resources:
            yield allow([action.name], resources, _held(action, some, access.mesh))


def _held(action: Action, some: list[Workload], mesh: Mesh) -> dict[str, Any]:
    """A service stays in its cluster, in its namespace and with its own task definition.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security_iam_id-based-policy-examples.html
    """
    if action.name not in ("ecs:CreateService", "ecs:UpdateService"):
        return {}
    namespace, maybe = _connect(mesh).namespace, "" if action.name == "ecs:CreateService" else "IfExists"
    block: dict[str, Any] = _in_cluster(mesh)
    if namespace:
        block.setdefault(f"ArnEquals{maybe}", {})["ecs:namespace"] = namespace
    families = [_ecs(mesh, f"task-definition/{item.task_family}:*") for item in some]
    return {**block, f"ArnLike{maybe}": {"ecs:task-definition": families}}


def _of_cloud_map(action: Action, depth: int, mesh: Mesh) -> Iterator[Item]:
    name, namespace = action.name.partition(":")[2], _connect(mesh).namespace
    environment = mesh.environment
    found = f"arn:{environment.partition}:servicediscovery:{environment.region}:{mesh.owner}:service/*"
    is_read = action.level in READS and not name.startswith("Discover") and name != "GetResourcePolicy"
    is_own = name in ("CreateHttpNamespace", "TagResource", "DeleteService") or re.search(
        "(Delete|UpdateHttp)Namespace|Policy$", name
    )
    if not is_read and not (is_own and depth >= LEVELS.index("own")):
        return
    if not action.resource_types:
        yield allow([action.name], ["*"], {} if is_read else {"Null": {"aws:RequestTag/AmazonECSManaged": "true"}})
    elif "namespace" in action.required_types:
        if namespace:
            yield allow([action.name], [namespace])
    else:
        yield allow([action.name], [found], MADE_BY_ECS)


def _passed(chosen: list[Workload], mesh: Mesh) -> Iterator[Item]:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html and infrastructure_IAM_role.html"""
    own = [role_arn(item, mesh, purpose) for item in chosen for purpose in (None, "execution")]
    made = [role_arn(item, mesh, "infrastructure") for item in chosen if tls.is_served(item, mesh)]
    for service, roles in (("ecs-tasks.amazonaws.com", own), ("ecs.amazonaws.com", made)):
        if roles:
            yield allow(["iam:PassRole"], roles, {"StringEquals": {"iam:PassedToService": service}})


def _linked_role(mesh: Mesh) -> Item:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using-service-linked-roles.html"""
    role = "role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS"
    arn = f"arn:{mesh.environment.partition}:iam::{mesh.environment.account}:{role}"
    return allow(["iam:CreateServiceLinkedRole"], [arn], {"StringEquals": {"iam:AWSServiceName": "ecs.amazonaws.com"}})


def _in_cluster(mesh: Mesh) -> dict[str, Any]:
    return {"ArnEquals": {"ecs:cluster": _ecs(mesh, f"cluster/{_connect(mesh).cluster}")}}


def _ecs(mesh: Mesh, resource: str) -> str:
    environment = mesh.environment
    return f"arn:{environment.partition}:ecs:{environment.region}:{environment.account}:{resource}"


def _connect(mesh: Mesh) -> Any:
    return mesh.service_connect
