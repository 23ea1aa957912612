"""Calls that IAM decides about: the line of the inventory that lets a workload call, and what to write so that it may."""

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
    origin, mesh = found.origin, found.mesh
    if not isinstance(origin, Workload) or mesh is None or found.is_helper:
        return None
    return next((call for call in origin.calls if _reaches(origin, call.service, mesh, action, resource)), None)


def missing_call(found: Found, action: str, resource: str | None) -> Change | None:
    """What to write so that a workload may call the service that `resource` is of; None where that is not the question."""
    origin, mesh = found.origin, found.mesh
    if not isinstance(origin, Workload) or mesh is None:
        return None
    call = call_of(found, action, resource)
    if call:
        return Change(call.path, None, f'the call of "{call.service}" is narrower: see its methods, paths and headers')
    names = (service.name for service in mesh.services)
    name = next((name for name in names if _reaches(origin, name, mesh, action, resource)), None)
    if name is None:
        return None
    key = "routes_to" if origin.is_gateway else "calls"
    text = name if origin.calls else f"{key}: [{name}]"
    return Change((*origin.path[:4], key), text, f'"{name}" is not among what it calls')


def _reaches(caller: Workload, name: str, mesh: Mesh, action: str, resource: str | None) -> bool:
    """Whether the resource is of the service, where IAM decides about calls: such an engine knows services by their names."""
    service = Service(name, name, router=None, routes=(), nodes=(), calls=(), path=())
    reach = ENGINES[mesh.engine].reach(caller, service, mesh)
    if resource is None or (reach.action or "").lower() != action.lower():
        return False
    return reach.arn == resource or ("*" in reach.arn and wildcard.overlaps(reach.arn, resource))
