"""What records and keeps: buckets, keys, trails, recorders, rules, as values of a plan."""

from dataclasses import dataclass

from meshrole.review.documents import Policy
from meshrole.review.things import Names, Number, Reference, Text, Thing, Truth


@dataclass(frozen=True, slots=True)
class Expiry:
    """A rule of a bucket's lifecycle that deletes: after how many days, and of which prefix."""

    days: Number
    prefix: Text = None
    is_enabled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket(Thing):
    """An S3 bucket with what other resources say about it; None where none says it.

    `blocks` are block_public_acls, block_public_policy, ignore_public_acls and restrict_public_buckets, in this order; None where
    the plan has no block. `acl` is a canned one. `retention_days` is the object lock's default.
    """

    name: Text
    arn: Text = None
    acl: Text = None
    blocks: tuple[Truth, Truth, Truth, Truth] | None = None
    versioning: Text = None
    encryption: Text = None
    expiries: tuple[Expiry, ...] = ()
    lock_mode: Text = None
    lock_days: Number = None
    force_destroy: Truth = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Key(Thing):
    """A KMS key."""

    arn: Text = None
    description: Text = None
    is_enabled: Truth = None
    rotates: Truth = None
    deletion_days: Number = None
    policy: Policy | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail(Thing):
    """A trail of CloudTrail. `selectors` are its event selectors, basic and advanced, as one canonical JSON text."""

    name: Text
    bucket: Reference
    prefix: Text = None
    is_logging: Truth = None
    is_multi_region: Truth = None
    is_organization: Truth = None
    has_global_events: Truth = None
    validates_files: Truth = None
    key: Text = None
    log_group: Reference | None = None
    selectors: Text = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventStore(Thing):
    """A CloudTrail Lake event data store."""

    name: Text
    retention_days: Number = None
    is_protected: Truth = None
    is_suspended: Truth = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorder(Thing):
    """AWS Config's recorder. `is_on` is what `aws_config_configuration_recorder_status` says, None where none does."""

    name: Text
    role: Reference
    is_on: Truth = None
    is_all: Truth = None
    has_global: Truth = None
    types: Names = ()
    excluded: Names = ()
    frequency: Text = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryChannel(Thing):
    """Where AWS Config delivers."""

    name: Text
    bucket: Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class LogGroup(Thing):
    """A log group of CloudWatch. `retention_days` is None where it keeps everything; `is_kept` is whether AWS keeps it when
    Terraform destroys it.
    """

    name: Text
    retention_days: Number = None
    is_kept: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Thing):
    """A rule of AWS Config, of an account or of the organization; `source` is the managed rule's identifier, or who owns it."""

    name: Text
    source: Text
    types: Names = ()
    parameters: Text = None
