"""`*.tf.json`: the same configuration in JSON. https://developer.hashicorp.com/terraform/language/syntax/json"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from meshrole.importers.marked import BrokenError, line_of, parsed
from meshrole.importers.tf.syntax import Attribute, Block, BrokenSyntaxError, Entries, Expression, Items, Literal, Raw
from meshrole.importers.tf.templates import Parse, template

LABELS = {"resource": 2, "data": 2, "variable": 1, "module": 1, "output": 1, "provider": 1, "locals": 0}
MAX_DEPTH = 60


def json_blocks(text: str, parse: Parse) -> Block:
    """A file as one block, as the other syntax is read. Raises BrokenSyntaxError."""
    try:
        data = _loaded(text)
    except RecursionError:
        raise BrokenSyntaxError(1, "nested too deeply") from None
    if not isinstance(data, dict):
        raise BrokenSyntaxError(1, "not an object")
    inner = (block for kind, value in data.items() if kind in LABELS for block in _labelled(kind, (), value, parse))
    return Block("", (), 1, {}, tuple(inner))


def json_expression(value: Any, parse: Parse, depth: int = 0) -> Expression:
    """A value of JSON: its texts are templates."""
    if depth > MAX_DEPTH:
        return Raw("nested too deeply")
    if isinstance(value, str):
        return template(value, parse)
    if isinstance(value, list):
        return Items(tuple(json_expression(item, parse, depth + 1) for item in value))
    if isinstance(value, dict):
        pairs = ((key, item) for key, item in value.items() if key != "//")
        return Entries(tuple((template(key, parse), json_expression(item, parse, depth + 1)) for key, item in pairs))
    return Literal(value)


def _loaded(text: str) -> Any:
    """The values with their lines; without them where only a JSON parser takes the text."""
    try:
        return parsed(text)
    except BrokenError as broken:
        try:
            return json.loads(text)
        except ValueError:
            raise BrokenSyntaxError(broken.line, broken.why) from None


def _labelled(kind: str, labels: tuple[str, ...], value: Any, parse: Parse) -> Iterator[Block]:
    """The blocks below some labels; several of the same labels are a list."""
    if isinstance(value, list):
        for item in value:
            yield from _labelled(kind, labels, item, parse)
    elif isinstance(value, Mapping):
        if len(labels) < LABELS[kind]:
            for label, inner in value.items():
                if label != "//":
                    yield from _labelled(kind, (*labels, label), inner, parse)
            return
        attributes = {
            name: Attribute(json_expression(item, parse), line_of(value, name))
            for name, item in value.items()
            if name not in ("//", "dynamic")
        }
        yield Block(kind, labels, line_of(value), attributes, tuple(_dynamic(value.get("dynamic"), parse)))


def _dynamic(value: Any, parse: Parse) -> Iterator[Block]:
    for found in value if isinstance(value, list) else [value]:
        for label, bodies in found.items() if isinstance(found, Mapping) else ():
            for each in bodies if isinstance(bodies, list) else [bodies]:
                if isinstance(each, Mapping):
                    inner = {name: Attribute(json_expression(item, parse), line_of(each, name)) for name, item in each.items()}
                    content = each.get("content")
                    made = content if isinstance(content, Mapping) else {}
                    body = {name: Attribute(json_expression(item, parse), line_of(made, name)) for name, item in made.items()}
                    yield Block("dynamic", (label,), line_of(each), inner, (Block("content", (), line_of(made), body),))
