"""Which identity of a blueprint a principal is, and what of the inventory that identity was made from."""

from collections.abc import Iterator
from dataclasses import dataclass

from meshrole.access.denial import ARN_PARTS
from meshrole.blueprint.model import Blueprint, Identity, Module, Role, Root
from meshrole.iam.actions import close_matches
from meshrole.iam.policy import Document
from meshrole.inventory.values import Federated, Inventory, Mesh, Workload

Origin = Workload | Federated


@dataclass(frozen=True, slots=True)
class Found:
    """A role of the blueprint, where it stands in it, the part of the inventory that asks for it, and the meshes around it."""

    root: Root
    module: Module
    identity: Identity
    role: Role
    origin: Origin | None
    mesh: Mesh | None
    meshes: tuple[Mesh, ...]

    @property
    def is_helper(self) -> bool:
        """Whether this is not the identity's own role but one that helps it, such as a task's execution role."""
        return self.role is not self.identity.role

    @property
    def documents(self) -> tuple[tuple[str, Document], ...]:
        """The role's policies with the names that AWS has them under; the inline one has the role's."""
        inline = ((self.role.name, self.role.policy),) if self.role.policy else ()
        return (*inline, *((part.name, part.document) for part in self.role.parts))

    @property
    def boundary(self) -> Document:
        """The statements of the role's permissions boundary, as far as the inventory knows them."""
        if self.role.boundary is None:
            return ()
        given = self.root.environment.boundary
        return self.module.boundary.document if self.module.boundary else given.statements if given else ()


def every(blueprint: Blueprint, inventory: Inventory) -> tuple[Found, ...]:
    """Every role of the blueprint."""
    meshes = {(mesh.environment.name, mesh.key): mesh for mesh in inventory.meshes}
    federated = {(item.environment.name, item.is_pipeline, item.name): item for item in inventory.federated}
    found = []
    for root in blueprint.roots:
        here = tuple(mesh for mesh in inventory.meshes if mesh.environment.name == root.environment.name)
        for module in root.modules:
            mesh = meshes.get((root.environment.name, module.name))
            for identity in module.identities:
                origin: Origin | None = federated.get((root.environment.name, module.name == "pipelines", identity.label))
                origin = _workload(mesh, identity) if mesh else origin
                found += [Found(root, module, identity, role, origin, mesh, here) for role in identity.roles]
    return tuple(found)


def find(roles: tuple[Found, ...], account: str | None, name: str) -> Found | None:
    """The role of that name in the account; role names are unique in an account, whatever the case of their letters.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    """
    return next((found for found in named(roles, name) if account is None or account_of(found.role) == account), None)


def find_arn(roles: tuple[Found, ...], arn: str) -> Found | None:
    """The role with that ARN, its path aside: an ARN of a session has none."""
    parts = arn.split(":", ARN_PARTS - 1)
    if len(parts) < ARN_PARTS or not parts[5].startswith("role/"):
        return None
    return find(roles, parts[4], parts[5].rpartition("/")[2])


def named(roles: tuple[Found, ...], name: str) -> Iterator[Found]:
    """The roles of that name, in whatever account."""
    return (found for found in roles if found.role.name.lower() == name.lower())


def nearest(roles: tuple[Found, ...], name: str) -> tuple[Found, ...]:
    """Up to three roles whose names are spelled like `name`, the closest first."""
    by_name = {found.role.name.lower(): found for found in roles}
    return tuple(by_name[close] for close in close_matches(name.lower(), by_name))


def account_of(role: Role) -> str:
    """The account that a role is in."""
    return role.arn.split(":")[4]


def _workload(mesh: Mesh, identity: Identity) -> Workload | None:
    return next((workload for workload in mesh.workloads if workload.name == identity.label), None)
