"""A mesh in one environment: its services, and one workload for each gateway and each version of a service."""

from collections.abc import Iterator, Mapping
from typing import Any

from meshrole.iam.policy import Statement
from meshrole.inventory.calls import backends, check_absence, resolve_calls
from meshrole.inventory.grants import resolve_grants, resolve_statements
from meshrole.inventory.istio import with_istio
from meshrole.inventory.leaving import left
from meshrole.inventory.mesh_model import Gateway, Mesh, Service, Telemetry, Version, Workload
from meshrole.inventory.names import look_up, names_of
from meshrole.inventory.platform_model import Elsewhere, NoWorkload
from meshrole.inventory.platforms import resolve_moves_from, resolve_platform
from meshrole.inventory.scope import Scope, tag_items
from meshrole.inventory.service_connect import with_service_connect
from meshrole.inventory.tls import resolve_tls
from meshrole.inventory.values import Call, Names, Path
from meshrole.inventory.values import Mesh as MeshValue
from meshrole.inventory.values import Service as ServiceValue
from meshrole.inventory.values import Workload as WorkloadValue

# Folders that every environment has beside its meshes.
RESERVED_NAMES = ("people", "pipelines", "modules")


def resolve_mesh(key: str, entry: Mesh, owner: str, scope: Scope, written: Mapping[str, Any]) -> MeshValue:
    """The mesh `key` in the environment of `scope`; `owner` is the account that owns it."""
    if key.lower() in RESERVED_NAMES:
        scope.problem(f'a mesh cannot be called "{key}": a folder of the output has that name')
    name = scope.at("mesh_name").fill(entry.mesh_name) if entry.mesh_name else key
    sections = ("services", "gateways")
    here = {section: dict(_present(getattr(entry, section), scope.at(section), written)) for section in sections}
    everything = {key: _service(key, service, scope.at("services", key), name) for key, service in entry.services.items()}
    services = {key: everything[key] for key, item in here["services"].items() if not isinstance(item.runs_on, Elsewhere)}
    # Whoever shares a mesh can call what another environment has in it, its owner too.
    is_shared = entry.owner is not None
    names = {key: item.virtual_service for key, item in everything.items() if is_shared or key in here["services"]}
    away = {key for key, item in entry.services.items() if isinstance(item.runs_on, Elsewhere)}
    workloads = [
        *_gateways(here["gateways"], names, away, scope, written),
        *_nodes(here["services"], services, names, away, scope, written),
    ]
    _check_workloads(workloads, entry, scope)
    mesh = MeshValue(
        key=key,
        name=name,
        engine=entry.engine,
        environment=scope.environment,
        owner=owner,
        tags=tag_items(entry.tags),
        workloads=tuple(workloads),
        services=tuple(services.values()),
        retired=tuple(entry.retired),
        was=entry.was,
        path=scope.path,
    )
    mesh = mesh if entry.leaving is None else left(mesh, entry.leaving, scope.at("leaving"))
    return with_istio(with_service_connect(mesh, entry, scope, written), entry, scope)


