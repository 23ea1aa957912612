"""A message freed from what it came wrapped in: colours, terraform's margins, JSON, entities, line breaks."""

import html
import json
import re
from collections.abc import Iterator
from typing import Any

# https://ecma-international.org/publications-and-standards/standards/ecma-48/: control and operating-system sequences.
ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")
# Terraform draws its errors beside a line; MISREAD is that line where UTF-8 was read as Windows-1252.
MISREAD = "|".join(mark.encode().decode("cp1252", "ignore") for mark in "│╷╵")
MARGIN = re.compile(rf"^[ \t]*(?:[│╷╵┃|]|{MISREAD})+[ \t]?")
CODE_KEYS = ("code", "errorcode", "error_code", "__type", "name")
MAX_DEPTH = 50
# A line break stands for itself in a paragraph; these are what a line may be indented and ended with.
BLANKS = " \t\f\v\u00a0"


def uncoloured(text: str) -> str:
    """`text` without the sequences that steer a terminal."""
    return ANSI.sub("", text)


def paragraphs(text: str) -> Iterator[tuple[str, str | None]]:
    """Each piece of `text` that is one message at most, its lines stripped, and the error code that stood beside it in JSON."""
    found = list(_strings(text))
    for piece, code in found or [(text, None)]:
        for paragraph in _split(_unescaped(piece)):
            yield paragraph, code


def phrase(words: str) -> str:
    """A pattern of the words in which a line may break anywhere, as terminals break them."""
    return r"\s+".join(r"\n?".join(map(re.escape, word)) for word in words.split())


def _split(text: str) -> Iterator[str]:
    lines: list[str] = []
    for line in text.splitlines():
        stripped = MARGIN.sub("", line).strip(BLANKS)
        if stripped:
            lines.append(stripped)
        elif lines:
            yield "\n".join(lines)
            lines = []
    if lines:
        yield "\n".join(lines)


def _unescaped(text: str) -> str:
    """Text that was quoted once more on its way: in a log's `key="…"`, in XML."""
    if '\\"' in text or "\\n" in text:
        text = text.replace("\\r", "").replace("\\n", "\n").replace("\\t", " ").replace('\\"', '"')
    if "<Code>" in text:
        text = text.replace("</", " </")
    return html.unescape(text) if "&" in text else text


def _strings(text: str) -> Iterator[tuple[str, str | None]]:
    """The strings of a JSON text, or of the lines of it that are JSON; none of a text without any."""
    whole = parsed(text)
    if whole is not None:
        yield from _walk(whole, None, 0)
        return
    lines = [(line, parsed(line)) for line in text.splitlines()]
    if any(value is not None for _, value in lines):
        for line, value in lines:
            yield from [(line, None)] if value is None else _walk(value, None, 0)


def parsed(text: str) -> Any:
    """The object or list that `text` is in JSON, or None."""
    stripped = text.strip()
    if not stripped or (stripped[0] + stripped[-1]) not in ("{}", "[]"):
        return None
    try:
        return json.loads(stripped)
    except (ValueError, RecursionError):
        return None


def _walk(value: Any, code: str | None, depth: int) -> Iterator[tuple[str, str | None]]:
    if isinstance(value, str):
        yield value, code
    elif depth < MAX_DEPTH:
        if isinstance(value, dict):
            code = next((item for key, item in value.items() if key.lower() in CODE_KEYS and isinstance(item, str)), code)
        for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            yield from _walk(item, code, depth + 1)
