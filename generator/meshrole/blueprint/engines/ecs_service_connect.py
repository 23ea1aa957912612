"""ECS Service Connect: roles without a word about the mesh, one that ECS has for TLS, and the levels of access.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect.html
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from meshrole.blueprint.beside import NOTHING, Beside
from meshrole.blueprint.engines import ecs_service_connect_tls as tls
from meshrole.blueprint.engines.base import LEVELS, Callers, Count, Reach
from meshrole.blueprint.engines.ecs_service_connect_levels import ROWS, Row
from meshrole.blueprint.engines.ecs_service_connect_names import arn as arn
from meshrole.blueprint.engines.ecs_service_connect_names import below as below
from meshrole.blueprint.engines.ecs_service_connect_names import connect, ecs
from meshrole.blueprint.engines.ecs_service_connect_names import names as names
from meshrole.blueprint.istio import NamespaceAccess
from meshrole.blueprint.platforms.base import Helper
from meshrole.blueprint.role_names import role_arn
from meshrole.iam.policy import Conditions, Statement, conditions, in_service, sid
from meshrole.inventory.values import Access, Mesh, Service, Workload

# https://github.com/aws/containers-roadmap/issues/1964
NOTE = (
    "Service Connect has no authorization between services: whatever is in the namespace can call, TLS says who answers and not "
    "who asks, and security groups decide who reaches whom; `calls` say what is meant, and nothing holds a caller to them"
)
# https://docs.aws.amazon.com/general/latest/gr/ecs-service.html
MAX_SERVICES_IN_CLUSTER = 5_000
MAX_SERVICES_IN_NAMESPACE = 300
# Of a whole mesh, so many services have one statement with the task definitions of all of them: fewer would be too many
# statements for a role's policies, and more would not fit into one policy.
TOGETHER = 8
# What is in a cluster; a task definition is in none.
IN_CLUSTER = ("container-instance", "service", "service-deployment", "service-revision", "task", "task-set")


def title(workload: Workload, mesh: Mesh) -> str:
    """`ECS service checkout of mesh shop`."""
    return f"ECS service {workload.aws_name} of mesh {mesh.name}"


def workload_statements(workload: Workload, mesh: Mesh) -> Iterator[Statement]:  # noqa: ARG001
    """Nothing is needed: ECS does all of it. No task reads the private keys that ECS keeps in Secrets Manager.

    The Deny is in every role: it holds against whatever policy the role is given later, too.
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-tls.html
    """
    yield Statement(
        sid="NoKeysOfServiceConnect",
        effect="Deny",
        actions=("secretsmanager:GetSecretValue",),
        resources=(f"arn:{mesh.environment.partition}:secretsmanager:*:*:secret:ecs-sc!*",),
    )


def helpers(workload: Workload, mesh: Mesh) -> Iterator[Helper]:
    """The infrastructure role with which ECS makes the certificate of a service that answers."""
    if _answers(workload, mesh):
        yield tls.helper(workload, mesh)


def _answers(workload: Workload, mesh: Mesh) -> bool:
    """Whether ECS makes a certificate for it: one that only calls needs none."""
    service = mesh.service(workload.service or "")
    return bool(connect(mesh).authority and service and service.virtual_service)


def in_clusters(access: Access) -> Iterator[NamespaceAccess]:  # noqa: ARG001
    """Nothing: the mesh is in AWS."""
    yield from ()


def beside(mesh: Mesh, callers: Callers) -> Beside:  # noqa: ARG001
    """Nothing: cluster, namespace and services are their owners'."""
    return NOTHING


def foreign(mesh: Mesh) -> Iterator[Statement]:
    """What a workload does in ECS it does in its own cluster, and it changes nothing of what others find in Cloud Map.

    ECS registers tasks with a role of its own; whoever can register an address answers the calls that are meant for others.
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using-service-linked-roles.html
    """
    own = (arn(mesh), *(arn(mesh, kind, "*") for kind in IN_CLUSTER), ecs(mesh, "task-definition/*"))
    yield Statement(sid="NoOtherCluster", effect="Deny", actions=("ecs:*",), not_resources=own)
    changes = in_service("servicediscovery", "Create* Delete* Deregister* Put* Register* TagResource UntagResource Update*")
    yield Statement(sid="NoDiscoveryChanges", effect="Deny", actions=changes, resources=("*",))


