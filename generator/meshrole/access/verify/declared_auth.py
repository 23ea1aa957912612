"""Whom each service of VPC Lattice lets in, and whom a service network, as the inventory declares it.

https://docs.aws.amazon.com/vpc-lattice/latest/ug/auth-policies.html
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from meshrole.access.verify.declared import Declared
from meshrole.access.verify.items import Item, allow, document
from meshrole.inventory.lattice_values import Lattice, LatticeService
from meshrole.inventory.values import Call, Inventory, Mesh, Path, Workload

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
    for mesh in meshes:
        lattice, name = mesh.lattice, mesh.environment.name
        assert lattice
        if lattice.is_kept:
            policy = document([_network(lattice)])
            yield DeclaredAuth(f"the service network of {mesh.key}", lattice.network, name, policy, mesh.path)
        for service in lattice.services:
            callers = _callers(service, mesh, meshes)
            items = [_letting_in(arns[each], call, service, mesh) for each, call in callers if each in arns]
            path = (*mesh.path, "services", service.name)
            yield DeclaredAuth(f"service {service.name} of {mesh.key}", service.id, name, document(items), path)


def _key(item: Declared) -> tuple[str, str, str]:
    return item.environment, item.found.module.name, item.found.identity.label


def _callers(service: LatticeService, mesh: Mesh, meshes: Sequence[Mesh]) -> Iterator[tuple[tuple[str, str, str], Call]]:
    """Whoever's call of that name reaches this very service: it has the service's id where the caller is."""
    for other in meshes:
        for workload in other.workloads if other.key == mesh.key else ():
            for call in workload.calls:
                called = other.lattice.service(call.service) if other.lattice else None
                if called and (called.id, called.account) == (service.id, service.account):
                    yield _place(workload, other), call


def _place(workload: Workload, mesh: Mesh) -> tuple[str, str, str]:
    return mesh.environment.name, mesh.key, workload.name


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
