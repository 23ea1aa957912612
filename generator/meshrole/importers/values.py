"""A text that a source holds, or holds in part: what only AWS or a person knows stays in it as a placeholder."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

WORD = re.compile(r"[^A-Za-z0-9_]+")


@dataclass(frozen=True, slots=True)
class Unknown:
    """A piece that the source does not hold: `expression` as it is written there (`!Ref Project`, `${NS}`), and a `word` for it.

    `default` is what the source says that it is unless somebody says otherwise.
    """

    expression: str
    word: str
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Value:
    """A text of known and unknown pieces. Two values are equal when their pieces are."""

    parts: tuple[str | Unknown, ...]

    @property
    def text(self) -> str:
        """The text as an inventory has it: `front_{NAMESPACE}`; a piece with a default is its default."""
        return "".join(part if isinstance(part, str) else _shown(part) for part in self.parts)

    @property
    def as_variables(self) -> str:
        """The text with its unknown pieces as `${WORD}`, which no inventory asks for: where no permission depends on it."""
        return "".join(part if isinstance(part, str) else part.default or f"${{{part.word}}}" for part in self.parts)

    @property
    def unknown(self) -> tuple[Unknown, ...]:
        """The pieces that nobody knows: those without a default."""
        return tuple(part for part in self.parts if isinstance(part, Unknown) and part.default is None)

    @property
    def is_known(self) -> bool:
        """Whether the whole text is known."""
        return not self.unknown

    def __str__(self) -> str:
        return self.text


def _shown(part: Unknown) -> str:
    return f"{{{part.word}}}" if part.default is None else part.default


def value(*parts: "str | Unknown | Value") -> Value:
    """A value of pieces in their order; neighbouring texts become one."""
    return joined(parts)


def joined(parts: Iterable["str | Unknown | Value"]) -> Value:
    """The same, for any number of pieces."""
    flat: list[str | Unknown] = []
    for part in parts:
        for piece in part.parts if isinstance(part, Value) else (part,):
            if isinstance(piece, str) and flat and isinstance(flat[-1], str):
                flat[-1] += piece
            elif piece != "":
                flat.append(piece)
    return Value(tuple(flat))


def unknown(expression: str, word: str = "", default: str | None = None) -> Value:
    """A value that is one unknown piece; the word is made of the expression where none is given."""
    made = WORD.sub("_", word or expression).strip("_") or "value"
    return Value((Unknown(expression, made if made[0].isalpha() else f"value_{made}", default),))
