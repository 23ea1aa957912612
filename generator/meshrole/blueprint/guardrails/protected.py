"""What guardrails protect, as patterns of ARNs: trails, archives, identities, boundaries."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from meshrole.blueprint.audit.names import FEDERATED, RoleNames, roles
from meshrole.blueprint.audit.places import Places, archive_name, config_archive_name
from meshrole.blueprint.model import Module, Role
from meshrole.iam import wildcard
from meshrole.inventory.audit_values import Site
from meshrole.inventory.values import Environment, Inventory

# A policy of the organization has 5,120 characters: more boundaries than this are a pattern for each mesh. Nobody but an
# administrator makes a policy that it takes.
MOST_NAMED = 8

Modules = Mapping[str, tuple[Module, ...]]


@dataclass(frozen=True, slots=True)
class Protected:
    """Everything that no identity may touch; empty where the inventory has none of it.

    `roles` are patterns of every role of ours, `bounded` of the workloads' roles that have one of the `boundaries`;
    `key_aliases` begin with alias/.
    """

    trails: tuple[str, ...]
    has_recorder: bool
    buckets: tuple[str, ...]
    key_aliases: tuple[str, ...]
    roles: tuple[str, ...]
    bounded: tuple[str, ...]
    policies: tuple[str, ...]
    boundaries: tuple[str, ...]
    users: tuple[str, ...]


def protected(inventory: Inventory, modules: Modules) -> Protected:
    """What the whole inventory has to protect, in whichever account."""
    names = RoleNames.of(inventory.environments, modules)
    workloads = _patterns(names)
    audit, places = inventory.audit, Places(inventory.audit) if inventory.audit else None
    archives = [site for site in places.sites if places.keeps_archive(site)] if places and audit and audit.entry.trail else []
    trails = {_trail(site) for site in places.sites if places.makes_trail(site)} if places else set()
    boundaries = _boundaries(inventory, modules)
    policies = _arns(inventory, "policy", workloads)
    return Protected(
        trails=tuple(sorted(trails)),
        has_recorder=bool(audit and audit.entry.config),
        buckets=tuple(sorted(bucket for site in archives for bucket in _buckets(site))),
        key_aliases=tuple(sorted(f"alias/{name}" for name in _archive_names(archives))),
        roles=_arns(inventory, "role", (*workloads, *names.federated)),
        bounded=_bounded(inventory, modules),
        policies=(*policies, *(arn for arn in boundaries if not any(wildcard.covers(policy, arn) for policy in policies))),
        boundaries=boundaries,
        users=_arns(inventory, "user", workloads),
    )


def _trail(site: Site) -> str:
    return f"arn:{site.environment.partition}:cloudtrail:*:*:trail/{site.trail}"


def _buckets(site: Site) -> set[str]:
    return {f"arn:{site.environment.partition}:s3:::{bucket}" for bucket in (site.bucket, site.config_bucket)}


def _archive_names(archives: list[Site]) -> set[str]:
    names = {archive_name(site.environment) for site in archives}
    return names | {config_archive_name(site.environment) for site in archives if site.config_bucket != site.bucket}


def _boundaries(inventory: Inventory, modules: Modules) -> tuple[str, ...]:
    found = {
        boundary.replace(f"::{environment.account}:", "::*:")
        for environment in inventory.environments
        for boundary in RoleNames.of([environment], modules).boundaries
    }
    if len(found) <= MOST_NAMED:
        return tuple(sorted(found))
    names = RoleNames.of(inventory.environments, modules)
    wide = _named(inventory.environments, "policy", [f"{prefix}*-boundary" for prefix in names.prefixes])
    return tuple(sorted({*wide, *(arn for arn in found if not any(wildcard.covers(pattern, arn) for pattern in wide))}))


def _bounded(inventory: Inventory, modules: Modules) -> tuple[str, ...]:
    """By pattern where every workload of the inventory, or of an account, has a boundary, else by name.

    A pattern that also took a workload without one would keep its role from ever being made.
    """
    accounts: dict[str, list[Environment]] = {}
    for environment in inventory.environments:
        accounts.setdefault(environment.account, []).append(environment)
    if all(role.boundary for role in _workloads(inventory.environments, modules)):
        return _named(inventory.environments, "role", _patterns(RoleNames.of(inventory.environments, modules)))
    found: set[str] = set()
    for account, environments in accounts.items():
        here = list(_workloads(environments, modules))
        is_whole = all(role.boundary for role in here)
        names = _patterns(RoleNames.of(environments, modules)) if is_whole else [role.name for role in here if role.boundary]
        found |= set(_named(environments, "role", names, account))
    return tuple(sorted(found))


def _workloads(environments: Iterable[Environment], modules: Modules) -> Iterator[Role]:
    for environment in environments:
        for module in modules[environment.name]:
            if module.name not in FEDERATED:
                yield from roles(module)


def _patterns(names: RoleNames) -> tuple[str, ...]:
    return (*(f"{prefix}*" for prefix in names.prefixes), *names.others)


def _arns(inventory: Inventory, kind: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """A path of the organization's own stands for every name below it."""
    environments = inventory.environments
    return _named(environments, kind, names if environments[0].role_path == "/" else ("*",))


def _named(environments: Iterable[Environment], kind: str, names: Iterable[str], account: str = "*") -> tuple[str, ...]:
    """Patterns of names, in every account and every partition of the environments."""
    starts = {f"arn:{item.partition}:iam::{account}:{kind}{item.role_path}" for item in environments}
    return tuple(sorted({f"{start}{name}" for start in starts for name in names}))
