"""Looking up names: what is written under a section, and what to say when a name is not there."""

from collections.abc import Mapping, Sequence
from typing import Any

from meshrole.errors import Problem
from meshrole.inventory.messages import nearest
from meshrole.inventory.scope import Report
from meshrole.inventory.values import Path


def names_of(written: Mapping[str, Any], *steps: str) -> tuple[str, ...]:
    """The keys under `steps` of the inventory as written, wrong entries included."""
    value: Any = written
    for step in steps:
        value = value.get(step) if isinstance(value, Mapping) else None
    return tuple(value) if isinstance(value, Mapping) else ()


def look_up(report: Report, path: Path, kind: str, names: Sequence[str], known: Sequence[str]) -> list[str]:
    """Those of `names` that are known; each other one is reported at its index under `path`."""
    found = set(known)
    for index, name in enumerate(names):
        if name not in found:
            report_unknown(report, (*path, index), kind, name, known)
    return [name for name in names if name in found]


def report_unknown(report: Report, path: Path, kind: str, name: str, known: Sequence[str]) -> None:
    """Report a name that nothing has, with the nearest one that something has."""
    message = f'no {kind} is called "{name}"'
    report(Problem(message, path=path, found=name, allowed=tuple(known)[:20], help=nearest(name, known)))


def report_case(report: Report, path: Path, name: str, spelled: dict[str, str]) -> None:
    """Report a name that differs from an earlier one in case only; `spelled` remembers the earlier ones."""
    if spelled.setdefault(name.lower(), name) != name:
        report(Problem(f'"{name}" and "{spelled[name.lower()]}" differ in case only', path=path))
