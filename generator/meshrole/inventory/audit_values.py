"""What records and what guards, resolved: every name filled in for every root. All frozen."""

import re
from dataclasses import dataclass

from meshrole.inventory.audit_model import Audit as AuditEntry
from meshrole.inventory.audit_model import DataEvents
from meshrole.inventory.audit_model import Guardrails as GuardrailsEntry
from meshrole.inventory.values import Environment, Path

# Regions in which AWS Config does not record IAM's users, groups, roles and policies:
# https://docs.aws.amazon.com/config/latest/developerguide/select-resources.html#select-resources-all
WITHOUT_IAM = (
    "ap-east-2",
    "ap-south-2",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-west-1",
    "eu-central-2",
    "eu-south-2",
    "il-central-1",
    "me-central-1",
    "mx-central-1",
)


def lower_name(text: str) -> str:
    """`text` as a bucket's and a database's name take it: lower-case letters and digits, between them single dashes."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


@dataclass(frozen=True, slots=True)
class Site:
    """A root that records: an environment, or the audit account's own. The names are those that hold there.

    `trail` and the buckets are AWS's names; AWS Config has a bucket of its own where the trail's is locked. `recorder` is None
    where an account keeps the recorder that it has.
    """

    environment: Environment
    trail: str
    bucket: str
    config_bucket: str
    results_bucket: str
    recorder: str | None
    topic: str | None
    data_events: tuple[tuple[str, DataEvents], ...]


@dataclass(frozen=True, slots=True)
class Audit:
    """What the inventory asks to record.

    `home` is the audit account's root, None where each account keeps its own records. `management_account` is an id.
    """

    entry: AuditEntry
    home: Site | None
    sites: tuple[Site, ...]
    readers: tuple[str, ...]
    organization_id: str | None
    management_account: str | None
    path: Path

    @property
    def is_of_organization(self) -> bool:
        """Whether one trail records every account of the organization."""
        return self.entry.trail is not None and self.entry.trail.organization


@dataclass(frozen=True, slots=True)
class Guardrails:
    """What no identity may do. `administrators` are patterns of the ARNs of those who may change identities and audit."""

    entry: GuardrailsEntry
    administrators: tuple[str, ...]
    path: Path

    @property
    def guards_organization(self) -> bool:
        """Whether policies of the organization are asked for."""
        return self.entry.service_control_policy or self.entry.resource_control_policy


@dataclass(frozen=True, slots=True)
class Organization:
    """The root of the organization's management account; its environment has an empty account id where it was not given."""

    id: str | None
    environment: Environment
