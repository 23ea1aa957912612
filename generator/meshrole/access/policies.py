"""The policies that apply to what a role does, layer by layer, each with the file that `generate` writes it to.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from meshrole.blueprint.guarded import RESOURCE_CONTROL, SERVICE_CONTROL
from meshrole.blueprint.lattice import NETWORK_LABEL
from meshrole.blueprint.model import Blueprint, Module, Role, Root
from meshrole.blueprint.paths import boundary_path, organization_policy_path, policy_path
from meshrole.iam.evaluation import PolicySet, StatementReference
from meshrole.iam.policy import Document, Statement
from meshrole.inventory.values import Inventory

ACCOUNT = re.compile(r"[0-9]{12}")
# It stays attached at every level, beside the policies that only take away.
# https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
FULL_ACCESS: Document = (Statement(sid="FullAWSAccess", actions=("*",), resources=("*",)),)


class Named(NamedTuple):
    """A policy: the file that `generate` writes it to, None where AWS or somebody else has it, its name and its statements."""

    file: str | None
    name: str
    document: Document


class Cited(NamedTuple):
    """A statement and the policy that it stands in."""

    policy: Named
    statement: Statement


@dataclass(frozen=True, slots=True)
class Applied:
    """What applies to a role. `boundary_arn` is of the boundary of which the inventory does not know the statements."""

    identity: tuple[Named, ...]
    boundary: Named | None
    boundary_arn: str | None
    scp: tuple[Named, ...]
    rcp: tuple[Named, ...]

    def policy_set(self, resource: Document | Sequence[Document] | None = None) -> PolicySet:
        """The policies for the evaluator. Keep the set for the next request: it is read once.

        `resource` is the resource's own policy: for `sts:AssumeRole` the trust policy of the role that is to be assumed, for VPC
        Lattice the auth policies that the request meets.
        """
        return PolicySet(
            identity=[policy.document for policy in self.identity],
            resource=resource,
            boundary=self.boundary.document if self.boundary else None,
            scp=[[policy.document for policy in self.scp]] if self.scp else (),
            rcp=[[policy.document for policy in self.rcp]] if self.rcp else (),
        )

    def layer(self, name: str) -> tuple[Named, ...]:
        """The policies of a layer; none of the resource's own."""
        boundary = (self.boundary,) if self.boundary else ()
        layers = {"identity": self.identity, "boundary": boundary, "scp": self.scp, "rcp": self.rcp}
        return layers.get(name, ())

    def cited(self, reference: StatementReference) -> Cited | None:
        """The statement that a decision refers to; None for one of the resource's own policy."""
        policies = self.layer(reference.layer)
        if not policies:
            return None
        policy = policies[reference.document]
        return Cited(policy, next(item for item in policy.document if item.sid == reference.sid))


def applied(role: Role, module: Module, root: Root, blueprint: Blueprint, resource_account: str | None = None) -> Applied:
    """The policies of a role and of its organization.

    A boundary that is not made here has the statements that the inventory knows of it. Resource control policies are those of
    the account that owns the resource, the role's own where nothing else is given.
    """
    account = root.environment.account
    boundary = _boundary(role, module, root)
    return Applied(
        identity=tuple(_identity(role, f"{root.environment.name}/{module.name}")),
        boundary=boundary,
        boundary_arn=role.boundary if boundary is None else None,
        scp=tuple(_organization(SERVICE_CONTROL, account, blueprint)),
        rcp=tuple(_organization(RESOURCE_CONTROL, resource_account or account, blueprint)),
    )


def policy_set(
    role: Role,
    module: Module,
    root: Root,
    blueprint: Blueprint,
    *,
    resource: Document | None = None,
    resource_account: str | None = None,
) -> PolicySet:
    """The policies of a role for the evaluator; see `applied` and `Applied.policy_set`."""
    return applied(role, module, root, blueprint, resource_account).policy_set(resource)


def delegating(role: Role) -> Document:
    """A resource's policy that leaves the decision to the policies of the role's account.

    It stands for one that the inventory does not have: of a KMS key, of a resource in another account, of a role to assume.
    https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#key-policy-default-allow-root-enable-iam
    """
    _, partition, _, _, account, _ = role.arn.split(":", 5)
    root = (("AWS", (f"arn:{partition}:iam::{account}:root",)),)
    return (Statement(sid="Delegates", actions=("*",), principals=root),)


def auth(resource: str, root: Root, blueprint: Blueprint) -> tuple[Document, ...]:
    """The auth policies of VPC Lattice that a request to `resource` meets: the service's, and its network's. None are known: ().

    What stands for an id is the same in every environment: in a request of an identity of `root` it is that root's.
    https://docs.aws.amazon.com/vpc-lattice/latest/ug/auth-policies.html
    """
    roots = (root, *(each for each in blueprint.roots if each is not root))
    parts = [found for each in roots for module in each.modules if (found := module.beside.lattice)]
    own = next(((part, each) for part in parts for each in part.policies if resource.startswith(f"{each.of}/")), None)
    if own is None:
        return ()
    networks = (each for part in (own[0], *parts) for each in part.policies if each.label == NETWORK_LABEL)
    network = next((each.document for each in networks if each.of == own[0].network_arn), None)
    return (own[1].document,) if network is None else (network, own[1].document)


def known_keys(role: Role, organization_id: str | None) -> dict[str, str]:
    """The condition keys that follow from a role in every request of it; its tags are the principal's.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
    """
    tags = {f"aws:PrincipalTag/{key}": value for key, value in role.tags}
    return tags | ({"aws:PrincipalOrgID": organization_id} if organization_id else {})


def organization_id(inventory: Inventory) -> str | None:
    """The id of the organization that the inventory's accounts are in, where it is known."""
    meshes = (mesh.lattice.organization_id for mesh in inventory.meshes if mesh.lattice)
    return inventory.management.id if inventory.management else next(meshes, None)


def _identity(role: Role, folder: str) -> Iterator[Named]:
    if role.policy:
        yield Named(f"{folder}/{policy_path(role.label)}", role.name, role.policy)
    for part in role.parts:
        yield Named(f"{folder}/{policy_path(part.label)}", part.name, part.document)


def _boundary(role: Role, module: Module, root: Root) -> Named | None:
    if role.boundary is None:
        return None
    made, given = module.boundary, root.environment.boundary
    if made is not None and made.arn == role.boundary:
        return Named(f"{root.environment.name}/{module.name}/{boundary_path()}", made.name, made.document)
    if given is not None and given.statements:
        return Named(None, role.boundary.rpartition("/")[2], given.statements)
    return None


def _organization(kind: str, account: str, blueprint: Blueprint) -> Iterator[Named]:
    """The policies of a kind that hold in an account: AWS's own, which allows everything, then those that take away."""
    found = [
        Named(f"{root.environment.name}/{organization_policy_path(policy)}", policy.name, policy.document)
        for root in blueprint.roots
        # https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html#not-restricted-by-scp
        if root.environment.account != account
        for policy in root.policies
        if policy.type == kind and _holds(policy.targets, account)
    ]
    if found and kind == SERVICE_CONTROL:
        yield Named(None, FULL_ACCESS[0].sid, FULL_ACCESS)
    yield from found


def _holds(targets: tuple[str, ...], account: str) -> bool:
    """Which accounts an organizational unit has the inventory does not know: it is taken to have every account."""
    return any(target == account or not ACCOUNT.fullmatch(target) for target in targets)
