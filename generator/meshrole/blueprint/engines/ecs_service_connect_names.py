"""ARNs of what a mesh is in ECS, and the names that people have for them.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html#amazonelasticcontainerservice-resources-for-iam-policies
"""

from collections.abc import Iterator

from meshrole.inventory.values import Mesh, ServiceConnect, Workload

# The kinds of `check --format json`, which every engine has: both are ECS services here.
SAME = {"virtualNode": "service", "virtualGateway": "service"}


def connect(mesh: Mesh) -> ServiceConnect:
    """What the inventory says of the mesh's cluster and namespace."""
    assert mesh.service_connect
    return mesh.service_connect


def ecs(mesh: Mesh, resource: str) -> str:
    """The ARN of something in ECS; a cluster is the environment's own, whoever owns the namespace."""
    environment = mesh.environment
    return f"arn:{environment.partition}:ecs:{environment.region}:{environment.account}:{resource}"


def arn(mesh: Mesh, *steps: str) -> str:
    """The cluster's ARN, or that of something in the cluster: its kind and its names."""
    if not steps:
        return ecs(mesh, f"cluster/{connect(mesh).cluster}")
    kind, *names = steps
    return ecs(mesh, "/".join((SAME.get(kind, kind), connect(mesh).cluster, *names)))


def service_arn(workload: Workload, mesh: Mesh) -> str:
    """The ARN of a workload's ECS service."""
    return arn(mesh, "service", workload.aws_name)


def names(mesh: Mesh) -> Iterator[tuple[str, str]]:
    """The cluster, the namespace and every ECS service, by the inventory's name and by AWS's, alone and as `mesh/name`."""
    yield from ((name, arn(mesh)) for name in dict.fromkeys((mesh.key, mesh.name, connect(mesh).cluster)))
    namespace = connect(mesh).namespace
    if namespace:
        own = ("namespace", f"{mesh.key}/namespace", mesh.key, namespace.rpartition("/")[2])
        yield from ((name, namespace) for name in own)
    for workload in mesh.workloads:
        other = [f"{workload.service}/{workload.version}"] if workload.version else []
        for name in dict.fromkeys((workload.name, workload.aws_name, *other)):
            value = service_arn(workload, mesh)
            yield from ((name, value), (f"{mesh.key}/{name}", value))


def below(text: str, mesh: Mesh) -> Iterator[str]:
    """A revision of a task definition (`shop-checkout:7`), a deployment of a service (`checkout/ID`), or a part of an ARN."""
    family, _, revision = text.removeprefix(f"{mesh.key}/").partition(":")
    above, _, identifier = text.removeprefix(f"{mesh.key}/").partition("/")
    for workload in mesh.workloads:
        if revision and family in (workload.task_family, workload.name):
            yield ecs(mesh, f"task-definition/{workload.task_family}:{revision}")
        if identifier and above in (workload.name, workload.aws_name):
            yield arn(mesh, "service-deployment", workload.aws_name, identifier)
            yield arn(mesh, "service-revision", workload.aws_name, identifier)
    if text.startswith(("cluster/", "service/", "task/", "task-definition/")):
        yield ecs(mesh, text)
