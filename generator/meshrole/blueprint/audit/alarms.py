"""Alarms: in each region what happens there, and IAM's events where they arrive."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from meshrole.blueprint.audit.names import RoleNames
from meshrole.blueprint.audit.places import GLOBAL_REGION, Places, trail_arn
from meshrole.blueprint.audit.values import Alarms
from meshrole.blueprint.model import Module
from meshrole.blueprint.naming import joined
from meshrole.inventory.audit_values import Site

# An event pattern has 2,048 characters, and besides the roles there are the calls and the administrators in it:
# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
ROOM_FOR_NAMES = 900
# A rule's name has 64 characters, and the module adds up to -instance-profiles to it:
# https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html
MAX_NAME = 46


def alarms(
    site: Site, places: Places, administrators: tuple[str, ...], modules: Mapping[str, tuple[Module, ...]]
) -> Iterator[Alarms]:
    """The alarms of one root: of its own region, and once in an account those about IAM.

    IAM's events reach EventBridge in one region of the partition only:
    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
    """
    entry = places.audit.entry.alarms
    if entry is None:
        return
    environment = site.environment
    is_global_here = environment.region == GLOBAL_REGION[environment.partition]
    own = RoleNames.of([environment] if site in places.audit.sites else [], modules)
    account = RoleNames.of(places.environments_like(site), modules)
    has_roles = bool(account.prefixes or account.others or account.federated)
    watches_roles = has_roles and site in places.audit.sites and places.is_first_of_account(site)
    local = _alarms(site, places, administrators, account if is_global_here and watches_roles else own)
    yield replace(local, watches_roles=is_global_here and watches_roles)
    if watches_roles and not is_global_here:
        yield _global(site, places, administrators, account)


def _alarms(site: Site, places: Places, administrators: tuple[str, ...], names: RoleNames) -> Alarms:
    entry = places.audit.entry.alarms
    assert entry
    prefixes, others = _fitting(names, site.environment.organization)
    return Alarms(
        name=joined(site.environment.organization, site.environment.name, longest=MAX_NAME),
        region=site.environment.region,
        is_global=False,
        topic=site.topic,
        emails=tuple(entry.emails),
        role_prefixes=prefixes,
        role_names=others,
        policy_prefixes=prefixes,
        administrators=administrators,
        watches_roles=False,
        watches_recorder=places.makes_recorder(site),
        watches_denials=bool(names.prefixes or names.others or names.federated),
        watches_envoys=names.have_envoys,
        watches_archive=places.audit.entry.trail is not None and places.keeps_archive(site),
        trails=(trail_arn(site, places.audit),) if places.makes_trail(site) else (),
    )


def _fitting(names: RoleNames, organization: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(prefixes, other names) of the roles; where these are too many for a pattern, whatever begins with the organization."""
    others = (*names.others, *names.federated)
    if sum(len(name) + 3 for name in (*names.prefixes, *others)) <= ROOM_FOR_NAMES:
        return names.prefixes, others
    prefix = f"{organization}-"
    return (prefix,), tuple(name for name in others if not name.startswith(prefix))


def _global(site: Site, places: Places, administrators: tuple[str, ...], names: RoleNames) -> Alarms:
    """The alarms about IAM, in the region of its events; a topic of the inventory's is in another region."""
    local = _alarms(site, places, administrators, names)
    return replace(
        local,
        name=joined(site.environment.organization, site.environment.name, "global", longest=MAX_NAME),
        region=GLOBAL_REGION[site.environment.partition],
        is_global=True,
        topic=None,
        watches_roles=True,
        watches_recorder=False,
        watches_denials=False,
        watches_envoys=False,
        watches_archive=False,
        trails=(),
    )
