"""What belongs to a mesh or to its identities and is not read, each with the reason: nothing is passed over in silence."""

from collections.abc import Iterator, Mapping

from meshrole.importers.found import Miss
from meshrole.importers.manifests.cluster import Cluster
from meshrole.importers.manifests.objects import Manifest

LATTICE = "application-networking.k8s.aws"
NETWORKING, SECURITY, TELEMETRY = "networking.istio.io", "security.istio.io", "telemetry.istio.io"
NOTED: Mapping[tuple[str, str], str] = {
    ("flagger.app", "Canary"): "Flagger makes the mesh's resources of it while it runs: export them from the cluster",
    ("split.smi-spec.io", "TrafficSplit"): "a traffic split of the Service Mesh Interface, which no engine here reads",
    (LATTICE, "ServiceExport"): "makes a target group for routes elsewhere: no identity and no caller",
    (LATTICE, "ServiceImport"): "a service of another cluster: what runs behind it is not in the files",
    (LATTICE, "TargetGroupPolicy"): "how a target group talks to its pods and checks them: no identity and no caller",
    (LATTICE, "VpcAssociationPolicy"): "which VPC reaches the service network: a network rule, no identity",
    (LATTICE, "AccessLogPolicy"): "where the service network's access log goes",
    (NETWORKING, "ServiceEntry"): "a host outside the mesh, or one without Kubernetes: no identity of the mesh",
    (NETWORKING, "Sidecar"): "what a proxy is told of: it limits configuration, it authorizes nobody",
    (NETWORKING, "WorkloadEntry"): "a workload outside Kubernetes: how it proves its identity is not in the files",
    (NETWORKING, "WorkloadGroup"): "a workload outside Kubernetes: how it proves its identity is not in the files",
    (NETWORKING, "EnvoyFilter"): "a patch of Envoy's configuration, which may do anything",
    (NETWORKING, "ProxyConfig"): "how proxies are run: no identity and no caller",
    (
        SECURITY,
        "PeerAuthentication",
    ): "where mutual TLS is demanded: it names no caller",
    (SECURITY, "RequestAuthentication"): "which end users' tokens are accepted: no identity of a workload",
    ("install.istio.io", "IstioOperator"): "how Istio is installed: no identity and no caller",
    (TELEMETRY, "Telemetry"): "what is logged and traced: no identity and no caller",
}
# Of these groups every kind is of a mesh or of its identities, so that an unread one is told.
MESH_GROUPS = (LATTICE, NETWORKING, SECURITY, "extensions.istio.io", "gateway.networking.k8s.io", "eks.services.k8s.aws")
READ = {
    (LATTICE, "IAMAuthPolicy"),
    (NETWORKING, "VirtualService"),
    (NETWORKING, "DestinationRule"),
    (NETWORKING, "Gateway"),
    (SECURITY, "AuthorizationPolicy"),
    ("gateway.networking.k8s.io", "Gateway"),
    ("gateway.networking.k8s.io", "HTTPRoute"),
    ("gateway.networking.k8s.io", "GRPCRoute"),
    ("gateway.networking.k8s.io", "TLSRoute"),
    ("gateway.networking.k8s.io", "TCPRoute"),
    ("gateway.networking.k8s.io", "GatewayClass"),
    ("gateway.networking.k8s.io", "ReferenceGrant"),
    ("eks.services.k8s.aws", "PodIdentityAssociation"),
    ("eks.services.k8s.aws", "Nodegroup"),
    ("eks.services.k8s.aws", "Cluster"),
    ("eks.services.k8s.aws", "Addon"),
    ("eks.services.k8s.aws", "AccessEntry"),
    ("eks.services.k8s.aws", "FargateProfile"),
}
OTHER_OPERATORS = ("upbound.io", "crossplane.io", "kubeform.com")
KUSTOMIZE = "kustomize.config.k8s.io"
NOT_APPLIED = "Kustomize's patches, names and namespaces are not applied: import what `kustomize build` prints"


def entries(cluster: Cluster) -> Iterator[Miss]:
    """A line for each object that is of a mesh and that nothing is made of."""
    for manifest in cluster.manifests:
        why = _why(manifest)
        if why:
            yield manifest.miss(why)


def _why(manifest: Manifest) -> str | None:
    key = (manifest.group, manifest.kind)
    if manifest.group == KUSTOMIZE:
        return NOT_APPLIED
    if key in NOTED:
        return NOTED[key]
    if manifest.group.endswith(OTHER_OPERATORS) and _is_of_a_mesh(manifest):
        return "another operator's form of an AWS resource: import what AWS or Terraform has of it"
    return "a kind that is not read" if manifest.group in MESH_GROUPS and key not in READ else None


def _is_of_a_mesh(manifest: Manifest) -> bool:
    told = f"{manifest.group}/{manifest.kind}".lower()
    return any(word in told for word in ("appmesh", "vpclattice", "podidentity"))
