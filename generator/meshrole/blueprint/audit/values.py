"""The audit of one root as frozen values. A `key` or `bucket` of None is the archive's in the same root."""

from dataclasses import dataclass

from meshrole.inventory.audit_model import Athena, ConfigRule, DataEvents
from meshrole.inventory.audit_model import Config as ConfigEntry
from meshrole.inventory.audit_model import Trail as TrailEntry

__all__ = [
    "NO_AUDIT",
    "Alarms",
    "Analyzer",
    "Archive",
    "Delegation",
    "LatticeLogs",
    "Queries",
    "Recorder",
    "RoleRecord",
    "RootAudit",
    "Trail",
    "TrailEntry",
]

Pairs = tuple[tuple[str, ConfigRule], ...]


@dataclass(frozen=True, slots=True)
class Archive:
    """The bucket and the key that everything is delivered to.

    `accounts` are those whose AWS Config delivers, `recorder_roles` the roles with which it does from other accounts.
    """

    name: str
    bucket: str
    trails: tuple[str, ...]
    organization_trail: str | None
    organization_id: str | None
    accounts: tuple[str, ...]
    recorder_roles: tuple[str, ...]
    readers: tuple[str, ...]
    entry: TrailEntry


@dataclass(frozen=True, slots=True)
class Trail:
    """A multi-region trail; of the organization where it has the organization's id."""

    name: str
    arn: str
    organization_id: str | None
    management_account: str | None
    bucket: str | None
    key: str | None
    data_events: tuple[tuple[str, DataEvents], ...]
    entry: TrailEntry


@dataclass(frozen=True, slots=True)
class Recorder:
    """AWS Config in one account and region. `recorder` is None where the account keeps the one that it has.

    The patterns are regular expressions over the names of workloads' roles and the ARNs of their boundaries; empty where
    roles are not recorded in this region. `aggregator` is "", "organization" or "accounts".
    """

    name: str
    recorder: str | None
    bucket: str | None
    key: str | None
    records_global_types: bool
    rules: Pairs
    role_pattern: str
    boundary_pattern: str
    bounded_pattern: str
    aggregator: str
    aggregated_accounts: tuple[str, ...]
    aggregated_regions: tuple[str, ...]
    aggregating_account: str | None
    aggregating_region: str | None
    entry: ConfigEntry


@dataclass(frozen=True, slots=True)
class RoleRecord:
    """What the queries must know of a role: whose it is, who may assume it, whose configuration it may stream."""

    arn: str
    name: str
    mesh: str
    environment: str
    identity: str
    kind: str
    trusted: tuple[str, ...]
    nodes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Queries:
    """Tables and named queries over an archive."""

    name: str
    bucket: str | None
    key: str | None
    results_bucket: str
    organization_id: str | None
    accounts: tuple[str, ...]
    regions: tuple[str, ...]
    roles: tuple[RoleRecord, ...]
    administrators: tuple[str, ...]
    watched_policies: tuple[str, ...]
    entry: Athena


@dataclass(frozen=True, slots=True)
class Alarms:
    """Who is told what in one region. `is_global` alarms stand where IAM's events arrive."""

    name: str
    region: str
    is_global: bool
    topic: str | None
    emails: tuple[str, ...]
    role_prefixes: tuple[str, ...]
    role_names: tuple[str, ...]
    policy_prefixes: tuple[str, ...]
    administrators: tuple[str, ...]
    watches_roles: bool
    watches_recorder: bool
    watches_denials: bool
    watches_envoys: bool
    watches_archive: bool
    trails: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Analyzer:
    """IAM Access Analyzer; `scope` is ACCOUNT or ORGANIZATION, `unused_days` None where unused access is found elsewhere."""

    name: str
    scope: str
    has_external: bool
    unused_days: int | None


@dataclass(frozen=True, slots=True)
class Delegation:
    """What the management account hands to the audit account."""

    account: str
    cloudtrail: bool
    config: bool
    access_analyzer: bool


@dataclass(frozen=True, slots=True)
class LatticeLogs:
    """Logs of the requests in a mesh of VPC Lattice: of its service network, or of services where that is another root's.

    `resources` are (label, ARN, service): without an ARN, the id of the service (None: of the network) is made in this root.
    """

    mesh: str
    name: str
    resources: tuple[tuple[str, str | None, str | None], ...]
    retention_days: int | None


@dataclass(frozen=True, slots=True)
class RootAudit:
    """Everything that records in one root. `config_archive` is AWS Config's own, where the trail's is locked."""

    archive: Archive | None = None
    config_archive: Archive | None = None
    trail: Trail | None = None
    recorder: Recorder | None = None
    queries: Queries | None = None
    alarms: tuple[Alarms, ...] = ()
    analyzer: Analyzer | None = None
    delegation: Delegation | None = None
    lattice: tuple[LatticeLogs, ...] = ()

    @property
    def parts(self) -> tuple[str, ...]:
        """What records here, in words."""
        named = (
            ("records", self.archive),
            ("trail", self.trail),
            ("recorder", self.recorder),
            ("queries", self.queries),
            ("alarms", self.alarms),
            ("analyzer", self.analyzer),
            ("delegation", self.delegation),
            ("access logs", self.lattice),
        )
        return tuple(name for name, part in named if part)

    @property
    def is_empty(self) -> bool:
        """Whether the root records nothing."""
        return self == NO_AUDIT


NO_AUDIT = RootAudit()
