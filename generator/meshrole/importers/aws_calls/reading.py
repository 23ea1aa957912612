"""How a shape of AWS's API is walked, whatever functions or placeholders a source has in place of its parts."""

from collections.abc import Iterator
from typing import Any, Protocol

from meshrole.importers.marked import List, Map, line_of
from meshrole.importers.values import Value, value


class Either(List):
    """Several things of which the source has one: which, depends on what it does not hold."""


class Reading(Protocol):
    """A source: what stands where it has a function or a placeholder."""

    def inside(self, node: Any) -> Any:
        """What a node stands for: a Map or a List (their own parts still as written), a Value, true or false, or nothing."""


def at(source: Reading, node: Any, *keys: str) -> Any:
    """What stands below `keys` (in lower case: capitals differ between CloudFormation, its documentation and the API)."""
    node = source.inside(node)
    for key in keys:
        node = source.inside(_below(node, key))
    return node


def text(source: Reading, node: Any, *keys: str) -> Value | None:
    """The text below `keys`; None where there is none, or an empty one."""
    found = at(source, node, *keys)
    if isinstance(found, Either):
        found = source.inside(found[0]) if found else None
    if isinstance(found, bool):
        return value("true" if found else "false")
    return found if isinstance(found, Value) and found.parts and (found.text or found.unknown) else None


def each(source: Reading, node: Any, *keys: str) -> Iterator[Any]:
    """The items below `keys`, each with its function resolved. What should be a list and is not, is its only item."""
    found = at(source, node, *keys)
    for item in found if isinstance(found, list) else (found,):
        inner = source.inside(item)
        if isinstance(inner, list):
            yield from each(source, inner)
        elif inner is not None:
            yield inner


def texts(source: Reading, node: Any, *keys: str) -> tuple[Value, ...]:
    """The items below `keys` that are texts."""
    return tuple(item for item in each(source, node, *keys) if isinstance(item, Value) and item.parts)


def has(source: Reading, node: Any, *keys: str) -> bool:
    """Whether there is anything below `keys`."""
    return at(source, node, *keys) is not None


def plain(source: Reading, node: Any) -> Any:
    """A whole tree as JSON has it: texts with their placeholders, nothing where the source has nothing."""
    found = source.inside(node)
    if isinstance(found, Either):
        found = found[0] if found else None
        return plain(source, found)
    if isinstance(found, dict):
        parts = {key: plain(source, item) for key, item in found.items()}
        return {key: part for key, part in parts.items() if part is not None}
    if isinstance(found, list):
        return [plain(source, item) for item in each(source, found)]
    return found.text if isinstance(found, Value) else found


def name_of(named: Value | None) -> Value | None:
    """A name, where its ARN may stand for it: `arn:…:mesh/shop` is `shop`."""
    if named is None or not (isinstance(named.parts[0], str) and named.parts[0].startswith("arn:")):
        return named
    for index in range(len(named.parts) - 1, -1, -1):
        part = named.parts[index]
        if isinstance(part, str) and "/" in part:
            return value(part.rpartition("/")[2], *named.parts[index + 1 :])
    return named


def line_at(node: Any, key: str, default: int) -> int:
    """The line of the entry `key` (lower case) of a Map."""
    written = next((name for name in node if name.lower() == key), None) if isinstance(node, Map) else None
    return default if written is None else line_of(node, written, default)


def _below(node: Any, key: str) -> Any:
    if isinstance(node, Either):
        node = next((item for item in node if isinstance(item, dict)), None)
    if not isinstance(node, dict):
        return None
    return next((item for name, item in node.items() if name.lower() == key), None)
