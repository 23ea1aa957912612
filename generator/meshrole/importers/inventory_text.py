"""Plain values as YAML with comments, such that what a file says cannot become anything but text.

Read back by the inventory's own loader, the values are the same; https://yaml.org/spec/1.2.2/#57-escaped-characters.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Union

WIDTH = 110
PLAIN = re.compile(r"[A-Za-z_/][A-Za-z0-9_./@-]*")
# YAML 1.1 takes some of these for more than text, and so do people's tools.
WORDS = frozenset(("null", "true", "false", "yes", "no", "on", "off", "y", "n"))
ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}


@dataclass(frozen=True, slots=True)
class Noted:
    """A value with lines of comment before it."""

    value: "Tree"
    comments: tuple[str, ...]


Tree = Union[str, bool, int, None, Sequence["Tree"], Mapping[str, "Tree"], Noted]  # noqa: UP007


def without_file(tree: Tree, file: str) -> Tree:
    """The same with comments that speak of places in `file` by their lines alone."""
    if isinstance(tree, Noted):
        return Noted(without_file(tree.value, file), tuple(_near(line, file) for line in tree.comments))
    if isinstance(tree, Mapping):
        return {key: without_file(item, file) for key, item in tree.items()}
    return [without_file(item, file) for item in tree] if isinstance(tree, list | tuple) else tree


def _near(line: str, file: str) -> str:
    return re.sub(rf"(?<!\S)(\(?){re.escape(file)}:(?=\d)", r"\1line ", line)


def to_yaml(tree: Mapping[str, Tree], head: Sequence[str] = ()) -> str:
    """A mapping as a YAML document; `head` are comments at its top."""
    return "\n".join([*_comments(head, ""), *_mapping(tree, ""), ""])


def _mapping(tree: Mapping[str, Tree], pad: str) -> Iterator[str]:
    for key, item in tree.items():
        value, comments = (item.value, item.comments) if isinstance(item, Noted) else (item, ())
        yield from _comments(comments, pad)
        yield from _entry(f"{pad}{scalar(key)}:", value, pad)


def _entry(start: str, value: Tree, pad: str) -> Iterator[str]:
    flow = _flow(value)
    if flow is not None and (len(start) + len(flow) < WIDTH or not isinstance(value, Mapping | list | tuple) or not value):
        yield f"{start} {flow}"
        return
    yield start
    yield from _mapping(value, pad + "  ") if isinstance(value, Mapping) else _items(value, pad + "  ")


def _items(values: Tree, pad: str) -> Iterator[str]:
    assert isinstance(values, list | tuple)
    for item in values:
        value, comments = (item.value, item.comments) if isinstance(item, Noted) else (item, ())
        yield from _comments(comments, pad)
        if isinstance(value, Mapping) and value:
            first, *rest = _mapping(value, pad + "  ")
            yield f"{pad}- {first[len(pad) + 2 :]}"
            yield from rest
        else:
            yield from _entry(f"{pad}-", value, pad)


def _flow(value: Tree) -> str | None:
    """A value on one line; None for what has comments in it, or is nested deeper."""
    if isinstance(value, Mapping):
        items = [(key, _flow(item)) for key, item in value.items()]
        if any(text is None or isinstance(value[key], Mapping | list | tuple) for key, text in items):
            return None if value else "{}"
        return "{" + ", ".join(f"{scalar(key)}: {text}" for key, text in items) + "}"
    if isinstance(value, list | tuple):
        texts = [_flow(item) for item in value]
        if any(text is None or isinstance(item, Mapping | list | tuple) for item, text in zip(value, texts, strict=True)):
            return None
        return "[" + ", ".join(text for text in texts if text) + "]"
    return None if isinstance(value, Noted) else scalar(value)


def scalar(value: Tree) -> str:
    """A text, number, truth or nothing as one YAML scalar; a text is quoted where it could be taken for anything else."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    text = str(value)
    if PLAIN.fullmatch(text) and text.lower() not in WORDS:
        return text
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(char: str) -> str:
    if char in ESCAPES:
        return ESCAPES[char]
    number = ord(char)
    if 0xD800 <= number <= 0xDFFF:
        return "\ufffd"  # half a character: no text has it
    if char == " " or (char.isprintable() and number != 0xFEFF):
        return char
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def _comments(lines: Sequence[str], pad: str) -> Iterator[str]:
    """Comments, with nothing in them that could end their line."""
    for line in lines:
        text = "".join(_escaped(char) if char not in ESCAPES or char in "\n\t" else char for char in line)
        yield f"{pad}# {text}".rstrip()