def reach(caller: Workload, service: Service, mesh: Mesh) -> Reach:  # noqa: ARG001
    """Through the proxy that ECS puts beside the caller: IAM has no say in it."""
    # A service of another environment that shares the namespace is in a cluster of its own.
    is_here = mesh.service(service.name) is not None
    own = service.nodes[0] if service.nodes else service.virtual_service
    callee = arn(mesh, "service", own) if is_here else ecs(mesh, f"service/*/{own}")
    return Reach(callee, f"Service Connect endpoint {service.virtual_service}", None, "none; security groups")


def access_statements(access: Access) -> Iterator[Statement]:
    """The statements of a level and of every level below it, on the services that the inventory names."""
    reached = LEVELS[: LEVELS.index(access.level) + 1]
    chosen = None if access.services is None else {service.name for service in access.services}
    workloads = [item for item in access.mesh.workloads if chosen is None or item.service in chosen]
    for row in ROWS:
        if row.level in reached:
            size = 1 if access.services is not None else TOGETHER
            groups = [workloads[start : start + size] for start in range(0, len(workloads), size)]
            for some in groups if row.each else [workloads]:
                yield from _statement(row, some, access)


def _statement(row: Row, workloads: Sequence[Workload], access: Access) -> Iterator[Statement]:
    resources = tuple(dict.fromkeys(text for template in row.on for text in _resources(template, row, workloads, access)))
    held = _conditions(row, workloads, access.mesh)
    if resources and bool(held) == bool(row.conditions):
        words = [access.mesh.key, row.sid, *([workloads[0].name] if row.each and access.services is not None else [])]
        yield Statement(sid=sid(*words), actions=row.actions, resources=resources, conditions=held)


def _resources(template: str, row: Row, workloads: Sequence[Workload], access: Access) -> Iterator[str]:
    mesh = access.mesh
    match template:
        case "*":
            yield "*"
        case "{namespace}":
            yield from filter(None, [connect(mesh).namespace])
        case "{task_roles}":
            yield from (role_arn(item, mesh, purpose) for item in workloads for purpose in (None, "execution"))
        case "{infrastructure_roles}":
            yield from (role_arn(item, mesh, tls.PURPOSE) for item in workloads if _answers(item, mesh))
        case _ if row.level == "observe" and access.services is None and "{service}" in template:
            yield _arn(template, {"service": "*", "family": "*"}, mesh)
        case _ if "{service}" in template or "{family}" in template:
            for item in workloads:
                yield _arn(template, {"service": item.aws_name, "family": item.task_family}, mesh)
        case _:
            yield _arn(template, {}, mesh)


def _arn(template: str, words: Mapping[str, str], mesh: Mesh) -> str:
    environment, resource = mesh.environment, template.format(c=connect(mesh).cluster, **words)
    service, _, rest = resource.partition(":")
    if service == "iam":
        return f"arn:{environment.partition}:iam::{environment.account}:{rest}"
    if service == "servicediscovery":
        return f"arn:{environment.partition}:servicediscovery:{environment.region}:{mesh.owner}:{rest}"
    return ecs(mesh, resource)


def _conditions(row: Row, workloads: Sequence[Workload], mesh: Mesh) -> Conditions:
    """The conditions with their values; what is about a namespace that is not known yet is left out."""
    words = {
        "{cluster_arn}": [arn(mesh)],
        "{namespace}": [text for text in [connect(mesh).namespace] if text],
        "{family_arn}": sorted({ecs(mesh, f"task-definition/{item.task_family}:*") for item in workloads}),
    }
    filled = {
        operator: {key: words.get(value, [value]) for key, value in keys.items() if words.get(value, [value])}
        for operator, keys in row.conditions.items()
    }
    return conditions({operator: keys for operator, keys in filled.items() if keys})


def mesh_counts(meshes: Sequence[Mesh]) -> Iterator[Count]:
    """ECS's own quotas; AWS raises neither (https://docs.aws.amazon.com/general/latest/gr/ecs-service.html)."""
    clusters: Counter[str] = Counter()
    namespaces: Counter[str] = Counter()
    for mesh in meshes:
        clusters[connect(mesh).cluster] += len(mesh.workloads)
        namespaces[connect(mesh).namespace or mesh.key] += len(mesh.workloads)
    for mesh in {connect(mesh).cluster: mesh for mesh in meshes}.values():
        name = connect(mesh).cluster
        yield Count(f"services in cluster {name}", clusters[name], MAX_SERVICES_IN_CLUSTER, None, mesh.path)
    for mesh in {connect(mesh).namespace or mesh.key: mesh for mesh in meshes}.values():
        name = connect(mesh).namespace or mesh.key
        yield Count(f"services in namespace {name}", namespaces[name], MAX_SERVICES_IN_NAMESPACE, None, mesh.path)
