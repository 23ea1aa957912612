"""What AWS allows once, or a few times, in an account and region.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html
https://docs.aws.amazon.com/config/latest/developerguide/configlimits.html
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from meshrole.blueprint.audit.places import Places
from meshrole.errors import Problem
from meshrole.inventory.audit_values import Audit, Site

TRAILS_PER_REGION = 5
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/add-bucket-policy.html
MAX_BUCKET_POLICY = 20_480
# The least that the statements of log-archive's policy have beside the names in them.
OF_ALL, OF_DELIVERY = 1_200, 240


def audit_limits(audit: Audit) -> Iterator[Problem]:
    """A problem for each account that would have more trails, or each place that would have more recorders, than AWS allows."""
    yield from _trails(Places(audit))
    yield from _archives(Places(audit))
    yield from _recorders(audit)


def _trails(places: Places) -> Iterator[Problem]:
    """A multi-region trail counts in every region of its account."""
    accounts: dict[str, list[Site]] = defaultdict(list)
    for site in places.sites:
        if places.makes_trail(site):
            accounts[site.environment.account].append(site)
    for sites in accounts.values():
        environment = sites[0].environment
        count = len(sites) + environment.existing_trails
        if count > TRAILS_PER_REGION:
            existing = f", and {environment.existing_trails} that exist" if environment.existing_trails else ""
            yield Problem(
                f"account {environment.account_name} would have {count} trails in every region, AWS allows {TRAILS_PER_REGION}",
                path=("audit", "trail"),
                found=", ".join(site.trail for site in sites) + existing,
                help="AWS does not raise this quota; leave {environment} out of the name, and one trail records the account",
            )


def _archives(places: Places) -> Iterator[Problem]:
    """A bucket to which so many accounts deliver that its policy has no room for their names."""
    for site in places.sites if places.audit.entry.trail else ():
        if not places.keeps_archive(site):
            continue
        accounts = places.accounts(site)
        size = _policy_size(places, site)
        if size > MAX_BUCKET_POLICY:
            yield Problem(
                f"the policy of the bucket {site.bucket} would have more than {size:,} characters for {len(accounts)} accounts: "
                f"S3 allows {MAX_BUCKET_POLICY:,}",
                path=("audit", "account"),
                found=site.environment.account_name,
                help="a trail of the organization (audit.trail.organization) names one trail; config names every account",
            )


def _policy_size(places: Places, site: Site) -> int:
    """The least that the bucket's policy can have: every name as often as a statement has it, in quotes and with a comma."""
    environment = site.environment
    folder = f"arn:{environment.partition}:s3:::{site.bucket}/AWSLogs/{environment.account}/"
    root = f"arn:{environment.partition}:iam::{environment.account}:root"
    trails = tuple(places.trail_arns(site))
    owners = () if places.audit.is_of_organization else _owners(trails)
    delivering = places.accounts(site) if places.audit.entry.config and site.config_bucket == site.bucket else ()
    roles = places.recorder_roles(site) if delivering else ()
    names = (*trails, *trails, *(f"{folder}*" for _ in owners), *roles, *(root for _ in _owners(roles)))
    statement = OF_DELIVERY + len(folder) + 4 * (len(environment.account) + 3)
    return OF_ALL + sum(len(name) + 3 for name in names) + len(delivering) * statement


def _owners(arns: Iterable[str]) -> set[str]:
    return {arn.split(":")[4] for arn in arns}


def _recorders(audit: Audit) -> Iterator[Problem]:
    first: dict[tuple[str, str], Site] = {}
    for site in audit.sites:
        place = (site.environment.account, site.environment.region)
        other = first.setdefault(place, site)
        if site.recorder != other.recorder:
            yield Problem(
                f'"{other.environment.name}" and "{site.environment.name}" would have two recorders in account '
                f"{place[0]}, {place[1]}: AWS allows one",
                path=("audit", "config", "recorder"),
                found=f"{other.recorder}, {site.recorder}",
                help="give the recorder one name for an account and region",
            )
