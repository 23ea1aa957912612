"""The written inventory with every name looked up: dangling references are caught here, and only here."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from meshrole.errors import Problem
from meshrole.inventory.engine_keys import check_keys
from meshrole.inventory.grants import check_arn, resolve_statements
from meshrole.inventory.load import STAND_IN_ACCOUNT, STAND_IN_REGION, Loaded
from meshrole.inventory.model import Account, InventoryFile
from meshrole.inventory.model import Environment as EnvironmentEntry
from meshrole.inventory.names import look_up, names_of, report_case, report_unknown
from meshrole.inventory.placeholders import open_words, report_open, words_of
from meshrole.inventory.resolve_audit import resolve_audit, resolve_guardrails, resolve_organization
from meshrole.inventory.resolve_lattice import with_lattice
from meshrole.inventory.resolve_mesh import resolve_mesh
from meshrole.inventory.resolve_people import resolve_federated, resolve_provider
from meshrole.inventory.scope import Report, Scope, tag_items
from meshrole.inventory.values import Boundary, Environment, Federated, Inventory, Mesh, Path
from meshrole.inventory.warnings import warnings

RESERVED_ENVIRONMENTS = ("modules",)


@dataclass(frozen=True)
class Resolved:
    """The inventory (None when it is not even complete enough to be checked), and all that is wrong or worth saying."""

    inventory: Inventory | None
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


def resolve(loaded: Loaded) -> Resolved:
    """Look up every name of a loaded inventory. Raises nothing: problems of the file and of its names come together."""
    if loaded.file is None:
        return Resolved(None, loaded.problems, ())
    found: list[Problem] = []
    inventory = _inventory(loaded, loaded.file, found.append)
    wrong = [problem.path for problem in loaded.problems]
    unsaid = open_words(loaded.file)
    located = [loaded.located(problem) for problem in dict.fromkeys(found) if not _follows(problem, wrong, unsaid)]
    problems = sorted(dict.fromkeys([*loaded.problems, *located]), key=_position)
    return Resolved(inventory, tuple(problems), tuple(loaded.located(item) for item in warnings(loaded.file, inventory)))


def _follows(problem: Problem, wrong: list[Path], unsaid: Collection[str]) -> bool:
    """Whether a problem may only follow from a part of the inventory that was wrong and left out, stood in for, or not said."""
    if problem.path[:1] != ("placeholders",) and any(word in str(problem) for word in unsaid):
        return True
    if any(stand_in in str(problem) for stand_in in (STAND_IN_ACCOUNT, STAND_IN_REGION)):
        return True
    length = len(problem.path)
    return any(len(path) > length > 0 and path[:length] == problem.path for path in wrong)


def _position(problem: Problem) -> tuple[str, int, int]:
    place = problem.place
    return (place.file, place.line, place.column) if place else ("", 0, 0)


def _inventory(loaded: Loaded, file: InventoryFile, report: Report) -> Inventory:
    written = loaded.written
    words = {f"accounts.{name}": account.id for name, account in file.accounts.items()}
    scopes = dict(_environments(file, written, words, report))
    report_open(file, scopes, report)
    providers = {
        key: resolve_provider(key, provider, loaded.attachments.get(key), report)
        for key, provider in file.identity_providers.items()
    }
    meshes = list(with_lattice(list(_meshes(file, written, scopes, report)), file, scopes))
    federated: list[Federated] = []
    for section in ("people", "pipelines"):
        for name, entry in getattr(file, section).items():
            federated += resolve_federated(section, name, entry, providers, scopes, meshes, written, report)
    return Inventory(
        organization=file.organization.name,
        environments=tuple(scope.environment for scope in scopes.values()),
        meshes=tuple(meshes),
        federated=tuple(federated),
        retired_people=tuple(file.retired.people),
        retired_pipelines=tuple(file.retired.pipelines),
        audit=resolve_audit(file, written, scopes, report),
        guardrails=resolve_guardrails(file, scopes),
        management=resolve_organization(file, written, scopes, report),
    )


def _environments(
    file: InventoryFile, written: Mapping[str, Any], words: Mapping[str, str], report: Report
) -> Iterator[tuple[str, Scope]]:
    spelled: dict[str, str] = {}
    for name, entry in file.environments.items():
        path = ("environments", name)
        if name.lower() in RESERVED_ENVIRONMENTS:
            report(Problem(f'an environment cannot be called "{name}": a folder of the output has that name', path=path))
        report_case(report, path, name, spelled)
        account = file.accounts.get(entry.account)
        if account is None:
            known = names_of(written, "accounts")
            if entry.account not in known:
                report_unknown(report, (*path, "account"), "account", entry.account, known)
            account = Account(id=STAND_IN_ACCOUNT)
        environment = _environment(file, name, entry, account)
        scope = Scope(environment, {**words_of(file, name), **words, **_words(environment, name)}, path, report)
        boundary = _boundary(entry, scope.at("permissions_boundary"))
        yield name, Scope(replace(environment, boundary=boundary), scope.words, (), report)


def _environment(file: InventoryFile, name: str, entry: EnvironmentEntry, account: Account) -> Environment:
    return Environment(
        name=name,
        account_name=entry.account,
        account=account.id,
        region=entry.region,
        partition=entry.partition or file.organization.partition,
        organization=file.organization.name,
        role_path=file.organization.role_path,
        tags=tag_items(file.organization.tags, entry.tags),
        boundary=None,
        clusters=entry.clusters,
        position=list(file.environments).index(name),
        quotas=account.quotas,
        existing_trails=account.existing_trails,
    )


def _words(environment: Environment, name: str) -> dict[str, str]:
    return {
        "partition": environment.partition,
        "region": environment.region,
        "account": environment.account,
        "environment": name,
        "organization": environment.organization,
    }


def _boundary(entry: EnvironmentEntry, scope: Scope) -> Boundary | None:
    if entry.permissions_boundary is None:
        return None
    written = entry.permissions_boundary
    if written.arn is None and not written.statements:
        scope.problem("a permissions boundary needs the `arn` of a policy, or `statements` to make one of")
    arn = scope.at("arn").fill(written.arn) if written.arn else None
    if arn:
        check_arn(arn, scope.at("arn"), "iam", "policy/")
    return Boundary(arn, resolve_statements(written.statements, scope.at("statements"), is_boundary=True), scope.path)


def _meshes(file: InventoryFile, written: Mapping[str, Any], scopes: Mapping[str, Scope], report: Report) -> Iterator[Mesh]:
    spelled: dict[str, str] = {}
    for key, entry in file.meshes.items():
        path: Path = ("meshes", key)
        report_case(report, path, key, spelled)
        look_up(report, (*path, "environments"), "environment", entry.environments or (), names_of(written, "environments"))
        owner = file.accounts.get(entry.owner) if entry.owner else None
        if entry.owner and entry.owner not in names_of(written, "accounts"):
            report_unknown(report, (*path, "owner"), "account", entry.owner, names_of(written, "accounts"))
        for name in entry.environments if entry.environments is not None else list(file.environments):
            if name in scopes:
                here = scopes[name].with_words(mesh=key).at(*path)
                check_keys(entry, here)
                yield resolve_mesh(key, entry, owner.id if owner else here.environment.account, here, written)
