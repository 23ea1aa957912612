"""A mesh of Istio: each workload's service account, and the labels that tell its pods from others.

https://istio.io/latest/docs/reference/config/security/authorization-policy/
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace

from meshrole.inventory.istio_values import Istio, Labels, Pods, ServiceAccount
from meshrole.inventory.mesh_model import AcmCertificate, Gateway, Mesh, PodLabels
from meshrole.inventory.mesh_model import Service as ServiceEntry
from meshrole.inventory.platforms import SUBDOMAIN
from meshrole.inventory.scope import Scope
from meshrole.inventory.values import Call, Irsa, PodIdentity, Service, Workload
from meshrole.inventory.values import Mesh as MeshValue

ENGINE = "istio"
PLATFORMS = ("eks-pod-identity", "eks-irsa", "elsewhere")
# https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/ (trustDomain)
TRUST_DOMAIN = "cluster.local"
# https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE-ID.md#21-trust-domain
TRUST_DOMAIN_SHAPE = re.compile(r"[a-z0-9._-]{1,255}")
# https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
LABEL_VALUE = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?")
# EKS has no other: https://docs.aws.amazon.com/eks/latest/userguide/cluster-dns.html
CLUSTER_DOMAIN = "svc.cluster.local"


def with_istio(mesh: MeshValue, entry: Mesh, scope: Scope) -> MeshValue:
    """The mesh with what Istio has of it, on whichever of its sides Istio is; any other mesh as it is."""
    if ENGINE not in entry.engines:
        return mesh
    for section, name, item in _entries(entry):
        # `none` is a service without pods: it is a host that is routed on to others.
        _check_place(item, scope.at(section, name), is_left=entry.engine != ENGINE)
        if "app-mesh" not in entry.engines:
            _check_tls(item, scope.at(section, name))
    if mesh.engine == ENGINE:
        return _meshed(mesh, entry, scope)
    return replace(mesh, leaving=_meshed(mesh.leaving, entry, scope)) if mesh.leaving else mesh


def kubernetes_name(text: str) -> str:
    """A name of the inventory as Kubernetes takes it: without capitals and underscores."""
    return text.lower().replace("_", "-")


def _meshed(mesh: MeshValue, entry: Mesh, scope: Scope) -> MeshValue:
    trust_domain = scope.at("trust_domain").fill(entry.trust_domain or TRUST_DOMAIN)
    if not TRUST_DOMAIN_SHAPE.fullmatch(trust_domain) and "{" not in trust_domain:
        scope.at("trust_domain").problem("no trust domain can be called this: lower-case letters, digits and ._-", trust_domain)
    accounts = [item for workload in mesh.workloads if (item := _account(workload, is_left=entry.engine != ENGINE))]
    pods = tuple(_pods(mesh, entry, {item.workload: item for item in accounts}, scope))
    services = tuple(_service(item, entry.services[item.name], pods, scope) for item in mesh.services)
    hosts = {old.virtual_service: new.virtual_service for old, new in zip(mesh.services, services, strict=True)}
    for workload in mesh.workloads:
        for call in workload.calls:
            _check_headers(call, scope)
    return replace(
        mesh,
        services=services,
        workloads=tuple(
            replace(item, backends=tuple(hosts.get(each, each) for each in item.backends)) for item in mesh.workloads
        ),
        istio=Istio(trust_domain, entry.deny_by_default, tuple(accounts), pods),
    )


def _account(workload: Workload, *, is_left: bool) -> ServiceAccount | None:
    """Where a mesh leaves Istio, a workload may run elsewhere already: `moves_from` is where Istio knows it."""
    places = (workload.moves_from, workload.platform) if is_left else (workload.platform, workload.moves_from)
    place = next((item for item in places if isinstance(item, PodIdentity | Irsa)), None)
    return ServiceAccount(workload.name, place.cluster, place.namespace, place.service_account) if place else None


def _service(service: Service, entry: ServiceEntry, pods: tuple[Pods, ...], scope: Scope) -> Service:
    """The host that others call it by, and the VirtualService and DestinationRule that have its router's name."""
    here = scope.at("services", service.name)
    router = kubernetes_name(service.router) if service.router and entry.router is None else service.router
    if router and not SUBDOMAIN.fullmatch(router) and "{" not in router:
        here.at("router").problem("no VirtualService can have this name", found=router)
    own = next((item for item in pods if item.service == service.name), None)
    if entry.virtual_service is not None or own is None:
        return replace(service, router=router)
    host = f"{kubernetes_name(service.name)}.{own.namespace}.{CLUSTER_DOMAIN}"
    return replace(service, router=router, virtual_service=host)


