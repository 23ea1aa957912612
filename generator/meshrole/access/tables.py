"""The rows of a matrix as text, line by line while they are made: a table for a person, JSON, CSV."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from meshrole.access.calls import Call
from meshrole.access.matrix import Grant, Trust
from meshrole.access.report import ESCAPED, ONE_LINE
from meshrole.errors import Place

Row = Grant | Trust | Call
SECTIONS: Mapping[str, type[Row]] = {"grants": Grant, "trust": Trust, "calls": Call}
Sections = Mapping[str, Iterable[Row]]
GAP = "  "


def as_json(sections: Sections, notes: Sequence[str]) -> Iterator[str]:
    """One object, a row a line."""
    yield '{"version": 1'
    for name, rows in sections.items():
        yield f', "{name}": ['
        mark = " "
        for row in rows:
            yield mark + json.dumps({key: _value(value) for key, value in row._asdict().items()}, ensure_ascii=False).translate(
                ESCAPED
            )
            mark = ","
        yield "]"
    yield f', "notes": {json.dumps(list(notes))}}}'


def as_csv(sections: Sections) -> Iterator[str]:
    """One table with a column `section` and the columns of every section that is shown; a list has spaces between its items."""
    columns = list(dict.fromkeys(key for name in sections for key in SECTIONS[name]._fields))
    yield _csv_line(["section", *columns])
    for name, rows in sections.items():
        for row in rows:
            values = row._asdict()
            yield _csv_line([name, *(_cell(values.get(key)) for key in columns)])


def as_table(sections: Sections, notes: Sequence[str]) -> Iterator[str]:
    """A heading for each role or caller and its rows below it, indented and aligned among themselves: nothing has to wait."""
    for name, rows in sections.items():
        heading, cells = LAYOUTS[name]
        yield name.upper()
        for title, members in groupby(rows, key=heading):
            yield title.translate(ONE_LINE)
            yield from _aligned([[cell.translate(ONE_LINE) for cell in cells(row)] for row in members])
        yield ""
    yield from (f"note: {note}" for note in notes)


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Rows with every column as wide as it must be; one that is empty takes no place."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True) if width)
        yield (GAP + GAP.join(cells)).rstrip()


def _of_role(row: Any) -> str:
    return f"{row.environment}/{row.module}/{row.identity} ({row.kind}, {row.role_arn})"


def _grant(row: Any) -> list[str]:
    by = f" ({', '.join(row.limited_by)})" if row.limited_by else ""
    return [row.alive + by if row.alive else "DENY", row.action, row.resource, _conditions(row.conditions), str(row.inventory)]


def _trust(row: Any) -> list[str]:
    verb = "DENY " if row.effect == "Deny" else ""
    return [verb + row.principal_type, row.principal, " ".join(row.actions), _conditions(row.conditions), str(row.inventory)]


def _of_caller(row: Any) -> str:
    return f"{row.environment}/{row.mesh}/{row.caller} ({row.caller_role})"


def _call(row: Any) -> list[str]:
    return [f"-> {row.callee}", row.virtual_service, row.through, row.permitted_by, str(row.inventory)]


LAYOUTS: Mapping[str, tuple[Callable[[Row], str], Callable[[Row], list[str]]]] = {
    "grants": (_of_role, _grant),
    "trust": (_of_role, _trust),
    "calls": (_of_caller, _call),
}


def _conditions(conditions: Mapping[str, Mapping[str, Sequence[str]]]) -> str:
    """Conditions on one line: all of them must hold, any of the values of each."""
    found = [f"{operator} {key} {' or '.join(values)}" for operator, keys in conditions.items() for key, values in keys.items()]
    return f"if {' and '.join(found)}" if found else ""


def _value(value: Any) -> Any:
    if isinstance(value, Place):
        return {"file": value.file, "line": value.line, "column": value.column}
    return value


def _cell(value: Any) -> str:
    if isinstance(value, Mapping):
        return json.dumps(value) if value else ""
    return " ".join(value) if isinstance(value, tuple) else "" if value is None else str(value)


def _csv_line(cells: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(cells)
    return line.getvalue()
