"""A case as it is written: one JSON object in a line, of which the policies are most often those of a line before."""

import json
import re
from collections.abc import Mapping
from math import isfinite
from typing import Any, NamedTuple, NoReturn

from meshrole.errors import InputError, Problem

MARK = "\N{ZERO WIDTH NO-BREAK SPACE}".encode()
POLICIES = "policies"
# White space and names as JSON has them, the latter without escapes. https://www.rfc-editor.org/rfc/rfc8259
SPACE = " \t\n\r"
NAME = re.compile(r'[ \t\n\r]*"([^"\\\x00-\x1f]*)"[ \t\n\r]*:[ \t\n\r]*')
COMMA = re.compile(r"[ \t\n\r]*,")


class Case(NamedTuple):
    """The members of a case, and the text of its policies where those come last: to know them again."""

    members: dict[str, Any]
    policies: str | None = None


def read(line: bytes, number: int, known: Mapping[str, Any]) -> Case:
    """The case in a line; `known` are policies that were made ready before, by their texts, and then are among the members.

    AWS takes no policy in which an element comes twice, so a key that does is an error. Raises InputError, and RecursionError for
    what is nested too deeply.
    """
    try:
        text = line.removeprefix(MARK).decode()
        return _split(text, known) or Case(_object_in(text))
    except ValueError as error:
        raise InputError(Problem(f"line {number} is not JSON: {error}")) from None
    except TypeError:
        raise InputError(Problem(f"line {number} is not an object")) from None


def _split(text: str, known: Mapping[str, Any]) -> Case | None:
    """The case, member by member, so that nothing that is known is read again; None where it is wrong, or written unusually."""
    last = text.rfind("}")
    if not text.startswith("{") or text[last + 1 :].strip(SPACE):
        return None
    members: dict[str, Any] = {}
    name = NAME.match(text, 1)
    while name is not None and name[1] not in members:
        start = name.end()
        policies = text[start:last].rstrip(SPACE) if name[1] == POLICIES else None
        if policies is not None and policies in known:
            return Case({**members, POLICIES: known[policies]}, policies)
        try:
            members[name[1]], end = DECODER.raw_decode(text, start)
        except ValueError:
            return None
        comma = COMMA.match(text, end)
        if comma is None:
            return None if end > last or text[end:last].strip(SPACE) else Case(members, policies)
        name = NAME.match(text, comma.end())
    return None


def _object_in(text: str) -> dict[str, Any]:
    """The object that a text is. Raises ValueError for what is not JSON, TypeError for what is no object."""
    value = DECODER.decode(text)
    if not isinstance(value, dict):
        raise TypeError
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"the key {next(name for name in names if names.count(name) > 1)} is given twice")
    return value


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")


def _finite(text: str) -> float:
    return float(text) if isfinite(float(text)) else _no_number(text)


DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_no_number, parse_float=_finite)
