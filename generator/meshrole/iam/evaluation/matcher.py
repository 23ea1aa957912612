"""Texts with wildcards, made ready once and compared often: in time proportional to the text, whatever the pattern is."""

import re
from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from functools import lru_cache
from typing import TypeVar

CACHE = 16_384
ARN_PARTS = 6


class Wild(Enum):
    """A wildcard: `*` is any run of characters, also across `/` and `:`, and `?` one character."""

    MANY = "*"
    ONE = "?"


# Neighbouring texts are one piece, no piece is empty, and no two `*` are neighbours.
Plain = tuple[str | Wild, ...]
Test = Callable[[str], bool]
T = TypeVar("T")


@lru_cache(CACHE)
def whole(pieces: Plain) -> Test:
    """What tells whether the pieces match a text whole."""
    if pieces == (Wild.MANY,):
        return _always
    if Wild.ONE in pieces:
        return _expression(pieces)
    if Wild.MANY not in pieces:
        return "".join(map(str, pieces)).__eq__
    return _stretches(pieces)


@lru_cache(CACHE)
def arn(pieces: Plain) -> Test:
    """As `whole`, each of an ARN's six parts compared with its own: no wildcard of the first five takes a colon.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
    """
    if pieces == (Wild.MANY,) or (isinstance(pieces[0], str) and pieces[0].count(":") >= ARN_PARTS - 1):
        return whole(pieces)
    tests = tuple(whole(tuple(part)) for part in _parts(pieces))

    def test(text: str) -> bool:
        parts = text.split(":", ARN_PARTS - 1)
        return len(parts) == len(tests) and all(each(part) for each, part in zip(tests, parts, strict=True))

    return test


def one_of(texts: Iterable[Plain]) -> Test:
    """What tells whether one of the texts matches: fixed ones are looked up in a set, beginnings compared at once."""
    fixed: set[str] = set()
    beginnings: tuple[str, ...] = ()
    others: tuple[Test, ...] = ()
    for pieces in texts:
        first = pieces[0] if pieces else ""
        if isinstance(first, str) and len(pieces) <= 1:
            fixed.add(first)
        elif isinstance(first, str) and len(pieces) == 2 and pieces[1] is Wild.MANY:
            beginnings += (first,)
        else:
            others += (whole(pieces),)
    found: list[Test] = [fixed.__contains__] if fixed or not (beginnings or others) else []
    if beginnings:
        found.append(lambda text: text.startswith(beginnings))
    return some((*found, *others))


def some(tests: Sequence[Callable[[T], bool]]) -> Callable[[T], bool]:
    """What tells whether one of the tests does."""
    if len(tests) == 1:
        return tests[0]

    def test(value: T) -> bool:
        for each in tests:  # noqa: SIM110  # `any` takes twice as long
            if each(value):
                return True
        return False

    return test


def _stretches(pieces: Plain) -> Test:
    """The stretches between two `*`, each where it comes first after the one before."""
    texts = [piece if isinstance(piece, str) else "" for piece in pieces]
    first = texts[0]
    last = texts[-1]
    middle = tuple(text for text in texts[1:-1] if text)
    if not middle and not last:
        return lambda text: text.startswith(first)
    if len(middle) == 1 and not last:
        start, only = len(first), middle[0]
        return lambda text: text.startswith(first) and text.find(only, start) >= 0
    least = len(first) + len(last)

    def test(text: str) -> bool:
        if len(text) < least or not (text.startswith(first) and text.endswith(last)):
            return False
        place, end = len(first), len(text) - len(last)
        for stretch in middle:
            place = text.find(stretch, place, end)
            if place < 0:
                return False
            place += len(stretch)
        return True

    return test


def _expression(pieces: Sequence[str | Wild]) -> Test:
    """The same with `?`, as a regular expression that never goes back (`?>`)."""
    stretches = [""]
    for piece in pieces:
        if piece is Wild.MANY:
            stretches.append("")
        else:
            stretches[-1] += re.escape(piece) if isinstance(piece, str) else "."
    first, *others = stretches
    middle = "".join(f"(?>.*?{stretch})" for stretch in others[:-1] if stretch)
    compiled = re.compile(f"{first}{middle}.*{others[-1]}" if others else first, re.DOTALL)
    return lambda text: compiled.fullmatch(text) is not None


def _parts(pieces: Plain) -> list[list[str | Wild]]:
    parts: list[list[str | Wild]] = [[]]
    for piece in pieces:
        if isinstance(piece, Wild):
            parts[-1].append(piece)
            continue
        first, *others = piece.split(":", ARN_PARTS - len(parts))
        parts[-1] += [first] if first else []
        parts += [[other] if other else [] for other in others]
    return parts


def _always(_: str) -> bool:
    return True
