"""Texts of a policy with wildcards and variables, made ready once and compared often.

A `*` is any run of characters, also across `/` and `:`; `?` is one character; `${key}` is a value of the request,
`${key, 'default'}` has one for when the request has none, and `${*}`, `${?}`, `${$}` stand for the characters themselves.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from meshrole.iam.evaluation.values import UNKNOWN, Found, Lookup

CACHE = 65_536
REFERENCE = re.compile(r"\$\{([^{}]*)\}")
BODY = re.compile(r"\s*([^,]+?)\s*(?:,\s*'([^']*)'\s*)?")
CHARACTERS = ("*", "?", "$")
ARN_PARTS = 6


class Wild(Enum):
    """A wildcard."""

    MANY = "*"
    ONE = "?"


class Variable(NamedTuple):
    """A value of the request; `name` is the key as it is written, `key` the same in lower case."""

    name: str
    key: str
    default: str | None


Plain = tuple[str | Wild, ...]
Pieces = tuple[str | Wild | Variable, ...]
Test = Callable[[str], bool]


def read(text: str, *, wildcards: bool, variables: bool) -> Pieces:
    """The pieces of a policy's text. Policies of the version 2008-10-17 have no variables."""
    found: list[str | Wild | Variable] = []
    rest = 0
    for match in REFERENCE.finditer(text) if variables else ():
        found += _plain(text[rest : match.start()], wildcards)
        found.append(_reference(match))
        rest = match.end()
    return _joined([*found, *_plain(text[rest:], wildcards)])


def has_variables(pieces: Pieces) -> bool:
    """Whether what the pieces match depends on the request."""
    return any(isinstance(piece, Variable) for piece in pieces)


def filled(pieces: Pieces, lookup: Lookup) -> tuple[Plain, bool] | None:
    """The pieces with the request's values in them, and whether all of those are known: an unknown one may be any text.

    None where the request has no value: such a text matches nothing.
    """
    return _filled(pieces, tuple([lookup(piece.key) for piece in pieces if isinstance(piece, Variable)]))


@lru_cache(CACHE)
def _filled(pieces: Pieces, values: tuple[Found, ...]) -> tuple[Plain, bool] | None:
    known = True
    found: list[str | Wild | Variable] = []
    rest = iter(values)
    for piece in pieces:
        if not isinstance(piece, Variable):
            found.append(piece)
            continue
        value = next(rest)
        if value is UNKNOWN:
            known = False
            found.append(Wild.MANY)
        elif value and len(value) == 1:  # a key with several values cannot be a variable
            found.append(value[0])
        elif piece.default is not None:
            found.append(piece.default)
        else:
            return None
    return _plain_only(_joined(found)), known


@lru_cache(CACHE)
def test(pieces: Plain) -> Test:
    """What tells whether the pieces match a text whole. It takes time in proportion to the text, whatever the pattern is."""
    if not pieces:
        return "".__eq__
    if len(pieces) == 1 and isinstance(pieces[0], str):
        return pieces[0].__eq__
    if len(pieces) == 2 and isinstance(pieces[0], str) and pieces[1] is Wild.MANY:
        return _begins_with(pieces[0])
    return _whole(re.compile(expression(pieces), re.DOTALL))


@lru_cache(CACHE)
def arn_test(pieces: Plain) -> Test:
    """As `test`, each of an ARN's six parts compared with its own: no wildcard of the first five takes a colon.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
    """
    if pieces == (Wild.MANY,):
        return _always
    parts = _parts(pieces)
    text = ":".join([*(expression(part, "[^:]") for part in parts[:-1]), expression(parts[-1])])
    return _whole(re.compile(text, re.DOTALL))


def expression(pieces: Sequence[str | Wild], character: str = ".") -> str:
    """A regular expression that never goes back: each stretch between two `*` is taken where it comes first."""
    stretches = [""]
    for piece in pieces:
        if piece is Wild.MANY:
            stretches.append("")
        else:
            stretches[-1] += re.escape(piece) if isinstance(piece, str) else character
    first, *others = stretches
    if not others:
        return first
    middle = "".join(f"(?>{character}*?{stretch})" for stretch in others[:-1] if stretch)
    return f"{first}{middle}{character}*{others[-1]}"


