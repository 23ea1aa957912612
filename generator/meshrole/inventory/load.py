"""Files to a typed inventory. Reads; writes nothing. All problems of all files come together."""

import copy
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from meshrole.errors import InputError, Problem
from meshrole.inventory import document, merge, messages
from meshrole.inventory.model import InventoryFile

SUFFIXES = (".yaml", ".yml")
MAX_FILE_BYTES = 50_000_000
PRUNING_ROUNDS = 20
# What stands in for a wrong value that cannot be left out, so that everything below it is still checked. Nothing is ever made
# of these: an inventory with a wrong value is refused. Problems that speak of them are dropped.
STAND_IN_ACCOUNT = "000000000000"
STAND_IN_REGION = "zz-standin-1"
STAND_INS: dict[str, Any] = {
    "version": 1,
    "organization": {"name": "organization"},
    "name": "organization",
    "engine": "app-mesh",
    "runs_on": {"platform": "ec2"},
    "region": STAND_IN_REGION,
}


@dataclass(frozen=True)
class Loaded:
    """An inventory as it is written.

    `file` leaves out the parts that are wrong, so that the rest can still be checked; `written` has everything, as plain
    values; `attachments` holds the text of the files that the inventory names (SAML metadata), by provider.
    """

    document: document.Document
    file: InventoryFile | None
    problems: tuple[Problem, ...]
    attachments: dict[str, str]

    @property
    def written(self) -> dict[str, Any]:
        """The plain values of the whole inventory, its wrong parts included."""
        value: dict[str, Any] = self.document.value
        return value

    def located(self, problem: Problem) -> Problem:
        """The same problem with the file, line and column of its path."""
        if problem.place is not None or not problem.path:
            return problem
        return replace(problem, place=self.document.place(problem.path))


Reader = Callable[[Sequence[str]], Loaded]


def load(paths: Sequence[str]) -> Loaded:
    """Read the inventory in `paths`: files, folders of them, or `-` for standard input.

    Raises InputError when there is nothing that could be checked further: no file, or none that is YAML.
    """
    problems: list[Problem] = []
    return load_texts(texts(paths, problems), problems)


def load_texts(files: Iterable[tuple[str, bytes]], problems: Sequence[Problem] = ()) -> Loaded:
    """The same of files that were read already, by name; `problems` are those of reading them. Raises InputError."""
    problems = list(problems)
    roots = []
    for name, text in files:
        root, found = document.parse(text, name)
        problems += found
        if root is not None:
            roots.append(root)
    if not roots:
        raise InputError(problems)
    merged, found = merge.merge(roots)
    built, duplicates = document.build(merged)
    problems += [*found, *duplicates]
    with document.collector_off():
        file, wrong = _validate(built)
    loaded = Loaded(built, file, (), {})
    problems += wrong
    attachments, missing = _attachments(loaded)
    problems += missing
    return replace(loaded, problems=tuple(problems), attachments=attachments)


def texts(paths: Sequence[str], problems: list[Problem]) -> list[tuple[str, bytes]]:
    """The files in `paths` by name, and their content. What cannot be read goes to `problems`; raises InputError without any."""
    texts = []
    for path in paths:
        if path == "-":
            texts.append(("<stdin>", sys.stdin.buffer.read()))
            continue
        files = [Path(path)]
        if files[0].is_dir():
            files = sorted(file for file in files[0].iterdir() if file.suffix in SUFFIXES and file.is_file())
            if not files:
                raise InputError(Problem(f"no .yaml file in the folder {path}"))
        for file in files:
            text, found = document.read(file)
            problems += found
            if len(text) > MAX_FILE_BYTES:
                problems.append(Problem(f"{file}: larger than {MAX_FILE_BYTES:,} bytes", help="split it into several files"))
            elif not found:
                texts.append((str(file), text))
    return texts


def _validate(built: document.Document) -> tuple[InventoryFile | None, list[Problem]]:
    """The model of a document without its wrong parts, and what is wrong with them."""
    try:
        return InventoryFile.model_validate(built.value), []
    except ValidationError as error:
        wrong = messages.problems(error, built, InventoryFile.model_json_schema())
        return _pruned(copy.deepcopy(built.value), error), wrong


def _pruned(value: Any, error: ValidationError) -> InventoryFile | None:
    """The model of what is left without the wrong parts; what cannot be left out is stood in for."""
    for _ in range(PRUNING_ROUNDS):
        for path in _wrong_paths(value, error):
            _remove(value, path)
        for path in _missing_paths(error):
            _stand_in(value, path)
        try:
            return InventoryFile.model_validate(value)
        except ValidationError as left:
            error = left
    return None


def _wrong_paths(value: Any, error: ValidationError) -> list[tuple[str | int, ...]]:
    """What has to go, list items from the last to the first so that indexes stay right."""
    paths = set()
    for item in error.errors(include_url=False, include_context=False, include_input=False):
        location = item["loc"][:-1] if item["loc"] and item["loc"][-1] == "[key]" else item["loc"]
        if not (item["type"] == "missing" and item["loc"][-1] in STAND_INS):
            paths.add(messages.real_path(value, location))
    return sorted(paths, key=lambda path: [(isinstance(step, int), step) for step in path], reverse=True)


def _missing_paths(error: ValidationError) -> list[tuple[str | int, ...]]:
    return [item["loc"] for item in error.errors(include_url=False, include_input=False) if item["type"] == "missing"]


def _stand_in(value: Any, location: tuple[str | int, ...]) -> None:
    if location[-1] in STAND_INS:
        path = messages.real_path(value, location[:-1])
        for step in path:
            value = value[step]
        value[location[-1]] = STAND_INS[str(location[-1])]


def _remove(value: Any, path: tuple[str | int, ...]) -> None:
    parents: Any = value
    for step in path[:-1]:
        parents = parents[step]
    if path[:-1] == ("accounts",):
        parents[path[-1]] = STAND_IN_ACCOUNT
    elif path:
        del parents[path[-1]]


def _attachments(loaded: Loaded) -> tuple[dict[str, str], list[Problem]]:
    """The SAML metadata files, relative to the inventory file that names them."""
    found, problems = {}, []
    for name, provider in (loaded.file.identity_providers if loaded.file else {}).items():
        metadata = getattr(provider, "metadata", None)
        if metadata is None:
            continue
        place = loaded.document.place(("identity_providers", name, "metadata"))
        path = Path(place.file).parent / metadata
        try:
            found[name] = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is not UTF-8"
            path_steps = ("identity_providers", name, "metadata")
            problems.append(Problem(f"the metadata file cannot be read: {reason}", place, path_steps, found=str(path)))
    return found, problems
