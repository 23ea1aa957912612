"""The journey of a migration: an inventory's text edited, and what that changes, worked out from both."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from meshrole import pipeline, write
from meshrole.blueprint.model import Blueprint
from meshrole.errors import InputError, MeshroleError, OutputError, Problem
from meshrole.inventory.document import collector_off
from meshrole.inventory.leaving import today
from meshrole.inventory.load import Loaded, load_texts, texts
from meshrole.migration import boundaries, moving, platforms, report
from meshrole.migration.by_hand import by_hand
from meshrole.migration.changes import Changes, untouched
from meshrole.migration.counterparts import counterparts
from meshrole.migration.sheet import sheets
from meshrole.migration.steps import StepChange, compared
from meshrole.migration.wish import Moved, Step, Wish

__all__ = ["Migrated", "Step", "Wish", "migrate", "save", "today"]
Files = list[tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class Migrated:
    """The files of the new inventory by the names of the old ones, what is worth saying of it, and the report."""

    files: Files
    warnings: tuple[Problem, ...]
    report: report.Report

    def lines(self) -> list[str]:
        """The report for a person."""
        return list(report.lines(self.report))

    def values(self, *, with_inventory: bool) -> dict[str, Any]:
        """The report as JSON values, with the files where they go nowhere else."""
        found = report.values(self.report)
        every = {name: content.decode() for name, content in self.files}
        return {**found, "files": every} if with_inventory else found

    def summary(self) -> str:
        """The report in a line."""
        return report.summary(self.report)


@dataclass(frozen=True, slots=True)
class _Side:
    """An inventory that is sound."""

    files: Files
    loaded: Loaded
    blueprint: Blueprint
    warnings: tuple[Problem, ...]


def migrate(paths: Sequence[str], wish: Wish) -> Migrated:
    """Read an inventory and take it where it is wished; writes nothing.

    Raises whatever is wrong with the inventory, with the wish, or with what would become of it.
    """
    with collector_off():
        problems: list[Problem] = []
        files = texts(paths, problems)
        if problems:
            raise InputError(problems)
        before = _side(files, is_late=wish.step is Step.finish)
        after, moves, changes = _moved(before, wish)
        steps = [compared(before.blueprint, after.blueprint, None)]
        if wish.step is Step.both:
            finished, *_ = _moved(after, Wish(Step.finish, meshes=tuple(moved.mesh for moved in moves)))
            steps.append(compared(after.blueprint, finished.blueprint, wish.until))
    return Migrated(after.files, after.warnings, _report(before, moves, changes, steps, wish))


def save(migrated: Migrated, out: Path) -> tuple[str, ...]:
    """Write the new files into the folder `out`, or the only one as `out`; the paths that are new.

    Raises OutputError where something else is there, and where two files would have one name.
    """
    is_file = len(migrated.files) == 1 and not out.is_dir()
    folder = out.parent if is_file else out
    names = [out.name] if is_file else [Path(name).name for name, _ in migrated.files]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise OutputError(Problem(f"two files would be {out / name}", help="migrate one folder at a time") for name in twice)
    made = dict(zip(names, (content for _, content in migrated.files), strict=True))
    fresh = {name: content for name, content in made.items() if not _is_there(folder / name, content)}
    return tuple(str(folder / name) for name in write.create(fresh, folder))


def _is_there(path: Path, content: bytes) -> bool:
    try:
        return path.read_bytes() == content
    except OSError:
        return False


def _side(files: Files, *, is_late: bool) -> _Side:
    """The inventory in these files; one that is late to leave an engine is sound where that is what is asked for."""
    checked = pipeline.check((), lambda _: load_texts(files), date.min if is_late else None)
    if checked.error:
        raise checked.error
    assert checked.loaded and checked.blueprint
    return _Side(files, checked.loaded, checked.blueprint, checked.warnings)


def _moved(before: _Side, wish: Wish) -> tuple[_Side, tuple[Moved, ...], Changes]:
    file = before.loaded.file
    assert file
    try:
        moves = moving.wished(file, wish)
        changes = Changes(sheets(before.files))
        for moved in moves:
            if wish.step is Step.finish:
                moving.finish(changes, moved, file)
            else:
                moving.move(changes, moved, file, wish)
        made = changes.texts()
    except InputError as error:
        raise InputError(map(before.loaded.located, error.problems)) from None
    missing = boundaries.lacking(pipeline.check((), lambda _: load_texts(made)).blueprint or before.blueprint)
    if missing:
        boundaries.widen(changes, file, missing)
        made = changes.texts()
    return _sound(before, made, moves), moves, changes


def _sound(before: _Side, made: Files, moves: tuple[Moved, ...]) -> _Side:
    """What became of an inventory. Raises InputError where it is not sound, or where more changed than should."""
    try:
        after = _side(made, is_late=False)
    except MeshroleError as error:
        head = Problem("the inventory as it would be is not sound; nothing was written. Its lines are those of the new text:")
        raise type(error)((head, *error.problems)) from None
    wrong = list(untouched(before.loaded.written, after.loaded.written, [moved.mesh for moved in moves]))
    if wrong:
        raise InputError(
            before.loaded.located(Problem("this would change with it: an anchor of YAML joins them", path=path)) for path in wrong
        )
    return after


def _report(before: _Side, moves: tuple[Moved, ...], changes: Changes, steps: list[StepChange], wish: Wish) -> report.Report:
    file, document = before.loaded.file, before.loaded.document
    assert file
    notes = sorted(((document.place(note.path, of_key=True), note) for note in changes.notes), key=_position)
    said = [(moved.mesh, tuple(counterparts(file.meshes[moved.mesh], moved.old, moved.new))) for moved in moves]
    assumed = any(platforms.is_assumed(moved.mesh, file, wish) for moved in moves)
    return report.Report(
        moves=moves,
        until=wish.until,
        notes=tuple(notes),
        steps=tuple(steps),
        counterparts=tuple(said) if wish.step is not Step.finish else (),
        by_hand=tuple(by_hand(moves, tuple(changes.notes), wish, is_assumed=assumed)),
    )


def _position(item: Any) -> tuple[str, int]:
    return item[0].file, item[0].line
