"""VPC Lattice through AWS's Gateway API controller: service networks, services, and what is behind them.

A `Gateway` is a service network of its name; a route is a service, whose rules lead to Kubernetes services.
https://www.gateway-api-controller.eks.aws.dev/latest/concepts/overview/
"""

from collections.abc import Iterator
from dataclasses import dataclass

from meshrole.importers.found import Mesh, Miss, Node, Route, Router, Service
from meshrole.importers.manifests import gateway_api
from meshrole.importers.manifests.claims import Claim, service_claim
from meshrole.importers.manifests.cluster import Cluster
from meshrole.importers.manifests.gateway_api import GROUP, Backend
from meshrole.importers.manifests.notes import LATTICE
from meshrole.importers.manifests.objects import Manifest
from meshrole.importers.values import Value, value

ENGINE = "vpc-lattice"
CLASS, CONTROLLER = "amazon-vpc-lattice", "application-networking.k8s.aws/gateway-api-controller"
NAME_OVERRIDE = "application-networking.k8s.aws/service-name-override"
# https://github.com/aws/aws-application-networking-k8s/blob/main/pkg/utils/common.go (`LatticeServiceName`)
MAX_NAME, MAX_NAMESPACE = 20, 18
Entry = Mesh | Service | Router | Route | Node | Miss


@dataclass(frozen=True, slots=True)
class Attached:
    """A route with the service networks that it is in."""

    route: Manifest
    networks: tuple[Value, ...]


def entries(cluster: Cluster) -> Iterator[Entry]:
    """The service networks of a cluster, and the services in them."""
    for gateway in _by_name(networks(cluster)):
        yield Mesh(gateway.name, gateway.origin, engine=ENGINE)
    seen: set[tuple[Value, Value]] = set()
    for each in attached(cluster):
        for network in each.networks:
            yield from _service(each.route, network, seen)


def networks(cluster: Cluster) -> list[Manifest]:
    """The gateways that are service networks."""
    return gateway_api.gateways_of_class(cluster, gateway_api.classes(cluster, CLASS, CONTROLLER))


def attached(cluster: Cluster) -> Iterator[Attached]:
    """The routes of service networks. One whose gateway is not in the files counts where the files speak of Lattice."""
    own = {each.name for each in networks(cluster)}
    others = {each.name for each in cluster.of(GROUP, "Gateway")} - own
    speaks = bool(own) or any(each.group == LATTICE for each in cluster.manifests)
    for route in gateway_api.routes(cluster):
        wanted = [each.name for each in gateway_api.parents(route) if each.kind == "Gateway" and each.name not in others]
        speaks_here = speaks or _imports(route)
        taken = tuple(name for name in wanted if name in own or speaks_here)
        if taken:
            yield Attached(route, tuple(dict.fromkeys(taken)))


def _imports(route: Manifest) -> bool:
    """Whether a route leads to a service of another cluster, which only Lattice's controller does here."""
    found = (each for rule in gateway_api.rules(route) for each in gateway_api.backends(route, rule))
    return any(each.kind == "ServiceImport" for each in found)


def claims(cluster: Cluster) -> Iterator[Claim]:
    """Which pods are behind the services: those that the Kubernetes services select."""
    for each in attached(cluster):
        for rule in gateway_api.rules(each.route):
            for found in gateway_api.backends(each.route, rule):
                claim = service_claim(cluster, found.space, found.name, node_name(found))
                if claim is not None:
                    yield claim


def service_name(route: Manifest) -> Value:
    """What Lattice calls the service of a route."""
    override = route.annotations.get(NAME_OVERRIDE)
    if override is not None and override.parts:
        return override
    return value(_cut(route.name, MAX_NAME), "-", _cut(route.space, MAX_NAMESPACE))


def node_name(backend: Backend) -> Value:
    """What is behind a rule, named as services are."""
    return value(backend.name, "-", backend.space)


def _cut(name: Value, length: int) -> Value:
    return value(name.text[:length].strip("-")) if name.is_known else name


def _by_name(gateways: list[Manifest]) -> list[Manifest]:
    return list({each.name: each for each in reversed(gateways)}.values())[::-1]


def _service(route: Manifest, network: Value, seen: set[tuple[Value, Value]]) -> Iterator[Entry]:
    name = service_name(route)
    yield Service(network, name, route.origin, router=name)
    yield Router(network, name, route.origin)
    for number, rule in enumerate(gateway_api.rules(route), start=1):
        found = list(gateway_api.backends(route, rule))
        for each in found:
            if (network, node_name(each)) not in seen:
                seen.add((network, node_name(each)))
                listeners = ((each.port, gateway_api.ROUTE_KINDS[route.kind]),) if each.port else ()
                origin = route.at(rule, name=each.name.text)
                yield Node(network, node_name(each), origin, listeners=listeners, namespace=each.namespace)
        called = route.text(rule.get("name")) or value(f"rule-{number}")
        targets = tuple((node_name(each), each.weight) for each in found)
        yield Route(network, name, called, route.at(rule), gateway_api.ROUTE_KINDS[route.kind], targets)
