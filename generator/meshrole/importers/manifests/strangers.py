"""Gateways and routes of the Gateway API that are neither VPC Lattice's nor Istio's, each told."""

from collections.abc import Iterator

from meshrole.importers.found import Miss
from meshrole.importers.manifests import gateway_api, istio_routes, lattice
from meshrole.importers.manifests.cluster import Cluster
from meshrole.importers.manifests.gateway_api import GROUP
from meshrole.importers.manifests.istio_hosts import Hosts


def entries(cluster: Cluster) -> Iterator[Miss]:
    """Why a gateway or a route is not read."""
    gateways = cluster.of(GROUP, "Gateway")
    own = {id(each) for each in (*lattice.networks(cluster), *istio_routes.gateways(cluster))}
    for gateway in gateways:
        if id(gateway) not in own:
            yield gateway.miss(f"a gateway of class {gateway.written(gateway.spec.get('gatewayClassName'))}, which is not read")
    led = istio_routes.traffic(cluster, Hosts(cluster)) if gateway_api.routes(cluster) else []
    taken = {id(each.route) for each in lattice.attached(cluster)} | {id(each.owner) for each in led}
    declared = {each.name for each in gateways}
    for route in gateway_api.routes(cluster):
        if id(route) not in taken:
            gateways_of = [each.name for each in gateway_api.parents(route) if each.kind == "Gateway"]
            missing = ", ".join(str(name) for name in gateways_of if name not in declared)
            told = f"its gateway {missing} is not in the files: whose it is cannot be told"
            yield route.miss(told if missing else "no gateway that is read has it")
