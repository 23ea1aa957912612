"""What a person says about values that no source holds: NAME=VALUE, and files of them.

A file is a mapping of names to values, or CloudFormation's list of parameters:
https://docs.aws.amazon.com/cli/latest/reference/cloudformation/create-stack.html
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from meshrole.errors import InputError, Problem
from meshrole.importers.files import read_files
from meshrole.importers.marked import BrokenError, line_of, parsed

LISTED = ("ParameterKey", "ParameterValue")


def read_parameters(pairs: Sequence[str], files: Sequence[Path]) -> dict[str, str]:
    """Parameters by name; a pair goes before a file, a later file before an earlier one. Raises InputError."""
    found: dict[str, str] = {}
    for path in files:
        found |= dict(_of_file(path))
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not name or not equals:
            raise InputError(Problem(f"not NAME=VALUE: {pair}", help="for example --parameter ProjectName=shop"))
        found[name] = value
    return found


def _of_file(path: Path) -> Iterator[tuple[str, str]]:
    files, misses = read_files([str(path)], ())
    if misses or len(files) != 1:
        raise InputError(Problem(f"{path}: not a file of parameters"))
    try:
        value = parsed(files[0].content.decode("utf-8-sig", errors="replace"))
    except BrokenError as broken:
        raise InputError(Problem(f"{path}:{broken.line}: not YAML or JSON: {broken.why}")) from None
    if isinstance(value, dict) and isinstance(value.get("Parameters"), dict):
        value = value["Parameters"]
    entries = value.items() if isinstance(value, dict) else _listed(value, path)
    for name, item in entries:
        text = str(item).lower() if isinstance(item, bool) else item
        if not isinstance(text, str):
            raise InputError(Problem(f"{path}:{line_of(value, name, 1)}: the value of {name} is not text"))
        yield str(name), text


def _listed(value: Any, path: Path) -> Iterator[tuple[str, Any]]:
    for item in value if isinstance(value, list) else (None,):
        if not isinstance(item, dict) or not all(key in item for key in LISTED):
            help_line = 'a mapping of names to values, or [{"ParameterKey": …, "ParameterValue": …}]'
            raise InputError(Problem(f"{path}:{line_of(item, default=1)}: not parameters", help=help_line))
        yield str(item[LISTED[0]]), item[LISTED[1]]
