"""Terraform's functions of lists and maps. https://developer.hashicorp.com/terraform/language/functions"""

import json
from collections.abc import Sequence
from typing import Any

from meshrole.importers.marked import BrokenError, parsed
from meshrole.importers.tf.arguments import MAX_ITEMS, amount, entries_of, items_of, limited, plain
from meshrole.importers.tf.data import Encoded, Hole, TooMuchError, known


def flat(items: list[Any], depth: int = 0) -> list[Any]:
    """`flatten`."""
    found: list[Any] = []
    for item in items:
        found += flat(item, depth + 1) if isinstance(item, list) and depth < 20 else [item]
        limited(found)
    return found


def concat(*lists: Any) -> list[Any]:
    """`concat`."""
    return limited([item for each in lists for item in items_of(each)])


def merge(*maps: Any) -> dict[str, Any]:
    """`merge`."""
    merged: dict[str, Any] = {}
    for each in maps:
        if each is not None and not isinstance(each, dict):
            raise TypeError("not a map")
        merged |= each or {}
    limited(list(merged))
    return merged


def lookup(arguments: Sequence[Any], text: str) -> Any:
    """`lookup`; what a map has not, and no default, is not known."""
    if hasattr(arguments[0], "instances"):
        return arguments[0].instances[0]
    if not isinstance(arguments[0], dict):
        return Hole(text)
    return arguments[0].get(plain(arguments[1]), arguments[2] if len(arguments) > 2 else Hole(text))


def element(items: Any, place: Any) -> Any:
    """`element`, which counts around."""
    listed = items_of(items)
    return listed[int(amount(place)) % len(listed)]


def length(argument: Any) -> int:
    """`length` of a text, list or map."""
    return len(argument) if isinstance(argument, list | dict) else len(plain(argument))


def coalesce(arguments: Sequence[Any], text: str) -> Any:
    """`coalesce`, as far as the arguments before the answer are known."""
    for argument in arguments:
        if isinstance(argument, Hole):
            return Hole(text)
        if argument not in (None, "", []) and known(argument) != "":
            return argument
    return Hole(text)


def compact(items: Any) -> list[Any]:
    """`compact`."""
    return [item for item in items_of(items) if item is not None and known(item) != ""]


def distinct(items: Any) -> list[Any]:
    """`distinct`, and `toset`."""
    return list({json.dumps(item, sort_keys=True, default=repr): item for item in items_of(items)}.values())


def contains(items: Any, wanted: Any) -> bool:
    """`contains`."""
    texts = [known(item) for item in items_of(items)]
    if known(wanted) in texts and known(wanted) is not None:
        return True
    if None in texts or known(wanted) is None:
        raise TypeError("not known")
    return False


def keys(argument: Any) -> list[Any]:
    """`keys`, which sorts."""
    return sorted(entries_of(argument))


def values(argument: Any) -> list[Any]:
    """`values`, in the order of the keys."""
    return [item for _, item in sorted(entries_of(argument).items())]


def first_known(arguments: Sequence[Any], text: str) -> Any:
    """The first that is known: whether an unknown one would fail cannot be said."""
    return next((argument for argument in arguments if not isinstance(argument, Hole)), arguments[0] if arguments else Hole(text))


def one(items: Any) -> Any:
    """`one`."""
    listed = items_of(items)
    return listed[0] if listed else None


def numbers(*bounds: Any) -> list[Any]:
    """`range`."""
    numbers = range(*(int(amount(bound)) for bound in bounds))
    if len(numbers) > MAX_ITEMS:
        raise TooMuchError("a list without end")
    return list(numbers)


def zipmap(keys: Any, values: Any) -> dict[str, Any]:
    """`zipmap`."""
    return dict(zip((plain(key) for key in items_of(keys)), items_of(values), strict=False))


def from_json(argument: Any) -> Any:
    """`jsondecode`."""
    return argument.data if isinstance(argument, Encoded) else json.loads(plain(argument))


def from_yaml(argument: Any) -> Any:
    """`yamldecode`."""
    try:
        return argument.data if isinstance(argument, Encoded) else parsed(plain(argument))
    except BrokenError as broken:
        raise ValueError(broken.why) from None


def pairs(*arguments: Any) -> dict[str, Any]:
    """`map`, of Terraform before 0.12."""
    return {plain(key): value for key, value in zip(arguments[::2], arguments[1::2], strict=True)}


def same(argument: Any, *_: Any) -> Any:
    """A function that changes the type alone."""
    return argument
