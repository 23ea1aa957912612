"""The call graph of the meshes: who calls which virtual service, and what permits it."""

from collections.abc import Iterator
from typing import NamedTuple

from meshrole.access import policies
from meshrole.access.lines import ENVOY
from meshrole.access.matrix import Scope
from meshrole.access.roles import Found
from meshrole.blueprint.engines import ENGINES
from meshrole.blueprint.model import Blueprint
from meshrole.errors import Place
from meshrole.inventory.load import Loaded
from meshrole.inventory.values import Inventory, Mesh, Path, Service, Workload

# https://docs.aws.amazon.com/app-mesh/latest/APIReference/API_EgressFilter.html
# https://docs.aws.amazon.com/app-mesh/latest/userguide/proxy-authorization.html
# https://docs.aws.amazon.com/app-mesh/latest/userguide/mutual-tls.html
NOTES = {
    "app-mesh": "App Mesh has no authorization between services: backends are what an Envoy is configured to reach, IAM decides "
    "which Envoy gets that configuration, and only mutual TLS tells a callee who calls"
}


class Call(NamedTuple):
    """A caller and the virtual service that it calls.

    `through` is what makes Envoy send the call on, `permitted_by` the statement that lets this Envoy have that configuration;
    `authorization` is what the callee asks of its caller.
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
            for name, path in _called(workload, mesh, loaded):
                service = _service(name, mesh, inventory)
                if workload.name not in asked and not any(item.service == name and item.name in asked for item in mesh.workloads):
                    continue
                arn = ENGINES[mesh.engine].arn(mesh, "virtualService", service.virtual_service)
                if scope.has(arn):
                    yield _call(callers[(*place, workload.name)], workload, mesh, service, arn, path, blueprint, loaded)


def notes(inventory: Inventory) -> tuple[str, ...]:
    """What must be known to read the call graph."""
    return tuple(dict.fromkeys(NOTES[mesh.engine] for mesh in inventory.meshes))


def _called(workload: Workload, mesh: Mesh, loaded: Loaded) -> Iterator[tuple[str, Path]]:
    """The services that a workload calls, each with its place in the inventory."""
    if not workload.is_gateway:
        service = mesh.service(workload.service or "")
        names, path = (service.calls, (*service.path, "calls")) if service else ((), ())
    else:
        entry = loaded.file.meshes[mesh.key].gateways[workload.name] if loaded.file else None
        names, path = tuple(entry.routes_to if entry else ()), (*workload.path, "routes_to")
    for index, name in enumerate(names):
        if name not in names[:index]:
            yield name, (*path, index)


def _service(name: str, mesh: Mesh, inventory: Inventory) -> Service:
    """A service of the mesh, which may be another environment's where the mesh is shared."""
    here = mesh.service(name)
    return here or next(service for other in inventory.meshes if other.key == mesh.key and (service := other.service(name)))


def _call(
    found: Found, workload: Workload, mesh: Mesh, service: Service, arn: str, path: Path, blueprint: Blueprint, loaded: Loaded
) -> Call:
    applied = policies.applied(found.role, found.module, found.root, blueprint)
    return Call(
        environment=mesh.environment.name,
        mesh=mesh.key,
        caller=workload.name,
        caller_role=found.role.name,
        callee=service.name,
        virtual_service=service.virtual_service,
        virtual_service_arn=arn,
        virtual_nodes=service.nodes,
        through=f"gateway route of {workload.aws_name}" if workload.is_gateway else f"backend of {workload.aws_name}",
        permitted_by=next(
            f"statement {statement.sid} of {policy.file}"
            for policy in applied.identity
            for statement in policy.document
            if ENVOY in (action.lower() for action in statement.actions)
        ),
        authorization="none",
        inventory=loaded.document.place(path),
    )
