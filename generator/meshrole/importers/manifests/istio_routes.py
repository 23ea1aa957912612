"""How Istio leads traffic: from hosts and gateways, by rules, to services and their subsets with weights.

https://istio.io/latest/docs/reference/config/networking/virtual-service/
https://istio.io/latest/docs/tasks/traffic-management/ingress/gateway-api/
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from meshrole.importers.manifests import gateway_api
from meshrole.importers.manifests.cluster import Cluster
from meshrole.importers.manifests.istio_hosts import Host, Hosts
from meshrole.importers.manifests.notes import NETWORKING
from meshrole.importers.manifests.objects import Manifest, child, items, mapping, maps
from meshrole.importers.marked import Map
from meshrole.importers.values import Value, value

CLASS, CONTROLLER = "istio", "istio.io/gateway-controller"
# The word for all sidecars, among the gateways of a virtual service.
SIDECARS = "mesh"
NAME = re.compile(r"[\w.{}-]+", re.ASCII)
RULES = {"http": "http", "tls": "tcp", "tcp": "tcp"}


@dataclass(frozen=True, slots=True)
class Target:
    """A service, or a subset of it, with its weight as it is written."""

    host: Host
    subset: Value | None
    weight: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: `raw` is what it was read from."""

    name: Value
    kind: str
    targets: tuple[Target, ...]
    raw: Map


@dataclass(frozen=True, slots=True)
class Led:
    """Traffic for `hosts` in the mesh, and through `gateways`, with its rules."""

    owner: Manifest
    hosts: tuple[Host, ...]
    gateways: tuple[Value, ...]
    rules: tuple[Rule, ...]
    outside: tuple[str, ...] = ()


def gateway_name(space: Value, name: Value) -> Value:
    """What a gateway is called in the mesh."""
    return value(name, ".", space)


def traffic(cluster: Cluster, hosts: Hosts) -> list[Led]:
    """All that leads traffic in a cluster."""
    own = [_virtual_service(hosts, each) for each in cluster.of(NETWORKING, "VirtualService")]
    return [*own, *_routes(cluster)]


def _virtual_service(hosts: Hosts, manifest: Manifest) -> Led:
    spec = manifest.spec
    named = [manifest.text(each) for each in items(spec.get("gateways"))]
    through = [each for each in named if each is not None and each != value(SIDECARS)]
    in_mesh = not named or len(through) < len(named)
    found = [hosts.host(manifest, each) for each in items(spec.get("hosts"))] if in_mesh else []
    rules = []
    outside: list[str] = []
    for key, kind in RULES.items():
        for number, raw in enumerate(maps(spec.get(key)), start=1):
            targets = tuple(_targets(hosts, manifest, raw, outside))
            rules.append(Rule(_rule_name(manifest, raw, f"{key}-{number}"), kind, targets, raw))
    gateways = tuple(_gateway(manifest, each) for each in through)
    inside = tuple(dict.fromkeys(each for each in found if each is not None))
    return Led(manifest, inside, gateways, tuple(rules), tuple(dict.fromkeys(outside)))


def _rule_name(manifest: Manifest, rule: Map, otherwise: str) -> Value:
    """A rule's own name, unless it is prose: Istio takes any text."""
    own = manifest.text(rule.get("name"))
    return own if own is not None and NAME.fullmatch(own.text) else value(otherwise)


def _gateway(manifest: Manifest, named: Value) -> Value:
    """`gateway`, `namespace/gateway`, or (of old) `gateway.namespace.svc.cluster.local`."""
    space, slash, name = named.text.partition("/")
    if slash:
        return gateway_name(value(space) if space != "." else manifest.space, value(name))
    return gateway_name(manifest.space, named)


def _targets(hosts: Hosts, manifest: Manifest, rule: Map, outside: list[str]) -> Iterator[Target]:
    for raw in maps(rule.get("route")):
        destination = mapping(raw.get("destination"))
        host = hosts.host(manifest, destination.get("host"))
        if host is None:
            outside.append(manifest.written(destination.get("host")))
        else:
            yield Target(host, manifest.text(destination.get("subset")), manifest.written(raw.get("weight")))


def _routes(cluster: Cluster) -> Iterator[Led]:
    """Routes of the Gateway API at Istio's gateways, or at a service itself (GAMMA)."""
    classes = gateway_api.classes(cluster, CLASS, CONTROLLER)
    own = {(each.space, each.name) for each in gateway_api.gateways_of_class(cluster, classes)}
    for route in gateway_api.routes(cluster):
        parents = list(gateway_api.parents(route))
        gateways = tuple(gateway_name(each.space, each.name) for each in parents if (each.space, each.name) in own)
        hosts = tuple(Host(each.space, each.name) for each in parents if each.kind == "Service")
        if gateways or hosts:
            yield Led(route, hosts, gateways, tuple(_gateway_api_rules(route)))


def _gateway_api_rules(route: Manifest) -> Iterator[Rule]:
    for number, raw in enumerate(gateway_api.rules(route), start=1):
        found = [each for each in gateway_api.backends(route, raw) if each.kind == "Service"]
        targets = tuple(Target(Host(each.space, each.name), None, each.weight) for each in found)
        yield Rule(route.text(raw.get("name")) or value(f"rule-{number}"), gateway_api.ROUTE_KINDS[route.kind], targets, raw)


def gateways(cluster: Cluster) -> list[Manifest]:
    """Istio's gateways: its own, and those of the Gateway API that are of its class."""
    classes = gateway_api.classes(cluster, CLASS, CONTROLLER)
    return [*cluster.of(NETWORKING, "Gateway"), *gateway_api.gateways_of_class(cluster, classes)]


def listeners(gateway: Manifest) -> list[tuple[str, str]]:
    """The ports of a gateway with their protocols."""
    ports = [mapping(each.get("port")) for each in maps(gateway.spec.get("servers"))]
    own = [(gateway.written(each.get("number")), gateway.written(each.get("protocol"))) for each in ports]
    others = maps(gateway.spec.get("listeners"))
    return own or [(gateway.written(each.get("port")), gateway.written(each.get("protocol"))) for each in others]


def credentials(gateway: Manifest) -> list[Value]:
    """The names of the secrets with a gateway's certificates."""
    servers = [gateway.text(child(each, "tls", "credentialName")) for each in maps(gateway.spec.get("servers"))]
    refs = [mapping(each) for one in maps(gateway.spec.get("listeners")) for each in items(child(one, "tls", "certificateRefs"))]
    return [each for each in (*servers, *(gateway.text(ref.get("name")) for ref in refs)) if each is not None]
