"""Texts of a policy, with wildcards and with variables.

`${key}` is a value of the request, `${key, 'default'}` has one for when the request has none, and `${*}`, `${?}`, `${$}` stand
for the characters themselves.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import NamedTuple

from meshrole.iam.evaluation import matcher
from meshrole.iam.evaluation.matcher import Plain, Test, Wild
from meshrole.iam.evaluation.values import UNKNOWN, Found, Lookup

CACHE = 16_384
VALUES = 1_024
REFERENCE = re.compile(r"\$\{([^{}]*)\}")
BODY = re.compile(r"\s*([^,]+?)\s*(?:,\s*'([^']*)'\s*)?")
CHARACTERS = ("*", "?", "$")


class Variable(NamedTuple):
    """A value of the request; `name` is the key as it is written, `key` the same in lower case."""

    name: str
    key: str
    default: str | None


Pieces = tuple[str | Wild | Variable, ...]
Make = Callable[[Plain], Test]
Ready = tuple[Test, bool] | None
# Whether a text is one that the policy means; None where that depends on a value that is not known.
Match = Callable[[str, Lookup], bool | None]


@lru_cache(CACHE)
def read(text: str, *, wildcards: bool, variables: bool) -> Pieces:
    """The pieces of a policy's text. Policies of the version 2008-10-17 have no variables."""
    found: list[str | Wild | Variable] = []
    rest = 0
    for match in REFERENCE.finditer(text) if variables else ():
        found += _plain(text[rest : match.start()], wildcards)
        found.append(_reference(match))
        rest = match.end()
    return _joined([*found, *_plain(text[rest:], wildcards)])


class Template:
    """A text with variables; `test` is what makes a text ready once its variables have values."""

    __slots__ = ("_keys", "_pieces", "_ready", "_test")

    def __init__(self, pieces: Pieces, test: Make) -> None:
        self._pieces = pieces
        self._keys = tuple(piece.key for piece in pieces if isinstance(piece, Variable))
        self._test = test
        self._ready: dict[tuple[Found, ...], Ready] = {}

    def ready(self, lookup: Lookup) -> Ready:
        """The test with the request's values, and whether all of those are known: one that is not may be any text.

        None where the request has no value: such a text matches nothing.
        """
        keys = self._keys
        values = (lookup(keys[0]),) if len(keys) == 1 else tuple([lookup(key) for key in keys])
        try:
            return self._ready[values]
        except KeyError:
            if len(self._ready) >= VALUES:
                self._ready.clear()
            found = self._ready[values] = self._filled(values)
            return found

    def _filled(self, values: tuple[Found, ...]) -> Ready:
        found: list[str | Wild | Variable] = []
        rest = iter(values)
        for piece in self._pieces:
            if not isinstance(piece, Variable):
                found.append(piece)
                continue
            value = next(rest)
            if value is UNKNOWN:
                found.append(Wild.MANY)
            elif value and len(value) == 1:  # a key with several values cannot be a variable
                found.append(value[0])
            elif piece.default is not None:
                found.append(piece.default)
            else:
                return None
        return self._test(_plain_only(_joined(found))), UNKNOWN not in values


class Comparison:
    """Whether a text is what a policy means: `match` tells, or None where that depends on a value that is not known.

    Without variables `test` tells as much, and looks nothing up.
    """

    __slots__ = ("match", "test")

    def __init__(self, test: Test | None, match: Match) -> None:
        self.test = test
        self.match = match


def without_variables(test: Test) -> Comparison:
    """The comparison that a test makes by itself."""
    return Comparison(test, lambda text, _: test(text))


class Patterns(Comparison):
    """Several texts, of which one must match; `make` makes a text ready. `names` are the keys that they refer to."""

    __slots__ = ("names",)

    def __init__(self, texts: Iterable[Pieces], make: Make = matcher.whole) -> None:
        plain: list[Plain] = []
        templates: list[Template] = []
        self.names: tuple[str, ...] = ()
        for pieces in texts:
            names = tuple(piece.name for piece in pieces if isinstance(piece, Variable))
            if names:
                self.names += names
                templates.append(Template(pieces, make))
            else:
                plain.append(_plain_only(pieces))
        static = matcher.one_of(plain) if make is matcher.whole else matcher.some(tuple(map(make, plain)))
        if templates:
            super().__init__(None, _with_templates(static if plain else None, tuple(templates)))
        else:
            super().__init__(static, lambda text, _: static(text))


def _with_templates(static: Test | None, templates: tuple[Template, ...]) -> Match:
    def match(text: str, lookup: Lookup) -> bool | None:
        if static is not None and static(text):
            return True
        result: bool | None = False
        for template in templates:
            ready = template.ready(lookup)
            if ready is not None and ready[0](text):
                if ready[1]:
                    return True
                result = None
        return result

    return match


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


def _plain_only(pieces: Pieces) -> Plain:
    return tuple(piece for piece in pieces if not isinstance(piece, Variable))