class Patterns:
    """Several texts, of which one must match. `match` tells; None where that depends on a value that is not known."""

    __slots__ = ("_dynamic", "match")

    def __init__(self, texts: Iterable[Pieces]) -> None:
        every = tuple(texts)
        self._dynamic = tuple(pieces for pieces in every if has_variables(pieces))
        static = any_test(_plain_only(pieces) for pieces in every if not has_variables(pieces))
        self.match: Callable[[str, Lookup], bool | None] = (
            _without_lookup(static) if not self._dynamic else self._with_lookup(static)
        )

    def names(self) -> Iterator[str]:
        """The keys of the variables, as they are written."""
        return (piece.name for pieces in self._dynamic for piece in pieces if isinstance(piece, Variable))

    def _with_lookup(self, static: Test) -> Callable[[str, Lookup], bool | None]:
        def match(text: str, lookup: Lookup) -> bool | None:
            result: bool | None = static(text)
            for pieces in self._dynamic if not result else ():
                ready = filled(pieces, lookup)
                if ready is not None and test(ready[0])(text):
                    if ready[1]:
                        return True
                    result = None
            return result

        return match


def any_test(texts: Iterable[Plain]) -> Test:
    """What tells whether one of the texts matches: fixed ones in a set, beginnings at once, all others in one expression."""
    every = tuple(texts)
    if (Wild.MANY,) in every:
        return _always
    fixed = frozenset(_text(pieces) for pieces in every if not any(isinstance(piece, Wild) for piece in pieces))
    beginnings = tuple(_text(pieces) for pieces in every if _is_beginning(pieces))
    others = [pieces for pieces in every if any(isinstance(piece, Wild) for piece in pieces) and not _is_beginning(pieces)]
    if not others:
        return _fixed_or_begins(fixed, beginnings) if beginnings else fixed.__contains__
    search = re.compile("|".join(map(expression, others)), re.DOTALL).fullmatch
    return lambda text: text in fixed or text.startswith(beginnings) or search(text) is not None


def _reference(match: re.Match[str]) -> str | Variable:
    if match[1] in CHARACTERS:
        return match[1]
    body = BODY.fullmatch(match[1])
    return Variable(body[1], body[1].lower(), body[2]) if body else match[0]


def _plain(text: str, wildcards: bool) -> list[str | Wild]:
    if not wildcards:
        return [text]
    return [Wild(piece) if piece in ("*", "?") else piece for piece in re.split(r"([*?])", text)]


def _joined(pieces: Iterable[str | Wild | Variable]) -> Pieces:
    """Neighbouring texts as one, no empty ones, and one `*` for several."""
    found: list[str | Wild | Variable] = []
    for piece in pieces:
        if piece == "" or (piece is Wild.MANY and found and found[-1] is Wild.MANY):
            continue
        if isinstance(piece, str) and found and isinstance(found[-1], str):
            found[-1] += piece
        else:
            found.append(piece)
    return tuple(found)


def _parts(pieces: Plain) -> list[list[str | Wild]]:
    parts: list[list[str | Wild]] = [[]]
    for piece in pieces:
        if not isinstance(piece, str):
            parts[-1].append(piece)
            continue
        first, *others = piece.split(":", ARN_PARTS - len(parts))
        parts[-1].append(first)
        parts += [[other] for other in others]
    return parts


def _is_beginning(pieces: Pieces) -> bool:
    return len(pieces) == 2 and isinstance(pieces[0], str) and pieces[1] is Wild.MANY


def _text(pieces: Pieces) -> str:
    return "".join(piece for piece in pieces if isinstance(piece, str))


def _plain_only(pieces: Pieces) -> Plain:
    return tuple(piece for piece in pieces if not isinstance(piece, Variable))


def _begins_with(beginning: str) -> Test:
    return lambda text: text.startswith(beginning)


def _fixed_or_begins(fixed: frozenset[str], beginnings: tuple[str, ...]) -> Test:
    return lambda text: text in fixed or text.startswith(beginnings)


def _without_lookup(static: Test) -> Callable[[str, Lookup], bool | None]:
    return lambda text, _: static(text)


def _whole(compiled: re.Pattern[str]) -> Test:
    return lambda text: compiled.fullmatch(text) is not None


def _always(_: str) -> bool:
    return True
