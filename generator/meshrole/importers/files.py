"""PATHs as a person writes them to source files: read whole, in a sure order, nothing outside what was named."""

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from meshrole.errors import InputError, Problem
from meshrole.importers.base import SourceFile
from meshrole.importers.found import Miss
from meshrole.importers.origin import Origin

MAX_BYTES = 50_000_000
PASSED_OVER = ("node_modules",)
STDIN = "<stdin>"
SNIFFED = 8_192


def read_files(paths: Sequence[str], suffixes: Sequence[str]) -> tuple[list[SourceFile], list[Miss]]:
    """The files in `paths` (files, folders, `-`), each once, and those that are no text.

    A file that is named is read whatever it is called; below a folder only names that end in one of `suffixes`. Hidden files
    and folders are passed over, and so are links that lead out of the folder. Raises InputError for what is not there or too
    large.
    """
    files: dict[str, SourceFile] = {}
    misses: list[Miss] = []
    for path in paths:
        for name, content in _contents(path, tuple(suffixes)):
            if b"\0" in content[:SNIFFED]:
                misses.append(Miss(Origin(name), "the file", "it is not text"))
            else:
                files.setdefault(name, SourceFile(name, content))
    return list(files.values()), misses


def _contents(path: str, suffixes: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    if path == "-":
        yield STDIN, _limited(sys.stdin.buffer.read(MAX_BYTES + 1), STDIN)
        return
    names = list(_below(Path(path), suffixes)) if Path(path).is_dir() else [path]
    for name in names:
        yield name, _content(name)


def _below(folder: Path, suffixes: tuple[str, ...]) -> Iterator[str]:
    """The files below a folder, sorted by their names."""
    top = folder.resolve()
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not _is_passed_over(name))
        for name in sorted(names):
            path = Path(parent, name)
            if name.endswith(suffixes) and not name.startswith(".") and path.is_file() and path.resolve().is_relative_to(top):
                yield str(path)


def _is_passed_over(name: str) -> bool:
    return name.startswith(".") or name in PASSED_OVER


def _content(name: str) -> bytes:
    try:
        with Path(name).open("rb") as file:
            return _limited(file.read(MAX_BYTES + 1), name)
    except OSError as error:
        raise InputError(Problem(f"{name}: cannot be read: {error.strerror or error}")) from None


def _limited(content: bytes, name: str) -> bytes:
    if len(content) > MAX_BYTES:
        raise InputError(Problem(f"{name}: larger than {MAX_BYTES:,} bytes", help="import its parts, or take a smaller one"))
    return content
