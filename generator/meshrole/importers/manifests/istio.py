"""Istio: services with their versions, gateways, and who may call whom.

A mesh of Istio has no name of its own; in an import it is `istio`. https://istio.io/latest/docs/reference/config/
"""

from collections.abc import Iterator, Mapping

from meshrole.importers.found import Edge, Gateway, GatewayRoute, Mesh, Miss, Node, Route, Router, Service, Tls
from meshrole.importers.manifests import gateway_api
from meshrole.importers.manifests.claims import Claim, service_claim, with_labels
from meshrole.importers.manifests.cluster import Cluster
from meshrole.importers.manifests.istio_hosts import Host, Hosts, Subset
from meshrole.importers.manifests.istio_policies import edges
from meshrole.importers.manifests.istio_routes import Led, Target, credentials, gateway_name, gateways, listeners, traffic
from meshrole.importers.manifests.notes import NETWORKING, SECURITY
from meshrole.importers.manifests.objects import Manifest, mapping
from meshrole.importers.manifests.selectors import Selectable
from meshrole.importers.origin import Origin
from meshrole.importers.values import Value, value

ENGINE = "istio"
MESH = value(ENGINE)
GROUPS = (NETWORKING, SECURITY)
# The name of the one route of a service that has subsets and that no rule leads to.
ANY = value("any")
Entry = Mesh | Service | Node | Router | Route | Gateway | GatewayRoute | Edge | Miss


def entries(cluster: Cluster) -> Iterator[Entry]:
    """Everything of Istio in a cluster; nothing where the files do not speak of it."""
    hosts = Hosts(cluster)
    first = _first(cluster)
    if first is None:
        return
    yield Mesh(MESH, Origin(first.origin.file, first.origin.line), engine=ENGINE)
    led = traffic(cluster, hosts)
    for gateway in gateways(cluster):
        secrets = [Tls(certificate_sds=each) for each in credentials(gateway)]
        name = gateway_name(gateway.space, gateway.name)
        tls = secrets[0] if secrets else None
        yield Gateway(MESH, name, gateway.origin, tls, tuple(listeners(gateway)), gateway.namespace)
    for each in led:
        yield from _gateway_routes(each)
        if each.outside:
            yield each.owner.miss(f"hosts outside of the cluster: {', '.join(each.outside)}")
    services = _services(cluster, hosts, led)
    by_host: dict[Host, list[Led]] = {}
    for each in led:
        for host in each.hosts:
            by_host.setdefault(host, []).append(each)
    named = _named_subsets(hosts, led)
    for host, owner in services.items():
        yield from _service(hosts, host, owner, by_host.get(host, []), named.get(host, []))
    yield from edges(cluster, MESH, services)


def _first(cluster: Cluster) -> Manifest | None:
    """Where the files first speak of Istio."""
    own = (each for each in cluster.manifests if each.group in GROUPS)
    classes = (each for each in gateways(cluster))
    gamma = (each for each in gateway_api.routes(cluster) if any(p.kind == "Service" for p in gateway_api.parents(each)))
    return next(own, None) or next(classes, None) or next(gamma, None)


def _services(cluster: Cluster, hosts: Hosts, led: list[Led]) -> Mapping[Host, Manifest]:
    """The mesh's services, each with the object that speaks of it first: Kubernetes' services, and whatever traffic is led to."""
    found: dict[Host, Manifest] = {}
    spaces = hosts.meshed
    for (space, name), service in cluster.kubernetes_services.items():
        if space in spaces and mapping(service.spec.get("selector")):
            found.setdefault(Host(space, name), service)
    for each in led:
        for host in (*each.hosts, *(target.host for rule in each.rules for target in rule.targets)):
            found.setdefault(host, each.owner)
    for host, subsets in hosts.subsets.items():
        if subsets:
            found.setdefault(host, subsets[0].owner)
    return found


def _named_subsets(hosts: Hosts, led: list[Led]) -> Mapping[Host, list[Value]]:
    """The subsets of each host. One that no DestinationRule declares, but that traffic is led to, is a version all the same."""
    found = {host: {each.name: None for each in subsets} for host, subsets in hosts.subsets.items()}
    for target in (target for each in led for rule in each.rules for target in rule.targets):
        if target.subset is not None:
            found.setdefault(target.host, {})[target.subset] = None
    return {host: list(names) for host, names in found.items()}


def _service(hosts: Hosts, host: Host, owner: Manifest, led: list[Led], names: list[Value]) -> Iterator[Entry]:
    name = host.service
    for subset in names:
        yield Node(MESH, host.node(subset), owner.origin, namespace=host.namespace)
    if not names:
        yield Node(MESH, host.node(), owner.origin, namespace=host.namespace)
    if not led and not names:
        yield Service(MESH, name, owner.origin, node=host.node())
        return
    yield Service(MESH, name, owner.origin, router=name)
    yield Router(MESH, name, owner.origin)
    for each in led:
        for rule in each.rules:
            targets = tuple((pair, target.weight) for target in rule.targets for pair in _nodes(hosts, target))
            yield Route(MESH, name, rule.name, each.owner.at(rule.raw, name=rule.name.text), rule.kind, targets)
    if not led:
        yield Route(MESH, name, ANY, owner.origin, targets=tuple((host.node(subset), "") for subset in names))


def _nodes(hosts: Hosts, target: Target) -> Iterator[Value]:
    """The nodes of a target: of a service with subsets of which none is named, all."""
    if target.subset is not None:
        yield target.host.node(target.subset)
        return
    subsets = hosts.subsets.get(target.host, ())
    yield from [target.host.node(each.name) for each in subsets] or [target.host.node()]


def _gateway_routes(led: Led) -> Iterator[Entry]:
    targets = dict.fromkeys(target.host for rule in led.rules for target in rule.targets)
    for gateway in led.gateways:
        for number, host in enumerate(targets):
            name = led.owner.name if number == 0 else value(led.owner.name, f"-{number + 1}")
            yield GatewayRoute(MESH, gateway, name, host.service, led.owner.origin)


def claims(cluster: Cluster) -> Iterator[Claim]:
    """Which pods are the mesh's nodes and gateways."""
    if _first(cluster) is None:
        return
    hosts = Hosts(cluster)
    for space, name in cluster.kubernetes_services:
        host = Host(space, name)
        if space not in hosts.meshed:
            continue
        subsets = hosts.subsets.get(host, ())
        wanted: list[Subset | None] = list(subsets) or [None]
        for subset in wanted:
            more = {key: each.text for key, each in subset.labels.items()} if subset is not None else {}
            claim = service_claim(cluster, space, name, host.node(subset.name if subset else None), more)
            if claim is not None:
                yield claim
    for gateway in cluster.of(NETWORKING, "Gateway"):
        selector = mapping(gateway.spec.get("selector"))
        if selector:
            selected = Selectable(gateway_name(gateway.space, gateway.name), gateway, with_labels(gateway, selector))
            yield Claim(None, selected, is_gateway=True)
