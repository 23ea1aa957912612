"""The audit and the guardrails with every name looked up and filled in, held to AWS's rules."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from meshrole.errors import Problem
from meshrole.iam.wildcard import has_wildcard
from meshrole.inventory import audit_rules
from meshrole.inventory.audit_model import Audit as AuditEntry
from meshrole.inventory.audit_model import DataEvents
from meshrole.inventory.audit_values import Audit, Guardrails, Organization, Site, lower_name
from meshrole.inventory.grants import check_arn
from meshrole.inventory.load import STAND_IN_ACCOUNT
from meshrole.inventory.model import Account, InventoryFile
from meshrole.inventory.names import names_of, report_unknown
from meshrole.inventory.scope import Report, Scope, tag_items
from meshrole.inventory.values import Environment, Path

AUDIT_ROOT, ORGANIZATION_ROOT = "audit", "organization"
# The role that AWS Organizations makes in every account that it creates:
# https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_access.html
DEFAULT_ADMINISTRATOR = "arn:{partition}:iam::*:role/OrganizationAccountAccessRole"
MAX_BUCKET = 63
# What the modules and the outputs of the audit are called in a root, where those of a mesh are too.
RESERVED_MESHES = re.compile(
    r"audit(_.*)?|log_archive|config_archive(_.*)?|config_recorder|access_analyzer|lattice_access_logs_.*"
)
PATH: Path = ("audit",)


def resolve_audit(file: InventoryFile, written: Mapping[str, Any], scopes: Mapping[str, Scope], report: Report) -> Audit | None:
    """What to record, and where. None where the inventory asks for nothing."""
    entry = file.audit
    if entry is None or not scopes:
        return None
    home = _home(entry, file, written, scopes, report)
    sites = tuple(_site(entry, scope) for scope in scopes.values())
    home_site = _site(entry, home) if home else None
    management = _account_id(file, written, ("organization", "management_account"), file.organization.management_account, report)
    _report_meshes(file, report)
    first = (home or next(iter(scopes.values()))).at(*PATH)
    for scope in [home] if home else scopes.values():
        audit_rules.check_names(entry, _site(entry, scope), scope.at(*PATH))
    audit_rules.check(entry, first, sites, file.organization, has_home=home is not None)
    audit_rules.check_home(entry, home, scopes.values())
    if entry.account is None:
        audit_rules.check_homeless(entry, first)
    _check_topics(entry, [*([home] if home else ()), *scopes.values()])
    readers = first.at("trail", "readers").fill_all(entry.trail.readers) if entry.trail else ()
    for index, arn in enumerate(readers):
        here = first.at("trail", "readers", index)
        if check_arn(arn, here, "iam") and has_wildcard(arn):
            here.problem("a bucket policy and a key policy take no wildcard in a principal", found=arn, hint="name each role")
    return Audit(entry, home_site, sites, readers, file.organization.id, management, PATH)


def _check_topics(entry: AuditEntry, scopes: Iterable[Scope]) -> None:
    """One problem says it for all roots."""
    if entry.alarms and entry.alarms.topic:
        topic = entry.alarms.topic
        all(audit_rules.check_topic(here.fill(topic), here) for here in (scope.at(*PATH, "alarms", "topic") for scope in scopes))


def resolve_guardrails(file: InventoryFile, scopes: Mapping[str, Scope]) -> Guardrails | None:
    """What no identity may do. None where the inventory asks for nothing."""
    entry = file.guardrails
    asked = entry.permissions_boundary or entry.service_control_policy or entry.resource_control_policy
    if not scopes or not (asked or entry.administrators):
        return None
    scope = next(iter(scopes.values())).at("guardrails")
    if entry.resource_control_policy and file.organization.id is None:
        scope.at("resource_control_policy").problem(
            "a resource control policy keeps outsiders out: it needs the id of the organization",
            hint="give organization.id",
        )
    return Guardrails(entry, _administrators(entry.administrators, scope), scope.path)


def resolve_organization(
    file: InventoryFile, written: Mapping[str, Any], scopes: Mapping[str, Scope], report: Report
) -> Organization | None:
    """The management account's root, where something is made in it."""
    guards = file.guardrails.service_control_policy or file.guardrails.resource_control_policy
    trail = file.audit.trail if file.audit else None
    if not scopes or not (guards or (trail and trail.organization)):
        return None
    path = ("organization", "management_account")
    _report_taken(ORGANIZATION_ROOT, file, report)
    name = file.organization.management_account
    account = file.accounts.get(name) if name else None
    account_id = _account_id(file, written, path, name, report) or ""
    first = next(iter(scopes.values())).environment
    environment = _environment(
        ORGANIZATION_ROOT, name or "", account_id, first.region, first, account or Account(id=STAND_IN_ACCOUNT), file
    )
    return Organization(file.organization.id, environment)


