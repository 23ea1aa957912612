"""The resolved inventory as plain values: the shape that `check --format json` prints."""

from collections.abc import Iterable, Mapping
from typing import Any

from meshrole.blueprint.engines import ENGINES
from meshrole.blueprint.model import Blueprint, Identity
from meshrole.errors import Problem
from meshrole.inventory.values import Federated, Inventory, Mesh, Workload

Identities = Mapping[tuple[str, str, str], Identity]


def summary(
    inventory: Inventory | None, blueprint: Blueprint | None, errors: Iterable[Problem], warnings: Iterable[Problem]
) -> dict[str, Any]:
    """Meshes, people and pipelines of every environment, with their roles where there is a blueprint."""
    roots = blueprint.roots if blueprint else ()
    identities = {
        (root.environment.name, module.name, identity.label): identity
        for root in roots
        for module in root.modules
        for identity in module.identities
    }
    federated = inventory.federated if inventory else ()
    return {
        "version": 1,
        "meshes": [_mesh(mesh, identities) for mesh in (inventory.meshes if inventory else ())],
        "people": [_federated(item, "people", identities) for item in federated if not item.is_pipeline],
        "pipelines": [_federated(item, "pipelines", identities) for item in federated if item.is_pipeline],
        "errors": [problem_values(problem) for problem in errors],
        "warnings": [problem_values(problem) for problem in warnings],
    }


def problem_values(problem: Problem) -> dict[str, Any]:
    """A problem as JSON values; what it does not have is null."""
    place = problem.place
    return {
        "message": problem.message,
        "file": place.file if place else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
        "path": list(problem.path),
        "found": problem.found,
        "allowed": list(problem.allowed),
        "help": problem.help,
    }


def _mesh(mesh: Mesh, identities: Identities) -> dict[str, Any]:
    arn = ENGINES[mesh.engine].arn
    nodes = [workload for workload in mesh.workloads if not workload.is_gateway]
    gateways = [workload for workload in mesh.workloads if workload.is_gateway]
    return {
        "name": mesh.name,
        "engine": mesh.engine,
        "environment": mesh.environment.name,
        "account": mesh.environment.account,
        "region": mesh.environment.region,
        "owner": mesh.owner,
        "arn": arn(mesh),
        "virtual_nodes": [
            {
                "name": node.aws_name,
                "service": node.service,
                "version": node.version,
                "arn": arn(mesh, "virtualNode", node.aws_name),
                "role": _role(mesh, node, identities),
                "backends": list(node.backends),
            }
            for node in nodes
        ],
        "virtual_gateways": [
            {
                "name": item.aws_name,
                "arn": arn(mesh, "virtualGateway", item.aws_name),
                "role": _role(mesh, item, identities),
            }
            for item in gateways
        ],
        "virtual_services": [service.virtual_service for service in mesh.services if service.virtual_service],
        "virtual_routers": [
            {"name": service.router, "routes": list(service.routes)} for service in mesh.services if service.router
        ],
    }


def _role(mesh: Mesh, workload: Workload, identities: Identities) -> str | None:
    identity = identities.get((mesh.environment.name, mesh.key, workload.name))
    return identity.role.name if identity else None


def _federated(federated: Federated, module: str, identities: Identities) -> dict[str, Any]:
    identity = identities.get((federated.environment.name, module, federated.name))
    return {
        "name": federated.name,
        "environment": federated.environment.name,
        "account": federated.environment.account,
        "through": federated.provider.key,
        "access": federated.access[0].level if federated.access else None,
        "meshes": [access.mesh.key for access in federated.access],
        "services": sorted({service.name for access in federated.access for service in access.services or ()}),
        "role": identity.role.name if identity else None,
    }
