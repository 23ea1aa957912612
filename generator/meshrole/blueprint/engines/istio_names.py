"""What is in a mesh of Istio, by names: its clusters have ARNs, its workloads are SPIFFE ids.

https://istio.io/latest/docs/concepts/security/#istio-identity
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelastickubernetesservice.html
"""

from collections.abc import Iterator

from meshrole.inventory.istio_values import Istio
from meshrole.inventory.values import Environment, Irsa, Mesh, PodIdentity, Workload


def istio_of(mesh: Mesh) -> Istio:
    """Istio's part of a mesh that is in it."""
    assert mesh.istio
    return mesh.istio


def cluster_arn(environment: Environment, cluster: str) -> str:
    """The ARN of an EKS cluster of the environment."""
    return f"arn:{environment.partition}:eks:{environment.region}:{environment.account}:cluster/{cluster}"


def principal(workload: str, mesh: Mesh) -> str:
    """Who a workload is in a policy of Istio's."""
    account = istio_of(mesh).account(workload)
    assert account
    return f"{istio_of(mesh).trust_domain}/ns/{account.namespace}/sa/{account.name}"


def caller_of(workload: Workload, mesh: Mesh) -> str | None:
    """Who a caller is, be it in the mesh or in another environment's part of it; None for what is in no cluster."""
    if istio_of(mesh).account(workload.name):
        return principal(workload.name, mesh)
    place = next((each for each in (workload.platform, workload.moves_from) if isinstance(each, PodIdentity | Irsa)), None)
    return f"{istio_of(mesh).trust_domain}/ns/{place.namespace}/sa/{place.service_account}" if place else None


def spiffe(workload: str, mesh: Mesh) -> str:
    """The identity in a workload's certificate."""
    return f"spiffe://{principal(workload, mesh)}"


def arn(mesh: Mesh, *steps: str) -> str:
    """The ARN of the mesh's (first) cluster; for a workload, by its kind and its name, its SPIFFE id."""
    if not steps:
        clusters = istio_of(mesh).clusters
        return cluster_arn(mesh.environment, clusters[0]) if clusters else ""
    found = next((item for item in mesh.workloads if item.aws_name == steps[-1]), None)
    return spiffe(found.name, mesh) if found and istio_of(mesh).account(found.name) else ""


def names(mesh: Mesh) -> Iterator[tuple[str, str]]:
    """Every cluster, by the mesh's name and by its own, and every workload, by the inventory's name, alone and as `mesh/name`."""
    for cluster in istio_of(mesh).clusters:
        value = cluster_arn(mesh.environment, cluster)
        own = (mesh.key, mesh.name, cluster, f"{mesh.key}/{cluster}")
        yield from ((name, value) for name in dict.fromkeys(own))
    for account in istio_of(mesh).accounts:
        value = spiffe(account.workload, mesh)
        yield from ((account.workload, value), (f"{mesh.key}/{account.workload}", value))


def below(text: str, mesh: Mesh) -> Iterator[str]:
    """A cluster, as the end of an ARN says it."""
    if text.startswith("cluster/"):
        yield cluster_arn(mesh.environment, text.removeprefix("cluster/"))
