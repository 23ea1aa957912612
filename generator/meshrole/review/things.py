"""The values that facts are made of: things with an address, identities and what they are given, policies and where they lie.

A value that Terraform knows only after the apply, or that is sensitive, is `UNKNOWN`: never guessed, never printed. A value
that is not there is None or empty.
"""

from dataclasses import dataclass
from enum import Enum

from meshrole.review.documents import Policy


class Hidden(Enum):
    """The one value that stands for each that nobody knows yet, or that nobody may see."""

    UNKNOWN = "unknown"


UNKNOWN = Hidden.UNKNOWN
Text = str | None | Hidden
Truth = bool | None | Hidden
Number = int | None | Hidden
Names = tuple[str | Hidden, ...]

# What a plan does with a resource. `move`, `import` and `forget` change nothing in AWS by themselves.
CREATE, UPDATE, DELETE, REPLACE, NO_OP, READ = "create", "update", "delete", "replace", "no-op", "read"
MOVE, IMPORT, FORGET = "move", "import", "forget"


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """What every resource has: its address, its type, what the plan does with it, and where it was before it was moved."""

    address: str
    type: str
    module: str = ""
    action: str = NO_OP
    moved_from: str = ""
    tags: tuple[tuple[str, str], ...] = ()

    @property
    def was(self) -> str:
        """The address that it had before the plan."""
        return self.moved_from or self.address


@dataclass(frozen=True, slots=True)
class Reference:
    """Another thing as it is named: the text (a name or an ARN), and the address of the resource where that is in the plan."""

    text: Text
    address: str = ""

    @property
    def name(self) -> Text:
        """The last part of an ARN, or the name as it is."""
        return self.text.rpartition("/")[2] if isinstance(self.text, str) else self.text


@dataclass(frozen=True, slots=True)
class Inline:
    """A policy that lies in an identity. `address` is of the resource that puts it there."""

    name: Text
    policy: Policy
    address: str


@dataclass(frozen=True, slots=True)
class Attached:
    """A managed policy that is attached; `policy` is None where its content is not in the plan. `address` attaches it."""

    arn: Text
    policy: Policy | None
    address: str

    @property
    def is_aws_managed(self) -> bool:
        """Whether AWS wrote it (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html)."""
        return isinstance(self.arn, str) and ":iam::aws:" in self.arn


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity(Thing):
    """Who has permissions: a role, a user or a group. `boundary` is None without one."""

    name: Text
    path: str = "/"
    arn: Text = None
    inline: tuple[Inline, ...] = ()
    attached: tuple[Attached, ...] = ()
    boundary: Attached | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Role(Identity):
    """A role; `trust` is who may assume it."""

    trust: Policy
    description: Text = None


@dataclass(frozen=True, slots=True, kw_only=True)
class User(Identity):
    """A user; `keys` are the addresses of its access keys, `console` those of its passwords."""

    groups: Names = ()
    keys: tuple[str, ...] = ()
    console: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Group(Identity):
    """A group of users."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessKey(Thing):
    """A long-lived key of a user, or (`aws_iam_user_login_profile`) a password."""

    user: Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagedPolicy(Thing):
    """A customer managed policy."""

    name: Text
    arn: Text
    policy: Policy
    description: Text = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload(Thing):
    """What hands a role out. `roles` are (purpose, role): purpose is `task`, `execution` or `role`.

    Its type is aws_ecs_task_definition, aws_iam_instance_profile, aws_eks_pod_identity_association or aws_lambda_function;
    `name` says who: a family, a profile's name, `cluster/namespace/service account`, a function's name.
    """

    name: Text
    roles: tuple[tuple[str, Reference], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider(Thing):
    """An OIDC or SAML identity provider of IAM; `url` without scheme for OIDC, the name for SAML."""

    url: Text
    arn: Text = None
    audiences: Names = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourcePolicy(Thing):
    """The policy of a bucket, key, queue, topic, secret, repository, function, Lattice service: `on` is what it is about."""

    on: Reference
    policy: Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationPolicy(Thing):
    """A service or resource control policy, and what it is attached to."""

    name: Text
    kind: Text
    policy: Policy
    targets: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lattice(Thing):
    """A VPC Lattice service or service network: `auth_type` is NONE or AWS_IAM; `policy` is None where the plan has none."""

    name: Text
    arn: Text = None
    auth_type: Text = None
    policy: Policy | None = None
