"""What each engine's workloads and levels of access are declared to have. One file and one line here for each."""

from collections.abc import Iterator
from typing import Protocol

from meshrole.access.roles import Found
from meshrole.access.verify import declared_app_mesh, declared_istio, declared_lattice, declared_service_connect
from meshrole.access.verify.items import Item
from meshrole.inventory.values import Access, Mesh, Workload


class DeclaredEngine(Protocol):
    """A module with these functions, which shares nothing with the engine's design in `blueprint/engines/`."""

    def workload(self, item: Workload, mesh: Mesh) -> Iterator[Item]:
        """What a workload may do because it is in the mesh."""

    def helper(self, found: Found) -> tuple[Item, list[Item]] | None:
        """(trust, statements) of a role that AWS uses for the workload because of the engine; None for other helpers."""

    def node(self, item: Workload, mesh: Mesh) -> str | None:
        """What only this workload may be in the mesh, where IAM decides that (an Envoy's node)."""

    def statements(self, access: Access, level: str) -> Iterator[Item]:
        """What `level` and the levels before it allow."""


ENGINES: dict[str, DeclaredEngine] = {
    "app-mesh": declared_app_mesh,
    "ecs-service-connect": declared_service_connect,
    "istio": declared_istio,
    "vpc-lattice": declared_lattice,
}
