"""The Gateway API, which VPC Lattice's controller and Istio both speak: whose a gateway is, where a route leads.

https://gateway-api.sigs.k8s.io/reference/spec/
"""

from collections.abc import Iterator
from dataclasses import dataclass

from meshrole.importers.manifests.cluster import Cluster
from meshrole.importers.manifests.objects import Manifest, child, maps
from meshrole.importers.marked import Map
from meshrole.importers.values import Value

GROUP = "gateway.networking.k8s.io"
ROUTE_KINDS = {"HTTPRoute": "http", "GRPCRoute": "grpc", "TLSRoute": "tcp", "TCPRoute": "tcp"}
# A target without a weight has this one: https://gateway-api.sigs.k8s.io/reference/spec/#httpbackendref
DEFAULT_WEIGHT = "1"


@dataclass(frozen=True, slots=True)
class Parent:
    """What a route is attached to: a `Gateway`, or a `Service` in a mesh."""

    kind: str
    name: Value
    space: Value


@dataclass(frozen=True, slots=True)
class Backend:
    """Where a rule leads: a `Service` or something else (`kind`), with its weight as it is written.

    `namespace` is None where the file does not say it, and `space` a placeholder.
    """

    kind: str
    name: Value
    space: Value
    weight: str
    port: str
    namespace: Value | None


def routes(cluster: Cluster) -> list[Manifest]:
    """All routes of a cluster."""
    return cluster.of(GROUP, *ROUTE_KINDS)


def parents(route: Manifest) -> Iterator[Parent]:
    """What a route says that it is attached to."""
    for raw in maps(route.spec.get("parentRefs")):
        name = route.text(raw.get("name"))
        if name is not None:
            kind = route.written(raw.get("kind")) or "Gateway"
            yield Parent(kind, name, route.text(raw.get("namespace")) or route.space)


def rules(route: Manifest) -> list[Map]:
    """The rules of a route."""
    return maps(route.spec.get("rules"))


def backends(route: Manifest, rule: Map) -> Iterator[Backend]:
    """Where a rule leads."""
    for raw in maps(rule.get("backendRefs")):
        name = route.text(raw.get("name"))
        if name is not None:
            space = route.text(raw.get("namespace")) or route.space
            weight = route.written(raw.get("weight")) or DEFAULT_WEIGHT
            kind, port = route.written(raw.get("kind")) or "Service", route.written(raw.get("port"))
            yield Backend(kind, name, space, weight, port, route.text(raw.get("namespace")) or route.namespace)


def gateways_of_class(cluster: Cluster, classes: set[str]) -> list[Manifest]:
    """The gateways of some classes."""
    return [each for each in cluster.of(GROUP, "Gateway") if each.written(each.spec.get("gatewayClassName")) in classes]


def classes(cluster: Cluster, name: str, controller: str) -> set[str]:
    """The usual class of a controller, and those that the files declare for it."""
    declared = cluster.of(GROUP, "GatewayClass")
    return {name} | {each.name.text for each in declared if each.written(child(each.spec, "controllerName")) == controller}
