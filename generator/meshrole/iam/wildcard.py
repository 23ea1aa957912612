"""IAM's wildcards: `*` is any run of characters, `?` exactly one, everything else stands for itself.

A `*` also runs over colons and slashes, so texts are compared whole, not field by field.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

CACHE = 65_536
RUN = re.compile(r"([*?]+)")


class Place(NamedTuple):
    """One place of a template: it takes one character, or any number of them where it `repeats`.

    `takes` is the only character it takes, or "" for every character but those in `refuses`.
    """

    takes: str = ""
    refuses: str = ""
    repeats: bool = False


class Template(NamedTuple):
    """Places as the bits of integers: `repeats`, and who takes a character that `special` does or does not name."""

    length: int
    repeats: int
    anything: int
    special: Mapping[str, int]


def has_wildcard(text: str) -> bool:
    """Whether `text` is a pattern rather than a name."""
    return "*" in text or "?" in text


@lru_cache(CACHE)
def matches(pattern: str, text: str) -> bool:
    """Whether `pattern` matches `text`, in which no character is special."""
    position, index, star, resume = 0, 0, -1, 0
    while index < len(text):
        if position < len(pattern) and pattern[position] == "*":
            star, resume = position, index
            position += 1
        elif position < len(pattern) and pattern[position] in ("?", text[index]):
            position, index = position + 1, index + 1
        elif star >= 0:
            resume += 1
            position, index = star + 1, resume
        else:
            return False
    return all(character == "*" for character in pattern[position:])


@lru_cache(CACHE)
def overlaps(one: str, other: str) -> bool:
    """Whether some text is matched by both patterns."""
    if not has_wildcard(one):
        return matches(other, one)
    if not has_wildcard(other):
        return matches(one, other)
    return ends(compiled(other), reach(compiled(other), one))


@lru_cache(CACHE)
def covers(wide: str, narrow: str) -> bool:
    """Whether `wide` matches every text that `narrow` matches.

    `narrow` is read as a text: a letter of `wide` takes the same letter, `?` takes a letter or `?`, and a run with a `*`
    in it takes any stretch that is sure to have as many characters as the run has `?`.
    """
    if not has_wildcard(narrow):
        return matches(wide, narrow)
    pieces = RUN.split(wide)
    if not (narrow.startswith(pieces[0]) and narrow.endswith(pieces[-1])):
        return False
    text = RUN.sub(_question_marks_first, narrow)
    places = _places(text)
    single = ((1 << len(text)) - 1) & ~places["*"]
    reached = 1
    for piece in pieces:
        if not RUN.match(piece):
            for letter in piece:
                reached = (reached & places.get(letter, 0)) << 1
            continue
        for _ in range(piece.count("?")):
            reached |= (reached & places["*"]) << 1 if "*" in piece else 0
            reached = (reached & single) << 1
        if "*" in piece:
            reached = _from_first(reached, len(text))
    return bool(reached >> len(text) & 1)


@lru_cache(CACHE)
def compiled(pattern: str) -> Template:
    """A pattern as a template."""
    return template(Place(repeats=True) if each == "*" else Place("" if each == "?" else each) for each in pattern)


def template(places: Iterable[Place]) -> Template:
    """A template of places in their order."""
    row = tuple(places)
    named = {letter for place in row for letter in place.takes + place.refuses}
    return Template(
        length=len(row),
        repeats=_bits(index for index, place in enumerate(row) if place.repeats),
        anything=_bits(index for index, place in enumerate(row) if not place.takes),
        special={letter: _bits(index for index, place in enumerate(row) if _takes(place, letter)) for letter in named},
    )


def reach(shape: Template, pattern: str, start: int = 1) -> int:
    """The places before which `shape` can stand after some text of `pattern`, as bits; `start` is where it stood before."""
    reached = _skipped(shape, start)
    for letter in pattern:
        if not reached:
            return 0
        if letter == "*":
            reached = _from_first(reached, shape.length)
            continue
        taken = reached if letter == "?" else reached & shape.special.get(letter, shape.anything)
        reached = _skipped(shape, taken & shape.repeats | (taken & ~shape.repeats) << 1)
    return reached & ((2 << shape.length) - 1)


def ends(shape: Template, reached: int) -> bool:
    """Whether the end of `shape` is among the places that were reached."""
    return bool(reached >> shape.length & 1)


def _skipped(shape: Template, reached: int) -> int:
    """A place that repeats may also hold nothing."""
    while (further := (reached & shape.repeats) << 1 & ~reached) != 0:
        reached |= further
    return reached


def _from_first(reached: int, length: int) -> int:
    return ((2 << length) - 1) & -(reached & -reached)


def _takes(place: Place, letter: str) -> bool:
    return place.takes == letter if place.takes else letter not in place.refuses


@lru_cache(CACHE)
def _places(text: str) -> Mapping[str, int]:
    """Where each character of a text stands, as bits, and where `*` does, be it nowhere."""
    return {letter: _bits(index for index, each in enumerate(text) if each == letter) for letter in {*text, "*"}}


def _bits(positions: Iterable[int]) -> int:
    return sum(1 << position for position in positions)


def _question_marks_first(run: re.Match[str]) -> str:
    text = run.group()
    return "?" * text.count("?") + ("*" if "*" in text else "")
