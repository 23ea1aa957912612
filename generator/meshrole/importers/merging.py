"""What several sources found, as one: a mesh and a name for everything, and everything once."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, replace
from pathlib import PurePath
from typing import Any, TypeVar

from meshrole.importers.allowed import policy_name
from meshrole.importers.found import Found, Gateway, GatewayRoute, Mesh, Miss, Node, Route, Router, Service
from meshrole.importers.origin import Origin
from meshrole.importers.rewriting import as_name, mapped
from meshrole.importers.running import Role
from meshrole.importers.values import Value, unknown

InMesh = Node | Gateway | GatewayRoute | Service | Router | Route
T = TypeVar("T", Mesh, Node, Gateway, GatewayRoute, Service, Router, Route)
KINDS = {
    "nodes": "virtual node",
    "gateways": "virtual gateway",
    "gateway_routes": "gateway route",
    "services": "virtual service",
    "routers": "virtual router",
    "routes": "route",
}
NAMES = ("mesh", "name", "gateway", "target", "router", "node", "backends")
IDENTITY = ("mesh", "gateway", "router", "name")
# What a state has, and a configuration or a list has not.
GIVEN = ("owner", "id", "account", "region", "auth")
ACCOUNT = re.compile(r"arn:[^:]*:iam::([0-9]{12}):")
SOMEWHERE = Origin("")
MESH_NAME = unknown("the name of the mesh", "mesh_name")
PARENTS = {
    "routes": ("router", "routers", unknown("the name of the virtual router", "virtual_router")),
    "gateway_routes": ("gateway", "gateways", unknown("the name of the virtual gateway", "virtual_gateway")),
}


def named(found: Found) -> Found:
    """The same with a name for everything, and a mesh: the only one there is, or else one that nobody has named."""
    things = {kind: [_named(item, kind, number) for number, item in _numbered(getattr(found, kind))] for kind in KINDS}
    meshes = [replace(mesh, name=as_name(mesh.name)) for mesh in found.meshes]
    known = {mesh.name.text: mesh.name for mesh in meshes}
    for item in (item for items in things.values() for item in items if item.mesh is not None):
        known.setdefault(item.mesh.text, item.mesh)
    only = next(iter(known.values())) if len(known) == 1 else MESH_NAME
    filled = {kind: tuple(replace(item, mesh=item.mesh or only) for item in items) for kind, items in things.items()}
    for kind, (field, parents, otherwise) in PARENTS.items():
        filled[kind] = tuple(_with_parent(item, field, filled[parents], otherwise) for item in filled[kind])
    edges = tuple(replace(edge, mesh=edge.mesh or only) for edge in found.edges)
    return replace(found, meshes=tuple(meshes), edges=edges, **filled)


def _with_parent(item: Any, field: str, parents: Sequence[Any], otherwise: Value) -> Any:
    """A route with its router, or a gateway route with its gateway: the only one of its mesh where it names none."""
    if getattr(item, field) is not None:
        return item
    names = [parent.name for parent in parents if parent.mesh.text == item.mesh.text]
    return replace(item, **{field: names[0] if len(names) == 1 else otherwise})


def _numbered(items: Sequence[Any]) -> Iterable[tuple[int, Any]]:
    """Each thing with the number of those before it in its file that have no name either."""
    seen: dict[str, int] = {}
    for item in items:
        if item.name is None:
            seen[item.origin.file] = seen.get(item.origin.file, 0) + 1
        yield seen.get(item.origin.file, 0), item


def _named(item: Any, kind: str, number: int) -> Any:
    changes: dict[str, Any] = {
        field: tuple(map(as_name, value)) if isinstance(value, tuple) else as_name(value)
        for field in NAMES
        if (value := getattr(item, field, None))
    }
    if kind == "routes":
        changes["targets"] = tuple((as_name(target), weight) for target, weight in item.targets)
    if item.name is None:
        which = f" ({number})" if number > 1 else ""
        expression = f"the name of the {KINDS[kind]}{which} of {item.origin.file}"
        word = PurePath(item.origin.file).name.split(".")[0] or KINDS[kind]
        changes["name"] = unknown(expression, f"{word}_{number}" if number > 1 else word)
    return replace(item, **changes)


def merged(found: Found) -> Found:
    """The same with everything once. Of two that are not alike the first stays, and the other is a miss.

    One that only has its names (from a list of them) says nothing against one that has more.
    """
    misses: list[Miss] = list(found.misses)
    kinds = {kind: tuple(_once(getattr(found, kind), what, misses)) for kind, what in KINDS.items()}
    meshes = tuple(_once(found.meshes, "mesh", misses))
    return replace(found, meshes=meshes, roles=tuple(_roles(found.roles)), misses=tuple(misses), **kinds)


def _roles(roles: Iterable[Role]) -> Iterator[Role]:
    """Roles without those that another source has as well: of the same name, with the same policies, in one account."""
    kept: dict[tuple[Any, ...], list[str | None]] = {}
    for role in roles:
        if role.name is None or not role.name.is_known:
            yield role
            continue
        policies = sorted(json.dumps([policy_name(each), each.document], sort_keys=True, default=str) for each in role.policies)
        match = ACCOUNT.match(role.arn.text) if role.arn else None
        accounts = kept.setdefault((role.name.text, tuple(policies)), [])
        account = match[1] if match else None
        if not accounts or (account and accounts != [None] and account not in accounts):
            yield role
        accounts.append(account)


def _once(items: Iterable[T], what: str, misses: list[Miss]) -> Iterable[T]:
    kept: dict[tuple[str, ...], T] = {}
    for item in items:
        key = tuple(str(getattr(item, field, "")) for field in IDENTITY)
        first = kept.setdefault(key, item)
        if first is item or _is_bare(item):
            continue
        if _is_bare(first):
            kept[key] = item
        elif _plain(_filled(first, item)) == _plain(_filled(item, first)):
            kept[key] = _filled(first, item)
        else:
            misses.append(Miss(item.origin, f"{what} {item.name}", f"defined twice, and not alike: first at {first.origin}"))
    return kept.values()


def _filled(item: T, other: T) -> T:
    """The thing with what AWS gave it from the other one, where it does not say."""
    missing = [name for name in GIVEN if getattr(item, name, "") is None]
    return replace(item, **{name: getattr(other, name) for name in missing}) if missing else item


def _plain(item: Any) -> Any:
    """The thing as it reads, wherever it was read."""
    return replace(mapped(item, lambda value, _: Value((value.text,))), origin=SOMEWHERE)


def _is_bare(item: Any) -> bool:
    return all(getattr(item, field.name) == field.default for field in fields(item) if field.name not in (*IDENTITY, "origin"))
