"""No two workloads may be the same principal: whoever can be one of them could be the other."""

from collections.abc import Iterator

from meshrole.errors import Problem
from meshrole.inventory.values import Inventory, Irsa, PodIdentity, Workload


def shared_identities(inventory: Inventory) -> Iterator[Problem]:
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
