"""What records the identities' actions, and what no identity may ever do, as they are written in an inventory."""

from typing import Annotated, Literal

from pydantic import Field

from meshrole.inventory.types import (
    BUCKET,
    DAY,
    EMAIL,
    RECORDER,
    RESOURCE_TYPE,
    RULE_IDENTIFIER,
    TARGET,
    TRAIL,
    Name,
    Region,
    Strict,
    Text,
)

# Those of a mesh's own services that CloudTrail has network activity events of; VPC Lattice has none:
# https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-network-events-with-cloudtrail.html
NetworkSource = Literal["appmesh", "ecs", "servicediscovery"]
# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
LogDays = Literal[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653]

Bucket = Annotated[str, Field(pattern=BUCKET)]
Days = Annotated[int, Field(ge=1, le=36_500)]


class ObjectLock(Strict):
    """Nobody deletes a record before its time; in compliance mode not even the account's root user.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
    """

    mode: Literal["governance", "compliance"] = "governance"
    days: Days


class DataEvents(Strict):
    """Data events of one resource type.

    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html
    """

    type: Annotated[str, Field(pattern=RESOURCE_TYPE)]
    resources: list[Text] = []
    only: Literal["read", "write"] | None = None


class Trail(Strict):
    """CloudTrail: one multi-region trail, of the organization or of each account."""

    name: Annotated[str, Field(pattern=TRAIL)] | None = None
    organization: bool = False
    bucket: Bucket | None = None
    retention_days: Days = 400
    glacier_after_days: Days | None = None
    object_lock: ObjectLock | None = None
    cloudwatch_logs_days: LogDays | None = None
    sns: bool = False
    insights: list[Literal["api-call-rate", "api-error-rate"]] = []
    data_events: dict[Name, DataEvents] = {}
    network_activity: list[NetworkSource] = []
    readers: list[Text] = []


class ConfigRule(Strict):
    """An AWS Config managed rule, by its identifier."""

    identifier: Annotated[str, Field(pattern=RULE_IDENTIFIER)]
    types: list[Annotated[str, Field(pattern=RESOURCE_TYPE)]] = []
    parameters: dict[Text, Text] = {}


class Config(Strict):
    """AWS Config: a recorder in each account and region, rules, and an aggregator in the audit account."""

    recorder: Annotated[str, Field(pattern=RECORDER)] | Literal[False] = "default"
    service_linked_role: bool = False
    types: list[Annotated[str, Field(pattern=RESOURCE_TYPE)]] = []
    frequency: Literal["continuous", "daily"] = "continuous"
    rules: dict[Name, ConfigRule] = {}
    aggregator: bool = True


class Athena(Strict):
    """Tables and named queries over the trail."""

    results_bucket: Bucket | None = None
    results_retention_days: Days = 30
    scan_limit_gb: Annotated[int, Field(ge=1, le=100_000)] = 100
    since: Annotated[str, Field(pattern=DAY)] = "2026-01-01"


class Alarms(Strict):
    """Who is told when an identity or the audit itself is changed."""

    emails: list[Annotated[str, Field(pattern=EMAIL)]] = []
    topic: Text | None = None


class AccessAnalyzer(Strict):
    """IAM Access Analyzer."""

    external: bool = True
    unused_days: Annotated[int, Field(ge=1, le=365)] | None = None


class Audit(Strict):
    """What records the identities' actions. Without an `account` each account keeps its own records."""

    account: Name | None = None
    region: Region | None = None
    key: Text | None = None
    trail: Trail | None = None
    config: Config | None = None
    athena: Athena | None = None
    alarms: Alarms | None = None
    access_analyzer: AccessAnalyzer | None = None


class Guardrails(Strict):
    """What no identity may ever do, whatever its policy says."""

    permissions_boundary: bool = False
    service_control_policy: bool = False
    resource_control_policy: bool = False
    administrators: list[Text] = []
    targets: list[Annotated[str, Field(pattern=TARGET)]] = []