def _present(entries: Mapping[str, Any], scope: Scope, written: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The entries that this environment has; an entry that names no environments is in all of the mesh's."""
    known = names_of(written, "environments")
    for name, entry in entries.items():
        chosen = entry.environments
        if chosen is None or scope.environment.name in look_up(
            scope.report, (*scope.path, name, "environments"), "environment", chosen, known
        ):
            yield name, entry


def _service(name: str, entry: Service, scope: Scope, mesh_name: str) -> ServiceValue:
    scope = scope.with_words(service=name)
    check_absence(entry, scope)
    names = [f"{name}-{version}" for version in entry.versions] or [name]
    versions = _versions(entry)
    nodes = [_node_name(own, entry, version, key, scope) for own, (key, version) in zip(names, versions, strict=False)]
    every = [*entry.calls, *(call for version in entry.versions.values() for call in version.calls or ())]
    router = name if entry.router is None and entry.virtual_service is not False else entry.router or None
    virtual_service = scope.at("virtual_service").fill(entry.virtual_service or f"{name}.{mesh_name}.local")
    if entry.routes and not router:
        scope.at("routes").problem("a service without a router has no routes")
    return ServiceValue(
        name=name,
        virtual_service="" if entry.virtual_service is False else virtual_service,
        router=scope.at("router").fill(router) if router else None,
        routes=() if not router else ("*",) if entry.routes is None else scope.at("routes").fill_all(entry.routes),
        nodes=tuple(nodes),
        calls=tuple(dict.fromkeys(call.service for call in every)),
        path=scope.path,
    )


def _versions(entry: Service) -> list[tuple[str | None, Version | None]]:
    """The versions of a service; one without name for a service that has none."""
    if isinstance(entry.runs_on, NoWorkload | Elsewhere):
        return []
    return [*entry.versions.items()] or [(None, None)]


def _node_name(name: str, entry: Service, version: Version | None, key: str | None, scope: Scope) -> str:
    if version is not None and version.virtual_node:
        return scope.at("versions", key or "", "virtual_node").with_words(version=key or "").fill(version.virtual_node)
    if entry.virtual_node is None:
        return name
    filled = scope.at("virtual_node").with_words(**({"version": key} if key else {})).fill(entry.virtual_node)
    return f"{filled}-{key}" if key and "{version}" not in entry.virtual_node else filled


def _gateways(
    entries: Mapping[str, Gateway],
    names: Mapping[str, str],
    away: set[str],
    scope: Scope,
    written: Mapping[str, Any],
) -> Iterator[WorkloadValue]:
    for name, entry in entries.items():
        here = scope.at("gateways", name).with_words(service=name)
        check_absence(entry, here)
        known = names_of(written, *map(str, scope.path), "services")
        calls = resolve_calls(entry.routes_to, known, here.at("routes_to"))
        backends(calls, names, (), here)
        aws_name = here.at("virtual_gateway").fill(entry.virtual_gateway) if entry.virtual_gateway else name
        if isinstance(entry.runs_on, NoWorkload | Elsewhere):
            continue
        calls = tuple(call for call in calls if call.service not in away)
        yield _workload(name, entry, None, None, aws_name, (), calls, here)


def _nodes(
    entries: Mapping[str, Service],
    services: Mapping[str, ServiceValue],
    names: Mapping[str, str],
    away: set[str],
    scope: Scope,
    written: Mapping[str, Any],
) -> Iterator[WorkloadValue]:
    known = names_of(written, *map(str, scope.path), "services")
    for name, entry in entries.items():
        here = scope.at("services", name).with_words(service=name)
        for (key, version), node in zip(_versions(entry), services[name].nodes if name in services else (), strict=True):
            own = version.calls if version else None
            where = here.at("calls") if own is None else here.at("versions", key or "", "calls")
            calls = resolve_calls(entry.calls if own is None else own, known, where)
            called = backends(calls, names, known, here)
            calls = tuple(call for call in calls if call.service not in away)
            yield _workload(name, entry, key, version, node, called, calls, here)


def _workload(
    name: str,
    entry: Workload,
    key: str | None,
    version: Version | None,
    aws_name: str,
    backends: tuple[str, ...],
    calls: tuple[Call, ...],
    scope: Scope,
) -> WorkloadValue:
    assert not isinstance(entry.runs_on, NoWorkload | Elsewhere)
    is_gateway = isinstance(entry, Gateway)
    own = scope.at("versions", key).with_words(version=key) if key else scope
    shared = scope.with_words(version=key) if key else scope
    tls = resolve_tls(version.tls, own.at("tls")) if version and version.tls else resolve_tls(entry.tls, shared.at("tls"))
    grants = resolve_grants(entry.permissions, shared.at("permissions"))
    if version is not None:
        grants += resolve_grants(version.permissions, own.at("permissions"))
    has_telemetry = version is not None and version.telemetry is not None
    telemetry = version.telemetry if version and version.telemetry else entry.telemetry
    return WorkloadValue(
        name=f"{name}-{key}" if key else name,
        is_gateway=is_gateway,
        service=None if is_gateway else name,
        version=key,
        aws_name=aws_name,
        platform=resolve_platform(entry.runs_on, version.runs_on if version else None, key, shared, own),
        certificate=tls.certificate,
        trusts=tls.trusts,
        xray=telemetry.xray,
        metrics_namespace=_namespace(telemetry, own if has_telemetry else shared),
        grants=grants,
        statements=_statements(entry, version, shared, own),
        backends=backends,
        calls=calls,
        tags=tag_items(entry.tags),
        names=_names(entry, key, version, own),
        path=own.path,
        moves_from=resolve_moves_from(entry.moves_from, key, shared),
    )


def _statements(entry: Workload, version: Version | None, shared: Scope, own: Scope) -> tuple[Statement, ...]:
    """The service's statements and the version's, which are one policy."""
    statements = resolve_statements(entry.statements, shared.at("statements"))
    taken = {statement.sid for statement in statements}
    for index, raw in enumerate(version.statements if version else ()):
        if raw.Sid in taken:
            own.at("statements", index, "Sid").problem("the service has a statement with this Sid already", found=raw.Sid)
    return (*statements, *(resolve_statements(version.statements, own.at("statements")) if version else ()))


def _namespace(telemetry: Telemetry, scope: Scope) -> str | None:
    text = telemetry.metrics_namespace
    return scope.at("telemetry", "metrics_namespace").fill(text) if text else None


def _names(entry: Workload, key: str | None, version: Version | None, scope: Scope) -> Names:
    """A version's own names; a name given to the whole service gets the version as suffix, since each has its role."""

    def name(kind: str) -> str | None:
        own, common = getattr(version, kind, None), getattr(entry, kind)
        text = own or common
        if text is None:
            return None
        filled = scope.at(kind).fill(text) if kind != "was" else text
        needs_suffix = key and not own and "{version}" not in text
        return f"{filled}-{key}" if needs_suffix else filled

    return Names(role=name("role"), was=name("was"), adopt=name("adopt"))


def _check_workloads(workloads: list[WorkloadValue], mesh: Mesh, scope: Scope) -> None:
    """No two workloads with one name, ours or AWS's; nothing both retired and present."""
    names: dict[str, Path] = {}
    aws_names: dict[tuple[bool, str], Path] = {}
    for workload in workloads:
        kind = "virtual gateway" if workload.is_gateway else "virtual node"
        first = names.setdefault(workload.name.lower(), workload.path)
        message = f'two workloads are called "{workload.name}" (the case of letters does not count)'
        if first == workload.path:
            first = aws_names.setdefault((workload.is_gateway, workload.aws_name), workload.path)
            message = f'two workloads are the {kind} "{workload.aws_name}"'
        if first != workload.path:
            here = scope.at(*workload.path[len(scope.path) :])
            here.problem(message, found=workload.name, hint=f"the other is {' > '.join(map(str, first))}")
    present = {workload.name for workload in workloads}
    for index, name in enumerate(mesh.retired):
        if name in present:
            scope.at("retired", index).problem(f'"{name}" is retired and still in the mesh', found=name)
