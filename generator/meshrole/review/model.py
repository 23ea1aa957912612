"""The review of a plan as frozen values: what changes in who can do what, what is wrong, and what cannot be known."""

from dataclasses import dataclass, field
from enum import IntEnum


class Severity(IntEnum):
    """How bad it is if it is so."""

    info = 0
    low = 1
    medium = 2
    high = 3
    critical = 4


class Confidence(IntEnum):
    """How sure it is that it is so."""

    low = 0
    medium = 1
    high = 2


@dataclass(frozen=True, slots=True, order=True)
class Where:
    """A place in a file: of the generated Terraform, or of the inventory. `line` counts from 1, 0 where it is not known."""

    file: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Waiver:
    """Who accepted a finding, why, and until when (ISO date)."""

    owner: str
    reason: str
    expires: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. `check` is the check's id, `address` the resource's in the plan.

    `plan` says in which, "" where only one is reviewed.
    """

    check: str
    severity: Severity
    confidence: Confidence
    address: str
    message: str
    fix: str
    code: Where | None = None
    inventory: Where | None = None
    waiver: Waiver | None = None
    in_baseline: bool = False
    plan: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Permission:
    """One action on one resource pattern under conditions (as one line of text, "" for none). `level` is AWS's access level.

    Where nobody can tell the actions apart, `action` is an ARN that stands for all of them.
    """

    action: str
    resource: str
    condition: str = ""
    level: str = ""

    @property
    def policy(self) -> str:
        """What stands for all that a policy allows: the name of AWS's, the ARN of another whose content is not in the plan."""
        if not self.action.startswith("arn:"):
            return ""
        return self.action.rpartition("/")[2] if ":iam::aws:" in self.action else self.action


@dataclass(frozen=True, slots=True, order=True)
class Trusted:
    """Somebody who may assume a role: in words, and in IAM's: principal, action, condition as one line of text."""

    principal: str
    action: str
    condition: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What an identity gains and loses.

    `identity` is its name, `address` its resource, `action` create, update, delete or replace; `plan` is as a finding's.
    """

    identity: str
    address: str
    action: str
    gained: tuple[Permission, ...] = ()
    lost: tuple[Permission, ...] = ()
    trust_gained: tuple[Trusted, ...] = ()
    trust_lost: tuple[Trusted, ...] = ()
    notes: tuple[str, ...] = ()
    plan: str = ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Something that is known only after the apply, and so is no pass; `plan` is as a finding's."""

    address: str
    what: str
    plan: str = ""


@dataclass(frozen=True, slots=True)
class Review:
    """Everything, in a fixed order: findings by severity (the worst first), then check, then address."""

    plan: str
    findings: tuple[Finding, ...]
    changes: tuple[Change, ...]
    unknown: tuple[Unknown, ...]
    notes: tuple[str, ...] = field(default=())
