"""The only module that writes generated files: all of them or none, and never one that is not ours.

What is ours stands in `.meshrole/manifest.json`, with a hash of each file as it was written.
"""

import difflib
import hashlib
import json
import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from meshrole import tree
from meshrole.errors import OutputError, Problem

Files = Mapping[str, bytes]
MANIFEST = f"{tree.OURS}/manifest.json"
MANIFEST_VERSION = 1
SHARED_FOLDERS = ("modules", tree.OURS)
SHOWN_LINES = 60


@dataclass(frozen=True)
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


@dataclass(frozen=True)
class _Decision:
    changes: Changes
    same: tuple[str, ...]
    manifest: dict[str, str]
    before: dict[str, str]


def compare(files: Files, out: Path, environments: Collection[str], *, prune: bool = False) -> Changes:
    """What `write` would change. Raises OutputError as it would."""
    return _decide(files, out.resolve(), environments, prune).changes


def difference(files: Files, out: Path, environments: Collection[str], *, prune: bool = False) -> str:
    """What `write` would change, as a unified diff; empty when nothing does. Raises OutputError as it would."""
    out = out.resolve()
    changes = _decide(files, out, environments, prune).changes
    paths = sorted({*changes.added, *changes.changed, *changes.removed})
    return "".join(_diff(path, _read(out, path), files.get(path)) for path in paths)


def write(files: Files, out: Path, environments: Collection[str], *, prune: bool = False) -> Changes:
    """Bring `out` to exactly `files`, all at once; whatever else is in it stays.

    Raises OutputError, with nothing written, when a path would leave `out`, when a file of ours was edited by hand or one that
    is not ours is in the way, and when the disk refuses.
    """
    out = out.resolve()
    decision = _decide(files, out, environments, prune)
    changes = decision.changes
    if not changes.any and decision.manifest == decision.before:
        return changes
    written = {path: files[path] for path in (*changes.added, *changes.changed)}
    written[MANIFEST] = _manifest_text(decision.manifest)
    tree.replace(out, written, decision.same, changes.removed)
    return changes


def create(files: Files, folder: Path) -> tuple[str, ...]:
    """Write files that must not be there yet, without a manifest: from then on they are the user's. Raises OutputError."""
    folder = folder.resolve()
    there = [Problem(f"{folder / path}: already there", help="nothing was written") for path in files if (folder / path).exists()]
    if there:
        raise OutputError(there)
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
    if out.exists() and not out.is_dir():
        raise OutputError(f"{out} is a file, not a folder")
    if out.exists():
        tree.finish(out)
    before = _manifest(out)
    left = {path for path in before if _environment(path) not in {*environments, *SHARED_FOLDERS}}
    kept = set() if prune else left
    gone = {path for path in before if path not in files and path not in kept}
    _refuse(_links(out, {*files, *before}))
    added, changed, same, problems = _sorted_out(files, out, before)
    problems += [_edited(out, path, None) for path in sorted(gone) if _is_edited(out, path, before[path])]
    _refuse(problems)
    hashes = {path: before[path] if path in same and path in before else _hash(content) for path, content in files.items()}
    changes = Changes(
        tuple(sorted(added)),
        tuple(sorted(changed)),
        tuple(sorted(path for path in gone if os.path.lexists(out / path))),
        len(same),
        tuple(sorted({_environment(path) for path in kept})),
    )
    linked = (*same, *(path for path in kept if os.path.lexists(out / path)))
    return _Decision(changes, linked, dict(sorted({**{path: before[path] for path in kept}, **hashes}.items())), before)


