"""What a migration changes, as JSON values and as lines for a person."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from meshrole.errors import Place
from meshrole.migration.counterparts import Counterpart
from meshrole.migration.steps import CallersChange, RoleChange, StepChange, by_identity
from meshrole.migration.wish import Moved, Note
from meshrole.review.model import Permission

VERSION = 1


@dataclass(frozen=True, slots=True)
class Report:
    """The meshes that move, what was written, what each step changes, what is otherwise, and what people have to do.

    `notes` have their places in the old inventory; `until` is the last day of both engines, None without one.
    """

    moves: tuple[Moved, ...]
    until: str | None
    notes: tuple[tuple[Place | None, Note], ...]
    steps: tuple[StepChange, ...]
    counterparts: tuple[tuple[str, tuple[Counterpart, ...]], ...]
    by_hand: tuple[str, ...]


def values(report: Report) -> dict[str, Any]:
    """The report as JSON values."""
    return {
        "version": VERSION,
        "meshes": [asdict(moved) for moved in report.moves],
        "until": report.until,
        "inventory": [{"place": str(place) if place else None, **_note(note)} for place, note in report.notes],
        "steps": [_step(step) for step in report.steps],
        "counterparts": {mesh: [asdict(each) for each in found] for mesh, found in report.counterparts},
        "by_hand": list(report.by_hand),
    }


def _note(note: Note) -> dict[str, Any]:
    return {"path": list(note.path), "change": note.text}


def _step(step: StepChange) -> dict[str, Any]:
    return {
        "after": step.after,
        "roles": [{key: each for key, each in asdict(role).items() if key != "is_there"} | _state(role) for role in step.roles],
        "callers": [asdict(callers) for callers in step.callers],
        "notes": list(step.notes),
    }


def _state(role: RoleChange) -> dict[str, str]:
    return {"state": {(True, True): "changed" if role.is_change else "same", (False, True): "new"}.get(role.is_there, "gone")}


def lines(report: Report) -> Iterator[str]:
    """The report for a person at a terminal."""
    for moved in report.moves:
        yield f"mesh {moved.mesh}: {moved.old} -> {moved.new}{f', both until {report.until}' if report.until else ''}"
    yield from ("", "inventory")
    for place, note in report.notes:
        yield f"  {place or '-'}: {note.path[-1]}: {note.text}"
    for step in report.steps:
        yield ""
        yield from _step_lines(step)
    for mesh, found in report.counterparts:
        if found:
            yield from ("", f"mesh {mesh} has, and its new engine has otherwise or not at all")
            yield from (line for each in found for line in _counterpart(each))
    yield from ("", "by hand, in this order")
    yield from (f"  {number}. {text}" for number, text in enumerate(report.by_hand, 1))


def _step_lines(step: StepChange) -> Iterator[str]:
    yield f"after {step.after}, with --finish" if step.after else "now"
    unchanged = 0
    for roles in by_identity(step.roles):
        if not any(role.is_change for role in roles):
            unchanged += len(roles)
            continue
        yield f"  {roles[0].module}/{roles[0].identity} in {roles[0].environment}"
        yield from (line for role in roles for line in _role(role))
    for callers in step.callers:
        yield from _callers(callers)
    yield from (f"  {note}" for note in step.notes)
    if unchanged:
        yield f"  {unchanged} role{'s' if unchanged > 1 else ''} of others as before"


def _role(role: RoleChange) -> Iterator[str]:
    state = {(False, True): " is new", (True, False): " goes"}.get(role.is_there, "" if role.is_change else " as before")
    kept = f", {len(role.kept)} permission{'s' if len(role.kept) > 1 else ''} unchanged" if role.kept else ""
    yield f"    {role.role}{state}{kept}"
    yield from (f"      + {text}" for text in _permissions(role.gained))
    yield from (f"      - {text}" for text in _permissions(role.lost))
    yield from (f"      can now be assumed by {each.words}" for each in role.trust_gained)
    yield from (f"      can no longer be assumed by {each.words}" for each in role.trust_lost)


def _permissions(every: Iterable[Permission]) -> Iterator[str]:
    """Actions alike on one line; where there are many resources, they are counted after the first."""
    alike: dict[tuple[str, str], dict[str, None]] = {}
    for each in every:
        alike.setdefault((each.resource, each.condition), {})[each.action] = None
    same: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for key, actions in alike.items():
        same.setdefault(tuple(actions), []).append(key)
    for names, keys in same.items():
        for resource, condition in keys:
            yield f"{', '.join(names)} on {resource}{f' where {condition}' if condition else ''}"


def _callers(callers: CallersChange) -> Iterator[str]:
    name = "the service network" if callers.of.startswith("_") else f"service {callers.of}"
    where = f"  {callers.module}: {name} in {callers.environment}"
    yield from (f"{where} can now be called by {who}" for who in callers.gained)
    yield from (f"{where} can no longer be called by {who}" for who in callers.lost)


def _counterpart(each: Counterpart) -> Iterator[str]:
    who = f" ({', '.join(each.who)})" if each.who else ""
    yield f"  {each.what}{who}"
    yield f"    {each.instead}"
    yield f"    {each.page}"


def summary(report: Report) -> str:
    """One line for the end."""
    count = Counter(role.is_change for step in report.steps[:1] for role in step.roles)
    return f"{len(report.moves)} mesh{'es' if len(report.moves) > 1 else ''}, {count[True]} roles change, {count[False]} do not"
