"""The audit of every root: what is watched is what the inventory has, its roles, meshes, accounts and regions."""

from collections.abc import Iterable, Mapping

from meshrole.blueprint.audit.alarms import alarms
from meshrole.blueprint.audit.lattice import lattice_logs
from meshrole.blueprint.audit.names import RoleNames
from meshrole.blueprint.audit.places import (
    GLOBAL_REGION,
    Places,
    archive_name,
    config_archive_name,
    has_config_archive,
    key_alias_arn,
    trail_arn,
)
from meshrole.blueprint.audit.records import records
from meshrole.blueprint.audit.rules import POLICY_RULES, TRAIL_RULES
from meshrole.blueprint.audit.values import Analyzer, Archive, Delegation, Queries, Recorder, RootAudit, Trail
from meshrole.blueprint.model import Module
from meshrole.blueprint.naming import iam_arn
from meshrole.inventory.audit_values import Audit, Site, lower_name

Modules = Mapping[str, tuple[Module, ...]]


def design_audit(audit: Audit, administrators: tuple[str, ...], modules: Modules) -> Mapping[str, RootAudit]:
    """What records in each root, by the root's name.

    `modules` are the generated modules of each environment; `administrators` patterns of ARNs whose changes raise no alarm.
    """
    places = Places(audit)
    return {site.environment.name: _root(site, places, administrators, modules) for site in places.sites}


def delegation(audit: Audit) -> Delegation | None:
    """What the management account must hand over before the audit account can record the organization."""
    if not audit.is_of_organization or audit.home is None or audit.home.environment.account == audit.management_account:
        return None
    return Delegation(
        account=audit.home.environment.account,
        cloudtrail=True,
        config=_aggregator(audit) == "organization",
        access_analyzer=audit.entry.access_analyzer is not None,
    )


def _root(site: Site, places: Places, administrators: tuple[str, ...], modules: Modules) -> RootAudit:
    return RootAudit(
        archive=_archive(site, places),
        config_archive=_config_archive(site, places),
        trail=_trail(site, places),
        recorder=_recorder(site, places, modules),
        queries=_queries(site, places, administrators, modules),
        alarms=tuple(alarms(site, places, administrators, modules)),
        analyzer=_analyzer(site, places),
        lattice=tuple(lattice_logs(site, places.audit.entry.trail, modules.get(site.environment.name, ()))),
    )


def _archive(site: Site, places: Places) -> Archive | None:
    audit, trail = places.audit, places.audit.entry.trail
    if trail is None or not places.keeps_archive(site):
        return None
    arns = tuple(places.trail_arns(site))
    takes_config = audit.entry.config is not None and not has_config_archive(site, places)
    return Archive(
        name=archive_name(site.environment),
        bucket=site.bucket,
        trails=() if audit.is_of_organization else arns,
        organization_trail=arns[0] if audit.is_of_organization else None,
        organization_id=audit.organization_id if audit.is_of_organization else None,
        accounts=places.accounts(site) if takes_config else (),
        recorder_roles=places.recorder_roles(site) if takes_config else (),
        readers=audit.readers,
        entry=trail,
    )


def _config_archive(site: Site, places: Places) -> Archive | None:
    trail = places.audit.entry.trail
    if trail is None or not has_config_archive(site, places):
        return None
    return Archive(
        name=config_archive_name(site.environment),
        bucket=site.config_bucket,
        trails=(),
        organization_trail=None,
        organization_id=None,
        accounts=places.accounts(site),
        recorder_roles=places.recorder_roles(site),
        readers=places.audit.readers,
        entry=trail.model_copy(update={"object_lock": None}),
    )


def _trail(site: Site, places: Places) -> Trail | None:
    audit, trail = places.audit, places.audit.entry.trail
    if trail is None or not places.makes_trail(site):
        return None
    archive = places.archive_of(site)
    is_here = archive is site
    return Trail(
        name=site.trail,
        arn=trail_arn(site, audit),
        organization_id=audit.organization_id if audit.is_of_organization else None,
        management_account=audit.management_account if audit.is_of_organization else None,
        bucket=None if is_here else archive.bucket,
        key=None if is_here else audit.entry.key or key_alias_arn(archive),
        data_events=site.data_events,
        entry=trail,
    )