def _sorted_out(files: Files, out: Path, before: Mapping[str, str]) -> tuple[list[str], list[str], set[str], list[Problem]]:
    added, changed, same, problems = [], [], set(), []
    root = f"{out}{os.sep}"
    for path, content in files.items():
        status = tree.is_plain_file(root + path)
        if status is None:
            added.append(path)
            continue
        there = _read(out, path)
        if there == content:
            same.add(path)
        elif path not in before:
            message = f"{out / path}: this file is not meshrole's, and it is in the way"
            problems.append(Problem(message, help="move it away, or generate into another folder"))
        elif _hash(there or b"") == before[path]:
            changed.append(path)
        else:
            problems.append(_edited(out, path, content))
    return added, changed, same, problems


def _is_edited(out: Path, path: str, expected: str) -> bool:
    there = _read(out, path)
    return there is not None and _hash(there) != expected


def _edited(out: Path, path: str, content: bytes | None) -> Problem:
    lines = _diff(path, content, _read(out, path)).splitlines() if content is not None else []
    shown = [*lines[:SHOWN_LINES], *([f"… {len(lines) - SHOWN_LINES} more lines"] if len(lines) > SHOWN_LINES else [])]
    return Problem(
        "\n".join([f"{out / path}: this file was edited by hand", *shown]),
        help="put the change into the inventory, then restore the file (git checkout) or delete it, and generate again",
    )


def _diff(path: str, old: bytes | None, new: bytes | None) -> str:
    names = (f"a/{path}" if old is not None else "/dev/null", f"b/{path}" if new is not None else "/dev/null")
    before, after = ((content or b"").decode("utf-8", "replace").splitlines(keepends=True) for content in (old, new))
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in difflib.unified_diff(before, after, *names))


def _read(out: Path, path: str) -> bytes | None:
    try:
        with open(f"{out}{os.sep}{path}", "rb") as file:  # noqa: PTH123
            return file.read()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise OutputError(f"cannot read {out / path}: {error.strerror}") from None


def _hash(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def _environment(path: str) -> str:
    return path.partition("/")[0]


def _manifest(out: Path) -> dict[str, str]:
    content = _read(out, MANIFEST) if out.exists() else None
    if content is None:
        return {}
    try:
        manifest = json.loads(content)
        files = manifest["files"]
        if manifest["version"] != MANIFEST_VERSION or not all(isinstance(value, str) for value in files.values()):
            raise ValueError(f"version {manifest['version']}")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        problem = Problem(
            f"{out / MANIFEST}: not a manifest that this meshrole knows ({error})", help="restore it from version control"
        )
        raise OutputError(problem) from None
    _refuse(_bad_paths(files))
    return dict(files)


def _manifest_text(files: Mapping[str, str]) -> bytes:
    return (json.dumps({"version": MANIFEST_VERSION, "files": files}, indent=1) + "\n").encode()


def _bad_paths(paths: Iterable[str]) -> Iterator[Problem]:
    """Paths that leave the folder, and paths that are one file where case does not count."""
    spelled: dict[str, str] = {}
    for path in paths:
        parts = path.split("/")
        if not path or "\\" in path or "\0" in path or any(part in ("", ".", "..") for part in parts):
            yield Problem(f"the path {path!r} would leave the output folder")
        elif spelled.setdefault(path.lower(), path) != path:
            yield Problem(f"the paths {path!r} and {spelled[path.lower()]!r} differ in case only")


def _links(out: Path, paths: Iterable[str]) -> Iterator[Problem]:
    """Symlinks on the way to a file of ours: writing through them would leave the folder."""
    paths = set(paths)
    folders = {str(parent) for path in paths for parent in PurePosixPath(path).parents if parent.parts}
    for path in sorted(folders):
        if (out / path).is_symlink():
            yield Problem(f"{out / path} is a symlink, and meshrole writes below it", help="replace it by a folder")
    root = f"{out}{os.sep}"
    for path in sorted(paths):
        if os.path.islink(root + path):  # noqa: PTH114
            yield Problem(f"{out / path} is a symlink, and meshrole writes there", help="remove it")


def _refuse(problems: Iterable[Problem]) -> None:
    found = list(problems)
    if found:
        raise OutputError(found)
