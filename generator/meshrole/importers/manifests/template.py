"""Manifests that a template engine has still to fill in, made readable as YAML without running one.

Each expression becomes one character of the private use area with a number, which YAML takes for a part of a text; what only
steers the template (`{{- if … }}`) goes, and so does a line that is nothing but an expression: what it inserts is not known.
Lines keep their numbers. https://helm.sh/docs/chart_template_guide/control_structures/
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from meshrole.importers.manifests.expressions import Known
from meshrole.importers.values import Value, joined

OPEN, CLOSE, GONE = "\ue000", "\ue001", "\ue002"
RESERVED = re.compile(f"[{OPEN}{CLOSE}{GONE}]")
STEERING = re.compile(r"(?:if|else|end|range|with|define|block|break|continue)\b|/\*|\$\w*\s*(?::=|=|,)|#|!|/|\^")
OPENS = re.compile(r"(if|range|with|define|block)\b")
STATEMENT = re.compile(r"\{%[^\n]{0,2000}?%\}|\{#[^\n]{0,2000}?#\}")
BRACED = re.compile(r"\$\{[^{}\n]{1,500}\}")
LONE = re.compile(rf"[ \t]*(?:{OPEN}\d+{CLOSE}|{GONE})[ \t\r]*", re.ASCII)
PIECE = re.compile(rf"{OPEN}(\d+){CLOSE}|(\$[A-Za-z_]\w*)|(<[A-Za-z][\w .:\-]{{0,80}}>)", re.ASCII)
LINE_END = re.compile(r"[ \t\r]*(?:\n|$)")
NESTED = 3


@dataclass(frozen=True, slots=True)
class Template:
    """A text without its expressions, which are `pieces` by their numbers: each as it is written, and its value."""

    text: str
    pieces: tuple[tuple[str, Value], ...] = ()
    inserted: tuple[tuple[int, str], ...] = ()
    known: Known = field(default_factory=Known)
    is_go: bool = False

    def value(self, text: str) -> Value:
        """The value of a text of a document of this template."""
        if OPEN not in text and "$" not in text and "<" not in text:
            return Value((text,) if text else ())
        return joined(self._parts(text))

    def original(self, text: str) -> str:
        """A text as it is written in the file."""
        return PIECE.sub(lambda match: self.pieces[int(match[1])][0] if self._is_piece(match) else match[0], text)

    def _parts(self, text: str) -> Iterator[str | Value]:
        end = 0
        for match in PIECE.finditer(text):
            yield text[end : match.start()]
            end = match.end()
            if match[1]:
                yield self.pieces[int(match[1])][1] if self._is_piece(match) else match[0]
            else:
                yield self.known.shell(match[2]) if match[2] else self.known.angle(match[3])
        yield text[end:]

    def _is_piece(self, match: re.Match[str]) -> bool:
        return bool(match[1]) and len(match[1]) < 9 and int(match[1]) < len(self.pieces)


def template(text: str, known: Known) -> Template:
    """A text with its expressions taken out."""
    if "{{" not in text and "${" not in text and "{%" not in text:
        return Template(RESERVED.sub("?", text), known=known)
    pieces: list[tuple[str, Value]] = []
    inserted: list[tuple[int, str]] = []
    text, is_go = RESERVED.sub("?", text), "{{" in text
    text = STATEMENT.sub(GONE, _without_go(text, pieces, known))
    if pieces or GONE in text:
        text = "\n".join(_lines(text, pieces, inserted))
    for _ in range(NESTED):
        if "${" not in text:
            break
        text = BRACED.sub(lambda match: _braced(match[0], pieces, known), text)
    return Template(text, tuple(pieces), tuple(inserted), known, is_go)


def _braced(expression: str, pieces: list[tuple[str, Value]], known: Known) -> str:
    written = PIECE.sub(lambda match: pieces[int(match[1])][0] if match[1] else match[0], expression)
    pieces.append((written, known.shell(written)))
    return f"{OPEN}{len(pieces) - 1}{CLOSE}"


def _without_go(text: str, pieces: list[tuple[str, Value]], known: Known) -> str:
    """The text with numbers for Go's expressions, marks for what only steers, and nothing of definitions."""
    built: list[str] = []
    end, hidden_until = 0, 0
    actions = list(_actions(text))
    ends = _ends(text, actions)
    for begin, stop in actions:
        if begin < hidden_until:
            end = stop
            continue
        built.append(text[end:begin])
        end = stop
        inner = text[begin + 2 : stop - 2].strip("- \t\n")
        newlines = "\n" * text.count("\n", begin, stop)
        if begin in ends:
            hidden_until = ends[begin]
            built.append(GONE + "\n" * text.count("\n", begin, hidden_until))
            end = hidden_until
        elif STEERING.match(inner):
            built.append(GONE + newlines)
        else:
            expression = text[begin:stop]
            pieces.append((expression, known.template(expression)))
            # Lines that an expression takes are given back where a line ends anyway.
            built.append(f"{OPEN}{len(pieces) - 1}{CLOSE}" + (newlines if LINE_END.match(text, stop) else ""))
    built.append(text[end:])
    return "".join(built)


def _actions(text: str) -> Iterator[tuple[int, int]]:
    begin = text.find("{{")
    while begin >= 0:
        stop = text.find("}}", begin)
        if stop < 0:
            return
        # `{{{x}}}`: the last three braces end it.
        stop += 3 if text.startswith("{{{", begin) and text.startswith("}}}", stop) else 2
        yield begin, stop
        begin = text.find("{{", stop)


def _ends(text: str, actions: list[tuple[int, int]]) -> dict[int, int]:
    """Where each definition ends, by where it begins. A definition is not where it is used."""
    found: dict[int, int] = {}
    waiting: list[tuple[int, str]] = []
    for begin, stop in actions:
        inner = text[begin + 2 : min(stop, begin + 40)].strip("- \t\n")
        opens = OPENS.match(inner)
        if opens:
            waiting.append((begin, opens[1]))
        elif re.match(r"end\b", inner) and waiting:
            opened, word = waiting.pop()
            if word == "define":
                found[opened] = stop
    return found


def _lines(text: str, pieces: list[tuple[str, Value]], inserted: list[tuple[int, str]]) -> Iterator[str]:
    for number, line in enumerate(text.split("\n"), start=1):
        if (OPEN in line or GONE in line) and LONE.fullmatch(line):
            match = PIECE.search(line)
            if match and match[1]:
                inserted.append((number, pieces[int(match[1])][0]))
            yield ""
        else:
            yield line.replace(GONE, "")
