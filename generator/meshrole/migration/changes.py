"""What is changed in an inventory's files, gathered; the text is made once all is known."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from meshrole.errors import InputError, Problem
from meshrole.inventory.values import Path
from meshrole.migration import editing
from meshrole.migration.editing import Edit
from meshrole.migration.sheet import Entry, Sheet, located, refused
from meshrole.migration.wish import Note

SHARED = "stands in an anchor of YAML that others have as well"


@dataclass(slots=True)
class Changes:
    """Edits of `files`, and what is said about them. Everything raises InputError for what cannot be edited."""

    files: tuple[Sheet, ...]
    notes: list[Note] = field(default_factory=list)
    _edits: list[tuple[Edit, Entry, Path]] = field(default_factory=list)
    _out: dict[str, dict[Path, Entry]] = field(default_factory=dict)

    def set(self, path: Path, text: str, why: str) -> None:
        """Another value at `path`."""
        sheet, entry = self._at(path)
        self._add(editing.value_set(sheet, entry, text), entry, path, why)

    def put_after(self, path: Path, texts: Iterable[str], why: str = "") -> None:
        """New keys after the one at `path`."""
        sheet, entry = self._at(path)
        for text in texts:
            self.notes.append(Note((*path[:-1], text.partition(":")[0]), f"{why or 'new'}: {text.partition(': ')[2]}"))
        self._edits.append((editing.put_after(sheet, entry, texts, path), entry, path))

    def put_before(self, path: Path, text: str, renamed: str, why: str) -> None:
        """A new key before the one at `path`, which is called otherwise from now on."""
        sheet, entry = self._at(path)
        self._edits.append((editing.key_named(sheet, entry, renamed), entry, path))
        self._add(editing.put_before(sheet, entry, text, path), entry, path, why)

    def add_items(self, path: Path, items: Iterable[str], why: str) -> None:
        """More items of the list at `path`."""
        sheet, entry = self._at(path)
        self._add(editing.items_added(sheet, entry, items), entry, path, why)

    def take_out(self, path: Path, why: str) -> None:
        """No key at `path` any more."""
        sheet, entry = self._at(path)
        self._out.setdefault(sheet.name, {})[path] = entry
        self.notes.append(Note(path, f"taken out: {why}"))

    def texts(self) -> list[tuple[str, bytes]]:
        """The files as they are now. Raises InputError where an anchor of YAML brings a change to what must stay."""
        edits = self._checked()
        for sheet in self.files:
            out = self._out.get(sheet.name, {})
            own = {(entry.start) for entry in out.values() if entry.is_own}
            for path, entry in out.items():
                if not entry.is_own and entry.start not in own:
                    raise refused(entry, SHARED, path)
            edits += editing.taken_out(sheet, out.items())
        return [(sheet.name, editing.applied(sheet, edits)) for sheet in self.files]

    def _checked(self) -> list[Edit]:
        own = {edit for edit, entry, _ in self._edits if entry.is_own}
        places: dict[tuple[str, int, int], Edit] = {}
        for edit, entry, path in self._edits:
            first = places.setdefault((edit.file, edit.start, edit.end), edit)
            if edit not in own or first != edit:
                raise refused(entry, SHARED, path)
        return [edit for edit, _, _ in self._edits]

    def _at(self, path: Path) -> tuple[Sheet, Entry]:
        found = located(self.files, path)
        if found is None:
            raise InputError(Problem("this is not written where it can be edited", path=path))
        return found

    def _add(self, edit: Edit, entry: Entry, path: Path, why: str) -> None:
        self._edits.append((edit, entry, path))
        self.notes.append(Note(path, why))


def untouched(before: object, after: object, meshes: Iterable[str]) -> Iterator[Path]:
    """Where two inventories as plain values differ though nothing but these meshes and the boundaries should."""
    yield from _differ(_rest(before, set(meshes)), _rest(after, set(meshes)), ())


def _rest(value: object, meshes: set[str]) -> object:
    if not isinstance(value, dict):
        return value
    environments = value.get("environments")
    every = value.get("meshes")
    return {
        **value,
        "meshes": {name: item for name, item in every.items() if name not in meshes} if isinstance(every, dict) else every,
        "environments": {name: _without_boundary(item) for name, item in environments.items()}
        if isinstance(environments, dict)
        else environments,
    }


def _without_boundary(item: object) -> object:
    return {key: each for key, each in item.items() if key != "permissions_boundary"} if isinstance(item, dict) else item


def _differ(one: object, other: object, path: Path) -> Iterator[Path]:
    if isinstance(one, dict) and isinstance(other, dict):
        for key in {**one, **other}:
            yield from _differ(one.get(key), other.get(key), (*path, key))
    elif one != other:
        yield path
