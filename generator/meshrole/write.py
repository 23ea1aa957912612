"""The only module that writes generated files: all of them or none, and never one that is not ours.

What is ours stands in `.meshrole/manifest.json`, with a hash of each file as it was written.
"""

import hashlib
import json
import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from meshrole import tree
from meshrole.differences import unified
from meshrole.errors import OutputError, Problem

Files = Mapping[str, bytes]
MANIFEST = f"{tree.OURS}/manifest.json"
MANIFEST_VERSION = 1
SHARED_FOLDERS = ("modules", tree.OURS)
SHOWN_LINES = 60


@dataclass(frozen=True, slots=True)
class Changes:
    """What a write does (or would do). `kept` are environments that left the inventory and stay on disk."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int
    kept: tuple[str, ...]

    @property
    def any(self) -> bool:
        """Whether a file is added, changed or removed."""
        return bool(self.added or self.changed or self.removed)


@dataclass(frozen=True, slots=True)
class _Decision:
    changes: Changes
    linked: tuple[str, ...]
    manifest: dict[str, str]
    before: dict[str, str]


def compare(files: Files, out: Path, environments: Collection[str], *, prune: bool = False) -> Changes:
    """What `write` would change. Raises OutputError as it would."""
    return _decide(files, _folder(out), environments, prune).changes


def difference(files: Files, out: Path, environments: Collection[str], *, prune: bool = False) -> str:
    """What `write` would change, as a unified diff; empty when nothing does. Raises OutputError as it would."""
    out = _folder(out)
    changes = _decide(files, out, environments, prune).changes
    paths = sorted({*changes.added, *changes.changed, *changes.removed})
    return "".join(unified(path, _read(out, path), files.get(path)) for path in paths)


def write(files: Files, out: Path, environments: Collection[str], *, prune: bool = False) -> Changes:
    """Bring `out` to exactly `files`, all at once; whatever else is in it stays.

    Raises OutputError, with nothing written, when a path would leave `out`, when a file of ours was edited by hand or one that
    is not ours is in the way, and when the disk refuses. Killed at any moment, `out` holds the old files or the new ones. Where
    `tree` has to change it in place the promise is weaker: a killed run may leave some of both, and the next call finishes it.
    """
    out = _folder(out)
    decision = _decide(files, out, environments, prune)
    changes = decision.changes
    if not changes.any and decision.manifest == decision.before:
        return changes
    written = {path: files[path] for path in (*changes.added, *changes.changed)}
    written[MANIFEST] = f"{json.dumps({'version': MANIFEST_VERSION, 'files': decision.manifest}, indent=1)}\n".encode()
    tree.replace(out, written, decision.linked, changes.removed)
    return changes


def owned(out: Path) -> Collection[str]:
    """The paths of ours in `out`, as they were last written. Raises OutputError for a manifest that cannot be read."""
    return _manifest(_folder(out)).keys()


def create(files: Files, folder: Path) -> tuple[str, ...]:
    """Write files that must not be there yet, without a manifest: from then on they are the user's. Raises OutputError."""
    folder = folder.resolve()
    _refuse(Problem(f"{folder / path}: already there", help="nothing was written") for path in files if (folder / path).exists())
    made: list[Path] = []
    try:
        for path, content in files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as file:
                made.append(target)
                file.write(content)
    except BaseException as error:
        for target in made:
            target.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise OutputError(f"cannot write {error.filename}: {error.strerror}") from None
        raise
    return tuple(files)


def _decide(files: Files, out: Path, environments: Collection[str], prune: bool) -> _Decision:
    _refuse(_bad_paths(files))
    tree.finish(out)
    before = _manifest(out)
    there = _plain_files(out, files, before)
    kept = {path for path in before if not prune and path not in files and _has_left(path, environments)}
    verdicts: dict[str, list[str]] = {verdict: [] for verdict in ("added", "changed", "removed", "same", "foreign", "edited")}
    for path in {**files, **before}:
        if path not in kept and (path in files or path in there):
            found = _read(out, path) if path in there else None
            verdicts[_verdict(found, files.get(path), before.get(path))].append(path)
    foreign, edited = (sorted(verdicts[verdict]) for verdict in ("foreign", "edited"))
    _refuse([*(_in_the_way(out, path) for path in foreign), *(_edited(out, path, files.get(path)) for path in edited)])
    added, changed, removed = (tuple(sorted(verdicts[verdict])) for verdict in ("added", "changed", "removed"))
    hashes = {**{path: before[path] for path in kept}, **{path: _hash(content) for path, content in files.items()}}
    changes = Changes(added, changed, removed, len(verdicts["same"]), tuple(sorted({path.partition("/")[0] for path in kept})))
    return _Decision(changes, (*verdicts["same"], *(kept & there)), dict(sorted(hashes.items())), before)