def _pods(mesh: MeshValue, entry: Mesh, accounts: Mapping[str, ServiceAccount], scope: Scope) -> Iterator[Pods]:
    """Pods of one service that bear the same labels in the same namespace are one: their versions are called alike."""
    found: dict[tuple[str, str, str, bool, Labels], list[Workload]] = defaultdict(list)
    for workload in mesh.workloads:
        account = accounts.get(workload.name)
        if account:
            name = workload.service or workload.name
            key = (account.cluster, account.namespace, name, workload.is_gateway, _labels(workload, entry, scope))
            found[key].append(workload)
    count = Counter(key[:4] for key in found)
    for (cluster, namespace, name, is_gateway, labels), workloads in found.items():
        own = name if count[cluster, namespace, name, is_gateway] == 1 else workloads[0].name
        service = None if is_gateway else name
        here = scope.at("gateways" if is_gateway else "services", name)
        yield Pods(cluster, namespace, _name(own, here), service, tuple(item.name for item in workloads), labels)


def _name(text: str, scope: Scope) -> str:
    name = kubernetes_name(text)
    if not SUBDOMAIN.fullmatch(name):
        scope.problem(f'Kubernetes can have no policy called "{name}"', found=text, hint="a name ends in a letter or a digit")
    return name


def _labels(workload: Workload, entry: Mesh, scope: Scope) -> Labels:
    """A version's own labels, or its service's, or `app: <name>`.

    https://istio.io/latest/docs/ops/deployment/application-requirements/
    """
    section, name = ("gateways", workload.name) if workload.is_gateway else ("services", str(workload.service))
    written: Gateway | ServiceEntry = entry.gateways[name] if workload.is_gateway else entry.services[name]
    here = scope.at(section, name).with_words(service=name, **({"version": workload.version} if workload.version else {}))
    version = written.versions[workload.version] if isinstance(written, ServiceEntry) and workload.version else None
    if version and version.pod_labels:
        return _filled(version.pod_labels, here.at("versions", str(workload.version), "pod_labels"))
    return _filled(written.pod_labels or {"app": name}, here.at("pod_labels"))


def _filled(labels: PodLabels, scope: Scope) -> Labels:
    found = {key: scope.at(key).fill(value) for key, value in labels.items()}
    for key, value in found.items():
        if not LABEL_VALUE.fullmatch(value) and "{" not in value:
            scope.at(key).problem(
                "a label's value has letters, digits, - _ and . between two letters or digits, at most 63", value
            )
    return tuple(sorted(found.items()))


def _check_headers(call: Call, scope: Scope) -> None:
    """https://istio.io/latest/docs/reference/config/security/authorization-policy/ (a * at an end of a value is a wildcard)"""
    for name, values in call.headers:
        for value in values:
            if not value or value.startswith("*") or value.endswith("*"):
                message = f"Istio takes a * at an end of the value of {name} for anything: say the values that are let through"
                replace(scope, path=call.path).at("headers").problem(message, found=value)


def _check_place(item: Gateway | ServiceEntry, scope: Scope, *, is_left: bool) -> None:
    by_moves = is_left and item.moves_from is not None
    key, place = ("moves_from", item.moves_from) if by_moves else ("runs_on", item.runs_on)
    places = [(scope.at(key), place)]
    if isinstance(item, ServiceEntry) and not by_moves:
        places += [(scope.at("versions", name, "runs_on"), each.runs_on) for name, each in item.versions.items()]
    for here, each in places:
        platform = getattr(each, "platform", "none")
        if platform not in (*PLATFORMS, "none"):
            message = "only what EKS runs can be in Istio: its identity is a service account of a cluster"
            here.at("platform").problem(message, found=platform, allowed=PLATFORMS)


def _check_tls(item: Gateway | ServiceEntry, scope: Scope) -> None:
    """Only a gateway serves a certificate of its owner's, from a secret of the cluster's.

    https://istio.io/latest/docs/reference/config/networking/gateway/#ServerTLSSettings
    """
    if isinstance(item, ServiceEntry):
        places = [(scope, item.tls), *((scope.at("versions", name), each.tls) for name, each in item.versions.items())]
        for here, tls in places:
            if tls is not None:
                here.at("tls").problem("Istio makes and renews the certificate of every service itself")
    elif item.tls is not None:
        known = [("certificate", item.tls.certificate), *(("trusts", each) for each in item.tls.trusts)]
        for key, value in known:
            if isinstance(value, AcmCertificate):
                scope.at("tls", key).problem(
                    "Istio reads no certificate from ACM", found=value.arn, hint="give its secret: {sds: …}"
                )


def _entries(entry: Mesh) -> Iterator[tuple[str, str, Gateway | ServiceEntry]]:
    yield from (("gateways", name, item) for name, item in entry.gateways.items())
    yield from (("services", name, item) for name, item in entry.services.items())
