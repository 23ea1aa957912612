"""The call graph of the meshes: who calls which virtual service, and what permits it."""

from collections.abc import Iterator
from typing import NamedTuple

from meshrole.access import policies
from meshrole.access.matrix import Scope
from meshrole.access.roles import Found
from meshrole.blueprint.engines import ENGINES
from meshrole.blueprint.engines.base import Reach
from meshrole.blueprint.model import Blueprint
from meshrole.errors import Place
from meshrole.iam import wildcard
from meshrole.inventory.load import Loaded
from meshrole.inventory.values import Inventory, Mesh, Path, Service, Workload


class Call(NamedTuple):
    """A caller and the virtual service that it calls.

    `through` is what sends the call on, such as a backend of an Envoy, `permitted_by` the statement that lets the caller make it
    or have that configuration, empty where IAM has no say; `authorization` is what the callee asks of its caller.
    """

    environment: str
    mesh: str
    caller: str
    caller_role: str
    callee: str
    virtual_service: str
    virtual_service_arn: str
    virtual_nodes: tuple[str, ...]
    through: str
    permitted_by: str
    authorization: str
    inventory: Place


def calls(scope: Scope, blueprint: Blueprint, inventory: Inventory, loaded: Loaded) -> Iterator[Call]:
    """Every call of an identity of the scope, and every call to one, in the order of the inventory."""
    callers = {
        (item.root.environment.name, item.module.name, item.identity.label): item for item in scope.all if not item.is_helper
    }
    chosen = {(item.root.environment.name, item.module.name, item.identity.label) for item in scope.roles}
    for mesh in inventory.meshes:
        place = (mesh.environment.name, mesh.key)
        asked = {label for environment, module, label in chosen if (environment, module) == place}
        for workload in mesh.workloads if asked else ():
            for call in workload.calls:
                service = _service(call.service, mesh, inventory)
                if workload.name not in asked and not _is_of(service, asked, mesh):
                    continue
                for side in mesh.sides:
                    callee = _service(call.service, side, inventory)
                    reach = ENGINES[side.engine].reach(side.same(workload), callee, side)
                    if scope.has(reach.arn):
                        found = callers[(*place, workload.name)]
                        yield _call(found, workload, side, callee, reach, call.path, blueprint, loaded)


def _is_of(service: Service, names: set[str], mesh: Mesh) -> bool:
    return any(item.service == service.name and item.name in names for item in mesh.workloads)


def notes(inventory: Inventory) -> tuple[str, ...]:
    """What must be known to read the call graph."""
    return tuple(dict.fromkeys(ENGINES[side.engine].NOTE for mesh in inventory.meshes for side in mesh.sides))


def _service(name: str, mesh: Mesh, inventory: Inventory) -> Service:
    """A service of the mesh, which may be another environment's where the mesh is shared."""
    others = (side for other in inventory.meshes if other.key == mesh.key for side in other.sides if side.engine == mesh.engine)
    return mesh.service(name) or next(service for other in others if (service := other.service(name)))


def _call(
    found: Found, workload: Workload, mesh: Mesh, service: Service, reach: Reach, path: Path, blueprint: Blueprint, loaded: Loaded
) -> Call:
    applied = policies.applied(found.role, found.module, found.root, blueprint)
    return Call(
        environment=mesh.environment.name,
        mesh=mesh.key,
        caller=workload.name,
        caller_role=found.role.name,
        callee=service.name,
        virtual_service=service.virtual_service,
        virtual_service_arn=reach.arn,
        virtual_nodes=service.nodes,
        through=reach.through,
        permitted_by=_permitting(applied, reach) if reach.action else "",
        authorization=reach.authorization,
        inventory=loaded.document.place(path),
    )


def _permitting(applied: policies.Applied, reach: Reach) -> str:
    """The statement of the caller's that lets it call: the one about the callee, where each callee has its own."""
    action = (reach.action or "").lower()
    found = [
        (f"statement {statement.sid} of {policy.file}", statement)
        for policy in applied.identity
        for statement in policy.document
        if action in (name.lower() for name in statement.actions)
    ]
    about = (name for name, statement in found if any(wildcard.overlaps(text, reach.arn) for text in statement.resources))
    return next(about, found[0][0])
