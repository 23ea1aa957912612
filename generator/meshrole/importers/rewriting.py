"""Everything that was found, with its texts made fit for an inventory: known parameters filled in, one word for each unknown.

An expression is written in many ways (`!Ref Name`, `${Name}`, `$Name`); what it refers to is one thing, with one word.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import TypeVar

from meshrole.importers.found import Found
from meshrole.importers.origin import Origin
from meshrole.importers.values import Unknown, Value, joined

T = TypeVar("T")
# The inventory knows these words itself: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
KNOWN_WORDS = {"AWS::AccountId": "account", "AWS::Region": "region", "AWS::Partition": "partition"}
RESERVED = frozenset((*KNOWN_WORDS.values(), "environment", "organization", "mesh", "service", "version"))
REFERENCE = re.compile(r"^(?:!Ref\s+|!Sub\s+)?[\"']?\$?\{?\{?\s*([A-Za-z_][\w.:-]*)\s*\}?\}?[\"']?$")
# What no name in AWS has in it, and what an inventory would take for a placeholder.
NOT_A_NAME = re.compile(r"[^A-Za-z0-9_.-]")
WORD = re.compile(r"(?<!\$)\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A word that stands for something that no source says: its expression, and where it was first met."""

    word: str
    expression: str
    origin: Origin | None


def subject(expression: str) -> str:
    """What an expression refers to: `Name` for `!Ref Name` and `${Name}`; the expression itself where it is more than that."""
    match = REFERENCE.match(expression.strip())
    return match.group(1) if match else expression.strip()


def mapped(thing: T, change: Callable[[Value, Origin], Value], origin: Origin | None = None) -> T:
    """The same thing with every value in it changed; `change` is told where the thing was read."""
    if isinstance(thing, Value):
        return change(thing, origin or Origin("?"))  # type: ignore[return-value]
    if isinstance(thing, tuple):
        return tuple(mapped(item, change, origin) for item in thing)  # type: ignore[return-value]
    if not is_dataclass(thing) or isinstance(thing, Origin | Unknown):
        return thing
    here = getattr(thing, "origin", origin)
    changes = {
        field.name: new
        for field in fields(thing)
        if (old := getattr(thing, field.name)) is not None and (new := mapped(old, change, here)) is not old
    }
    return replace(thing, **changes) if changes else thing  # type: ignore[type-var]


class Words:
    """The words given so far, each to one subject."""

    def __init__(self, parameters: Mapping[str, str]) -> None:
        self.parameters = parameters
        self.by_subject: dict[str, str] = {}
        self.placeholders: dict[str, Placeholder] = {}

    def change(self, value: Value, origin: Origin) -> Value:
        """A value whose pieces are known, or have words that nothing else has."""
        if all(isinstance(part, str) for part in value.parts):
            return value
        return joined(part if isinstance(part, str) else self._piece(part, origin) for part in value.parts)

    def _piece(self, piece: Unknown, origin: Origin) -> str | Unknown:
        # An option of the command line is another thing in each file; the word is from the file.
        about = f"{piece.expression} {piece.word}" if piece.expression.startswith("--") else subject(piece.expression)
        is_known = piece.default is not None or KNOWN_WORDS.get(about) == piece.word
        # A word is the same with and without parameters, so that those that a report asks for can be given.
        word = piece.word if is_known else self.by_subject.get(about) or self._new(about, piece, origin)
        given = self.parameters.get(about, self.parameters.get(word))
        return given if given is not None else replace(piece, word=word)

    def _new(self, about: str, piece: Unknown, origin: Origin) -> str:
        word, number = piece.word[:60], 1
        while word in RESERVED or word in self.placeholders:
            number += 1
            word = f"{piece.word[:56]}_{number}"
        self.by_subject[about] = word
        self.placeholders[word] = Placeholder(word, piece.expression, origin)
        return word


def rewritten(found: Found, parameters: Mapping[str, str]) -> tuple[Found, dict[str, Placeholder]]:
    """What was found with one word for each thing that nobody knows, and those words."""
    words = Words(parameters)
    return mapped(found, words.change), words.placeholders


def as_name(value: Value) -> Value:
    """A value as a name of AWS's: a piece that cannot be in one is taken for something that is not known.

    (A template's language that the reader does not know, for example.)
    """
    return joined(_name_piece(part) for part in value.parts)


def _name_piece(part: str | Unknown) -> str | Unknown:
    text = part if isinstance(part, str) else part.default
    if text is None or not NOT_A_NAME.search(text):
        return part
    word = re.sub(r"[^A-Za-z0-9]+", "_", text).strip("_") or "name"
    return Unknown(text, word if word[0].isalpha() else f"name_{word}")


def words_in(text: str) -> list[str]:
    """The placeholders of a text, without braces."""
    return WORD.findall(text)
