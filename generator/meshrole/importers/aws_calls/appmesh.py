"""What App Mesh's API takes and tells, read: https://docs.aws.amazon.com/app-mesh/latest/APIReference/API_Operations.html."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from meshrole.importers.aws_calls.reading import Reading, at, each, has, name_of, text, texts
from meshrole.importers.found import Gateway, GatewayRoute, Mesh, Miss, Node, Route, Router, Service, Tls
from meshrole.importers.origin import Origin
from meshrole.importers.values import Value

KINDS = {"httproute": "http", "http2route": "http2", "grpcroute": "grpc", "tcproute": "tcp"}


@dataclass(frozen=True, slots=True)
class Named:
    """How something of a mesh is called: its mesh, itself, and the router or gateway that it belongs to."""

    mesh: Value | None
    name: Value | None
    origin: Origin
    parent: Value | None = None


def node(source: Reading, spec: Any, named: Named) -> Iterator[Node | Miss]:
    """A virtual node from its spec."""
    backends = (_backend(source, item) for item in each(source, spec, "backends"))
    yield Node(
        mesh=named.mesh,
        name=named.name,
        origin=named.origin,
        backends=tuple(name for name in map(name_of, backends) if name is not None),
        tls=tls(source, spec),
        discovery=_discovery(source, at(source, spec, "servicediscovery")),
        listeners=_listeners(source, spec),
    )
    yield from _other_certificates(source, spec, named.origin)


def gateway(source: Reading, spec: Any, named: Named) -> Iterator[Gateway | Miss]:
    """A virtual gateway from its spec."""
    yield Gateway(named.mesh, named.name, named.origin, tls(source, spec), _listeners(source, spec))
    yield from _other_certificates(source, spec, named.origin)


def service(source: Reading, spec: Any, named: Named) -> Iterator[Service]:
    """A virtual service from its spec."""
    provider = at(source, spec, "provider")
    provided_by = name_of(text(source, provider, "virtualnode", "virtualnodename"))
    routed_by = name_of(text(source, provider, "virtualrouter", "virtualroutername"))
    yield Service(named.mesh, named.name, named.origin, provided_by, routed_by)


def router(source: Reading, spec: Any, named: Named) -> Iterator[Router | Service]:
    """A virtual router; its listeners say nothing that its routes do not. The first API gave it its services' names."""
    yield Router(named.mesh, named.name, named.origin)
    for name in texts(source, spec, "servicenames"):
        yield Service(named.mesh, name, named.origin, router=named.name)


def route(source: Reading, spec: Any, named: Named) -> Iterator[Route]:
    """A route from its spec."""
    key = next((key for key in KINDS if has(source, spec, key)), "httproute")
    targets = []
    for item in each(source, spec, key, "action", "weightedtargets"):
        target, weight = name_of(text(source, item, "virtualnode")), text(source, item, "weight")
        if target is not None:
            targets.append((target, weight.text if weight else ""))
    yield Route(named.mesh, named.parent, named.name, named.origin, KINDS[key], tuple(targets))


def gateway_route(source: Reading, spec: Any, named: Named) -> Iterator[GatewayRoute]:
    """A gateway route from its spec."""
    targets = (text(source, spec, key, "action", "target", "virtualservice", "virtualservicename") for key in KINDS)
    target = name_of(next((target for target in targets if target is not None), None))
    yield GatewayRoute(named.mesh, named.parent, named.name, target, named.origin)


def mesh(source: Reading, body: Any, named: Named) -> Iterator[Mesh]:
    """A mesh; `body` is what may have its owner, account and region."""
    arn = (text(source, body, "metadata", "arn") or text(source, body, "arn") or Value(())).text.split(":")
    region, account = (arn[3], arn[4]) if len(arn) > 5 else (None, None)
    owner = text(source, body, "metadata", "meshowner") or text(source, body, "meshowner")
    yield Mesh(named.name or Value(()), named.origin, owner, account=account, region=region)


def tls(source: Reading, spec: Any) -> Tls | None:
    """What a node or gateway serves and trusts: its listeners' TLS, and its backends' client policies."""
    blocks = [*_served(source, spec), *_policies(source, spec)]
    if not blocks:
        return None
    certificates = [at(source, block, "certificate") for block in blocks]
    trusts = [at(source, block, "validation", "trust") for block in blocks]
    return Tls(
        certificate=_first(text(source, item, "acm", "certificatearn") for item in certificates),
        authorities=_distinct(arn for item in trusts for arn in texts(source, item, "acm", "certificateauthorityarns")),
        certificate_file=_first(text(source, item, "file", "certificatechain") for item in certificates),
        certificate_sds=_first(text(source, item, "sds", "secretname") for item in certificates),
        authority_files=_distinct(text(source, item, "file", "certificatechain") for item in trusts),
        authority_sds=_distinct(text(source, item, "sds", "secretname") for item in trusts),
    )


def _served(source: Reading, spec: Any) -> Iterator[Any]:
    blocks = (at(source, item, "tls") for item in each(source, spec, "listeners"))
    return (block for block in blocks if block is not None)


def _policies(source: Reading, spec: Any) -> Iterator[Any]:
    defaults = at(source, spec, "backenddefaults", "clientpolicy", "tls")
    if defaults is not None:
        yield defaults
    for item in each(source, spec, "backends"):
        block = at(source, item, "virtualservice", "clientpolicy", "tls")
        if block is not None:
            yield block


def _other_certificates(source: Reading, spec: Any, origin: Origin) -> Iterator[Miss]:
    """One workload serves one certificate in an inventory: another listener's is named, not dropped."""
    arns = _distinct(text(source, block, "certificate", "acm", "certificatearn") for block in _served(source, spec))
    for arn in arns[1:]:
        yield Miss(origin, f"certificate {arn}", f"another listener's: {arns[0]} is taken as the certificate")


def _listeners(source: Reading, spec: Any) -> tuple[tuple[str, str], ...]:
    mappings = [at(source, item, "portmapping") for item in each(source, spec, "listeners")]
    pairs = ((text(source, item, "port"), text(source, item, "protocol")) for item in mappings if item is not None)
    return tuple((str(port or ""), str(protocol or "")) for port, protocol in pairs)


def _backend(source: Reading, item: Any) -> Value | None:
    """A backend's service; the first API had only its name."""
    return item if isinstance(item, Value) else text(source, item, "virtualservice", "virtualservicename")


def _discovery(source: Reading, block: Any) -> dict[str, str] | None:
    hostname = text(source, block, "dns", "hostname") or text(source, block, "dns", "servicename")
    if hostname is not None:
        return {"type": "dns", "hostname": hostname.text}
    namespace = text(source, block, "awscloudmap", "namespacename")
    called = text(source, block, "awscloudmap", "servicename")
    if namespace is None and called is None:
        return None
    return {"type": "cloud_map", "namespace": str(namespace or ""), "service": str(called or "")}


def _first(items: Iterator[Value | None]) -> Value | None:
    return next((item for item in items if item is not None), None)


def _distinct(items: Iterator[Value | None]) -> tuple[Value, ...]:
    return tuple(dict.fromkeys(item for item in items if item is not None))
