"""A file of Terraform's language that cannot be read as one, taken apart into its top-level blocks.

A broken block then takes none of the others along. Line breaks inside of `"${…}"`, which Terraform takes and python-hcl2 does
not, become blanks; as many empty lines follow, so that everything stays on its line.
"""

import re
from collections.abc import Iterator

CODE = re.compile(r'"|\{|\}|\n|#[^\n]*|//[^\n]*|/\*|<<-?([A-Za-z][\w.-]*)[ \t]*\r?\n')
TEXT = re.compile(r'\\.|"|\$\$\{|%%\{|[$%]\{|\n', re.DOTALL)


def apart(text: str) -> Iterator[tuple[int, str]]:
    """Each top-level block with its first line."""
    kept: list[str] = []
    line = begin = 1
    for piece, is_end in _pieces(text):
        kept.append(piece)
        line += piece.count("\n")
        if is_end:
            yield begin, "".join(kept)
            kept, begin = [], line
    if "".join(kept).strip():
        yield begin, "".join(kept)


class _Place:
    """What is open: a `"` for each quoted text, a `{` for each brace or interpolation."""

    def __init__(self) -> None:
        self.open: list[str] = []
        self.owed = 0

    @property
    def is_in_text(self) -> bool:
        return bool(self.open) and self.open[-1] == '"'

    def take(self, token: str) -> str:
        """A token as it is to be written."""
        if token == "\n":
            return self._line_break()
        if token == '"':
            self.open.pop() if self.is_in_text else self.open.append('"')
        elif token in ("{", "${", "%{"):
            self.open.append("{")
        elif token == "}" and self.open:
            self.open.pop()
        return token

    def _line_break(self) -> str:
        if self.is_in_text:
            # No quoted text goes on in the next line: this one was never closed.
            self.open.pop()
        if '"' in self.open:
            self.owed += 1
            return " "
        owed, self.owed = self.owed, 0
        return "\n" * (owed + 1)


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """Pieces of the text, and whether a top-level block ends with one."""
    place, at = _Place(), 0
    while (match := (TEXT if place.is_in_text else CODE).search(text, at)) is not None:
        yield text[at : match.start()], False
        token, at = match.group(), match.end()
        if not place.is_in_text and token[0] in "#/<":
            at = _skipped(text, match)
            yield text[match.start() : at], False
            continue
        written = place.take(token)
        yield written, token == "}" and not place.open
    yield text[at:], False


def _skipped(text: str, match: re.Match[str]) -> int:
    """The end of a comment or of a heredoc."""
    if match.group().startswith("/*"):
        end = text.find("*/", match.end())
        return len(text) if end < 0 else end + 2
    if match.group(1):
        end_mark = re.compile(rf"^[ \t]*{re.escape(match.group(1))}(?=\s|$)", re.MULTILINE).search(text, match.end())
        return len(text) if end_mark is None else end_mark.end()
    return match.end()
