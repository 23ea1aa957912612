"""What a mesh has that its new engine has not, or has otherwise, and what is suggested instead: each with its page.

What the inventory does not say (retries, time-outs, TCP routes) is not said here either.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from meshrole.inventory.mesh_model import FileCertificate, Gateway, Mesh, SdsCertificate, Service, Tls
from meshrole.migration.keys import workloads

AWS = "https://docs.aws.amazon.com"
BLUE_GREEN = f"{AWS}/AmazonECS/latest/developerguide/deployment-type-blue-green.html"
CONNECT = f"{AWS}/AmazonECS/latest/developerguide/service-connect-concepts-deploy.html"
CONNECT_TLS = f"{AWS}/AmazonECS/latest/developerguide/service-connect-tls.html"
RULES = f"{AWS}/vpc-lattice/latest/ug/listener-rules.html"
SIGNED = f"{AWS}/vpc-lattice/latest/ug/sigv4-authenticated-requests.html"
SHARING = f"{AWS}/vpc-lattice/latest/ug/sharing.html"
NAMESPACES = f"{AWS}/cloud-map/latest/dg/sharing-namespaces.html"
TO_LATTICE = "https://aws.amazon.com/blogs/containers/migrating-from-aws-app-mesh-to-amazon-vpc-lattice"
ISTIO = "https://istio.io/latest/docs"
ISTIO_SECURITY = f"{ISTIO}/concepts/security/#mutual-tls-authentication"
ISTIO_WEIGHTS = f"{ISTIO}/tasks/traffic-management/traffic-shifting/"
ISTIO_TRACING = f"{ISTIO}/tasks/observability/distributed-tracing/overview/"
ISTIO_INGRESS = f"{ISTIO}/tasks/traffic-management/ingress/ingress-control/"
ADOT_XRAY = f"{AWS}/xray/latest/devguide/xray-services-adot.html"


@dataclass(frozen=True, slots=True)
class Counterpart:
    """Something of the old engine, who has it, what there is of it in the new one, and the page that says so."""

    what: str
    who: tuple[str, ...]
    instead: str
    page: str


Said = tuple[str, str]
# What is to be said of each feature in each engine; what is not here is the same there.
SAYS: dict[str, dict[str, Said]] = {
    "weighted routes between versions": {
        "ecs-service-connect": ("none: ECS deployments shift traffic (blue/green, linear, canary)", BLUE_GREEN),
        "vpc-lattice": ("weighted target groups in a listener's rule; AWS makes the ids of rules up", RULES),
        "istio": ("weights of a VirtualService; who may change them is Kubernetes RBAC", ISTIO_WEIGHTS),
    },
    "mutual TLS": {
        "ecs-service-connect": ("one-way TLS, from an AWS Private CA: give the mesh a `certificate_authority`", CONNECT_TLS),
        "vpc-lattice": ("none: callers sign each request (SigV4), a listener has the certificate", SIGNED),
        "istio": ("Istio's own certificates, of each service account: nothing of ACM is read", ISTIO_SECURITY),
    },
    "a certificate of ACM": {
        "ecs-service-connect": ("ECS makes and renews certificates: give the mesh a `certificate_authority`", CONNECT_TLS),
        "vpc-lattice": ("the listener of the service has it: no role reads it", RULES),
        "istio": ("Istio's own certificates, of each service account: nothing of ACM is read", ISTIO_SECURITY),
    },
    "a certificate from a file or SDS": {
        "ecs-service-connect": ("none: only certificates that ECS makes", CONNECT_TLS),
        "vpc-lattice": ("none: callers sign each request (SigV4)", SIGNED),
        "istio": ("Istio's own certificates, of each service account", ISTIO_SECURITY),
    },
    "a virtual gateway": {
        "ecs-service-connect": ("none: a load balancer in front of an ECS service that calls the others", CONNECT),
        "vpc-lattice": ("none: an association of its VPC with the service network; a load balancer in front", TO_LATTICE),
        "istio": ("an ingress gateway", ISTIO_INGRESS),
    },
    "traces that Envoy sends to X-Ray": {
        "ecs-service-connect": ("none: the application sends its own; its permission stays", ADOT_XRAY),
        "vpc-lattice": ("none: the application sends its own; its permission stays", ADOT_XRAY),
        "istio": ("OpenTelemetry, through a collector: the permission stays", ISTIO_TRACING),
    },
    "calls held to methods, paths or headers": {
        "ecs-service-connect": ("none: nothing in Service Connect holds a caller to them", CONNECT),
    },
    "a mesh shared by another account": {
        "ecs-service-connect": ("a shared Cloud Map namespace", NAMESPACES),
        "vpc-lattice": ("a shared service network", SHARING),
        "istio": (
            "none: a cluster is its account's; Istio joins clusters by itself",
            f"{ISTIO}/ops/deployment/deployment-models/",
        ),
    },
}


def counterparts(mesh: Mesh, old: str, new: str) -> Iterator[Counterpart]:
    """What there is to say of a mesh that goes from one engine to another; only App Mesh has what others may lack."""
    if old != "app-mesh":
        return
    for what, has in HAVING.items():
        who = tuple(name for _, name, entry in workloads(mesh, ()) if has(entry))
        said = SAYS[what].get(new)
        if who and said:
            yield Counterpart(what, who, *said)
    shared = SAYS["a mesh shared by another account"].get(new)
    if mesh.owner and shared:
        yield Counterpart("a mesh shared by another account", (), *shared)


def _tls(entry: Gateway | Service) -> Iterator[Tls]:
    yield from ([entry.tls] if entry.tls else [])
    yield from (version.tls for version in (entry.versions.values() if isinstance(entry, Service) else ()) if version.tls)


def _is_local(entry: Gateway | Service) -> bool:
    every = [each for tls in _tls(entry) for each in (tls.certificate, *tls.trusts)]
    return any(isinstance(each, FileCertificate | SdsCertificate) for each in every)


def _calls(entry: Gateway | Service) -> Iterator[bool]:
    for call in entry.routes_to if isinstance(entry, Gateway) else entry.calls:
        yield bool(call.methods or call.paths or call.headers)


HAVING: dict[str, Callable[[Gateway | Service], bool]] = {
    "weighted routes between versions": lambda entry: isinstance(entry, Service) and len(entry.versions) > 1,
    "mutual TLS": lambda entry: any(tls.certificate and tls.trusts for tls in _tls(entry)),
    "a certificate of ACM": lambda entry: (
        any(bool(tls.certificate) != bool(tls.trusts) for tls in _tls(entry)) and not _is_local(entry)
    ),
    "a certificate from a file or SDS": _is_local,
    "a virtual gateway": lambda entry: isinstance(entry, Gateway),
    "traces that Envoy sends to X-Ray": lambda entry: entry.telemetry.xray,
    "calls held to methods, paths or headers": lambda entry: any(_calls(entry)),
}
