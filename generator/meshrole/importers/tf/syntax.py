"""Terraform's language as frozen values: blocks, and the expressions in them.

https://developer.hashicorp.com/terraform/language/syntax/configuration
https://developer.hashicorp.com/terraform/language/expressions
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class Literal:
    """A text, number, true, false or null."""

    value: str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Template:
    """Texts and interpolations. One interpolation alone keeps its type."""

    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Items:
    """`[a, b]`."""

    items: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Entries:
    """`{a = b}`. A bare name as a key is a text."""

    entries: tuple[tuple["Expression", "Expression"], ...]


@dataclass(frozen=True, slots=True)
class Name:
    """The first word of a reference: `var`, `local`, `aws_iam_role`…"""

    name: str


@dataclass(frozen=True, slots=True)
class Step:
    """`base.name`, or `base[key]` (`is_index`)."""

    base: "Expression"
    key: "Expression"
    is_index: bool
    text: str


@dataclass(frozen=True, slots=True)
class Splat:
    """`base[*].a.b`: the same steps from each item."""

    base: "Expression"
    keys: tuple["Expression", ...]
    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments; with `...` the last one is a list of more."""

    function: str
    arguments: tuple["Expression", ...]
    spreads: bool
    text: str


@dataclass(frozen=True, slots=True)
class Choice:
    """`condition ? yes : no`."""

    condition: "Expression"
    yes: "Expression"
    no: "Expression"
    text: str


@dataclass(frozen=True, slots=True)
class Operation:
    """`left operator right`; without a left one, `!right` and `-right`."""

    operator: str
    left: "Expression | None"
    right: "Expression"
    text: str


@dataclass(frozen=True, slots=True)
class For:
    """`[for k, v in collection : result if condition]`; with a `result_key` it makes an object, and `groups` with `...`."""

    names: tuple[str, ...]
    collection: "Expression"
    result_key: "Expression | None"
    result: "Expression"
    condition: "Expression | None"
    groups: bool
    text: str


@dataclass(frozen=True, slots=True)
class Raw:
    """What is not understood, as it is written."""

    text: str


Expression: TypeAlias = Literal | Template | Items | Entries | Name | Step | Splat | Call | Choice | Operation | For | Raw


@dataclass(frozen=True, slots=True)
class Attribute:
    """`name = expression`, and its line."""

    expression: Expression
    line: int


@dataclass(frozen=True, slots=True)
class Block:
    """`type "label" { … }`."""

    type: str
    labels: tuple[str, ...]
    line: int
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    blocks: tuple["Block", ...] = ()


def references(expression: Any) -> Iterator[tuple[str, str]]:
    """The (root, name) of every reference in an expression: `("var", "mesh")`."""
    waiting = [expression]
    while waiting:
        each = waiting.pop()
        if isinstance(each, Step) and isinstance(each.base, Name) and isinstance(each.key, Literal):
            yield each.base.name, str(each.key.value)
        elif isinstance(each, tuple):
            waiting += each
        elif is_dataclass(each):
            waiting += [getattr(each, part.name) for part in fields(each)]


class BrokenSyntaxError(Exception):
    """A file, or a template, that cannot be read: the line of it, and why. `is_refused`: it was not tried."""

    def __init__(self, line: int, why: str, *, is_refused: bool = False) -> None:
        super().__init__(f"line {line}: {why}")
        self.line, self.why, self.is_refused = line, why, is_refused
