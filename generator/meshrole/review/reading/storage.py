"""Buckets with everything that other resources say about them, and keys.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_bucket
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from meshrole.plans.resources import Resource
from meshrole.review.reading.items import Items, block_text, blocks, has, number, policy, text, truth
from meshrole.review.records import Bucket, Expiry, Key
from meshrole.review.things import UNKNOWN, Number, Text, Truth

BUCKET = "aws_s3_bucket"
BLOCK, ACL, VERSIONING = "aws_s3_bucket_public_access_block", "aws_s3_bucket_acl", "aws_s3_bucket_versioning"
ENCRYPTION = "aws_s3_bucket_server_side_encryption_configuration"
LIFECYCLE, LOCK = "aws_s3_bucket_lifecycle_configuration", "aws_s3_bucket_object_lock_configuration"
ABOUT = (BLOCK, ACL, VERSIONING, ENCRYPTION, LIFECYCLE, LOCK)
KEYS = ("aws_kms_key", "aws_kms_external_key", "aws_kms_replica_key")
KEY_POLICY = "aws_kms_key_policy"
TYPES = {BUCKET, *ABOUT, *KEYS, KEY_POLICY}
DAYS_A_YEAR = 365
Said = Mapping[str, Resource]


def buckets(items: Items) -> Iterator[Bucket]:
    """Every bucket; what is said of one that is not in the plan stands under the address of what says it."""
    said: dict[str, dict[str, Resource]] = defaultdict(dict)
    for item in items.of(*ABOUT):
        on = items.reference(item, "bucket", BUCKET)
        name = on.text if isinstance(on.text, str) else item.address
        said[on.address or f"name {name}"].setdefault(item.type, item)
    for item in items.of(BUCKET):
        about = said.pop(item.address, {})
        yield _bucket(items, item, item, about)
    for about in said.values():
        first = next(iter(about.values()))
        yield _bucket(items, first, None, about)


def keys(items: Items) -> Iterator[Key]:
    """Every KMS key."""
    apart = {items.reference(item, "key_id", KEYS[0]).address: item for item in items.of(KEY_POLICY)}
    for item in items.of(*KEYS):
        holder = apart.get(item.address, item)
        is_said = has(holder, "policy") and (holder.values["policy"] is not UNKNOWN or "policy" in holder.references)
        yield Key(
            **items.base(item),
            arn=text(item, "arn"),
            description=text(item, "description"),
            is_enabled=truth(item, "is_enabled" if item.type == KEYS[0] else "enabled"),
            rotates=truth(item, "enable_key_rotation"),
            deletion_days=number(item, "deletion_window_in_days"),
            policy=policy(holder, "policy") if is_said else None,
        )


def _bucket(items: Items, main: Resource, bucket: Resource | None, about: Said) -> Bucket:
    lock = _default_retention(about.get(LOCK))
    return Bucket(
        **items.base(main),
        name=text(main, "bucket"),
        arn=text(bucket, "arn") if bucket else None,
        acl=_said(about, ACL, "acl"),
        blocks=_blocks(about.get(BLOCK)),
        versioning=_nested(about.get(VERSIONING), "versioning_configuration", "status"),
        encryption=_encryption(about.get(ENCRYPTION)),
        expiries=tuple(_expiries(about.get(LIFECYCLE) or bucket)),
        lock_mode=lock[0],
        lock_days=lock[1],
        force_destroy=truth(bucket, "force_destroy") if bucket else None,
    )


def _said(about: Said, kind: str, attribute: str) -> Text:
    return text(about[kind], attribute) if kind in about else None


def _blocks(item: Resource | None) -> tuple[Truth, Truth, Truth, Truth] | None:
    if item is None:
        return None
    names = ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")
    one, two, three, four = (truth(item, name) for name in names)
    return one, two, three, four


def _nested(item: Resource | None, block: str, attribute: str) -> Text:
    found = blocks(item, block) if item else []
    return block_text(found[0], attribute) if found else None


def _encryption(item: Resource | None) -> Text:
    for rule in blocks(item, "rule") if item else ():
        for default in blocks(rule, "apply_server_side_encryption_by_default"):
            return block_text(default, "sse_algorithm")
    return None


def _expiries(item: Resource | None) -> Iterator[Expiry]:
    """Rules that delete; a bucket of provider 3 holds them itself, as `lifecycle_rule`."""
    if item is None:
        return
    for rule in (*blocks(item, "rule"), *blocks(item, "lifecycle_rule")):
        for expiration in blocks(rule, "expiration"):
            days = number(expiration, "days")
            if days:
                is_enabled = rule.get("status", "Enabled") != "Disabled" and rule.get("enabled", True) is not False
                yield Expiry(days, _prefix(rule), is_enabled)


def _prefix(rule: Mapping[str, Any]) -> Text:
    for holder in (rule, *blocks(rule, "filter"), *(both for each in blocks(rule, "filter") for both in blocks(each, "and"))):
        if holder.get("prefix"):
            return block_text(holder, "prefix")
    return None


def _default_retention(item: Resource | None) -> tuple[Text, Number]:
    for rule in blocks(item, "rule") if item else ():
        for default in blocks(rule, "default_retention"):
            years = number(default, "years")
            days = years * DAYS_A_YEAR if isinstance(years, int) and years else number(default, "days")
            return block_text(default, "mode"), days
    return None, None
