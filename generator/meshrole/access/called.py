"""Calls that IAM decides about: the line of the inventory that lets a workload call, and what to write so that it may."""

from collections.abc import Iterator
from typing import NamedTuple

from meshrole.access.roles import Found
from meshrole.blueprint.engines import ENGINES
from meshrole.iam import wildcard
from meshrole.inventory.values import Call, Mesh, Path, Service, Workload


class Change(NamedTuple):
    """A place of the inventory and what to write there; `add` is None where nothing can be written."""

    path: Path
    add: str | None
    why: str


def call_of(found: Found, action: str, resource: str | None) -> Call | None:
    """The call that a workload is allowed `action` on `resource` for."""
    origin = found.origin
    if not isinstance(origin, Workload) or found.is_helper:
        return None
    names = {service.name: service for service in _reached(found, origin, action, resource)}
    return next((call for call in origin.calls if call.service in names), None)


def missing_call(found: Found, action: str, resource: str | None) -> Change | None:
    """What to write so that a workload may call the service that `resource` is of; None where that is not the question."""
    origin = found.origin
    service = next(iter(_reached(found, origin, action, resource)), None) if isinstance(origin, Workload) else None
    if service is None or not isinstance(origin, Workload):
        return None
    call = call_of(found, action, resource)
    if call:
        return Change(call.path, None, f'the call of "{service.name}" is narrower: see its methods, paths and headers')
    key = "routes_to" if origin.is_gateway else "calls"
    path = origin.path[:4]
    text = service.name if origin.calls else f"{key}: [{service.name}]"
    return Change((*path, key), text, f'"{service.name}" is not among what it calls')


def _reached(found: Found, caller: Workload, action: str, resource: str | None) -> list[Service]:
    """The services of the mesh that the resource is of, where IAM decides about calls of them."""
    mesh = found.mesh
    if mesh is None or resource is None:
        return []
    return [service for service in (*mesh.services, *_elsewhere(mesh)) if _is_of(caller, service, mesh, action, resource)]


def _elsewhere(mesh: Mesh) -> Iterator[Service]:
    """The services of other environments that are called from here: whoever asks how they are reached needs no more of them."""
    for item in mesh.lattice.elsewhere if mesh.lattice else ():
        yield Service(item.name, item.name, router=None, routes=(), nodes=(), calls=(), path=())


def _is_of(caller: Workload, service: Service, mesh: Mesh, action: str, resource: str) -> bool:
    reach = ENGINES[mesh.engine].reach(caller, service, mesh)
    return (reach.action or "").lower() == action.lower() and wildcard.overlaps(reach.arn, resource)
