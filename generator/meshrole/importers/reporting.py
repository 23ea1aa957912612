"""What an import has to say when it is done: as text for a person, and everything that was found as JSON values."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from meshrole.importers.composing import Composed
from meshrole.importers.estate import TITLES, Finding, findings
from meshrole.importers.found import Found, Miss
from meshrole.importers.merging import KINDS
from meshrole.importers.origin import Origin
from meshrole.importers.rewriting import Placeholder
from meshrole.importers.settings import Settings
from meshrole.importers.values import Unknown, Value

# What the kinds of things are called in the JSON, where that is not what they are called here.
JSON_NAMES = {
    "nodes": "virtual_nodes",
    "gateways": "virtual_gateways",
    "services": "virtual_services",
    "routers": "virtual_routers",
    "tasks": "task_definitions",
    "profiles": "instance_profiles",
}
# Who, what is said of it, and where. So many of whom the same is said are a line each.
Line = tuple[str, str, Origin | None]
UNFOLDED = 4
COUNTED = {"meshes": "mesh", **KINDS, "tasks": "task definition", "roles": "role", "service_accounts": "service account"}


@dataclass(frozen=True, slots=True)
class Report:
    """What was `found`, what is wrong with the estate, what was `assumed`, what must be filled in, and what was not understood.

    `unsaid` are today's permissions that the inventory does not have, by workload.
    """

    found: Found
    files: int
    findings: tuple[Finding, ...]
    assumed: tuple[str, ...]
    words: tuple[Placeholder, ...]
    unsaid: tuple[tuple[str, str], ...]
    misses: tuple[Miss, ...]


def reported(found: Found, files: int, composed: Composed, settings: Settings) -> Report:
    """The report of an import."""
    places = {key: workload.place for key, workload in composed.workloads.items()}
    assumed = [f"{key.name}: {place.assumed}" for key, place in places.items() if place.assumed]
    unsaid = [(key.name, text) for key, workload in composed.workloads.items() for text in workload.allowed.unsaid]
    return Report(
        found=found,
        files=files,
        findings=findings(found, composed.workloads),
        assumed=(*settings.assumed, *assumed),
        words=composed.words,
        unsaid=tuple(unsaid),
        misses=found.misses,
    )


def report_lines(report: Report) -> Iterator[str]:
    """The report for a person: what is not there is not mentioned."""
    counts = [_counted(len(getattr(report.found, kind)), word) for kind, word in COUNTED.items() if getattr(report.found, kind)]
    yield f"{_counted(report.files, 'file')} read: {', '.join(counts) or 'nothing of a mesh'}"
    for kind, title in TITLES.items():
        lines = [(item.subject, item.message, item.origin) for item in report.findings if item.kind == kind]
        yield from _section(title, lines, folds_subjects=True)
    yield from _section("permissions of today that the inventory does not have", _by_text(report.unsaid))
    assumed = [line.partition(": ") for line in report.assumed]
    yield from _section("assumed", [(who, text, None) for who, _, text in assumed])
    yield from _section("to fill in", [(f"{{{item.word}}}", item.expression, item.origin) for item in report.words])
    misses = [(f"{miss.origin}: {miss.what}", miss.why, None) for miss in report.misses]
    yield from _section("not understood", misses)


def _counted(number: int, word: str) -> str:
    plural = "meshes" if word == "mesh" else f"{word}s"
    return f"{number:,} {word if number == 1 else plural}"


def _section(title: str, items: Iterable[Line], *, folds_subjects: bool = False) -> Iterator[str]:
    """A title with a number, and its lines; `folds_subjects`: where much is said of one, the first of it is enough."""
    items = list(dict.fromkeys(items))
    if items:
        yield f"{title}: {len(items):,}"
    yield from (f"  {line}" for line in dict.fromkeys(_folded(items, folds_subjects)))


def _folded(items: Sequence[Line], folds_subjects: bool) -> Iterator[str]:
    """A line for each; where the same is said of many, one line names the first of them, and where that is."""
    by_text: dict[str, list[Line]] = {}
    by_who: dict[str, list[Line]] = {}
    for item in items:
        by_text.setdefault(item[1], []).append(item)
        by_who.setdefault(item[0], []).append(item)
    for who, text, origin in items:
        same, own = by_text[text], by_who[who]
        if len(same) > UNFOLDED:
            yield f"{_names([each[0] for each in same])}: {text}{_at(same[0][2])}"
        elif folds_subjects and len(own) > UNFOLDED:
            yield f"{who}: {_names([each[1] for each in own])}{_at(own[0][2])}"
        else:
            yield f"{who}: {text}{_at(origin)}" if text else f"{who}{_at(origin)}"


def _names(names: Sequence[str]) -> str:
    """The first of them, and how many more there are."""
    more = f" and {len(names) - UNFOLDED:,} more" if len(names) > UNFOLDED else ""
    return ", ".join(names[:UNFOLDED]) + more


def _by_text(unsaid: Iterable[tuple[str, str]]) -> Iterator[Line]:
    """What is not said, once, with those who have it."""
    who: dict[str, list[str]] = {}
    for name, text in unsaid:
        who.setdefault(text, []).append(name)
    yield from ((_names(names), text, None) for text, names in who.items())


def _at(origin: Origin | None) -> str:
    return f" ({origin})" if origin else ""


def report_values(report: Report, inventory: str | None) -> dict[str, Any]:
    """The report as JSON values, with everything that was found; an unknown value keeps its expression and its default."""
    kinds = [field.name for field in fields(report.found) if field.name != "misses"]
    return {
        "version": 1,
        "files": report.files,
        "counts": {JSON_NAMES.get(kind, kind): len(getattr(report.found, kind)) for kind in kinds},
        **{JSON_NAMES.get(kind, kind): [_plain(item) for item in getattr(report.found, kind)] for kind in kinds},
        "findings": [_plain(item) for item in report.findings],
        "findings_by_kind": dict(Counter(item.kind for item in report.findings)),
        "assumed": list(report.assumed),
        "to_fill_in": [_plain(item) for item in report.words],
        "not_in_inventory": [{"workload": name, "permission": text} for name, text in report.unsaid],
        "misses": [_plain(item) for item in report.misses],
        "inventory": inventory,
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Value):
        return _text(value)
    if isinstance(value, Origin):
        return {"file": value.file, "line": value.line or None, "name": value.name or None}
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


def _text(value: Value) -> Any:
    """A text; or, where not all of it is in the source, the text with the expressions in it."""
    unknown = [part for part in value.parts if isinstance(part, Unknown)]
    if not unknown:
        return value.text
    pieces = [{"expression": part.expression, "word": part.word, "default": part.default} for part in unknown]
    return {"text": value.text, "unknown": pieces}
