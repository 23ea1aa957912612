"""What a plan says of identities, as frozen values.

A value that Terraform knows only after the apply is never guessed: its text is None, and `why` says so.
"""

from dataclasses import dataclass

UNKNOWN = "known only after the apply"
NOT_HERE = "not in the plan"


@dataclass(frozen=True, slots=True)
class Document:
    """A policy: where it is from, its JSON text, or why there is none."""

    source: str
    text: str | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Boundary:
    """A role's permissions boundary: its ARN (None where that is not known yet) and its content where that is at hand."""

    arn: str | None
    document: Document | None


@dataclass(frozen=True, slots=True)
class User:
    """What hands a role out: an instance profile, an association, a task definition. `who` is what it gives the role to."""

    address: str
    kind: str
    who: str


@dataclass(frozen=True, slots=True)
class Role:
    """A role: its name is None where Terraform makes it up at the apply; it `has_arn` where AWS has it already."""

    address: str
    name: str | None
    path: str
    partition: str
    account: str
    trust: Document
    policies: tuple[Document, ...]
    boundary: Boundary | None
    tags: tuple[tuple[str, str], ...]
    users: tuple[User, ...]
    has_arn: bool = False

    @property
    def arn(self) -> str:
        """Its ARN, made of its name; a name that is not known yet is the resource's address."""
        return f"arn:{self.partition}:iam::{self.account}:role{self.path}{self.name or self.address}"

    def tag(self, key: str) -> str | None:
        """The value of a tag."""
        return dict(self.tags).get(key)


@dataclass(frozen=True, slots=True)
class Stray:
    """A policy that is given to a role which is not in the plan; `role` is None where it is not known to which."""

    role: str | None
    document: Document


@dataclass(frozen=True, slots=True)
class AuthPolicy:
    """Who may call a service of VPC Lattice, or come in to a service network: `target` is its id (None: not known).

    `environments` are its root's.
    """

    address: str
    target: str | None
    document: Document
    environments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AccessEntry:
    """What makes a role (its address; None: not known, or not here) known to a cluster of EKS, or gives it one of EKS's policies.

    `groups` are Kubernetes' (None: not known); `environments` are its root's.
    """

    address: str
    role: str | None
    cluster: str | None
    groups: tuple[str, ...] | None
    policy: str | None
    environments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OrganizationPolicy:
    """A service or resource control policy, and what it is attached to (None: not known)."""

    address: str
    type: str
    document: Document


@dataclass(frozen=True, slots=True)
class Facts:
    """Every role of a root, what it gives to others, and the organization's policies. `environments` are our own tag's values.

    `auth` are VPC Lattice's auth policies; `made_ids` are known ids of what the root makes there, each with what stands for it.
    """

    roles: tuple[Role, ...]
    organization: tuple[OrganizationPolicy, ...]
    environments: tuple[str, ...]
    strays: tuple[Stray, ...] = ()
    auth: tuple[AuthPolicy, ...] = ()
    made_ids: tuple[tuple[str, str], ...] = ()
    entries: tuple[AccessEntry, ...] = ()


__all__ = ["AccessEntry", "AuthPolicy", "Boundary", "Document", "Facts", "OrganizationPolicy", "Role", "Stray", "User"]
