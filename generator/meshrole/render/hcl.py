"""Python values as HCL: the only code that quotes, escapes or aligns. What it writes is what `terraform fmt` would write.

https://developer.hashicorp.com/terraform/language/expressions/strings
https://developer.hashicorp.com/terraform/language/style
"""

import json
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import NamedTuple

INDENT = "  "
# HCL knows fewer escapes than JSON.
ESCAPES = {number: f"\\u{number:04x}" for number in (*range(0x20), 0x7F)} | {
    ord('"'): '\\"',
    ord("\\"): "\\\\",
    ord("\n"): "\\n",
    ord("\r"): "\\r",
    ord("\t"): "\\t",
}


class Expression(str):
    """HCL that stands as it is: a reference or a function call."""

    __slots__ = ()


class Block(NamedTuple):
    """A `resource` block."""

    type: str
    label: str
    attributes: Mapping[str, object]

    @property
    def address(self) -> str:
        """The resource's address in its module."""
        return f"{self.type}.{self.label}"


def literal(value: object, depth: int = 0) -> str:
    """`value` in the layout that `terraform fmt` gives it at `depth`. Raises TypeError for what HCL has no literal for."""
    if isinstance(value, Expression):
        return str(value)
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, bool | int):
        return json.dumps(value)
    if isinstance(value, Mapping):
        return _block("{", _aligned((_key(key), literal(item, depth + 1)) for key, item in value.items()), "}", depth)
    if isinstance(value, list | tuple):
        items = [literal(item, depth + 1) for item in value]
        if len(items) <= 1 and not any("\n" in item for item in items):
            return f"[{''.join(items)}]"
        return _block("[", [f"{item}," for item in items], "]", depth)
    raise TypeError(f"HCL has no literal for {type(value).__name__}")


def body(attributes: Mapping[str, object], depth: int = 0) -> str:
    """The body of a block, braces included: attribute names stand bare."""
    return _block("{", _aligned((name, literal(item, depth + 1)) for name, item in attributes.items()), "}", depth)


def quoted(text: str) -> str:
    """A string in quotes, in which nothing is a template."""
    escaped = f'"{text.translate(ESCAPES)}"'
    return escaped.replace("${", "$${").replace("%{", "%%{") if "{" in escaped else escaped


def _key(key: object) -> str:
    return key if isinstance(key, Expression) else quoted(str(key))


def _aligned(pairs: Iterable[tuple[str, str]]) -> list[str]:
    """One `=` column for each run of one-line values; a value of several lines stands alone.

    Terraform counts what a reader sees as one character; a key with combining characters is one column off here.
    """
    lines: list[str] = []
    for spans_lines, run in groupby(pairs, key=lambda pair: "\n" in pair[1]):
        members = list(run)
        width = 0 if spans_lines else max(len(key) for key, _ in members)
        lines += [f"{key:<{width}} = {text}" for key, text in members]
    return lines


def _block(opening: str, lines: list[str], closing: str, depth: int) -> str:
    if not lines:
        return opening + closing
    indent = INDENT * depth
    inner = "\n".join(f"{indent}{INDENT}{line}" for line in lines)
    return f"{opening}\n{inner}\n{indent}{closing}"