def _verdict(found: bytes | None, wanted: bytes | None, recorded: str | None) -> str:
    """What becomes of a file: what is on disk, what shall be there, and the hash of what we last wrote."""
    if found is None:
        return "added" if wanted is not None else "removed"
    if found == wanted:
        return "same"
    if recorded is None:
        return "foreign"
    if _hash(found) != recorded:
        return "edited"
    return "removed" if wanted is None else "changed"


def _in_the_way(out: Path, path: str) -> Problem:
    message = f"{out / path}: this file is not meshrole's, and it is in the way"
    return Problem(message, help="move it away, or generate into another folder")


def _edited(out: Path, path: str, content: bytes | None) -> Problem:
    lines = unified(path, content, _read(out, path)).split("\n")[:-1]
    more = [f"… {len(lines) - SHOWN_LINES} more lines"] if len(lines) > SHOWN_LINES else []
    return Problem(
        "\n".join([f"{out / path}: this file was edited by hand", *lines[:SHOWN_LINES], *more]),
        help="put the change into the inventory, then restore the file (git checkout) or delete it, and generate again",
    )


def _read(out: Path, path: str) -> bytes | None:
    try:
        with open(f"{out}{os.sep}{path}", "rb", buffering=0) as file:  # noqa: PTH123
            return file.readall()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise OutputError(f"cannot read {out / path}: {error.strerror}") from None


def _hash(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def _has_left(path: str, environments: Collection[str]) -> bool:
    folder, inside, _ = path.partition("/")
    return bool(inside) and folder not in environments and folder not in SHARED_FOLDERS


def _folder(out: Path) -> Path:
    """Where `out` really is; it need not be there. Raises OutputError when it is no folder, or our own one in it is a link."""
    there = Path(os.path.realpath(out))
    try:
        if os.path.lexists(there) and not there.is_dir():
            raise OutputError(f"{out} is a file, not a folder")
        if (there / tree.OURS).is_symlink():
            raise OutputError(Problem(f"{there / tree.OURS} is a symlink, and meshrole writes there", help="remove it"))
    except OSError as error:
        raise OutputError(f"cannot read {out}: {error.strerror}") from None
    return there


def _manifest(out: Path) -> dict[str, str]:
    content = _read(out, MANIFEST)
    try:
        manifest: Any = json.loads(content) if content is not None else {"version": MANIFEST_VERSION, "files": {}}
        files: dict[str, str] = manifest["files"]
        if manifest["version"] != MANIFEST_VERSION or not all(isinstance(value, str) for value in files.values()):
            raise ValueError(f"version {manifest['version']}")
        _refuse(_bad_paths(files))
    except (OutputError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        message = f"{out / MANIFEST}: not a manifest that this meshrole knows ({error})"
        raise OutputError(Problem(message, help="restore it from version control")) from None
    return files


def _bad_paths(paths: Collection[str]) -> Iterator[Problem]:
    """Paths that leave the folder, that lie in our own one, and paths that are one file where case does not count."""
    spelled: dict[str, str] = {}
    for path in (*_folders(paths), *paths):
        other = spelled.setdefault(path.lower(), path)
        if "\\" in path or "\0" in path or not {"", ".", ".."}.isdisjoint(path.split("/")):
            yield Problem(f"the path {path!r} would leave the output folder")
        elif other != path:
            yield Problem(f"the paths {path!r} and {other!r} differ in case only")
        elif path.lower() == tree.OURS:
            yield Problem(f"the folder {path!r} is for meshrole's own records")


def _folders(paths: Iterable[str]) -> set[str]:
    deepest = map(PurePosixPath, {path.rpartition("/")[0] for path in paths})
    return {str(folder) for below in deepest for folder in (below, *below.parents) if folder.parts}


def _plain_files(out: Path, files: Files, before: Collection[str]) -> set[str]:
    """The regular files in the folders of ours. Raises OutputError for links at our paths, and for what else is in the way."""
    needed, ours = _folders(files), {*files, *before, MANIFEST}
    folders = _folders(ours)
    waiting, plain, problems = [""] if out.exists() else [], set(), []
    while waiting:
        folder = waiting.pop()
        for entry in _entries(f"{out}/{folder}"):
            path, is_folder = f"{folder}{entry.name}", entry.is_dir(follow_symlinks=False)
            if entry.is_symlink() and (path in ours or path in folders):
                problems.append(Problem(f"{out / path} is a symlink, and meshrole writes there", help="remove it"))
            elif (path in needed and not is_folder) or (path in files and not entry.is_file(follow_symlinks=False)):
                problems.append(_in_the_way(out, path))
            elif is_folder and path in folders:
                waiting.append(f"{path}/")
            elif entry.is_file(follow_symlinks=False):
                plain.add(path)
    _refuse(problems)
    return plain


def _entries(folder: str) -> list[os.DirEntry[str]]:
    try:
        return list(os.scandir(folder))
    except OSError as error:
        raise OutputError(f"cannot read {folder}: {error.strerror}") from None


def _refuse(problems: Iterable[Problem]) -> None:
    found = list(problems)
    if found:
        raise OutputError(found)