def _recorder(site: Site, places: Places, modules: Modules) -> Recorder | None:
    config = places.audit.entry.config
    if config is None:
        return None
    is_home = site is places.audit.home
    aggregator = _aggregator(places.audit) if is_home else ""
    makes = places.makes_recorder(site)
    if not makes and not aggregator:
        return None
    archive = places.archive_of(site)
    is_apart = archive.config_bucket != archive.bucket
    records_global = makes and places.records_iam(site)
    names = RoleNames.of(places.environments_like(site), modules)
    return Recorder(
        name=places.recorder_name(site),
        recorder=site.recorder if makes else None,
        bucket=None if archive is site else archive.config_bucket,
        key=None if archive is site or is_apart else places.audit.entry.key,
        records_global_types=records_global,
        rules=tuple((TRAIL_RULES | (POLICY_RULES if records_global else {}) | config.rules).items()) if makes else (),
        role_pattern=names.workload_pattern() if records_global else "",
        boundary_pattern=names.boundary_pattern() if records_global else "",
        bounded_pattern=names.bounded_pattern() if records_global else "",
        aggregator=aggregator,
        aggregated_accounts=places.accounts(site) if aggregator == "accounts" else (),
        aggregated_regions=_regions(places.sites),
        aggregating_account=_aggregating_account(site, places),
        aggregating_region=places.audit.home.environment.region if places.audit.home else None,
        entry=config,
    )


def _aggregator(audit: Audit) -> str:
    if audit.home is None or audit.entry.config is None or not audit.entry.config.aggregator:
        return ""
    return "organization" if audit.is_of_organization else "accounts"


def _aggregating_account(site: Site, places: Places) -> str | None:
    """An aggregator of accounts must be let in by each of them; one of an organization need not.

    https://docs.aws.amazon.com/config/latest/developerguide/authorize-aggregator-account-console.html
    """
    home = places.audit.home
    asks = _aggregator(places.audit) == "accounts" and home is not None
    return home.environment.account if asks and home and home.environment.account != site.environment.account else None


def _queries(site: Site, places: Places, administrators: tuple[str, ...], modules: Modules) -> Queries | None:
    audit = places.audit
    if audit.entry.athena is None or audit.entry.trail is None or not places.keeps_archive(site):
        return None
    accounts = places.accounts(site)
    if audit.is_of_organization and audit.management_account:
        accounts = tuple(dict.fromkeys((*accounts, audit.management_account)))
    here = [item for item in audit.sites if item.environment.account in accounts]
    return Queries(
        name=lower_name(site.environment.organization),
        bucket=None,
        key=None,
        results_bucket=site.results_bucket,
        organization_id=audit.organization_id if audit.is_of_organization else None,
        accounts=accounts,
        regions=_regions((*here, site)),
        roles=tuple(records([item.environment for item in here], modules)),
        administrators=administrators,
        watched_policies=_policies(here, modules),
        entry=audit.entry.athena,
    )


def _policies(sites: Iterable[Site], modules: Modules) -> tuple[str, ...]:
    """ARN patterns of the boundaries of the sites' roles, and of their policies that are too long to be inline."""
    found: set[str] = set()
    for site in sites:
        environment = site.environment
        names = RoleNames.of([environment], modules)
        found |= {iam_arn(environment, "policy", f"{prefix}*", environment.role_path) for prefix in names.prefixes}
        found |= set(names.boundaries)
    return tuple(sorted(found))


def _regions(sites: Iterable[Site]) -> tuple[str, ...]:
    """The regions of the sites, and the one in which IAM's events are."""
    found = {region for site in sites for region in (site.environment.region, GLOBAL_REGION[site.environment.partition])}
    return tuple(sorted(found))


def _analyzer(site: Site, places: Places) -> Analyzer | None:
    entry = places.audit.entry.access_analyzer
    if entry is None:
        return None
    is_whole = places.audit.is_of_organization
    if site is not places.audit.home if is_whole else not places.is_first_of_region(site):
        return None
    # Unused access is the same in every region, and is paid for each analyzer:
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-create-unused.html
    unused_days = entry.unused_days if is_whole or places.is_first_of_account(site) else None
    name = archive_name(site.environment)
    if not entry.external and unused_days is None:
        return None
    return Analyzer(name, "ORGANIZATION" if is_whole else "ACCOUNT", entry.external, unused_days)