def _administrators(given: Iterable[str], scope: Scope) -> tuple[str, ...]:
    if not given:
        return (scope.fill(DEFAULT_ADMINISTRATOR),)
    filled = scope.at("administrators").fill_all(given)
    for index, arn in enumerate(filled):
        here = scope.at("administrators", index)
        parsed = check_arn(arn, here, "iam", "role/")
        if parsed and not re.fullmatch(r"[0-9]{12}|\*", parsed.account):
            here.problem("an administrator's ARN names an account, or * for every account", found=arn)
    return filled


def _home(
    entry: AuditEntry, file: InventoryFile, written: Mapping[str, Any], scopes: Mapping[str, Scope], report: Report
) -> Scope | None:
    """The scope of the audit account's own root."""
    if entry.account is None:
        return None
    _report_taken(AUDIT_ROOT, file, report)
    account_id = _account_id(file, written, (*PATH, "account"), entry.account, report)
    account = file.accounts.get(entry.account)
    if account_id is None or account is None:
        return None
    first = next((scope.environment for scope in scopes.values() if scope.environment.account == account_id), None)
    first = first or next(iter(scopes.values())).environment
    environment = _environment(AUDIT_ROOT, entry.account, account_id, entry.region or first.region, first, account, file)
    words = {
        **next(iter(scopes.values())).words,
        "account": account_id,
        "region": environment.region,
        "environment": AUDIT_ROOT,
        "partition": environment.partition,
    }
    return Scope(environment, words, (), report)


def _environment(
    name: str, account_name: str, account: str, region: str, like: Environment, entry: Account, file: InventoryFile
) -> Environment:
    return Environment(
        name=name,
        account_name=account_name,
        account=account,
        region=region,
        partition=like.partition,
        organization=like.organization,
        role_path=like.role_path,
        tags=tag_items(file.organization.tags),
        boundary=None,
        clusters={},
        position=len(file.environments),
        quotas=entry.quotas,
        existing_trails=entry.existing_trails,
    )


def _account_id(file: InventoryFile, written: Mapping[str, Any], path: Path, name: str | None, report: Report) -> str | None:
    if name is None:
        return None
    account: Account | None = file.accounts.get(name)
    if account is None and name not in names_of(written, "accounts"):
        report_unknown(report, path, "account", name, names_of(written, "accounts"))
    return account.id if account else None


def _report_meshes(file: InventoryFile, report: Report) -> None:
    """The roles of a mesh called audit would have the names of the audit's; other names are those of the audit's modules."""
    for key in file.meshes:
        if RESERVED_MESHES.fullmatch(key.replace("-", "_").lower()):
            message = f"a mesh cannot be called {key} beside an audit: a part of the audit has that name"
            report(Problem(message, path=("meshes", key)))


def _report_taken(root: str, file: InventoryFile, report: Report) -> None:
    for name in file.environments:
        if name.lower() == root:
            message = f'an environment cannot be called "{name}" here: a root of its own for the {root} has that name'
            report(Problem(message, path=("environments", name)))


def _site(entry: AuditEntry, scope: Scope) -> Site:
    environment = scope.environment
    here = scope.at(*PATH)
    trail, config, athena = entry.trail, entry.config, entry.athena
    recorder = config.recorder if config else False
    bucket = here.at("trail", "bucket").fill(trail.bucket) if trail and trail.bucket else _bucket("audit", environment)
    # AWS Config takes no bucket whose objects are locked by default:
    # https://docs.aws.amazon.com/config/latest/developerguide/manage-delivery-channel.html
    is_locked = trail is not None and trail.object_lock is not None
    return Site(
        environment=environment,
        trail=here.at("trail", "name").fill(trail.name) if trail and trail.name else _trail(environment),
        bucket=bucket,
        config_bucket=_bucket("config", environment) if is_locked else bucket,
        results_bucket=here.at("athena", "results_bucket").fill(athena.results_bucket)
        if athena and athena.results_bucket
        else _bucket("athena", environment),
        recorder=here.at("config", "recorder").fill(recorder) if recorder else None,
        topic=here.at("alarms", "topic").fill(entry.alarms.topic) if entry.alarms and entry.alarms.topic else None,
        data_events=tuple(_data_events(trail.data_events, here.at("trail", "data_events"))) if trail else (),
    )


def _data_events(written: Mapping[str, DataEvents], scope: Scope) -> Iterator[tuple[str, DataEvents]]:
    for name, events in written.items():
        here = scope.at(name, "resources")
        prefixes = list(here.fill_all(events.resources))
        for index, prefix in enumerate(prefixes):
            audit_rules.check_prefix(prefix, here.at(index))
        yield name, events.model_copy(update={"resources": prefixes})


def _trail(environment: Environment) -> str:
    """The name of a trail by default: no two dashes or underscores side by side."""
    return re.sub(r"[_-]{2,}", "-", f"{environment.organization}-audit")


def _bucket(purpose: str, environment: Environment) -> str:
    """Bucket names are unique among all accounts, so the account is in it: lower-case letters, digits and dashes."""
    organization = lower_name(environment.organization)
    rest = f"-{purpose}-{environment.account}-{environment.region}"
    return organization[: MAX_BUCKET - len(rest)].rstrip("-") + rest
