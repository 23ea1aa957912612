"""What a workload calls, resolved: each callee looked up, once."""

from collections.abc import Sequence

from meshrole.inventory.mesh_model import Call
from meshrole.inventory.names import report_unknown
from meshrole.inventory.scope import Scope
from meshrole.inventory.values import Call as CallValue


def resolve_calls(entries: Sequence[Call], known: Sequence[str], scope: Scope) -> tuple[CallValue, ...]:
    """The calls at `scope` (a list of the mesh `scope.path[1]`) to services that are `known`; the others are reported."""
    found: dict[str, CallValue] = {}
    services = set(known)
    for index, entry in enumerate(entries):
        here = scope.at(index)
        if entry.service not in services:
            report_unknown(here.report, here.path, f'service of mesh "{scope.path[1]}"', entry.service, known)
        elif found.get(entry.service, entry) is not entry and _is_narrow(entry):
            here.problem(f'"{entry.service}" is called twice: say it once, with all methods and paths', found=entry.service)
        else:
            found.setdefault(entry.service, _call(entry, here))
    return tuple(found.values())


def _is_narrow(entry: Call) -> bool:
    return bool(entry.methods or entry.paths or entry.headers)


def _call(entry: Call, scope: Scope) -> CallValue:
    return CallValue(
        service=entry.service,
        methods=tuple(dict.fromkeys(entry.methods)),
        paths=tuple(dict.fromkeys(entry.paths)),
        headers=tuple(sorted((name.lower(), values) for name, values in entry.headers.items())),
        path=scope.path,
    )
