"""Whom each service of VPC Lattice lets in, and whom a service network, as the inventory declares it.

https://docs.aws.amazon.com/vpc-lattice/latest/ug/auth-policies.html
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from meshrole.access.verify.declared import Declared
from meshrole.access.verify.items import Item, allow, document
from meshrole.inventory.lattice_values import Lattice, LatticeService
from meshrole.inventory.values import Call, Inventory, Mesh, Path

# Environment, mesh, identity.
Place = tuple[str, str, str]
INVOKE = "vpc-lattice-svcs:Invoke"


@dataclass(frozen=True, slots=True)
class DeclaredAuth:
    """The auth policy of `target` (an id, or what stands for one), which `title` is; nobody is let in without statements."""

    title: str
    target: str
    environment: str
    policy: Mapping[str, Any]
    path: Path


def declared_auth(inventory: Inventory, roles: Sequence[Declared]) -> Iterator[DeclaredAuth]:
    """Every auth policy of an inventory; `roles` are its roles."""
    arns = {_key(item): item.found.role.arn for item in roles if not item.found.is_helper}
    meshes = [side for mesh in inventory.meshes for side in mesh.sides if side.lattice]
    calls = _calls(meshes)
    for mesh in meshes:
        lattice, name = mesh.lattice, mesh.environment.name
        assert lattice
        if lattice.is_kept:
            policy = document([_network(lattice)])
            yield DeclaredAuth(f"the service network of {mesh.key}", lattice.network, name, policy, mesh.path)
        for service in lattice.services:
            callers = calls.get(_one(service, mesh), ())
            items = [_letting_in(arns[each], call, service, mesh) for each, call in callers if each in arns]
            path = (*mesh.path, "services", service.name)
            yield DeclaredAuth(f"service {service.name} of {mesh.key}", service.id, name, document(items), path)


def _key(item: Declared) -> tuple[str, str, str]:
    return item.environment, item.found.module.name, item.found.identity.label


def _one(service: LatticeService, mesh: Mesh) -> tuple[str, ...]:
    """What tells a service from all others: what stands for an id is the same in every environment, and means its own."""
    return mesh.key, service.id, service.account, mesh.environment.name if service.is_made else ""


def _calls(meshes: Sequence[Mesh]) -> Mapping[tuple[str, ...], list[tuple[Place, Call]]]:
    """Who calls a service: whoever's call of a name reaches this very one where he is."""
    found: dict[tuple[str, ...], list[tuple[Place, Call]]] = defaultdict(list)
    for mesh in meshes:
        for workload in mesh.workloads:
            for call in workload.calls:
                called = mesh.lattice.service(call.service) if mesh.lattice else None
                if called:
                    place = mesh.environment.name, mesh.key, workload.name
                    found[_one(called, mesh)].append((place, call))
    return found


def _letting_in(role: str, call: Call, service: LatticeService, mesh: Mesh) -> Item:
    environment = mesh.environment
    arn = f"arn:{environment.partition}:vpc-lattice:{environment.region}:{service.account}:service/{service.id}"
    keys: dict[str, list[str]] = {f"vpc-lattice-svcs:RequestHeader/{name}": list(values) for name, values in call.headers}
    if call.methods:
        keys["vpc-lattice-svcs:RequestMethod"] = list(call.methods)
    paths = call.paths or ("/*",)
    item = allow([INVOKE], [arn + path for path in paths], {"StringEquals": keys} if keys else None)
    return {**item, "Principal": {"AWS": [role]}}


def _network(lattice: Lattice) -> Item:
    inside = "aws:PrincipalOrgID" if lattice.organization_id else "aws:PrincipalAccount"
    values = [lattice.organization_id] if lattice.organization_id else list(lattice.accounts)
    condition = {"StringEquals": {inside: values}, "StringNotEquals": {"aws:PrincipalType": ["Anonymous"]}}
    return {**allow([INVOKE], ["*"], condition), "Principal": "*"}
