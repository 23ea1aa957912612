"""A folder's files changed all at once: killed at any moment, the folder holds the old set or the new one.

The new tree is built beside the folder (what does not change is hard-linked, not copied) and takes its place in one system
call. Where that cannot be (no such call, a mount point, a repository's top folder, a shell that stands in it), the changes are
written down in a journal first and then made one by one; a run that was killed half-way is finished by the next one.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from meshrole.errors import OutputError, Problem
from meshrole.swap import exchange

OURS = ".meshrole"
JOURNAL = f"{OURS}/journal.json"
NEXT = f"{OURS}/next"  # all that a journal needs: the draft of it, and its files
FILES = f"{NEXT}/files"


class _CannotExchangeError(Exception):
    """The folder has to be changed in place."""


def replace(out: Path, written: Mapping[str, bytes], linked: Collection[str], removed: Collection[str]) -> None:
    """`out` gets the `written` files, keeps the `linked` ones and loses the `removed` ones; any other file stays as it is.

    Raises OutputError with nothing changed.
    """
    try:
        try:
            _exchanged(out, written, linked, removed)
        except _CannotExchangeError:
            _in_place(out, written, removed)
    except OSError as error:
        place = error.filename or str(out)
        raise OutputError(Problem(f"cannot write {place}: {error.strerror or error}", help="nothing was changed")) from None


def finish(out: Path) -> None:
    """Complete what a killed run left half-done in `out`."""
    try:
        if (out / JOURNAL).exists():
            with _locked(out / OURS):
                _apply(out)
        elif (out / NEXT).exists():
            with _locked(out / OURS):
                shutil.rmtree(out / NEXT)
    except OSError as error:
        raise OutputError(Problem(f"cannot finish an earlier run in {out}: {error.strerror or error}")) from None


def _exchanged(out: Path, written: Mapping[str, bytes], linked: Collection[str], removed: Collection[str]) -> None:
    exists = out.exists()
    if exists and _must_stay(out):
        raise _CannotExchangeError
    out.parent.mkdir(parents=True, exist_ok=True)
    staging = out.parent / f".{out.name}.meshrole"
    with _locked(staging):
        try:
            tree = staging / "tree"
            shutil.rmtree(tree, ignore_errors=True)
            tree.mkdir()
            if exists:
                shutil.copystat(out, tree)
                _link(out, tree, linked)
                _link_foreign(out, tree, {*written, *linked, *removed})
            _write(tree, written)
            _take_place(tree, out)
        finally:
            shutil.rmtree(staging, ignore_errors=True)


def _must_stay(out: Path) -> bool:
    """Whether somebody holds the folder itself: a shell in it, a mount, a repository."""
    here = Path.cwd()
    return here == out or out in here.parents or out.is_mount() or (out / ".git").exists()


def _take_place(tree: Path, out: Path) -> None:
    try:
        tree.rename(out)  # POSIX: works where `out` is missing or empty
    except OSError:
        try:
            exchange(tree, out)
        except OSError:
            raise _CannotExchangeError from None


def _write(tree: Path, files: Mapping[str, bytes]) -> None:
    made: set[str] = set()
    root = str(tree)
    for path, content in files.items():
        folder = path.rpartition("/")[0]
        if folder not in made:
            os.makedirs(f"{root}/{folder}", exist_ok=True)  # noqa: PTH103
            made.add(folder)
        descriptor = os.open(f"{root}/{path}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
        try:
            view = memoryview(content)
            while view:
                view = view[os.write(descriptor, view) :]
        finally:
            os.close(descriptor)


def _link(out: Path, tree: Path, paths: Collection[str]) -> None:
    for path in paths:
        target = tree / path
        target.parent.mkdir(parents=True, exist_ok=True)
        _hard_link(str(out / path), str(target))


def _link_foreign(out: Path, tree: Path, ours: Collection[str]) -> None:
    """Everything that is not ours, as it is: backends, state, `.terraform`. Our emptied folders are left behind."""
    our_folders = {str(parent) for path in ours for parent in PurePosixPath(path).parents}

    def walk(relative: str) -> None:
        for entry in os.scandir(out / relative):
            path = f"{relative}/{entry.name}" if relative else entry.name
            target = tree / path
            if entry.is_dir(follow_symlinks=False):
                if path not in our_folders:
                    target.mkdir(parents=True)
                walk(path)
                if target.exists():
                    shutil.copystat(entry.path, target)
            elif path not in ours:
                target.parent.mkdir(parents=True, exist_ok=True)
                _hard_link(entry.path, str(target))

    walk("")


def _hard_link(source: str, target: str) -> None:
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        raise _CannotExchangeError from None


def _in_place(out: Path, written: Mapping[str, bytes], removed: Collection[str]) -> None:
    (out / OURS).mkdir(parents=True, exist_ok=True)
    with _locked(out / OURS):
        shutil.rmtree(out / NEXT, ignore_errors=True)
        try:
            _write(out / FILES, written)
            draft = out / NEXT / "journal.json"
            draft.write_text(json.dumps({"place": sorted(written), "remove": sorted(removed)}), encoding="utf-8")
        except BaseException:
            shutil.rmtree(out / NEXT, ignore_errors=True)
            raise
        draft.rename(out / JOURNAL)
        _apply(out)


def _apply(out: Path) -> None:
    """Make the changes of the journal; those that are made already are passed over."""
    journal = json.loads((out / JOURNAL).read_text(encoding="utf-8"))
    for path in journal["place"]:
        source, target = out / FILES / path, out / path
        if source.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            source.replace(target)
    for path in journal["remove"]:
        (out / path).unlink(missing_ok=True)
        _remove_empty(out, PurePosixPath(path).parent)
    shutil.rmtree(out / NEXT, ignore_errors=True)
    (out / JOURNAL).unlink()


def _remove_empty(out: Path, folder: PurePosixPath) -> None:
    while folder.parts:
        try:
            (out / folder).rmdir()
        except OSError:
            return
        folder = folder.parent


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold `folder`, so that two runs never write at once; the system lets go of it when a run is killed."""
    folder.mkdir(exist_ok=True)
    path = folder / "lock"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            same = path.exists() and os.path.samestat(path.stat(), os.fstat(descriptor))
        except BlockingIOError:
            same = False
        if not same:
            raise OutputError(Problem(f"another meshrole is writing here: {folder}", help="wait until it is done"))
        yield
        path.unlink(missing_ok=True)
    finally:
        os.close(descriptor)
