"""Trails, recorders and rules.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cloudtrail
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from meshrole.plans.resources import Resource
from meshrole.review.reading.identities import ROLE
from meshrole.review.reading.items import Items, block_text, blocks, names, number, text, truth
from meshrole.review.reading.storage import BUCKET
from meshrole.review.records import DeliveryChannel, EventStore, LogGroup, Recorder, Rule, Trail
from meshrole.review.things import UNKNOWN, Names, Reference, Text

TRAIL, STORE = "aws_cloudtrail", "aws_cloudtrail_event_data_store"
RECORDER, STATUS = "aws_config_configuration_recorder", "aws_config_configuration_recorder_status"
CHANNEL, RULE, LOG_GROUP = "aws_config_delivery_channel", "aws_config_config_rule", "aws_cloudwatch_log_group"
IN_ARN = re.compile(r"arn:[^:]*:logs:[^:]*:[^:]*:log-group:([^:]+)")
# A rule of the organization: the attribute that says what it checks.
ORGANIZATION_RULES = {
    "aws_config_organization_managed_rule": "rule_identifier",
    "aws_config_organization_custom_rule": "lambda_function_arn",
    "aws_config_organization_custom_policy_rule": "policy_text",
}
LOGS = "cloud_watch_logs_group_arn"
TYPES = {TRAIL, STORE, RECORDER, STATUS, CHANNEL, RULE, LOG_GROUP, *ORGANIZATION_RULES}


def trails(items: Items) -> Iterator[Trail]:
    """Every trail."""
    for item in items.of(TRAIL):
        yield Trail(
            **items.base(item),
            name=text(item, "name"),
            bucket=items.reference(item, "s3_bucket_name", BUCKET),
            prefix=text(item, "s3_key_prefix"),
            is_logging=truth(item, "enable_logging"),
            is_multi_region=truth(item, "is_multi_region_trail"),
            is_organization=truth(item, "is_organization_trail"),
            has_global_events=truth(item, "include_global_service_events"),
            validates_files=truth(item, "enable_log_file_validation"),
            key=text(item, "kms_key_id") or None,
            log_group=_log_group(items, item),
            selectors=_selectors(item),
        )


def event_stores(items: Items) -> Iterator[EventStore]:
    """Every event data store of CloudTrail Lake."""
    for item in items.of(STORE):
        suspended = item.values.get("suspend")
        yield EventStore(
            **items.base(item),
            name=text(item, "name"),
            retention_days=number(item, "retention_period"),
            is_protected=truth(item, "termination_protection_enabled"),
            is_suspended=suspended == "true" if isinstance(suspended, str) else truth(item, "suspend"),
        )


def log_groups(items: Items) -> Iterator[LogGroup]:
    """Every log group of CloudWatch; 0 days are for ever.

    https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cloudwatch_log_group#retention_in_days-1
    """
    for item in items.of(LOG_GROUP):
        days, is_kept = number(item, "retention_in_days") or None, truth(item, "skip_destroy") is True
        yield LogGroup(**items.base(item), name=text(item, "name"), retention_days=days, is_kept=is_kept)


def recorders(items: Items) -> Iterator[Recorder]:
    """Every recorder, with its status."""
    status = {items.reference(item, "name", RECORDER).address: item for item in items.of(STATUS)}
    for item in items.of(RECORDER):
        group = next(iter(blocks(item, "recording_group")), {})
        mode = next(iter(blocks(item, "recording_mode")), {})
        yield Recorder(
            **items.base(item),
            name=text(item, "name"),
            role=items.reference(item, "role_arn", ROLE),
            is_on=truth(status[item.address], "is_enabled") if item.address in status else None,
            is_all=truth(group, "all_supported"),
            has_global=truth(group, "include_global_resource_types"),
            types=names(group, "resource_types"),
            excluded=_excluded(group),
            frequency=block_text(mode, "recording_frequency"),
        )


def channels(items: Items) -> Iterator[DeliveryChannel]:
    """Where AWS Config delivers."""
    for item in items.of(CHANNEL):
        bucket = items.reference(item, "s3_bucket_name", BUCKET)
        yield DeliveryChannel(**items.base(item), name=text(item, "name"), bucket=bucket)


def rules(items: Items) -> Iterator[Rule]:
    """Rules of accounts and of the organization."""
    for item in items.of(RULE):
        source = next(iter(blocks(item, "source")), {})
        scope = next(iter(blocks(item, "scope")), {})
        yield Rule(
            **items.base(item),
            name=text(item, "name"),
            source=block_text(source, "source_identifier") or block_text(source, "owner"),
            types=names(scope, "compliance_resource_types"),
            parameters=text(item, "input_parameters"),
        )
    for type_, attribute in ORGANIZATION_RULES.items():
        for item in items.of(type_):
            yield Rule(
                **items.base(item),
                name=text(item, "name"),
                source=text(item, attribute),
                types=names(item, "resource_types_scope"),
                parameters=text(item, "input_parameters"),
            )


def _log_group(items: Items, item: Resource) -> Reference | None:
    """The log group of a trail. A trail names it by its ARN and `:*`."""
    named = text(item, LOGS)
    if isinstance(named, str):
        found = IN_ARN.match(named)
        return Reference(found[1], items.address(LOG_GROUP, found[1])) if found else None
    return items.reference(item, LOGS, LOG_GROUP) if named is UNKNOWN else None


def _excluded(group: Mapping[str, Any]) -> Names:
    return tuple(name for block in blocks(group, "exclusion_by_resource_types") for name in names(block, "resource_types"))


def _selectors(item: Resource) -> Text:
    """Both kinds of selectors in one text; their order and empty values say nothing."""
    found = {name: item.values.get(name) or [] for name in ("event_selector", "advanced_event_selector")}
    if _has_unknown(found):
        return UNKNOWN
    plain = {name: sorted(json.dumps(_said(block), sort_keys=True) for block in value) for name, value in found.items()}
    given = {name: [json.loads(each) for each in value] for name, value in plain.items() if value}
    return json.dumps(given, sort_keys=True) if given else None


def _said(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _said(inner) for key, inner in value.items() if inner not in (None, [], "")}
    return sorted((_said(inner) for inner in value), key=json.dumps) if isinstance(value, list) else value


def _has_unknown(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(map(_has_unknown, value.values()))
    return any(map(_has_unknown, value)) if isinstance(value, list) else value is UNKNOWN
