"""Istio: IAM knows nothing of the mesh; whoever has access to it finds its clusters, and no more.

https://docs.aws.amazon.com/eks/latest/userguide/create-kubeconfig.html
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelastickubernetesservice.html
"""

from collections.abc import Iterator

from meshrole.access.roles import Found
from meshrole.access.verify.items import Item, allow
from meshrole.inventory.values import Access, Irsa, Mesh, PodIdentity, Workload


def workload(item: Workload, mesh: Mesh) -> Iterator[Item]:  # noqa: ARG001
    """https://istio.io/latest/docs/concepts/security/ (a proxy has everything from Istio)"""
    yield from ()


def helper(found: Found) -> tuple[Item, list[Item]] | None:  # noqa: ARG001
    """Istio has no helpers in AWS."""
    return None


def node(item: Workload, mesh: Mesh) -> str | None:  # noqa: ARG001
    """None: IAM does not decide who is which workload to Istio; the service account does."""
    return None


def statements(access: Access, level: str) -> Iterator[Item]:  # noqa: ARG001
    """At every level, the clusters that the chosen services run in; what may be done there Kubernetes says."""
    environment = access.mesh.environment
    chosen = None if access.services is None else {service.name for service in access.services}
    places = [
        place
        for item in access.mesh.workloads
        if chosen is None or item.service in chosen
        for place in (item.platform, item.moves_from)
        if isinstance(place, PodIdentity | Irsa) and _is_of_istio(place, item, access.mesh)
    ]
    here = f"arn:{environment.partition}:eks:{environment.region}:{environment.account}:cluster"
    clusters = list(dict.fromkeys(f"{here}/{place.cluster}" for place in places))
    if clusters:
        yield allow(["eks:DescribeCluster"], clusters)


def _is_of_istio(place: PodIdentity | Irsa, item: Workload, mesh: Mesh) -> bool:
    account = mesh.istio.account(item.name) if mesh.istio else None
    return account is not None and (account.cluster, account.namespace) == (place.cluster, place.namespace)
