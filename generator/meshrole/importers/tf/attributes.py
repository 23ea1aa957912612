"""The attributes of a resource, as a state, a plan and a configuration have them: blocks are lists, or (in JSON) one object."""

from collections.abc import Mapping
from typing import Any

from meshrole.importers.tf.data import Encoded, Hole, as_text, known
from meshrole.importers.values import Unknown, Value

NOTHING: Mapping[str, Any] = {}


def blocks(attributes: Mapping[str, Any], *path: str) -> list[Mapping[str, Any]]:
    """The blocks at a path, of each block on the way."""
    found = [attributes]
    for name in path:
        found = [inner for each in found for inner in items(each.get(name)) if isinstance(inner, Mapping)]
    return found


def block(attributes: Mapping[str, Any], *path: str) -> Mapping[str, Any]:
    """The first of them; an empty one where there is none."""
    found = blocks(attributes, *path)
    return found[0] if found else NOTHING


def items(found: Any) -> list[Any]:
    """A list of one or several; lists in it are taken as its items, as Terraform did before 0.12."""
    if found is None:
        return []
    if isinstance(found, list):
        return [inner for item in found for inner in (item if isinstance(item, list) else [item]) if inner is not None]
    return [found]


def text(attributes: Mapping[str, Any], name: str) -> Value | None:
    """An attribute as a text; None where it is absent, null or empty."""
    found = attributes.get(name)
    made = as_text(found) if not isinstance(found, Encoded) else None
    if made is not None and made.text == "":
        return blank(made)
    return made


def blank(empty: Value) -> Value | None:
    """A text that is empty by a default is one that somebody has to say; one that is written so is none."""
    pieces = [Hole(part.expression, word=part.word).value for part in empty.parts if isinstance(part, Unknown)]
    return pieces[0] if pieces else None


def texts(found: Any) -> tuple[Value, ...]:
    """The texts of a list."""
    made = (as_text(item) for item in items(found))
    return tuple(item for item in made if item is not None and item.text)


def flag(attributes: Mapping[str, Any], name: str) -> bool:
    """Whether an attribute is true."""
    return known(attributes.get(name)) == "true"
