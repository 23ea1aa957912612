"""What an expression can be: plain values, texts with unknown pieces, or nothing but the expression itself."""

import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from meshrole.importers.values import Value, joined, unknown, value

MAX_TEXT = 2_000_000
MAX_DEPTH = 60
LONGEST = 40
MAX_SHOWN = 120
WORD = re.compile(r"[^A-Za-z0-9]+")
ROOTS = re.compile(r"^(?:var|local|data|module)\.")
# What every inventory knows itself, by the one expression that all readers have for it; nothing else may be called so.
# https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/caller_identity
ACCOUNT, REGION, PARTITION = "!Ref AWS::AccountId", "!Ref AWS::Region", "!Ref AWS::Partition"
FACTS = {ACCOUNT: "account", REGION: "region", PARTITION: "partition"}
SAME = {
    "var.region": REGION,
    "var.aws_region": REGION,
    "var.account_id": ACCOUNT,
    "var.aws_account_id": ACCOUNT,
    "var.partition": PARTITION,
    "var.aws_partition": PARTITION,
}
RESERVED = {"account", "region", "partition"}


class TooMuchError(Exception):
    """An input that asks for more work, or more text, than any real one."""


@dataclass(frozen=True, slots=True)
class Hole:
    """Something of which only the expression is known; `of` is the collection that its `each` or iterator is of."""

    text: str
    of: str = ""
    word: str = ""

    def step(self, _: Any, text: str) -> "Hole":
        """What is below it, which is no better known."""
        return Hole(text, self.of)

    @property
    def value(self) -> Value:
        """The same as a piece of a text."""
        text = SAME.get(self.text, self.text)
        if text in FACTS:
            return unknown(text, FACTS[text])
        expression = f"{self.text} of {self.of}" if self.of else self.text
        return unknown(expression, self.word or word_of(self.text, self.of))


@dataclass(frozen=True, slots=True)
class Encoded:
    """The JSON text of a value (`jsonencode`, a policy document)."""

    data: Any


def shown(text: str) -> str:
    """An expression on one line, and not all of a long one."""
    line = " ".join(text.split())
    return line if len(line) <= MAX_SHOWN else f"{line[:MAX_SHOWN]} …"


def word_of(text: str, of: str = "") -> str:
    """A word for an expression, to stand in an inventory: `mesh_name` for `var.mesh_name`."""
    if of:
        text = f"{of}_{text.removeprefix('each.')}"
    word = WORD.sub("_", ROOTS.sub("", text)).strip("_")
    if len(word) > LONGEST:
        # Two long expressions that begin alike are not the same.
        word = f"{word[: LONGEST - 9].rstrip('_')}_{zlib.crc32(text.encode()):08x}"
    return f"{word}_value" if word in RESERVED else word or "value"


def known(found: Any) -> str | None:
    """The text of a scalar that is known."""
    if isinstance(found, str):
        return found
    if isinstance(found, bool):
        return "true" if found else "false"
    if isinstance(found, int):
        return str(found)
    if isinstance(found, float):
        return f"{found:.15g}"
    return found.text if isinstance(found, Value) and found.is_known else None


def as_text(found: Any) -> Value | None:
    """A scalar as a text with its unknown pieces; None for what is no scalar."""
    if isinstance(found, Value):
        return found
    if isinstance(found, Hole):
        return found.value
    if isinstance(found, Encoded):
        return json_text(found.data)
    plain = known(found)
    return None if plain is None else value(plain)


def truth(found: Any) -> bool | None:
    """A condition, where it is known."""
    return {"true": True, "false": False, "1": True, "0": False}.get(known(found) or "")


def number(found: Any) -> int | float | None:
    """A number, where it is known."""
    if isinstance(found, bool):
        return None
    if isinstance(found, int | float):
        return found
    try:
        made = float((known(found) or "")[:40])
        return int(made) if made.is_integer() else made
    except (ValueError, OverflowError):
        return None


def simplified(text: Value) -> str | Value:
    """A plain text where nothing of it is unknown."""
    if sum(len(part) for part in text.parts if isinstance(part, str)) > MAX_TEXT:
        raise TooMuchError("a text of megabytes")
    return "".join(part for part in text.parts if isinstance(part, str)) if not has_pieces(text) else text


def has_pieces(text: Value) -> bool:
    """Whether something in it is not written out."""
    return any(not isinstance(part, str) for part in text.parts)


def is_plain(found: Any, depth: int = 0) -> bool:
    """Whether a value holds nothing unknown, and no default in place of it."""
    if isinstance(found, list):
        return depth < MAX_DEPTH and all(is_plain(item, depth + 1) for item in found)
    if isinstance(found, dict):
        return depth < MAX_DEPTH and all(is_plain(item, depth + 1) for item in found.values())
    return found is None or isinstance(found, str | bool | int | float)


def json_text(data: Any) -> Value:
    """JSON with the unknown pieces where they are."""
    return joined(_json(data, 0, [MAX_TEXT]))


def _json(data: Any, depth: int, left: list[int]) -> Iterator[str | Value]:
    left[0] -= 1
    if depth > MAX_DEPTH or left[0] < 0:
        raise TooMuchError("a JSON text without end")
    if isinstance(data, dict):
        yield "{"
        for place, (key, item) in enumerate(data.items()):
            yield f"{',' if place else ''}{json.dumps(str(key))}:"
            yield from _json(item, depth + 1, left)
        yield "}"
    elif isinstance(data, list):
        yield "["
        for place, item in enumerate(data):
            yield "," if place else ""
            yield from _json(item, depth + 1, left)
        yield "]"
    elif data is None or isinstance(data, bool | int | float):
        yield json.dumps(data)
    else:
        yield from _json_text(data)


def _json_text(data: Any) -> Iterator[str | Value]:
    text = as_text(data) or Hole("value").value
    yield '"'
    for part in text.parts:
        yield json.dumps(part)[1:-1] if isinstance(part, str) else Value((part,))
    yield '"'
