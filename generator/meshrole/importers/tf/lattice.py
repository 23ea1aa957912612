"""`aws_vpclattice_*`: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/vpclattice_service.

A service is its own router: each listener's default action and each rule is a route to target groups, which are the nodes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from meshrole.importers.aws_calls.gathered import Entry
from meshrole.importers.aws_calls.lattice import ENGINE, OPEN, edges
from meshrole.importers.found import Mesh, Miss, Node, Route, Router, Service
from meshrole.importers.tf.attributes import block, blocks, text
from meshrole.importers.tf.data import Hole
from meshrole.importers.tf.documents import policy
from meshrole.importers.tf.resource import Resource
from meshrole.importers.values import Value, value

PREFIX = "aws_vpclattice_"
SERVICE, NETWORK, TARGETS = f"{PREFIX}service", f"{PREFIX}service_network", f"{PREFIX}target_group"
ASSOCIATION, POLICY = f"{PREFIX}service_network_service_association", f"{PREFIX}auth_policy"
LISTENER, RULE = f"{PREFIX}listener", f"{PREFIX}listener_rule"
TYPES = (SERVICE, NETWORK, TARGETS, ASSOCIATION, POLICY, LISTENER, RULE)
KINDS = {"TLS_PASSTHROUGH": "tcp", "TCP": "tcp"}


@dataclass(frozen=True, slots=True)
class Names:
    """The resources by their ids and ARNs, and the network of each service by the service's name."""

    resources: dict[tuple[str, str], Resource]
    networks: dict[Value, Value]

    def of(self, kind: str, identifier: Value | None) -> Value | None:
        """The name of what an id or ARN means; the identifier itself where it is not here."""
        if identifier is None:
            return None
        found = self.get(kind, identifier)
        return name(found) if found else value(identifier.text.rpartition("/")[2]) if identifier.is_known else identifier

    def get(self, kind: str, identifier: Value | None) -> Resource | None:
        """The resource that an id or ARN means."""
        return self.resources.get((kind, identifier.text)) if identifier is not None else None


def name(resource: Resource) -> Value:
    """The name of a resource."""
    return text(resource.attributes, "name") or Hole(f"{resource.address}.name").value


def entries(resources: Iterable[Resource]) -> Iterator[Entry]:
    """The networks as meshes, the services with their routes and nodes, and who may call whom."""
    found = [resource for resource in resources if resource.type in TYPES]
    names = _names(found)
    mesh_of_targets: dict[Value, Value | None] = {}
    routed = {_service(names, resource) for resource in found if resource.type == LISTENER}
    for resource in found:
        if resource.type == NETWORK:
            yield _network(resource)
        elif resource.type == SERVICE:
            mesh, own = names.networks.get(name(resource)), name(resource)
            yield Service(
                mesh, own, resource.origin, router=own if own in routed else None, id=_id(resource), auth=_auth(resource)
            )
            if own in routed:
                yield Router(mesh, own, resource.origin)
        elif resource.type in (LISTENER, RULE):
            yield from _routes(resource, names, mesh_of_targets)
        elif resource.type == POLICY:
            yield from _policy(resource, names)
        elif resource.type == ASSOCIATION:
            yield from _only_associated(resource, names)
    for resource in found:
        if resource.type == TARGETS:
            port = text(block(resource.attributes, "config"), "port")
            protocol = text(block(resource.attributes, "config"), "protocol")
            listeners = ((port.text, protocol.text if protocol else ""),) if port else ()
            yield Node(mesh_of_targets.get(name(resource)), name(resource), resource.origin, listeners=listeners)


def _names(resources: Iterable[Resource]) -> Names:
    found: dict[tuple[str, str], Resource] = {}
    for resource in resources:
        for attribute in ("id", "arn", "service_identifier" if resource.type == SERVICE else "id"):
            identifier = text(resource.attributes, attribute)
            if identifier is not None:
                found.setdefault((resource.type, identifier.text), resource)
        listener = text(resource.attributes, "listener_id") if resource.type == LISTENER else None
        if listener is not None:
            found.setdefault((LISTENER, listener.text), resource)
    names = Names(found, {})
    for resource in resources:
        if resource.type == ASSOCIATION:
            service = names.of(SERVICE, text(resource.attributes, "service_identifier"))
            network = names.of(NETWORK, text(resource.attributes, "service_network_identifier"))
            if service is not None and network is not None:
                names.networks.setdefault(service, network)
    return names


def _id(resource: Resource) -> str | None:
    identifier = text(resource.attributes, "id")
    return identifier.text if identifier is not None and identifier.is_known else None


def _auth(resource: Resource) -> str | None:
    written = text(resource.attributes, "auth_type")
    return OPEN if written is None else written.text if written.is_known else None


def _network(resource: Resource) -> Mesh:
    arn = text(resource.attributes, "arn")
    parts = arn.text.split(":") if arn is not None and arn.is_known else []
    account, region = (parts[4], parts[3]) if len(parts) > 5 else (resource.account, resource.region)
    return Mesh(
        name(resource), resource.origin, engine=ENGINE, id=_id(resource), account=account, region=region, auth=_auth(resource)
    )


def _service(names: Names, resource: Resource) -> Value | None:
    """The service of a listener or rule."""
    written = text(resource.attributes, "service_identifier") or text(resource.attributes, "service_arn")
    return names.of(SERVICE, written)


def _routes(resource: Resource, names: Names, meshes: dict[Value, Value | None]) -> Iterator[Route]:
    listener = resource
    if resource.type == RULE:
        listener = names.get(LISTENER, text(resource.attributes, "listener_identifier")) or resource
    service = _service(names, resource)
    mesh = names.networks.get(service) if service is not None else None
    protocol = text(listener.attributes, "protocol")
    actions = blocks(resource.attributes, "default_action" if resource.type == LISTENER else "action", "forward")
    targets = []
    for group in (each for action in actions for each in blocks(action, "target_groups")):
        node, weight = names.of(TARGETS, text(group, "target_group_identifier")), text(group, "weight")
        if node is not None:
            meshes.setdefault(node, mesh)
            targets.append((node, weight.text if weight else "100"))
    kind = KINDS.get(protocol.text if protocol else "", "http")
    yield Route(mesh, service, name(resource), resource.origin, kind, tuple(targets))


def _policy(resource: Resource, names: Names) -> Iterator[Entry]:
    written = text(resource.attributes, "resource_identifier")
    network = names.get(NETWORK, written)
    if network is not None or (written is not None and ":servicenetwork/" in written.text):
        what = f"auth policy of {name(network) if network else written}"
        yield Miss(resource.origin, what, "it is of the whole network: it says who may enter, not whom they call")
        return
    callee = names.of(SERVICE, written)
    if callee is None:
        yield Miss(resource.origin, resource.address, "it does not say of what (resource_identifier)")
        return
    yield from edges(policy(resource.attributes.get("policy")), names.networks.get(callee), callee, resource.origin)


def _only_associated(resource: Resource, names: Names) -> Iterator[Entry]:
    """Networks and services that are made elsewhere."""
    network = text(resource.attributes, "service_network_identifier")
    service = text(resource.attributes, "service_identifier")
    mesh = names.of(NETWORK, network)
    if mesh is not None and names.get(NETWORK, network) is None:
        yield Mesh(mesh, resource.origin, engine=ENGINE)
    if service is not None and names.get(SERVICE, service) is None:
        yield Service(mesh, names.of(SERVICE, service), resource.origin)
