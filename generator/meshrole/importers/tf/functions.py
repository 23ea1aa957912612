"""Terraform's functions, where all that matters of their arguments is known. Each takes the arguments and the call as written.

https://developer.hashicorp.com/terraform/language/functions. What is missing here (time, random, files, encryption, regular
expressions) is missing on purpose: such a call stays as it is written.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from meshrole.importers.tf.arguments import amount, items_of, plain, text_of
from meshrole.importers.tf.data import Encoded, Hole, TooMuchError, is_plain, simplified, word_of
from meshrole.importers.tf.lists import (
    coalesce,
    compact,
    concat,
    contains,
    distinct,
    element,
    first_known,
    flat,
    from_json,
    from_yaml,
    keys,
    length,
    lookup,
    merge,
    numbers,
    one,
    pairs,
    same,
    values,
    zipmap,
)
from meshrole.importers.values import Unknown, Value, joined

Function: TypeAlias = Callable[[Sequence[Any], str], Any]
VERB = re.compile(r"%(%|s|v|q|d|0(\d{1,2})d)")


def of_texts(function: Callable[..., str]) -> Function:
    """A function of known texts; what was made of a default is a default."""

    def call(arguments: Sequence[Any], text: str) -> Any:
        made = function(*(plain(argument) for argument in arguments))
        is_written = all(is_plain(argument) for argument in arguments)
        return made if is_written else Value((Unknown(text, word_of(text), made),))

    return call


def of_values(function: Callable[..., Any]) -> Function:
    """A function that takes its arguments as they are."""

    def call(arguments: Sequence[Any], _: str) -> Any:
        return function(*arguments)

    return call


def _format(arguments: Sequence[Any], text: str) -> Any:
    pattern, rest = plain(arguments[0]), list(arguments[1:])
    parts: list[str | Value] = []
    at = 0
    for match in VERB.finditer(pattern):
        parts.append(pattern[at : match.start()])
        at = match.end()
        parts.append("%" if match.group(1) == "%" else _formatted(match, rest.pop(0)))
    if "%" in pattern[at:] or any("%" in part for part in parts if isinstance(part, str) and part != "%"):
        return Hole(text)
    return simplified(joined((*parts, pattern[at:])))


def _formatted(match: re.Match[str], argument: Any) -> str | Value:
    if match.group(2):
        return f"{int(amount(argument)):0{int(match.group(2))}d}"
    return joined(('"', text_of(argument), '"')) if match.group(1) == "q" else text_of(argument)


def _join(arguments: Sequence[Any], _: str) -> Any:
    separator, items = plain(arguments[0]), flat([items_of(each) for each in arguments[1:]])
    parts = [part for item in items for part in (separator, text_of(item))]
    return simplified(joined(parts[1:]))


def _replace(text: str, old: str, new: str) -> str:
    if old.startswith("/") and old.endswith("/") and len(old) > 1:
        raise ValueError("a regular expression")
    if len(text) * max(len(new), 1) > 10_000_000:
        raise TooMuchError("a text of megabytes")
    return text.replace(old, new)


def _substr(text: str, start: str, length: str) -> str:
    begin = int(start) if int(start) >= 0 else len(text) + int(start)
    return text[begin:] if int(length) < 0 else text[begin : begin + int(length)]


def _split(separator: Any, text: Any) -> Any:
    return plain(text).split(plain(separator)) if plain(separator) else list(plain(text))


FUNCTIONS: dict[str, Function] = {
    "lower": of_texts(str.lower),
    "upper": of_texts(str.upper),
    "title": of_texts(lambda text: re.sub(r"(?<!\S)\w", lambda match: match.group().upper(), text)),
    "trimspace": of_texts(str.strip),
    "chomp": of_texts(lambda text: text.rstrip("\r\n")),
    "trim": of_texts(lambda text, cut: text.strip(cut)),
    "trimprefix": of_texts(str.removeprefix),
    "trimsuffix": of_texts(str.removesuffix),
    "replace": of_texts(_replace),
    "substr": of_texts(_substr),
    "startswith": of_values(lambda text, start: plain(text).startswith(plain(start))),
    "endswith": of_values(lambda text, end: plain(text).endswith(plain(end))),
    "format": _format,
    "join": _join,
    "split": of_values(_split),
    "concat": of_values(concat),
    "flatten": of_values(lambda items: flat(items_of(items))),
    "merge": of_values(merge),
    "lookup": lookup,
    "element": of_values(element),
    "length": of_values(length),
    "keys": of_values(keys),
    "values": of_values(values),
    "contains": of_values(contains),
    "coalesce": coalesce,
    "coalescelist": coalesce,
    "compact": of_values(compact),
    "distinct": of_values(distinct),
    "sort": of_values(lambda items: sorted(plain(item) for item in items_of(items))),
    "reverse": of_values(lambda items: items_of(items)[::-1]),
    "slice": of_values(lambda items, begin, end: items_of(items)[int(amount(begin)) : int(amount(end))]),
    "range": of_values(numbers),
    "zipmap": of_values(zipmap),
    "try": first_known,
    "one": of_values(one),
    "list": lambda arguments, _: list(arguments),
    "map": of_values(pairs),
    "max": of_values(lambda *items: max(amount(item) for item in items)),
    "min": of_values(lambda *items: min(amount(item) for item in items)),
    "jsonencode": of_values(Encoded),
    "jsondecode": of_values(from_json),
    "yamldecode": of_values(from_yaml),
    "yamlencode": of_values(Encoded),
    "toset": of_values(lambda items: distinct(items)),
    **{
        name: of_values(same)
        for name in ("tolist", "tomap", "tostring", "tonumber", "tobool", "sensitive", "nonsensitive", "ephemeralasnull")
    },
}
