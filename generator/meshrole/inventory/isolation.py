"""No two workloads may be the same principal: whoever can be one of them could be the other."""

from collections.abc import Iterator

from meshrole.errors import Problem
from meshrole.inventory.istio_checks import shared_in_istio
from meshrole.inventory.service_connect_checks import shared_in_ecs
from meshrole.inventory.values import Inventory, Irsa, Mesh, PodIdentity, Workload


def shared(inventory: Inventory) -> Iterator[Problem]:
    """A problem for each workload that is the same principal as another, or has the same node in AWS."""
    yield from shared_service_accounts(inventory)
    yield from shared_nodes(inventory)
    yield from shared_in_ecs(inventory)
    yield from shared_in_istio(inventory)


def shared_nodes(inventory: Inventory) -> Iterator[Problem]:
    """Two environments in one account and region are one mesh to AWS, unless it is named apart; then their nodes are one too."""
    first: dict[tuple[object, ...], Mesh] = {}
    for mesh in (each for each in inventory.meshes if not each.service_connect and not each.istio):
        for workload in mesh.workloads:
            # A service of VPC Lattice is its own account's, whoever owns the network.
            owner = mesh.environment.account if mesh.lattice else mesh.owner
            place = (mesh.environment.partition, mesh.environment.region, owner, mesh.engine, mesh.name)
            other = first.setdefault((*place, workload.is_gateway, workload.aws_name), mesh)
            if other is not mesh:
                kind = "virtual gateway" if workload.is_gateway else "virtual node"
                yield Problem(
                    f'two workloads are the {kind} "{workload.aws_name}" of the mesh "{mesh.name}" in AWS',
                    path=workload.path,
                    found=f"{other.key} in {other.environment.name}, {mesh.key} in {mesh.environment.name}",
                    help='name the mesh apart (`mesh_name: "shop-{environment}"`), or give the workload its `environments`',
                )


def shared_service_accounts(inventory: Inventory) -> Iterator[Problem]:
    """A problem for each workload whose service account another workload has too.

    EKS gives a service account one role: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-association.html
    """
    first: dict[tuple[str, ...], Workload] = {}
    for mesh in inventory.meshes:
        environment = mesh.environment
        for workload in mesh.workloads:
            place = workload.platform
            if not isinstance(place, PodIdentity | Irsa):
                continue
            key = (environment.account, environment.region, place.cluster, place.namespace, place.service_account)
            other = first.setdefault(key, workload)
            if other is not workload:
                yield Problem(
                    f'two workloads run as the service account "{place.service_account}" of namespace "{place.namespace}"',
                    path=(*workload.path[:4], "runs_on", "service_account"),
                    found=place.service_account,
                    help=f"the other is {' > '.join(map(str, other.path))}; each needs a service account of its own",
                )
