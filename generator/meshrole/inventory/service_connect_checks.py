"""What several meshes of Service Connect must not share, and what is worth saying about one."""

from collections.abc import Iterator

from meshrole.errors import Problem
from meshrole.inventory.values import Inventory, Mesh, Path, Workload

# https://github.com/aws/containers-roadmap/issues/1964
NOTHING_HOLDS = "nothing in Service Connect holds a caller to methods, paths or headers: this only says what is meant"


def connected(inventory: Inventory) -> Iterator[Mesh]:
    """The meshes, and the sides of meshes, that are in Service Connect."""
    yield from (side for mesh in inventory.meshes for side in mesh.sides if side.service_connect)


def shared_in_ecs(inventory: Inventory) -> Iterator[Problem]:
    """A problem for each workload that has another's ECS service, task definitions or name in Cloud Map."""
    first: dict[tuple[str, ...], tuple[str, Path]] = {}
    for mesh in connected(inventory):
        for workload in mesh.workloads:
            here = (mesh.environment.name, workload.path)
            for kind, key, *name in _names(workload, mesh):
                other = first.setdefault((kind, *name), here)
                if other != here:
                    yield Problem(
                        f'two workloads have the {kind} "{name[-1]}"',
                        path=workload.path,
                        found=f"{' > '.join(map(str, other[1]))} in {other[0]}, this one in {here[0]}",
                        help=f"give one of them another `{key}`",
                    )


def _names(workload: Workload, mesh: Mesh) -> Iterator[tuple[str, str, *tuple[str, ...]]]:
    """(kind, key that names it, whatever tells it apart in AWS…) of what is one workload's only.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceConnectService.html (names are unique in a namespace)
    """
    environment, connect = mesh.environment, mesh.service_connect
    assert connect
    place = (environment.partition, environment.account, environment.region)
    yield "ECS service", "cluster", *place, connect.cluster, workload.aws_name
    yield "task definition family", "task_family", *place, workload.task_family
    if workload.discovery_name:
        namespace = connect.namespace or f"{environment.name}/{mesh.key}"
        yield "discovery name", "discovery_name", namespace, workload.discovery_name


def connect_warnings(inventory: Inventory) -> Iterator[Problem]:
    """What a mesh of Service Connect does not do though the inventory says it, and what is not known of it yet."""
    for mesh in connected(inventory):
        assert mesh.service_connect
        if mesh.service_connect.namespace is None:
            yield Problem(
                f'the Cloud Map namespace of mesh "{mesh.key}" is not known in {mesh.environment.name}: whoever operates the '
                "mesh may put its services into any namespace, and nobody may change or share this one",
                path=mesh.path,
                help=f"give its id once it is there: namespace: {{{mesh.environment.name}: ns-…}}",
            )
        for workload in mesh.workloads:
            for call in workload.calls:
                if call.methods or call.paths or call.headers:
                    yield Problem(NOTHING_HOLDS, path=call.path)
        for service in mesh.services:
            if len(service.nodes) > 1:
                yield Problem(
                    "Service Connect splits no traffic between versions: each is an ECS service with a name of its own",
                    path=(*service.path, "versions"),
                    help="keep one service and let its ECS deployments shift traffic (blue/green, linear, canary)",
                )
