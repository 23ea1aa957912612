"""A mesh as an inventory will have it: which nodes a service has, who calls whom, each under a name of ours."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from meshrole.importers.callers import Limit
from meshrole.importers.found import Gateway, GatewayRoute, Mesh, Node, Route, Service
from meshrole.importers.origin import Origin


@dataclass(frozen=True, slots=True)
class DraftService:
    """A service under the name `key`: its virtual service (None: it has none), router, routes and own virtual nodes.

    `nodes` are by the names of versions; one node without versions is under "". `is_elsewhere`: only its name is known.
    """

    key: str
    name: str | None
    origin: Origin
    service: Service | None = None
    router: str | None = None
    routes: tuple[Route, ...] = ()
    nodes: Mapping[str, Node] = field(default_factory=dict)
    is_elsewhere: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftGateway:
    """A gateway under the name `key`, its routes, and the services that they lead to; None: only its routes are known."""

    key: str
    name: str
    origin: Origin
    gateway: Gateway | None
    routes: tuple[GatewayRoute, ...] = ()
    routes_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftMesh:
    """A mesh under the name `key`; `calls` are the services that each virtual node calls, by the node's name in AWS.

    `limits` say with what a node or gateway may call a service.
    """

    key: str
    name: str
    origin: Origin
    mesh: Mesh | None
    services: tuple[DraftService, ...] = ()
    gateways: tuple[DraftGateway, ...] = ()
    calls: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    limits: Mapping[tuple[str, str], Limit] = field(default_factory=dict)

    @property
    def engine(self) -> str:
        """The inventory's word for its engine."""
        return self.mesh.engine if self.mesh else "app-mesh"

    @property
    def nodes(self) -> tuple[Node, ...]:
        """Every virtual node."""
        return tuple(node for service in self.services for node in service.nodes.values())

    @property
    def workloads(self) -> tuple[Node | Gateway, ...]:
        """Every virtual node, and every gateway that is known."""
        return (*self.nodes, *(draft.gateway for draft in self.gateways if draft.gateway))
