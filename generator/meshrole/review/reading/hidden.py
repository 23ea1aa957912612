"""What nobody can read of what a plan touches: policies, and the attributes that a check looks at.

https://developer.hashicorp.com/terraform/internals/json-format#change-representation
"""

from collections.abc import Iterable, Iterator
from typing import Any

from meshrole.plans.resources import Resource
from meshrole.review.documents import Policy
from meshrole.review.model import Unknown
from meshrole.review.reading.items import HIDDEN, Items
from meshrole.review.things import MOVE, NO_OP, UNKNOWN

SWITCHES = ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")
# Attributes that say how it is; of nested blocks those alone that a check looks at, for providers work out others themselves.
WATCHED = {
    "aws_cloudtrail": (
        "enable_logging",
        "is_multi_region_trail",
        "is_organization_trail",
        "include_global_service_events",
        "enable_log_file_validation",
        "event_selector",
        "advanced_event_selector",
    ),
    "aws_cloudtrail_event_data_store": ("retention_period", "termination_protection_enabled", "suspend"),
    "aws_cloudwatch_log_group": ("retention_in_days",),
    "aws_config_configuration_recorder": (
        "recording_group.all_supported",
        "recording_group.include_global_resource_types",
        "recording_group.resource_types",
        "recording_mode.recording_frequency",
    ),
    "aws_config_configuration_recorder_status": ("is_enabled",),
    "aws_kms_external_key": ("enabled",),
    "aws_kms_key": ("is_enabled",),
    "aws_kms_replica_key": ("enabled",),
    "aws_s3_bucket": ("force_destroy",),
    "aws_s3_bucket_acl": ("acl",),
    "aws_s3_bucket_lifecycle_configuration": ("rule.days", "rule.status"),
    "aws_s3_bucket_object_lock_configuration": ("rule.days", "rule.mode", "rule.years"),
    "aws_s3_bucket_public_access_block": SWITCHES,
    "aws_s3_bucket_versioning": ("versioning_configuration.status",),
    "aws_vpclattice_service": ("auth_type",),
    "aws_vpclattice_service_network": ("auth_type",),
}
# Attributes that name another resource: one that the plan has is known by its address before it has an ARN.
NAMING = {
    "aws_cloudtrail": ("kms_key_id", "s3_bucket_name"),
    "aws_config_delivery_channel": ("s3_bucket_name",),
    "aws_ecs_task_definition": ("task_role_arn", "execution_role_arn"),
    "aws_eks_pod_identity_association": ("role_arn",),
    "aws_iam_instance_profile": ("role",),
    "aws_iam_role": ("permissions_boundary",),
    "aws_iam_user": ("permissions_boundary",),
    "aws_lambda_function": ("role",),
}


def hidden(policies: Iterable[Policy], items: Items) -> tuple[Unknown, ...]:
    """Each thing that nobody can read, once: of the policies of this side, and of its resources."""
    return tuple(dict.fromkeys((*_policies(policies, items), *_attributes(items))))


def _policies(policies: Iterable[Policy], items: Items) -> Iterator[Unknown]:
    for each in policies:
        address, _, attribute = each.source.rpartition(".")
        if items.step(address).action in (NO_OP, MOVE):
            continue
        if each.text is None:
            yield Unknown(address, f"{attribute}: {each.why}")
        elif not each.is_known:
            yield Unknown(address, f"{attribute}: this is no policy that can be read")


def _attributes(items: Items) -> Iterator[Unknown]:
    for item in items.of(*dict.fromkeys((*WATCHED, *NAMING))):
        if items.step(item.address).action not in (NO_OP, MOVE):
            named = (each for each in NAMING.get(item.type, ()) if not items.names_one(item, each))
            for attribute in (*WATCHED.get(item.type, ()), *named):
                name, _, inner = attribute.partition(".")
                if _is_said(item, name) and _is_hidden(item.values.get(name), inner):
                    yield Unknown(item.address, f"{attribute}: {HIDDEN}")


def _is_said(item: Resource, attribute: str) -> bool:
    """Whether the configuration says it; what the provider works out by itself is as it is by default."""
    return attribute in item.references


def _is_hidden(value: Any, inner: str) -> bool:
    """Whether a value is, or in a block `inner` is, at any depth; without `inner` anything in it."""
    if isinstance(value, dict):
        return any(_is_hidden(each, "" if name == inner else inner) for name, each in value.items() if _counts(name, each, inner))
    return any(_is_hidden(each, inner) for each in value) if isinstance(value, list) else value is UNKNOWN


def _counts(name: str, value: Any, inner: str) -> bool:
    return inner in ("", name) or isinstance(value, dict | list)
