"""What AWS asks of names and times in the audit section. Each rule has its page."""

import re
from collections.abc import Iterable, Sequence

from meshrole.inventory.audit_model import Audit as AuditEntry
from meshrole.inventory.audit_values import Site
from meshrole.inventory.grants import check_arn
from meshrole.inventory.model import Organization
from meshrole.inventory.scope import PLACEHOLDER, Scope

# https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
BUCKET = re.compile(r"[a-z0-9](?!.*\.\.)[a-z0-9.-]{1,61}[a-z0-9]")
BUCKET_REFUSED = ("xn--", "sthree-", "amzn-s3-demo-")
BUCKET_REFUSED_ENDS = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")
# https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-trail-naming-requirements.html
TRAIL = re.compile(r"[A-Za-z0-9](?!.*[._-]{2})[A-Za-z0-9._-]{1,126}[A-Za-z0-9]")
RECORDER = re.compile(r"[A-Za-z0-9_-]{1,256}")
MAX_TRAIL_WITH_LOGS = 48
IP_ADDRESS = re.compile(r"[0-9]{1,3}(\.[0-9]{1,3}){3}")


def check_names(entry: AuditEntry, site: Site, scope: Scope) -> None:
    """The names that hold in one root, once their placeholders are filled in."""
    if entry.trail and entry.trail.name:
        _trail_name(site.trail, scope.at("trail", "name"))
    if entry.trail and entry.trail.cloudwatch_logs_days:
        _trail_with_logs(site.trail, scope.at("trail", "cloudwatch_logs_days"))
    if entry.trail and entry.trail.bucket:
        _bucket_name(site.bucket, scope.at("trail", "bucket"))
    if entry.athena and entry.athena.results_bucket:
        _bucket_name(site.results_bucket, scope.at("athena", "results_bucket"))
    if entry.athena and site.results_bucket == site.bucket:
        scope.at("athena", "results_bucket").problem(
            "the results of queries must not lie among the records: both buckets are one", found=site.bucket
        )
    if entry.config and site.recorder and not RECORDER.fullmatch(site.recorder):
        scope.at("config", "recorder").problem("this must be a recorder's name: letters, digits, - and _", found=site.recorder)


def check_topic(topic: str, scope: Scope) -> bool:
    """Whether the alarms of a root reach their topic.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-cross-account.html
    """
    parsed, environment = check_arn(topic, scope, "sns"), scope.environment
    if parsed is None or (parsed.region, parsed.account) == (environment.region, environment.account):
        return parsed is not None
    scope.problem(
        f'the alarms of "{environment.name}" cannot reach this topic: it has to be in their region, {environment.region}, '
        f"and their account, {environment.account}",
        found=topic,
        hint="write {region} and {account} into it, or leave the topic out: each root makes one",
    )
    return False


def check_home(entry: AuditEntry, home: Scope | None, scopes: Iterable[Scope]) -> None:
    """The audit account's key and region, and whether records can get there."""
    if home is None:
        return
    environment, here = home.environment, home.at("audit")
    account, region = environment.account, environment.region
    key = check_arn(here.at("key").fill(entry.key), here.at("key"), "kms", "key/") if entry.key else None
    if key and (key.region, key.account) != (region, account):
        # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
        here.at("key").problem(
            f"the key of the records is in the audit account and its bucket's region, {account} and {region}",
            found=entry.key,
            hint="give the output `audit_key_arn` of the root `audit`",
        )
    for scope in scopes:
        if scope.environment.partition != environment.partition:
            here.at("account").problem(
                f'records cannot go from "{scope.environment.name}" in {scope.environment.partition} to the audit account in '
                f"{environment.partition}",
                hint="give the other partition an inventory of its own",
            )


def check_homeless(entry: AuditEntry, scope: Scope) -> None:
    """What is about an audit account where there is none."""
    for name in ("key", "region"):
        if getattr(entry, name):
            scope.at(name).problem(
                f"audit.{name} is the audit account's, and there is none", hint="give audit.account, or leave it out"
            )


def check_prefix(prefix: str, scope: Scope) -> None:
    """What the ARNs of resources begin with: of the partition in which the trail is."""
    partition = scope.environment.partition
    if not PLACEHOLDER.search(prefix) and not prefix.startswith(f"arn:{partition}:"):
        scope.problem(
            f"this is what ARNs begin with, so that it begins with arn:{partition}:", found=prefix, hint="write arn:{partition}:"
        )


