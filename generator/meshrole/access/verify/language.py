"""Patterns as languages: which texts are told apart by several patterns, with a text for each case.

The patterns are walked together, character by character, over the places that each can stand at: an exact search, which ends
because those are finitely many, and which gives the shortest text for every combination of patterns that some text matches.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from meshrole.iam import wildcard
from meshrole.iam.evaluation.matcher import Plain, Wild
from meshrole.iam.wildcard import Place, Template

CACHE = 16_384
MAX_STATES = 60_000
ARN_COLONS = 5
# Characters that stand for every other one; of these, one that no pattern names is taken.
OTHERS = "xyzqwjk0123456789abcdefghilmnoprstuv"
STAND_IN = {ord("*"): "\x01", ord("?"): "\x02"}
Matched = tuple[bool, ...]
State = tuple[int, ...]


class Classes(NamedTuple):
    """A text for each combination of patterns that a text can match. Not `complete`: the search was given up."""

    texts: dict[Matched, str]
    complete: bool


@lru_cache(CACHE)
def shape(pattern: Plain, *, of_arn: bool = False) -> Template:
    """A pattern made ready; in an ARN's first five parts no wildcard takes a colon."""
    return wildcard.template(_places(pattern, of_arn))


def classes(shapes: Sequence[Template], wanted: Iterable[str], start: str = "") -> Classes:
    """Every combination of `shapes` that a text beginning with `start` can match; `wanted` are texts that are nicer to read."""
    found: dict[Matched, str] = {}
    for text in wanted:
        found.setdefault(tuple(accepts(each, text) for each in shapes), text)
    first = tuple(_after(each, start) for each in shapes)
    seen = {first}
    waiting = deque([(first, start)])
    other = _other(shapes)
    while waiting:
        state, text = waiting.popleft()
        found.setdefault(tuple(wildcard.ends(each, at) for each, at in zip(shapes, state, strict=True)), text)
        for letter in _letters(shapes, state, other):
            reached = tuple(_step(each, at, letter) for each, at in zip(shapes, state, strict=True))
            if reached not in seen:
                if len(seen) >= MAX_STATES:
                    return Classes(found, complete=False)
                seen.add(reached)
                waiting.append((reached, text + letter))
    return Classes(found, complete=True)


def accepts(each: Template, text: str) -> bool:
    """Whether a text, in which no character is special, is matched."""
    return wildcard.ends(each, _after(each, text))


def _after(each: Template, text: str) -> int:
    return wildcard.reach(each, text.translate(STAND_IN))


def _step(each: Template, at: int, letter: str) -> int:
    return wildcard.reach(each, letter.translate(STAND_IN), at) if at else 0


def _letters(shapes: Sequence[Template], state: State, other: str) -> Iterator[str]:
    """The characters that make a difference from here: those that a pattern names where it stands, and one for all others."""
    if any(state):
        yield from dict.fromkeys(
            letter for each, at in zip(shapes, state, strict=True) for letter, places in each.special.items() if at & places
        )
        yield other


def _other(shapes: Sequence[Template]) -> str:
    named = {letter for each in shapes for letter in each.special}
    return next((letter for letter in OTHERS if letter not in named), "~")


def _places(pattern: Plain, of_arn: bool) -> Iterator[Place]:
    colons = 0
    for piece in pattern:
        refused = ":" if of_arn and colons < ARN_COLONS else ""
        if isinstance(piece, Wild):
            yield Place(refuses=refused, repeats=piece is Wild.MANY)
        else:
            colons += piece.count(":")
            yield from map(Place, piece)
