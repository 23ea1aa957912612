"""One service or gateway as the inventory has it, with what a person should know of it as comments."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from meshrole.importers.allowed import Allowed
from meshrole.importers.callers import Limit
from meshrole.importers.drafts import DraftGateway, DraftMesh, DraftService
from meshrole.importers.engine_names import discovery_name, ecs_names, lattice_name
from meshrole.importers.found import Gateway, Node, Tls
from meshrole.importers.inventory_text import Noted
from meshrole.importers.origin import Origin
from meshrole.importers.place import Place
from meshrole.importers.values import Value
from meshrole.inventory.types import LABEL_KEY, LABEL_TEXT, NAMESPACE

# The engines whose services have names, routers and routes of their own.
NAMED = ("app-mesh", "istio")
NAME_LABELS = ("app", "app.kubernetes.io/name")
# What a service has for all its versions, unless they differ.
SHARED = ("calls", "tls", "pod_labels", "telemetry", "permissions", "statements")


@dataclass(frozen=True, slots=True)
class Workload:
    """A node or gateway with its place, what its role allows today, and the other workloads that have the same role."""

    item: Node | Gateway
    place: Place
    allowed: Allowed
    sharing: tuple[str, ...] = ()


def gateway_entry(draft: DraftGateway, mesh: DraftMesh, workload: Workload | None) -> Noted:
    """An entry of `gateways`."""
    is_named = mesh.engine in NAMED
    tree: dict[str, Any] = {"virtual_gateway": draft.name} if is_named and draft.name != draft.key else {}
    notes = [str(draft.origin), *([] if is_named or draft.name == draft.key else [f"its name is {draft.name}"])]
    notes += [
        f"gateway route {route.name} to {route.target or 'no virtual service'} ({near(route.origin, draft.origin)})"
        for route in draft.routes
    ]
    if workload is None:
        notes.append("only its routes are in the sources")
        tree["runs_on"] = {"platform": "elsewhere"}
    else:
        notes += _notes(workload)
        tree |= {"runs_on": workload.place.runs_on, **_own(workload, mesh)}
    if draft.routes_to:
        tree["routes_to"] = _calls(mesh, draft.name, draft.routes_to)
    return Noted(tree, tuple(notes))


def service_entry(draft: DraftService, mesh: DraftMesh, workloads: Sequence[Workload]) -> Noted:
    """An entry of `services`; `workloads` are its nodes, in their order."""
    tree = _names(draft, mesh)
    notes = [str(draft.origin)] if not draft.is_elsewhere else [f"named at {draft.origin}, and defined in no source"]
    notes += draft.notes
    if mesh.engine not in NAMED and draft.name not in (None, draft.key, *tree.values()):
        notes.append(f"its name is {draft.name}")
    if not workloads:
        tree["runs_on"] = {"platform": "elsewhere" if draft.is_elsewhere else "none"}
    elif "" in draft.nodes:
        tree |= _single(draft, mesh, workloads[0])
        notes += _node_notes(draft, workloads[0])
    else:
        tree |= _versions(draft, mesh, workloads)
    return Noted(tree, tuple(dict.fromkeys(notes)))


def _names(draft: DraftService, mesh: DraftMesh) -> dict[str, Any]:
    """The names of the virtual service, its router and its routes, where they are not what they would be anyway."""
    if mesh.engine not in NAMED:
        return lattice_name(draft, mesh) if mesh.engine == "vpc-lattice" else discovery_name(draft, mesh)
    tree: dict[str, Any] = {}
    if draft.name is None:
        tree["virtual_service"] = False
    elif draft.name != f"{draft.key}.{mesh.name}.local":
        tree["virtual_service"] = draft.name
    if draft.is_elsewhere:
        return tree
    if draft.router is None and draft.name is not None:
        tree["router"] = False
    elif draft.router is not None and (draft.router != draft.key or draft.name is None):
        tree["router"] = draft.router
    if draft.routes:
        tree["routes"] = Noted([str(route.name) for route in draft.routes], tuple(_weights(draft)))
    return tree


def _weights(draft: DraftService) -> Iterator[str]:
    for route in draft.routes:
        targets = ", ".join(f"{target} {weight}" for target, weight in route.targets)
        yield f"{route.name} ({route.kind}): {targets or 'no targets'} ({near(route.origin, draft.origin)})"


def _calls(mesh: DraftMesh, caller: str, keys: Sequence[str]) -> list[Any]:
    """Services that are called, each by its name, or with what alone it may be called."""
    return [_call(key, mesh.limits.get((caller, key))) for key in dict.fromkeys(keys)]


def _call(key: str, limit: Limit | None) -> Any:
    if limit is None or not (limit.methods or limit.paths):
        return key
    lists = {"methods": list(limit.methods), "paths": list(limit.paths)}
    return {"service": key, **{name: items for name, items in lists.items() if items}}


def _single(draft: DraftService, mesh: DraftMesh, workload: Workload) -> dict[str, Any]:
    name = str(workload.item.name)
    tree: dict[str, Any] = {"virtual_node": name} if name != draft.key and mesh.engine in NAMED else {}
    if mesh.engine == "ecs-service-connect":
        tree |= ecs_names(draft, mesh, name, workload.place.tasks)
    calls = _calls(mesh, name, mesh.calls[name])
    return {**tree, "runs_on": workload.place.runs_on, **({"calls": calls} if calls else {}), **_own(workload, mesh)}


def _versions(draft: DraftService, mesh: DraftMesh, workloads: Sequence[Workload]) -> dict[str, Any]:
    """What all versions have in common, and each version with the rest."""
    trees = [_version(draft.key, key, mesh, workload) for key, workload in zip(draft.nodes, workloads, strict=True)]
    place = _common_place(draft, workloads)
    for key, tree in zip(draft.nodes, trees, strict=True):
        account = {"service_account": f"{place['service_account']}-{key}"} if "service_account" in place else {}
        if tree["runs_on"] == {**place, **account}:
            del tree["runs_on"]
    common: dict[str, Any] = {"runs_on": place}
    for name in SHARED:
        values = [tree.get(name) for tree in trees]
        if all(value == values[0] for value in values):
            common |= {name: values[0]} if values[0] else {}
            for tree in trees:
                tree.pop(name, None)
    noted = {
        key: Noted(tree, tuple(_node_notes(draft, workload)))
        for key, tree, workload in zip(draft.nodes, trees, workloads, strict=True)
    }
    return {**common, "versions": noted}


def _version(service: str, key: str, mesh: DraftMesh, workload: Workload) -> dict[str, Any]:
    name = str(workload.item.name)
    tree: dict[str, Any] = {"virtual_node": name} if name != f"{service}-{key}" and mesh.engine in NAMED else {}
    return {
        **tree,
        "runs_on": dict(workload.place.runs_on),
        "calls": _calls(mesh, name, mesh.calls[name]),
        **_own(workload, mesh),
    }


def _common_place(draft: DraftService, workloads: Sequence[Workload]) -> dict[str, Any]:
    """The place of the first version, its service account without the version that is put behind it."""
    place = dict(workloads[0].place.runs_on)
    first = next(iter(draft.nodes))
    if "service_account" in place:
        place["service_account"] = str(place["service_account"]).removesuffix(f"-{first}")
    return place


def _own(workload: Workload, mesh: DraftMesh) -> dict[str, Any]:
    """TLS, telemetry, permissions and statements of one workload."""
    tree: dict[str, Any] = {}
    tls = _tls(workload.item.tls) if mesh.engine in NAMED else None
    if tls:
        tree["tls"] = tls
    labels = _labels(workload) if mesh.engine == "istio" else {}
    if labels:
        tree["pod_labels"] = labels
    telemetry = _telemetry(workload)
    if telemetry:
        tree["telemetry"] = telemetry
    if workload.allowed.permissions:
        tree["permissions"] = [dict(item) for item in workload.allowed.permissions]
    if workload.allowed.statements:
        tree["statements"] = [dict(item) for item in workload.allowed.statements]
    return tree


def _labels(workload: Workload) -> dict[str, str]:
    """What tells the pods of a service from others: their conventional label, or all that they have.

    https://istio.io/latest/docs/ops/deployment/application-requirements/
    """
    known = dict(workload.place.labels)
    name = next((key for key in NAME_LABELS if key in known), None)
    chosen = known if name is None else {name: known[name]}
    is_plain = all(re.fullmatch(LABEL_KEY, key) and re.fullmatch(LABEL_TEXT, value) for key, value in chosen.items())
    return chosen if is_plain else {}


def _telemetry(workload: Workload) -> dict[str, Any]:
    telemetry: dict[str, Any] = {"xray": True} if workload.allowed.xray else {}
    namespace = workload.allowed.metrics_namespace
    return {**telemetry, "metrics_namespace": namespace} if namespace and re.fullmatch(NAMESPACE, namespace) else telemetry


def _tls(tls: Tls | None) -> dict[str, Any]:
    if tls is None:
        return {}
    certificate = tls.certificate.text if tls.certificate else None
    served: Any = certificate or _kept("file", tls.certificate_file) or _kept("sds", tls.certificate_sds)
    trusts: list[Any] = [authority.text for authority in tls.authorities]
    trusts += [{"file": file.as_variables} for file in tls.authority_files]
    trusts += [{"sds": name.as_variables} for name in tls.authority_sds]
    return ({"certificate": served} if served else {}) | ({"trusts": trusts} if trusts else {})


def _kept(kind: str, value: Value | None) -> dict[str, str] | None:
    return {kind: value.as_variables} if value else None


def _node_notes(draft: DraftService, workload: Workload) -> list[str]:
    own = (
        [] if workload.item.origin == draft.origin else [f"node {workload.item.name}: {near(workload.item.origin, draft.origin)}"]
    )
    return own + _notes(workload)


def _notes(workload: Workload) -> list[str]:
    """The comments on a workload."""
    place, allowed = workload.place, workload.allowed
    notes = [f"runs in {task.family or 'a task'} ({near(task.origin, workload.item.origin)})" for task in place.tasks]
    if place.assumed:
        notes.append(f"assumed: {place.assumed}")
    if place.role_key:
        shared = f", with {', '.join(workload.sharing[:5])}{' and more' if len(workload.sharing) > 5 else ''}"
        notes.append(f"today its role is {place.role_key}{shared if workload.sharing else ''}")
        if workload.sharing and (allowed.permissions or allowed.xray):
            notes.append("the permissions below are the shared role's: take away what this workload does not need")
    notes += place.notes
    notes += [f"not said here: {text}" for text in allowed.unsaid]
    return notes


def near(origin: Origin, other: Origin) -> str:
    """Where something was read, without the file where that has just been said."""
    return f"line {origin.line} {origin.name}".rstrip() if origin.file == other.file and origin.line else str(origin)