def check(entry: AuditEntry, scope: Scope, sites: Sequence[Site], organization: Organization, *, has_home: bool) -> None:
    """What one part of the audit asks of another."""
    _needs(entry, scope)
    _retention(entry, scope)
    _organization(entry, scope, organization, has_home=has_home)
    if not has_home:
        _one_bucket_each(entry, scope, sites)


def _trail_name(name: str, scope: Scope) -> None:
    if not TRAIL.fullmatch(name) or IP_ADDRESS.fullmatch(name):
        scope.problem(
            "AWS would refuse this trail name: 3 to 128 letters and digits, between them single dots, dashes and underscores",
            found=name,
            hint="for example acme-mesh",
        )


def _trail_with_logs(name: str, scope: Scope) -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""
    if len(name) > MAX_TRAIL_WITH_LOGS:
        scope.problem(
            f"the role of the log group would be called <trail>-cloudwatch-logs, and a role's name has 64 characters: "
            f"with a log group a trail's name has at most {MAX_TRAIL_WITH_LOGS}",
            found=name,
            hint="give trail.name, or a shorter one",
        )


def _bucket_name(name: str, scope: Scope) -> None:
    refused = name.startswith(BUCKET_REFUSED) or name.endswith(BUCKET_REFUSED_ENDS) or IP_ADDRESS.fullmatch(name)
    if refused or not BUCKET.fullmatch(name):
        scope.problem(
            "AWS would refuse this bucket name: 3 to 63 lower-case letters, digits, dots and dashes",
            found=name,
            hint="for example acme-audit-444455556666",
        )


def _needs(entry: AuditEntry, scope: Scope) -> None:
    if entry.trail is None:
        for part in ("config", "athena"):
            if getattr(entry, part):
                scope.at(part).problem(f"{part} needs the trail's bucket", hint="add `trail: {}` to the audit")


def _retention(entry: AuditEntry, scope: Scope) -> None:
    trail = entry.trail
    if trail is None:
        return
    here = scope.at("trail", "retention_days")
    if trail.object_lock and trail.retention_days < trail.object_lock.days:
        here.problem(
            f"records are locked for {trail.object_lock.days:,} days and would expire before",
            found=str(trail.retention_days),
            hint=f"at least {trail.object_lock.days}",
        )
    if trail.glacier_after_days and trail.glacier_after_days >= trail.retention_days:
        scope.at("trail", "glacier_after_days").problem(
            f"records expire after {trail.retention_days:,} days, before they would move to Glacier",
            found=str(trail.glacier_after_days),
        )


def _organization(entry: AuditEntry, scope: Scope, organization: Organization, *, has_home: bool) -> None:
    """https://docs.aws.amazon.com/awscloudtrail/latest/userguide/creating-trail-organization.html"""
    analyzed = entry.trail and entry.trail.organization
    if not analyzed:
        return
    here = scope.at("trail", "organization")
    if organization.id is None:
        here.problem("a trail of the organization needs the id of the organization", hint="give organization.id")
    if organization.management_account is None:
        here.problem(
            "a trail of the organization belongs to its management account, whoever makes it",
            hint="give organization.management_account the name of an account",
        )
    if not has_home:
        here.problem("a trail of the organization needs an account that keeps the records", hint="give audit.account")


def _one_bucket_each(entry: AuditEntry, scope: Scope, sites: Sequence[Site]) -> None:
    """Without an audit account each account has a bucket of its own, and a bucket is in one account."""
    owners: dict[str, Site] = {}
    parts = [("trail", "bucket", entry.trail), ("athena", "results_bucket", entry.athena)]
    for part, key, written in parts:
        for site in sites if written and getattr(written, key) else ():
            name = site.bucket if key == "bucket" else site.results_bucket
            other = owners.setdefault(name, site)
            if other.environment.account != site.environment.account:
                scope.at(part, key).problem(
                    f'the environments "{other.environment.name}" and "{site.environment.name}" are in two accounts, '
                    "and a bucket is in one",
                    found=name,
                    hint="put {account} or {environment} into the name, or give audit.account",
                )
                return
