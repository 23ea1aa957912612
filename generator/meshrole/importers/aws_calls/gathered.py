"""Single finds, put together."""

from collections.abc import Iterable
from typing import Any

from meshrole.importers.found import Edge, Found, Gateway, GatewayRoute, Mesh, Miss, Node, Route, Router, Service
from meshrole.importers.running import Function, Pods, Profile, Role, ServiceAccount, Task

Meshed = Mesh | Node | Gateway | GatewayRoute | Service | Router | Route | Edge | Miss
Entry = Meshed | Role | Task | Function | ServiceAccount | Pods | Profile

FIELDS: dict[type, str] = {
    Mesh: "meshes",
    Node: "nodes",
    Gateway: "gateways",
    GatewayRoute: "gateway_routes",
    Service: "services",
    Router: "routers",
    Route: "routes",
    Edge: "edges",
    Role: "roles",
    Task: "tasks",
    Function: "functions",
    ServiceAccount: "service_accounts",
    Pods: "pods",
    Profile: "profiles",
    Miss: "misses",
}


def gathered(entries: Iterable[Entry]) -> Found:
    """All entries as one `Found`, in their order."""
    lists: dict[str, list[Any]] = {}
    for entry in entries:
        lists.setdefault(FIELDS[type(entry)], []).append(entry)
    return Found(**{name: tuple(items) for name, items in lists.items()})
