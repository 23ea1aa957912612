"""App Mesh's custom resources: meshes, nodes and gateways of the controller's APIs v1beta1 and v1beta2.

https://aws.github.io/aws-app-mesh-controller-for-k8s/reference/api_spec/
https://github.com/aws/aws-app-mesh-controller-for-k8s/blob/v0.5.0/pkg/apis/appmesh/v1beta1/types.go
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from meshrole.importers.found import Gateway, Mesh, Miss, Node
from meshrole.importers.manifests.app_mesh_routes import Traffic, gateway_route, old_service, router, service
from meshrole.importers.manifests.claims import Claim
from meshrole.importers.manifests.cluster import APP_MESH, Cluster, aws_name, is_old, old_name, reference, resolved
from meshrole.importers.manifests.objects import Manifest, child, mapping, maps
from meshrole.importers.manifests.selectors import Selectable
from meshrole.importers.manifests.tls import certificates_left, tls_of
from meshrole.importers.marked import Map
from meshrole.importers.values import Value

Entry = Mesh | Node | Gateway | Traffic
ALL_SERVICES = "*"


def entries(cluster: Cluster) -> Iterator[Entry]:
    """Everything of App Mesh in a cluster."""
    for manifest in cluster.manifests:
        if manifest.group == APP_MESH:
            read = OLD_READERS.get(manifest.kind) if is_old(manifest) else None
            yield from (read or READERS.get(manifest.kind, _strange))(cluster, manifest)


def claims(cluster: Cluster) -> Iterator[Claim]:
    """Which pods are nodes and gateways: those that their selectors take in their namespace."""
    for kind in ("VirtualNode", "VirtualGateway"):
        for each in cluster.of(APP_MESH, kind):
            selected = Selectable(aws_name(each), each, each.spec.get("podSelector"))
            yield Claim(each.space, selected, kind == "VirtualGateway")


def _strange(_: Cluster, manifest: Manifest) -> Iterator[Miss]:
    yield manifest.miss("App Mesh has no resource of this kind")


def _backend_group(cluster: Cluster, manifest: Manifest) -> Iterator[Entry]:
    """What is in a backend group comes with the nodes that have it."""
    if not cluster.of(APP_MESH, "VirtualNode"):
        yield manifest.miss("no virtual node here has it, so nobody is known who calls its services")


def _mesh(_: Cluster, manifest: Manifest) -> Iterator[Entry]:
    yield Mesh(aws_name(manifest), manifest.origin, owner=manifest.text(manifest.spec.get("meshOwner")))


def _node(cluster: Cluster, manifest: Manifest) -> Iterator[Entry]:
    backends: list[Value] = []
    for found in _backends(cluster, manifest):
        if isinstance(found, Miss):
            yield found
        elif found not in backends:
            backends.append(found)
    yield from _not_one_mesh(cluster, manifest)
    if is_old(manifest):
        called = old_name(manifest.name, manifest.space)
        yield manifest.miss(f"the controller of {manifest.version} called it {called} in AWS; here it keeps its own name")
    for certificate in certificates_left(manifest):
        yield manifest.miss(f"a second certificate, {certificate}: an identity serves one", manifest.spec.get("listeners"))
    yield Node(
        mesh=cluster.mesh_of(manifest),
        name=aws_name(manifest),
        origin=manifest.origin,
        backends=tuple(backends),
        tls=tls_of(manifest),
        discovery=_discovery(manifest),
        listeners=_listeners(manifest),
        namespace=manifest.namespace,
    )


def _gateway(cluster: Cluster, manifest: Manifest) -> Iterator[Entry]:
    yield from _not_one_mesh(cluster, manifest)
    listeners = _listeners(manifest)
    mesh, name = cluster.mesh_of(manifest), aws_name(manifest)
    yield Gateway(mesh, name, manifest.origin, tls_of(manifest), listeners, manifest.namespace)


def _not_one_mesh(cluster: Cluster, manifest: Manifest) -> Iterator[Miss]:
    taking = cluster.meshes_of(manifest.space) if not is_old(manifest) else ()
    if len(taking) > 1:
        names = ", ".join(str(each.name) for each in taking)
        yield manifest.miss(f"several meshes take its namespace: {names}; the controller refuses that")


def _listeners(manifest: Manifest) -> tuple[tuple[str, str], ...]:
    ports = [mapping(each.get("portMapping")) for each in maps(manifest.spec.get("listeners"))]
    return tuple((manifest.written(each.get("port")), manifest.written(each.get("protocol"))) for each in ports if each)


def _discovery(manifest: Manifest) -> Mapping[str, str] | None:
    """Where a node is found. v1beta1 writes `hostName` and `cloudMap`."""
    found = {key.lower(): mapping(each) for key, each in mapping(manifest.spec.get("serviceDiscovery")).items()}
    dns = {key.lower(): manifest.written(each) for key, each in found.get("dns", Map(0)).items()}
    if "hostname" in dns:
        return {"type": "dns", "hostname": dns["hostname"]}
    in_map = found.get("awscloudmap") or found.get("cloudmap")
    if in_map:
        written = {key: manifest.written(in_map.get(f"{key}Name")) for key in ("namespace", "service")}
        return {"type": "cloud_map", **written}
    return None


def _backends(cluster: Cluster, manifest: Manifest) -> Iterator[Value | Miss]:
    """The names of the virtual services behind a node: its own backends, and those of its backend groups."""
    for backend in maps(manifest.spec.get("backends")):
        holder = backend.get("virtualService")
        wanted = reference(manifest, holder, "virtualService")
        named = manifest.text(child(holder, "virtualServiceName"))
        if wanted is not None:
            yield resolved(cluster, wanted)
        elif named is not None:
            yield named
        else:
            yield manifest.miss("a backend that names no virtual service", backend)
    left = _not_maps(manifest.spec.get("backends"))
    if left:
        yield manifest.miss(f"backends that are not in the file: {manifest.template.original(left)}")
    for group in maps(manifest.spec.get("backendGroups")):
        yield from _group(cluster, manifest, group)


def _not_maps(raw: Any) -> str:
    """What stands where a list of mappings should be: an expression, most often."""
    if isinstance(raw, str):
        return raw
    return next((each for each in raw if isinstance(each, str)), "") if isinstance(raw, list) else ""


def _group(cluster: Cluster, manifest: Manifest, group: Map) -> Iterator[Value | Miss]:
    """A backend group's services; of one that is called `*`, all services of the namespace."""
    space = manifest.text(group.get("namespace")) or manifest.space
    name = manifest.text(group.get("name"))
    if name is not None and name.text == ALL_SERVICES:
        yield from cluster.services_in(space)
        return
    found = cluster.find("BackendGroup", space, name) if name is not None else None
    if found is None:
        yield manifest.miss(f"its backend group {name} is not in the files", group)
        return
    for each in maps(found.spec.get("virtualservices")):
        called = found.text(each.get("name"))
        if called is not None:
            yield cluster.name_of("VirtualService", found.text(each.get("namespace")) or found.space, called)


Read = Callable[[Cluster, Manifest], Iterator[Entry]]
READERS: Mapping[str, Read] = {
    "Mesh": _mesh,
    "VirtualNode": _node,
    "VirtualGateway": _gateway,
    "VirtualService": service,
    "VirtualRouter": router,
    "GatewayRoute": gateway_route,
    "BackendGroup": _backend_group,
}
OLD_READERS: Mapping[str, Read] = {"VirtualService": old_service}
