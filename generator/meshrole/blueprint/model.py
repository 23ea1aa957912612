"""The blueprint: what must exist in AWS, as frozen values, with no Terraform in it."""

from dataclasses import dataclass

from meshrole.blueprint.audit.values import NO_AUDIT, RootAudit
from meshrole.blueprint.beside import NOTHING, Beside
from meshrole.blueprint.guardrails.policies import OrganizationPolicy
from meshrole.blueprint.istio import ClusterEntry
from meshrole.iam.policy import Document, text
from meshrole.inventory.values import Environment, Path, PodIdentity, Provider, TagItems

__all__ = ["Blueprint", "Environment", "Identity", "ManagedPolicy", "Module", "Provider", "Role", "Root", "text"]


@dataclass(frozen=True, slots=True)
class ManagedPolicy:
    """A customer managed policy; `label` is unique in its module."""

    label: str
    name: str
    path: str
    arn: str
    document: Document


@dataclass(frozen=True, slots=True)
class Role:
    """A role with one trust policy; its permissions are one inline `policy`, or managed `parts` where that is too long."""

    label: str
    name: str
    path: str
    arn: str
    description: str
    trust: Document
    policy: Document
    parts: tuple[ManagedPolicy, ...]
    boundary: str | None
    max_session_hours: int
    tags: TagItems
    adopt: str | None
    source: Path


@dataclass(frozen=True, slots=True)
class Identity:
    """One workload, group of people or pipeline: its role, the roles that help it, and what ties them to a platform.

    `kind` is workload, gateway, people or pipeline; `entries` are the clusters that know its role.
    """

    label: str
    kind: str
    title: str
    roles: tuple[Role, ...]
    has_instance_profile: bool
    association: PodIdentity | None
    depends_on: Provider | None
    was: str | None
    entries: tuple[ClusterEntry, ...] = ()

    @property
    def role(self) -> Role:
        """The identity's own role; the others are its helpers'."""
        return self.roles[0]


@dataclass(frozen=True, slots=True)
class Module:
    """A generated Terraform module: the identities of one mesh, of people or of pipelines, in one environment.

    `beside` is what the mesh's engine needs beside them.
    """

    name: str
    identities: tuple[Identity, ...]
    boundary: ManagedPolicy | None
    providers: tuple[Provider, ...]
    retired: tuple[str, ...]
    was: str | None
    beside: Beside = NOTHING


@dataclass(frozen=True, slots=True)
class Root:
    """One Terraform root, one state: an environment, the audit account or the organization's management account.

    `needs` are the names of the roots that are applied before it.
    """

    environment: Environment
    modules: tuple[Module, ...]
    audit: RootAudit = NO_AUDIT
    policies: tuple[OrganizationPolicy, ...] = ()
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Blueprint:
    """Every root: those of the inventory's environments in their order, then the audit account's and the organization's."""

    roots: tuple[Root, ...]
