"""App Mesh's custom resources that lead traffic: virtual services, routers with their routes, gateway routes.

https://aws.github.io/aws-app-mesh-controller-for-k8s/reference/api_spec/
v1beta1: https://github.com/aws/aws-app-mesh-controller-for-k8s/blob/v0.5.0/pkg/controller/virtualservice.go
"""

from collections.abc import Iterator

from meshrole.importers.found import GatewayRoute, Miss, Route, Router, Service
from meshrole.importers.manifests.cluster import Cluster, aws_name, reference, resolved
from meshrole.importers.manifests.objects import Manifest, child, items, mapping, maps
from meshrole.importers.marked import List, Map
from meshrole.importers.values import Value

Traffic = Service | Router | Route | GatewayRoute | Miss
KINDS = {"httpRoute": "http", "http2Route": "http2", "grpcRoute": "grpc", "tcpRoute": "tcp"}
OLD_KINDS = {"http": "http", "http2": "http2", "grpc": "grpc", "tcp": "tcp"}
# The controller puts a namespace to the targets of these only.
OLD_NAMESPACED = ("http", "tcp")
Target = tuple[Value, str]


def service(cluster: Cluster, manifest: Manifest) -> Iterator[Traffic]:
    """A virtual service, with the node or router that provides it."""
    provider = mapping(manifest.spec.get("provider"))
    node = reference(manifest, provider.get("virtualNode"), "virtualNode")
    behind = reference(manifest, provider.get("virtualRouter"), "virtualRouter")
    yield Service(
        mesh=cluster.mesh_of(manifest),
        name=aws_name(manifest),
        origin=manifest.origin,
        node=resolved(cluster, node) if node is not None else None,
        router=resolved(cluster, behind) if behind is not None else None,
    )
    if provider and node is None and behind is None:
        yield manifest.miss("a provider that names no node and no router", provider)


def router(cluster: Cluster, manifest: Manifest) -> Iterator[Traffic]:
    """A virtual router and the routes in it."""
    mesh, name = cluster.mesh_of(manifest), aws_name(manifest)
    yield Router(mesh, name, manifest.origin)
    for raw in maps(manifest.spec.get("routes")):
        kind = next((key for key in KINDS if key in raw), None)
        if kind is None:
            yield manifest.miss("a route without httpRoute, http2Route, grpcRoute or tcpRoute", raw)
            continue
        targets = child(raw, kind, "action", "weightedTargets")
        origin = manifest.at(raw, name=manifest.template.original(str(raw.get("name") or "")))
        known = tuple(_targets(cluster, manifest, targets))
        yield Route(mesh, name, manifest.text(raw.get("name")), origin, KINDS[kind], known)
        yield from _unknown_targets(manifest, raw, targets, len(known))


def _targets(cluster: Cluster, manifest: Manifest, targets: object) -> Iterator[Target]:
    for raw in maps(targets):
        wanted = reference(manifest, raw, "virtualNode")
        if wanted is not None:
            yield resolved(cluster, wanted), manifest.written(raw.get("weight"))


def _unknown_targets(manifest: Manifest, route: Map, targets: object, known: int) -> Iterator[Miss]:
    """What of a route's targets was not understood, such as `[${CANARY_ROUTES}]`."""
    all_of_it = items(targets) if isinstance(targets, List) else [targets] if targets is not None else []
    left = [manifest.template.original(each) for each in all_of_it if isinstance(each, str)]
    name = manifest.written(route.get("name"))
    if left:
        yield manifest.miss(f"targets of the route {name} that are not in the file: {left[0]}", route)
    elif known < len(all_of_it):
        yield manifest.miss(f"a target of the route {name} names no node", route)


def gateway_route(cluster: Cluster, manifest: Manifest) -> Iterator[Traffic]:
    """A gateway route, at the gateway that takes it."""
    kind = next((key for key in KINDS if key in manifest.spec), "")
    wanted = reference(manifest, child(manifest.spec, kind, "action", "target", "virtualService"), "virtualService")
    recorded = reference(manifest, manifest.spec, "virtualGateway")
    taking = cluster.gateways_of(manifest) if recorded is None else []
    gateway = resolved(cluster, recorded) if recorded is not None else aws_name(taking[0]) if len(taking) == 1 else None
    target = resolved(cluster, wanted) if wanted is not None else None
    yield GatewayRoute(cluster.mesh_of(manifest), gateway, aws_name(manifest), target, manifest.origin)
    if wanted is None:
        yield manifest.miss("a gateway route that names no virtual service")
    if len(taking) > 1:
        names = ", ".join(str(each.name) for each in taking)
        yield manifest.miss(f"several gateways take it: {names}; the controller refuses that")


def old_service(cluster: Cluster, manifest: Manifest) -> Iterator[Traffic]:
    """A virtual service of v1beta1, which has its router and its routes in it."""
    mesh, spec = cluster.mesh_of(manifest), manifest.spec
    name = manifest.text(child(spec, "virtualRouter", "name")) or manifest.name
    routes = maps(spec.get("routes"))
    has_router = bool(routes) or "virtualRouter" in spec
    yield Service(mesh, manifest.name, manifest.origin, router=name if has_router else None)
    if has_router:
        yield Router(mesh, name, manifest.origin)
    for raw in routes:
        kind = next((key for key in OLD_KINDS if key in raw), None)
        if kind is None:
            yield manifest.miss("a route without http, http2, grpc or tcp", raw)
            continue
        targets = child(raw, kind, "action", "weightedTargets")
        called = manifest.text(raw.get("name"))
        origin = manifest.at(raw, name=manifest.template.original(str(raw.get("name") or "")))
        known = tuple(_old_targets(cluster, manifest, targets))
        yield Route(mesh, name, called, origin, OLD_KINDS[kind], known)
        yield from _unknown_targets(manifest, raw, targets, len(known))


def _old_targets(cluster: Cluster, manifest: Manifest, targets: object) -> Iterator[Target]:
    """The nodes of a route: by their names, or (in routes of gRPC and HTTP/2) by what the controller called them in AWS."""
    for raw in maps(targets):
        name = manifest.text(raw.get("virtualNodeName"))
        if name is not None:
            yield cluster.old_nodes.get(name, name), manifest.written(raw.get("weight"))
