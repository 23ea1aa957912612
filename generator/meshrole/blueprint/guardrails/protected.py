"""What guardrails protect, as patterns of ARNs: trails, archives, identities, boundaries."""

from collections.abc import Mapping
from dataclasses import dataclass

from meshrole.blueprint.audit.names import RoleNames
from meshrole.blueprint.audit.places import Places, archive_name, config_archive_name
from meshrole.blueprint.model import Module
from meshrole.inventory.audit_values import Site
from meshrole.inventory.values import Environment, Inventory


@dataclass(frozen=True, slots=True)
class Protected:
    """Everything that no identity may touch; empty where the inventory has none of it.

    `workloads` are patterns of the workloads' roles alone, `roles` of every role of ours; `key_aliases` begin with alias/.
    """

    trails: tuple[str, ...]
    has_recorder: bool
    buckets: tuple[str, ...]
    key_aliases: tuple[str, ...]
    roles: tuple[str, ...]
    workloads: tuple[str, ...]
    policies: tuple[str, ...]
    boundaries: tuple[str, ...]
    users: tuple[str, ...]


def protected(inventory: Inventory, modules: Mapping[str, tuple[Module, ...]]) -> Protected:
    """What the whole inventory has to protect, in whichever account."""
    names = RoleNames.of(inventory.environments, modules)
    workloads = (*(f"{prefix}*" for prefix in names.prefixes), *names.others)
    first = inventory.environments[0]
    audit, places = inventory.audit, Places(inventory.audit) if inventory.audit else None
    archives = [site for site in places.sites if places.keeps_archive(site)] if places and audit and audit.entry.trail else []
    trails = {site.trail for site in places.sites if places.makes_trail(site)} if places else set()
    boundaries = {
        boundary.replace(f"::{environment.account}:", "::*:")
        for environment in inventory.environments
        for boundary in RoleNames.of([environment], modules).boundaries
    }
    return Protected(
        trails=tuple(sorted(f"arn:{first.partition}:cloudtrail:*:*:trail/{trail}" for trail in trails)),
        has_recorder=bool(audit and audit.entry.config),
        buckets=tuple(sorted(f"arn:{first.partition}:s3:::{bucket}" for bucket in _buckets(archives))),
        key_aliases=tuple(sorted(f"alias/{name}" for name in _archive_names(archives))),
        roles=_arns(first, "role", (*workloads, *names.federated)),
        workloads=_named(first, "role", workloads),
        policies=_arns(first, "policy", workloads),
        boundaries=tuple(sorted(boundaries)),
        users=_arns(first, "user", workloads),
    )


def _buckets(archives: list[Site]) -> set[str]:
    return {bucket for site in archives for bucket in (site.bucket, site.config_bucket)}


def _archive_names(archives: list[Site]) -> set[str]:
    names = {archive_name(site.environment) for site in archives}
    return names | {config_archive_name(site.environment) for site in archives if site.config_bucket != site.bucket}


def _arns(environment: Environment, kind: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """A path of the organization's own stands for every name below it."""
    return _named(environment, kind, names if environment.role_path == "/" else ("*",))


def _named(environment: Environment, kind: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """Patterns of names in every account."""
    start = f"arn:{environment.partition}:iam::*:{kind}{environment.role_path}"
    return tuple(sorted({f"{start}{name}" for name in names}))
