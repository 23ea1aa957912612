"""Heredocs, template files and the texts of `*.tf.json`: text with interpolations.

https://developer.hashicorp.com/terraform/language/expressions/strings#string-templates
"""

import re
from collections.abc import Callable
from typing import TypeAlias

from meshrole.importers.tf.strings import unmarked
from meshrole.importers.tf.syntax import BrokenSyntaxError, Expression, Literal, Raw, Template

# Inside an interpolation: a quoted text (with its escapes), or a brace.
INSIDE = re.compile(r'"(?:\\.|[^"\\])*"|[{}]', re.DOTALL)
OPENING = re.compile(r"\$\$\{|%%\{|\$\{|%\{")
MAX_INTERPOLATIONS = 10_000
Parse: TypeAlias = Callable[[str], Expression]


def template(text: str, parse: Parse) -> Expression:
    """A text as an expression; `parse` reads what is inside `${…}`. Directives (`%{ if … }`) stay as they are written."""
    parts: list[Expression] = []
    begin = at = 0
    while (match := OPENING.search(text, at)) is not None:
        if match.group().startswith(("$$", "%%")):
            at = match.end()
            continue
        if match.group() == "%{":
            return Raw(text)
        end = _end(text, match.end())
        if end is None or len(parts) > MAX_INTERPOLATIONS:
            break
        parts += [Literal(unmarked(text[begin : match.start()])), _inner(text[match.end() : end], parse)]
        begin = at = end + 1
    if not parts:
        return Literal(unmarked(text))
    return Template(tuple(part for part in (*parts, Literal(unmarked(text[begin:]))) if part != Literal("")))


def _end(text: str, at: int) -> int | None:
    """Where the brace closes that was opened before `at`."""
    depth = 1
    for match in INSIDE.finditer(text, at):
        depth += {"{": 1, "}": -1}.get(match.group(), 0)
        if depth == 0:
            return match.start()
    return None


def _inner(text: str, parse: Parse) -> Expression:
    try:
        return parse(text.strip().strip("~"))
    except BrokenSyntaxError:
        return Raw(text.strip())
