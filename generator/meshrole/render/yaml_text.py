"""Plain values as YAML: block style, one item a line. It writes what Kubernetes' manifests need and no more.

https://yaml.org/spec/1.2.2/
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence

INDENT = "  "
# What every reader of YAML takes for a text, whichever version of YAML it reads: no word of 1.1's booleans among it.
PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_-]*([./:][A-Za-z0-9_-]+)*")
WORDS = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null"))
# What YAML takes for the end of a line, or for no text at all, and JSON does not escape.
ESCAPES = {number: f"\\u{number:04x}" for number in (*range(0x7F, 0xA0), 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF)}


def document(value: Mapping[str, object]) -> str:
    """A mapping as a document. Raises TypeError for what is no text, mapping or sequence of such."""
    return "".join(f"{line}\n" for line in _mapping(value))


def _mapping(value: Mapping[str, object]) -> Iterator[str]:
    for key, item in value.items():
        yield from _entry(f"{_text(key)}:", item)


def _entry(head: str, item: object) -> Iterator[str]:
    if isinstance(item, str):
        yield f"{head} {_text(item)}"
    elif isinstance(item, Mapping):
        yield head if item else f"{head} {{}}"
        yield from (INDENT + line for line in _mapping(item))
    elif isinstance(item, Sequence):
        yield head if item else f"{head} []"
        for each in item:
            yield from (INDENT + line for line in _item(each))
    else:
        raise TypeError(f"YAML has no form for {type(item).__name__} here")


def _item(item: object) -> Iterator[str]:
    """An item of a sequence: what it is begins on the dash's own line."""
    if isinstance(item, str):
        yield f"- {_text(item)}"
    elif isinstance(item, Mapping):
        lines = list(_mapping(item)) or ["{}"]
        yield f"- {lines[0]}"
        yield from (INDENT + line for line in lines[1:])
    else:
        raise TypeError(f"YAML has no form for {type(item).__name__} in a sequence here")


def _text(text: str) -> str:
    """A text as it is, or in quotes: JSON's are YAML's."""
    is_plain = PLAIN.fullmatch(text) and text.lower() not in WORDS
    return text if is_plain else json.dumps(text, ensure_ascii=False).translate(ESCAPES)
