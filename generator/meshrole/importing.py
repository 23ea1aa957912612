"""The journey of an import: files to what was found, to an inventory and a report of the estate."""

import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from meshrole.errors import InputError, OutputError, Problem
from meshrole.importers.base import Options, SourceFile
from meshrole.importers.callers import with_callers
from meshrole.importers.composing import composed
from meshrole.importers.files import read_files
from meshrole.importers.found import Found, Miss
from meshrole.importers.granted import with_granted
from meshrole.importers.inventory_text import to_yaml, without_file
from meshrole.importers.linking import linked
from meshrole.importers.merging import merged, named
from meshrole.importers.origin import Origin
from meshrole.importers.parameters import read_parameters
from meshrole.importers.registry import AUTO, SOURCES, recognised, split_source, suffixes
from meshrole.importers.reporting import Report, report_lines, report_values, reported
from meshrole.importers.rewriting import rewritten
from meshrole.importers.settings import ISSUER, Given, settled
from meshrole.inventory.document import collector_off

__all__ = ["Given", "Imported", "import_sources", "parameters", "save"]
HEAD = (
    "Made by `meshrole import`. The comments say where each entry is from, and what the sources do not say.",
    "`meshrole check` says what is left to fill in.",
)
SHOWN_MISSES = 20


@dataclass(frozen=True, slots=True)
class Imported:
    """The text of an inventory, and the report."""

    text: str
    report: Report

    def lines(self) -> list[str]:
        """The report for a person."""
        return list(report_lines(self.report))

    def values(self, *, with_inventory: bool) -> dict[str, Any]:
        """The report as JSON values."""
        return report_values(self.report, self.text if with_inventory else None)


def parameters(pairs: Sequence[str], files: Sequence[Path]) -> dict[str, str]:
    """Parameters from NAME=VALUE and from files, the former before the latter. Raises InputError."""
    return read_parameters(pairs, files)


def import_sources(source: str, paths: Sequence[str], given: Given, values: Mapping[str, str]) -> Imported:
    """Read everything in `paths` as `source`, or as what a path names itself. Raises InputError where nothing can be read."""
    with collector_off():
        groups, misses = _groups(source, paths, given)
        found = Found(misses=tuple(misses))
        for name, files in groups.items():
            found += SOURCES[name].reader().read(files, Options(values))
        if found.is_empty:
            raise InputError(_nothing(found, paths))
        complete, words = rewritten(named(found), values)
        complete, limits = with_callers(with_granted(merged(complete)))
        settings = settled(replace(given, oidc_issuer=values.get(ISSUER)), complete)
        kubernetes = frozenset(file.name for file in groups.get("kubernetes", ()))
        made = composed(linked(complete, limits), complete, settings, words, kubernetes)
        names = [file.name for files in groups.values() for file in files]
        return Imported(_text(made.tree, names), reported(complete, len(names), made, settings))


def _text(tree: Mapping[str, Any], names: Sequence[str]) -> str:
    """An inventory; one of a single file names it once."""
    if len(names) != 1:
        return to_yaml(tree, HEAD)
    one = {key: without_file(part, names[0]) for key, part in tree.items()}
    return to_yaml(one, (*HEAD, f"Every line that they name is of {names[0]}."))


def _groups(source: str, paths: Sequence[str], given: Given) -> tuple[dict[str, list[SourceFile]], list[Miss]]:
    """The files of each source, in their order; what is no source is a miss."""
    groups: dict[str, list[SourceFile]] = {}
    misses: list[Miss] = []
    seen: set[tuple[str, str]] = set()
    for path in paths:
        name, rest = split_source(path, source)
        if name != AUTO and SOURCES[name].is_live:
            groups.setdefault(name, []).append(SourceFile(_account(rest, given), b""))
            continue
        files, unread = read_files([rest], suffixes([name]))
        misses += unread
        for file in files:
            kind = recognised(file) if name == AUTO else name
            if kind is None:
                misses.append(Miss(Origin(file.name), "the file", "it looks like none of the sources"))
            elif (kind, file.name) not in seen:
                seen.add((kind, file.name))
                groups.setdefault(kind, []).append(file)
    return groups, misses


def _account(path: str, given: Given) -> str:
    """`profile@region`, the region from what the user says where the path has none."""
    return f"{path}@{given.region}" if given.region and "@" not in path and not path[-1:].isdigit() else path


def _nothing(found: Found, paths: Sequence[str]) -> list[Problem]:
    """Why nothing was read."""
    problems = [Problem(f"nothing of a mesh was found in {', '.join(paths)}", help="is that the right SOURCE?")]
    return problems + [Problem(f"{miss.origin}: {miss.what}: {miss.why}") for miss in found.misses[:SHOWN_MISSES]]


def save(imported: Imported, path: Path, *, force: bool) -> bool:
    """Write the inventory, all of it or nothing; whether it was not there yet. Raises OutputError.

    A file that is there and says something else is only written over with `force`: somebody may have worked on it.
    """
    content = imported.text.encode()
    try:
        if path.exists():
            if path.read_bytes() == content:
                return False
            if not force:
                message = f"{path}: it is there already, and says something else"
                raise OutputError(Problem(message, help="give --force to write over it, or another -o"))
        _replace(path, content)
    except OSError as error:
        raise OutputError(Problem(f"{path}: cannot be written: {error.strerror or error}")) from None
    return True


def _replace(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        umask = os.umask(0)
        os.umask(umask)
        Path(name).chmod(0o666 & ~umask)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
