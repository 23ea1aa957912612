"""Heredocs, template files and the texts of `*.tf.json`: text with interpolations and directives.

https://developer.hashicorp.com/terraform/language/expressions/strings#string-templates
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from meshrole.importers.tf.strings import unmarked
from meshrole.importers.tf.syntax import BrokenSyntaxError, Call, Choice, Expression, For, Literal, Raw, Template

# Inside an interpolation: a quoted text (with its escapes), or a brace.
INSIDE = re.compile(r'"(?:\\.|[^"\\])*"|[{}]', re.DOTALL)
OPENING = re.compile(r"\$\$\{|%%\{|\$\{|%\{")
IF = re.compile(r"if\b(.*)", re.DOTALL)
FOR = re.compile(r"for\s+([\w-]+)\s*(?:,\s*([\w-]+)\s*)?\bin\b(.*)", re.DOTALL)
MAX_PIECES, MAX_NESTING = 10_000, 20
Parse: TypeAlias = Callable[[str], Expression]


@dataclass(frozen=True, slots=True)
class _Piece:
    """Text (`mark` empty), or what stands in `${…}` or `%{…}`."""

    mark: str
    text: str


def template(text: str, parse: Parse) -> Expression:
    """A text as an expression; `parse` reads what is inside of `${…}`. One that cannot be read stays as it is written."""
    try:
        pieces = list(_pieces(text))
        parts = _Reader(pieces, parse).parts(()) if len(pieces) < MAX_PIECES else [Raw(text)]
    except BrokenSyntaxError:
        return Raw(text)
    if all(isinstance(part, Literal) for part in parts):
        return Literal("".join(str(part.value) for part in parts if isinstance(part, Literal)))
    return Template(tuple(parts))


def _pieces(text: str) -> Iterator[_Piece]:
    """The pieces of a text. `~` beside a brace takes the blanks there away."""
    begin = at = 0
    strips = False
    while (match := OPENING.search(text, at)) is not None:
        if match.group().startswith(("$$", "%%")):
            at = match.end()
            continue
        end = _end(text, match.end())
        if end is None:
            break
        inner, before = text[match.end() : end], text[begin : match.start()]
        before = before.lstrip() if strips else before
        yield _Piece("", before.rstrip() if inner.startswith("~") else before)
        yield _Piece(match.group()[0], inner.strip("~").strip())
        strips, begin = inner.endswith("~"), end + 1
        at = begin
    yield _Piece("", text[begin:].lstrip() if strips else text[begin:])


def _end(text: str, at: int) -> int | None:
    """Where the brace closes that was opened before `at`."""
    depth = 1
    for match in INSIDE.finditer(text, at):
        depth += {"{": 1, "}": -1}.get(match.group(), 0)
        if depth == 0:
            return match.start()
    return None


class _Reader:
    """The pieces, one after the other; what is between two directives belongs to the first."""

    def __init__(self, pieces: list[_Piece], parse: Parse) -> None:
        self.pieces, self.parse, self.at, self.nesting, self.ended_by = pieces, parse, 0, 0, ""

    def parts(self, ends: tuple[str, ...]) -> list[Expression]:
        """The parts up to one of the directives `ends`. Raises BrokenSyntaxError where it does not come."""
        made: list[Expression] = []
        while self.at < len(self.pieces):
            piece = self.pieces[self.at]
            self.at += 1
            if piece.mark == "%" and piece.text in ends:
                self.ended_by = piece.text
                return made
            if piece.mark == "%":
                made.append(self._directive(piece.text))
            elif piece.mark or piece.text:
                made.append(self._inner(piece.text) if piece.mark else Literal(unmarked(piece.text)))
        if ends:
            raise BrokenSyntaxError(1, f"no {ends[-1]}")
        return made

    def _directive(self, text: str) -> Expression:
        condition, loop = IF.fullmatch(text), FOR.fullmatch(text)
        self.nesting += 1
        if self.nesting > MAX_NESTING or not (condition or loop):
            raise BrokenSyntaxError(1, "a directive that is none")
        shown = f"%{{ {text} }}"
        if condition:
            yes = Template(tuple(self.parts(("else", "endif"))))
            no = Template(tuple(self.parts(("endif",)) if self.ended_by == "else" else ()))
            made: Expression = Choice(self._inner(condition[1].strip()), yes, no, shown)
        else:
            body = Template(tuple(self.parts(("endfor",))))
            first, second, collection = FOR.fullmatch(text).groups()  # type: ignore[union-attr]
            names = (first, second) if second else (first,)
            each = For(names, self._inner(collection.strip()), None, body, None, False, shown)
            made = Call("join", (Literal(""), each), False, shown)
        self.nesting -= 1
        return made

    def _inner(self, text: str) -> Expression:
        try:
            return self.parse(text)
        except BrokenSyntaxError:
            return Raw(text)
