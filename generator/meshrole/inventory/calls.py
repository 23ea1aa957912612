"""What a workload calls, resolved: each callee looked up, once; and what there is of services that are not here."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from meshrole.inventory.mesh_model import Call, Gateway, Service
from meshrole.inventory.names import report_unknown
from meshrole.inventory.platform_model import Elsewhere, NoWorkload
from meshrole.inventory.scope import Scope
from meshrole.inventory.values import Call as CallValue

# All that can be said of a service or gateway without a workload.
SAID_OF_NONE = {"runs_on", "environments", "virtual_service", "router", "routes", "lattice_service", "lattice_name"}
SAID_OF_ELSEWHERE = {"runs_on", "environments", "virtual_service", "discovery_name", "virtual_gateway", "routes_to"}


def check_absence(entry: Gateway | Service, scope: Scope) -> None:
    """Report what means nothing in an entry that has no workload."""
    if not isinstance(entry.runs_on, NoWorkload | Elsewhere):
        return
    platform = entry.runs_on.platform
    if isinstance(entry, Gateway) and isinstance(entry.runs_on, NoWorkload):
        scope.at("runs_on", "platform").problem("a gateway is a workload itself", found=platform, allowed=("elsewhere",))
    said = SAID_OF_NONE if isinstance(entry.runs_on, NoWorkload) else SAID_OF_ELSEWHERE
    for key in sorted(entry.model_fields_set - said):
        scope.at(key).problem(f"`{key}` means nothing where no workload is (runs_on.platform: {platform})")
    if isinstance(entry.runs_on, Elsewhere) and getattr(entry, "virtual_service", None) is False:
        scope.at("virtual_service").problem("a service that is elsewhere is only its virtual service's name", found="false")


def backends(calls: Sequence[CallValue], names: Mapping[str, str], declared: Sequence[str], scope: Scope) -> tuple[str, ...]:
    """The virtual services of what is called. `names` are those that this environment can call; others are `declared` only."""
    found = []
    for call in calls:
        here = replace(scope, path=call.path)
        if names.get(call.service):
            found.append(names[call.service])
        elif call.service in names:
            here.problem(f'"{call.service}" has no virtual service, so nobody can call it', found=call.service)
        elif call.service in declared:
            here.problem(f'"{call.service}" is not in environment "{scope.environment.name}"', found=call.service)
    return tuple(dict.fromkeys(found))


def resolve_calls(entries: Sequence[Call], known: Sequence[str], scope: Scope) -> tuple[CallValue, ...]:
    """The calls at `scope` (a list of the mesh `scope.path[1]`) to services that are `known`; the others are reported."""
    found: dict[str, CallValue] = {}
    services = set(known)
    for index, entry in enumerate(entries):
        here = scope.at(index)
        if entry.service not in services:
            report_unknown(here.report, here.path, f'service of mesh "{scope.path[1]}"', entry.service, known)
        elif entry.service in found and (_is_narrow(entry) or _is_narrow(found[entry.service])):
            here.problem(f'"{entry.service}" is called twice: say it once, with all methods and paths', found=entry.service)
        else:
            found.setdefault(entry.service, _call(entry, here))
    return tuple(found.values())


def _is_narrow(entry: Call | CallValue) -> bool:
    return bool(entry.methods or entry.paths or entry.headers)


def _call(entry: Call, scope: Scope) -> CallValue:
    headers = {name.lower(): tuple(dict.fromkeys(values)) for name, values in entry.headers.items()}
    if len(headers) < len(entry.headers):
        scope.at("headers").problem(
            "a header is named twice (the case of letters does not count)", found=", ".join(entry.headers)
        )
    return CallValue(
        service=entry.service,
        methods=tuple(dict.fromkeys(entry.methods)),
        paths=tuple(dict.fromkeys(entry.paths)),
        headers=tuple(sorted(headers.items())),
        path=scope.path,
    )
