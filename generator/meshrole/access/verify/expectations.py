"""A team's own expectations, as a table in YAML: what an identity must and must not be able to do.

- {identity: checkout, must: [dynamodb:GetItem], on: "arn:{partition}:dynamodb:{region}:{account}:table/orders"}
- {identity: checkout, must_not: ["iam:*"]}
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from meshrole.errors import InputError, Problem
from meshrole.iam import actions
from meshrole.inventory import document
from meshrole.inventory.document import Document
from meshrole.inventory.messages import nearest, shown

KEYS = ("identity", "must", "must_not", "on", "context", "environment")
LISTS = ("must", "must_not", "on")


@dataclass(frozen=True, slots=True)
class Expectation:
    """One row. `on` are resources or patterns of some; `context` has the condition keys that the request has."""

    identity: str
    environment: str | None
    must: tuple[str, ...]
    must_not: tuple[str, ...]
    on: tuple[str, ...]
    context: tuple[tuple[str, str | tuple[str, ...]], ...]
    index: int


@dataclass(frozen=True)
class Table:
    """The rows of a file, and where each of them stands."""

    rows: tuple[Expectation, ...]
    document: Document

    def problem(self, row: Expectation, message: str, *steps: str, **more: Any) -> Problem:
        """A problem with a row, at its place."""
        path: tuple[str | int, ...] = (row.index, *steps)
        return Problem(message, self.document.place(path), path, **more)


def read(content: bytes, name: str) -> Table:
    """The table in the file `name`. Raises InputError with everything that is wrong with it."""
    root, problems = document.parse(content, name, is_list=True)
    if root is None:
        raise InputError(problems)
    built, problems = document.build(root)
    rows = [_row(index, item, built, problems) for index, item in enumerate(built.value)]
    if problems:
        raise InputError(problems)
    return Table(tuple(row for row in rows if row), built)


def _row(index: int, item: Any, built: Document, problems: list[Problem]) -> Expectation | None:
    found = list(_problems(index, item, built))
    problems += found
    if found:
        return None
    return Expectation(
        identity=item["identity"],
        environment=item.get("environment"),
        must=_listed(item.get("must", ())),
        must_not=_listed(item.get("must_not", ())),
        on=_listed(item.get("on", "*")),
        context=tuple((key.lower(), _value(value)) for key, value in (item.get("context") or {}).items()),
        index=index,
    )


def _problems(index: int, item: Any, built: Document) -> Iterator[Problem]:
    if not isinstance(item, dict):
        yield Problem("an expectation is a mapping", built.place((index,)), (index,), found=shown(item))
        return
    for key in item:
        if key not in KEYS:
            place = built.place((index, key), of_key=True)
            yield Problem(f'unknown key "{key}"', place, (index, key), allowed=KEYS, help=nearest(key, KEYS))
    if not isinstance(item.get("identity"), str):
        yield Problem('"identity" is missing: it must be the name of one', built.place((index,)), (index,))
    if not item.get("must") and not item.get("must_not"):
        yield Problem("this expects nothing: give `must` or `must_not`", built.place((index,)), (index,))
    for key in LISTS:
        yield from _list_problems((index, key), item.get(key, ()), built, are_actions=key != "on")
    yield from _context_problems((index, "context"), item.get("context"), built)


def _list_problems(path: tuple[int, str], value: Any, built: Document, *, are_actions: bool) -> Iterator[Problem]:
    for step, text in enumerate(value if isinstance(value, list | tuple) else [value]):
        here = (*path, step) if isinstance(value, list) else path
        if not isinstance(text, str):
            yield Problem("this must be text", built.place(here), here, found=shown(text))
        elif are_actions and not actions.expand(text):
            close = actions.nearest(text)
            help_line = f"did you mean {' or '.join(close)}?" if close else "an action is service:Name"
            yield Problem("AWS has no such action", built.place(here), here, found=text, help=help_line)


def _context_problems(path: tuple[int, str], value: Any, built: Document) -> Iterator[Problem]:
    if value is not None and not isinstance(value, Mapping):
        yield Problem("this must be a mapping of condition keys to values", built.place(path), path, found=shown(value))
        return
    for key, item in (value or {}).items():
        if isinstance(item, Mapping) or item is None:
            yield Problem("a condition key has a value or a list", built.place((*path, key)), (*path, key), found=shown(item))


def _listed(value: Any) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, list | tuple) else (value,)


def _value(value: Any) -> str | tuple[str, ...]:
    return tuple(_text(item) for item in value) if isinstance(value, list) else _text(value)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
