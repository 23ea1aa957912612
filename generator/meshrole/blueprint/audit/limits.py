"""What AWS allows once, or a few times, in an account and region.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html
https://docs.aws.amazon.com/config/latest/developerguide/configlimits.html
"""

from collections import defaultdict
from collections.abc import Iterator

from meshrole.blueprint.audit.places import Places
from meshrole.errors import Problem
from meshrole.inventory.audit_values import Audit, Site

TRAILS_PER_REGION = 5


def audit_limits(audit: Audit) -> Iterator[Problem]:
    """A problem for each account that would have more trails, or each place that would have more recorders, than AWS allows."""
    yield from _trails(Places(audit))
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
