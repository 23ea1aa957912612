"""CloudTrail records out of whatever they came in: a log file, EventBridge, `lookup-events`, CloudWatch Logs, JSON Lines.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
"""

import json
import zlib
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from meshrole.errors import InputError, Place, Problem

MAX_BYTES = 50_000_000
MAX_DEPTH = 30
GZIP = b"\x1f\x8b"
GZIP_WINDOW = 31
# What every record has, and nothing that holds one.
MARKS = ("eventName", "eventSource")


class Record(NamedTuple):
    """One record and where it begins: the line in the file, and the number of the record on that line where there are several."""

    value: Mapping[str, Any]
    place: str


def read(content: bytes, name: str) -> tuple[Record, ...]:
    """Every record in `content`. Raises InputError, with the place, when it cannot be read or has none."""
    text = _text(content, name)
    documents = _documents(text, name)
    found = []
    for line, document in documents:
        values = list(_records(document, 0))
        places = [f"{name}:{line}" + (f" record {number}" if len(values) > 1 else "") for number in range(1, len(values) + 1)]
        found += [Record(value, place) for value, place in zip(values, places, strict=True)]
    if not found:
        help_line = "a record has an eventName and an eventSource; give a message as MESSAGE, not with --event"
        raise InputError(Problem("no CloudTrail record in this", Place(name, 1, 1), help=help_line))
    return tuple(found)


def holds_records(text: str) -> bool:
    """Whether a text is JSON of CloudTrail records, so that it can be read as events."""
    if not text.lstrip().startswith(("{", "[")):
        return False
    try:
        return bool(read(text.encode(), ""))
    except InputError:
        return False


def _text(content: bytes, name: str) -> str:
    if len(content) > MAX_BYTES:
        raise InputError(Problem(f"larger than {MAX_BYTES:,} bytes", Place(name, 1, 1), help="give a part of it"))
    if content.startswith(GZIP):
        content = _unzipped(content, name)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        place = Place(name, before.count(b"\n") + 1, error.start - (before.rfind(b"\n") + 1) + 1)
        raise InputError(Problem("this is not UTF-8", place, found=f"byte 0x{content[error.start]:02x}")) from None


def _unzipped(content: bytes, name: str) -> bytes:
    """CloudTrail writes its log files as gzip."""
    reader = zlib.decompressobj(GZIP_WINDOW)
    try:
        plain = reader.decompress(content, MAX_BYTES + 1)
    except zlib.error:
        raise InputError(Problem("this gzip file is damaged", Place(name, 1, 1))) from None
    if len(plain) > MAX_BYTES:
        raise InputError(Problem(f"unzips to more than {MAX_BYTES:,} bytes", Place(name, 1, 1), help="give a part of it"))
    if not reader.eof:
        raise InputError(Problem("this gzip file ends in the middle: it is truncated", Place(name, 1, 1)))
    return plain


def _documents(text: str, name: str) -> list[tuple[int, Any]]:
    """The JSON documents in a text with the lines they begin at: one, or one a line."""
    if not text.strip():
        raise InputError(Problem("this is empty", Place(name, 1, 1)))
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    if len(lines) > 1 and _is_json(lines[0][1]):
        return [(number, _loaded(line, name, number)) for number, line in lines]
    return [(lines[0][0], _loaded(text, name, 1))]


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _loaded(text: str, name: str, line: int) -> Any:
    """`text`, which begins at `line`, as JSON."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        place = Place(name, line + error.lineno - 1, error.colno)
        if error.pos >= len(text.rstrip()) or "Unterminated string" in error.msg:
            raise InputError(Problem("this ends in the middle of a value: it is truncated", place)) from None
        raise InputError(Problem(f"not JSON: {error.msg}", place)) from None
    except RecursionError:
        raise InputError(Problem("nested too deeply to be a CloudTrail record", Place(name, line, 1))) from None
    except ValueError as error:
        raise InputError(Problem(f"not JSON that can be read: {error}", Place(name, line, 1))) from None


def _records(value: Any, depth: int) -> Iterator[Mapping[str, Any]]:
    """The records in a value, the outermost first: `Records`, `Events`, `detail`, a `message` that is JSON once more."""
    if depth > MAX_DEPTH:
        return
    if isinstance(value, Mapping):
        if all(isinstance(value.get(mark), str) for mark in MARKS):
            yield value
            return
        for item in value.values():
            yield from _records(item, depth + 1)
    elif isinstance(value, list):
        for item in value:
            yield from _records(item, depth + 1)
    elif isinstance(value, str) and "eventName" in value and value.lstrip().startswith(("{", "[")):
        try:
            inner = json.loads(value)
        except (ValueError, RecursionError):
            return
        yield from _records(inner, depth + 1)
