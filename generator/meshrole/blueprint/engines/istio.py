"""Istio on EKS: an identity for each service account, and Istio's own policies for the calls; IAM has no part in the mesh.

https://istio.io/latest/docs/concepts/security/
https://docs.aws.amazon.com/eks/latest/userguide/service-accounts.html
"""

from collections.abc import Iterator, Sequence

from meshrole.blueprint.beside import Beside
from meshrole.blueprint.engines.base import Callers, Count, Reach
from meshrole.blueprint.engines.istio_levels import access_statements as access_statements
from meshrole.blueprint.engines.istio_levels import in_clusters as in_clusters
from meshrole.blueprint.engines.istio_names import arn as arn
from meshrole.blueprint.engines.istio_names import below as below
from meshrole.blueprint.engines.istio_names import caller_of, istio_of, spiffe
from meshrole.blueprint.engines.istio_names import names as names
from meshrole.blueprint.istio import Admitted, IstioParts, PodPolicy
from meshrole.blueprint.paths import istio_path
from meshrole.blueprint.platforms.base import Helper
from meshrole.iam.policy import Statement
from meshrole.inventory.istio_values import Pods
from meshrole.inventory.values import Mesh, Service, Workload

NOTE = (
    "Istio lets a call through if an AuthorizationPolicy of the callee admits the caller's service account, which mutual TLS "
    "proves; IAM has no say in it, and neither CloudTrail nor AWS Config sees it: Envoy's access logs do"
)


def title(workload: Workload, mesh: Mesh) -> str:
    """`workload checkout of mesh shop`."""
    return f"{'gateway' if workload.is_gateway else 'workload'} {workload.name} of mesh {mesh.name}"


def workload_statements(workload: Workload, mesh: Mesh) -> Iterator[Statement]:  # noqa: ARG001
    """Nothing: Istio's proxy gets its configuration and its certificate from Istio, in the cluster."""
    yield from ()


def helpers(workload: Workload, mesh: Mesh) -> Iterator[Helper]:  # noqa: ARG001
    """None: AWS does nothing for a workload because it is in the mesh."""
    yield from ()


def beside(mesh: Mesh, callers: Callers) -> Beside:
    """A policy for the pods of each service; the pods of gateways have one only where everything else is denied."""
    istio = istio_of(mesh)
    policies = [_policy(item, mesh, callers) for item in istio.pods if item.service or istio.denies_by_default]
    closed = istio.namespaces if istio.denies_by_default else ()
    return Beside(istio=IstioParts(mesh.key, tuple(policies), closed)) if policies else Beside()


def _policy(pods: Pods, mesh: Mesh, callers: Callers) -> PodPolicy:
    called = callers.get(pods.service, ()) if pods.service else ()
    admitted = [
        Admitted(who, caller.call.methods, caller.call.paths, caller.call.headers)
        for caller in called
        if (who := caller_of(caller.workload, mesh))
    ]
    return PodPolicy(pods.cluster, pods.namespace, pods.name, pods.labels, pods.service is None, tuple(admitted))


def foreign(mesh: Mesh) -> Iterator[Statement]:  # noqa: ARG001
    """Nothing of a mesh is in AWS, so there is nothing to deny."""
    yield from ()


def reach(caller: Workload, service: Service, mesh: Mesh) -> Reach:  # noqa: ARG001
    """Through the proxies of both, if the callee's policy admits the caller's service account."""
    own = [item for item in istio_of(mesh).pods if item.service == service.name]
    if not own:
        return Reach(service.virtual_service, f"host {service.virtual_service}", None, "none: no pods are behind this host")
    files = " and ".join(istio_path(item.cluster, item.namespace, item.name) for item in own)
    policy = f"the AuthorizationPolicy in {mesh.key}/{files}"
    return Reach(spiffe(own[0].workloads[0], mesh), policy, None, f"{policy}, and mutual TLS")


def mesh_counts(meshes: Sequence[Mesh]) -> Iterator[Count]:  # noqa: ARG001
    """Istio has no quotas of AWS's."""
    yield from ()
