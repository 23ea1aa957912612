"""Nodes, routers, routes and gateways put together: a virtual service with what answers for it, and whom each node calls.

Nothing is dropped. A node that no service has is a service without a virtual service; a virtual service without a node here
has no workload; a name that others use and nobody defines is a service elsewhere.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from meshrole.importers.callers import Limit, Limits
from meshrole.importers.drafts import DraftGateway, DraftMesh, DraftService
from meshrole.importers.found import Found, GatewayRoute, Mesh, Node, Route, Service
from meshrole.importers.keys import NO_MESH, Keys, node_wish, service_wishes, version_wishes
from meshrole.importers.origin import Origin


def linked(found: Found, limits: Limits | None = None) -> tuple[DraftMesh, ...]:
    """The meshes of everything that was found, each thing in it having a mesh and a name; `limits` are of its calls."""
    parts: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for mesh in found.meshes:
        parts[str(mesh.name)]["meshes"].append(mesh)
    for kind in ("nodes", "gateways", "gateway_routes", "services", "routers", "routes"):
        for item in getattr(found, kind):
            parts[str(item.mesh)][kind].append(item)
    keys = Keys(NO_MESH)
    limited: dict[str, dict[tuple[str, str], Limit]] = defaultdict(dict)
    for (mesh_name, caller, callee), limit in (limits or {}).items():
        limited[mesh_name][caller, callee] = limit
    return tuple(_mesh(name, keys.new(name, f"mesh-{name}"), part, limited[name]) for name, part in parts.items())


@dataclass
class _Room:
    """One mesh while it is put together."""

    nodes: dict[str, Node]
    routes: dict[str, list[Route]]
    routers: dict[str, Any]
    keys: Keys = field(default_factory=Keys)
    owner: dict[str, str] = field(default_factory=dict)
    services: list[DraftService] = field(default_factory=list)
    by_name: dict[str, str] = field(default_factory=dict)


def _mesh(name: str, key: str, part: dict[str, list[Any]], limits: Mapping[tuple[str, str], Limit]) -> DraftMesh:
    routes: dict[str, list[Route]] = defaultdict(list)
    routers = {router.name.text: router for router in part["routers"]}
    for route in part["routes"]:
        routes[str(route.router)].append(route)
    room = _Room({str(node.name): node for node in part["nodes"]}, dict(routes), routers)
    _own_services(room, part["services"])
    _routers_alone(room)
    _nodes_alone(room)
    calls = {name: tuple(_calls(room, node)) for name, node in room.nodes.items()}
    gateways = tuple(_gateways(room, part["gateways"], part["gateway_routes"]))
    mesh: Mesh | None = next(iter(part["meshes"]), None)
    origin = mesh.origin if mesh else next(item.origin for items in part.values() for item in items)
    by_key = {(caller, room.by_name[callee]): limit for (caller, callee), limit in limits.items() if callee in room.by_name}
    return DraftMesh(key, name, origin, mesh, tuple(room.services), gateways, calls, by_key)


def _own_services(room: _Room, services: Sequence[Service]) -> None:
    """A service with a router has the nodes that its routes lead to, before any that names one of them alone."""
    drafted: dict[int, DraftService] = {}
    for service in sorted(services, key=lambda service: service.router is None):
        name = service.name.text if service.name else ""
        router = service.router.text if service.router else None
        key = room.keys.new(*service_wishes(name))
        room.by_name.setdefault(name, key)
        draft = DraftService(key, name, service.origin, service, router, tuple(room.routes.get(router or "", ())))
        targets = [service.node.text] if service.node else _targets(draft.routes)
        drafted[id(service)] = _with_nodes(room, draft, targets)
    room.services += [drafted[id(service)] for service in services]


def _targets(routes: Iterable[Route]) -> list[str]:
    return list(dict.fromkeys(target.text for route in routes for target, _ in route.targets))


def _with_nodes(room: _Room, draft: DraftService, targets: Sequence[str]) -> DraftService:
    """The draft with those of its targets that are nodes here and nobody's yet, and notes on the others."""
    own = [name for name in targets if name in room.nodes and name not in room.owner]
    notes = [f"its node {name} is in no source" for name in targets if name not in room.nodes]
    notes += [f"its node {name} is at {room.owner[name]}" for name in targets if name in room.owner]
    room.owner |= dict.fromkeys(own, draft.key)
    if len(own) < 2:
        return replace(draft, nodes={"": room.nodes[own[0]]} if own else {}, notes=tuple(notes))
    keys = [room.keys.new(wish, under=draft.key) for wish in version_wishes(own)]
    return replace(draft, nodes={key: room.nodes[name] for key, name in zip(keys, own, strict=True)}, notes=tuple(notes))


def _routers_alone(room: _Room) -> None:
    """Routers, and routes of routers, that no virtual service here has."""
    used = {service.router for service in room.services}
    for name in dict.fromkeys([*room.routers, *room.routes]):
        if name not in used:
            routes = tuple(room.routes.get(name, ()))
            origin = room.routers[name].origin if name in room.routers else routes[0].origin
            draft = DraftService(room.keys.new(name, f"{name}-router"), None, origin, None, name, routes)
            room.services.append(_with_nodes(room, draft, _targets(routes)))


def _nodes_alone(room: _Room) -> None:
    for name, node in room.nodes.items():
        if name not in room.owner:
            key = room.keys.new(node_wish(name), name)
            room.services.append(DraftService(key, None, node.origin, nodes={"": node}))


def _calls(room: _Room, node: Node) -> Iterator[str]:
    for backend in node.backends:
        yield _service_called(room, backend.text, node.origin)


def _service_called(room: _Room, name: str, origin: Origin) -> str:
    """The key of a virtual service that somebody names, defined here or not."""
    key = room.by_name.get(name)
    if key is None:
        key = room.by_name[name] = room.keys.new(*service_wishes(name))
        room.services.append(DraftService(key, name, origin, is_elsewhere=True))
    return key


def _gateways(room: _Room, gateways: Sequence[Any], gateway_routes: Sequence[GatewayRoute]) -> Iterator[DraftGateway]:
    here = {gateway.name.text: gateway for gateway in gateways}
    routes: dict[str, list[GatewayRoute]] = defaultdict(list)
    for route in gateway_routes:
        routes[str(route.gateway)].append(route)
    for name in dict.fromkeys([*here, *routes]):
        own = tuple(routes.get(name, ()))
        origin = here[name].origin if name in here else own[0].origin
        targets = [_service_called(room, route.target.text, route.origin) for route in own if route.target]
        key = room.keys.new(name, f"{name}-gateway")
        yield DraftGateway(key, name, origin, here.get(name), own, tuple(dict.fromkeys(targets)))
