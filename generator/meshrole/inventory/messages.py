"""What the model found wrong, in sentences: one Problem for each error, with the path of the value it is about."""

import difflib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from meshrole.errors import Problem
from meshrole.inventory.document import Document
from meshrole.inventory.types import SHAPES

Path = tuple[str | int, ...]
KINDS = {
    "string_type": "text",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "list_type": "a list",
    "tuple_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
}


def problems(error: ValidationError, document: Document, schema: dict[str, Any]) -> list[Problem]:
    """Every error of the model as a Problem with its place; its `path` exists but for a missing key's last step."""
    found = []
    for item in error.errors(include_url=False, include_context=True):
        about_key = item["type"] == "extra_forbidden" or "[key]" in item["loc"][-1:]
        problem = _problem(item, document.value, schema)
        found.append(replace(problem, place=document.place(problem.path, of_key=about_key)))
    return list(dict.fromkeys(found))


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The help line that names the closest of `words`, if one is close."""
    close = difflib.get_close_matches(word, list(words), n=1, cutoff=0.6)
    return f'did you mean "{close[0]}"?' if close else None


def shown(value: Any) -> str:
    """A value as a person would type it, cut where it is long."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    text = str(value).replace("\n", " ")
    return text if len(text) <= 80 else text[:77] + "..."


def _problem(error: Any, value: Any, schema: dict[str, Any]) -> Problem:
    kind, location = error["type"], error["loc"]
    about_key = bool(location) and location[-1] == "[key]"
    path = real_path(value, location[:-1] if about_key else location)
    context, given = error.get("ctx") or {}, error["input"]
    if kind in ("too_short", "string_too_short"):
        return Problem("this must not be empty", path=path)
    match kind:
        case "missing":
            return Problem(f'"{location[-1]}" is missing', path=(*path, str(location[-1])))
        case "extra_forbidden":
            allowed = known_keys(schema, value, path[:-1])
            return Problem(f'unknown key "{path[-1]}"', path=path, allowed=allowed, help=nearest(str(path[-1]), allowed))
        case "string_pattern_mismatch":
            shape, example = SHAPES.get(context["pattern"], (f"text that matches {context['pattern']}", ""))
            hint = f"for example {example}" if example else None
            return Problem(f"this must be {shape}", path=path, found=shown(given), help=hint)
        case "literal_error" | "union_tag_invalid":
            return _choice(path, context, kind, given)
        case "union_tag_not_found":
            tag = str(context["discriminator"]).strip("'")
            return Problem(f'"{tag}" is missing', path=(*path, tag))
    if kind in KINDS:
        quoted = "write it in quotes" if kind == "string_type" and isinstance(given, int | float) else None
        return Problem(f"this must be {KINDS[kind]}", path=path, found=shown(given), help=quoted)
    return Problem(_sentence(error["msg"]), path=path, found=shown(given))


def _choice(path: Path, context: dict[str, Any], kind: str, given: Any) -> Problem:
    if kind == "union_tag_invalid":
        tag = str(context["discriminator"]).strip("'")
        words, given = context["expected_tags"], context["tag"]
        path = (*path, tag)
    else:
        words = context["expected"].replace(" or ", ", ")
    allowed = tuple(word.strip().strip("'") for word in words.split(","))
    return Problem(
        "this is not one of the allowed values",
        path=path,
        found=shown(given),
        allowed=allowed,
        help=nearest(str(given), allowed),
    )


def _sentence(message: str) -> str:
    text = message.removeprefix("Value error, ").removeprefix("Input ")
    return f"this {text}" if text.startswith("should") else text[0].lower() + text[1:]


def real_path(value: Any, location: Sequence[str | int]) -> Path:
    """The steps of a model's location that exist in the value; the model adds names of its own for unions."""
    path: list[str | int] = []
    for step in location:
        if step in _steps(value):
            value = value[step]
            path.append(step)
    return tuple(path)


def _steps(value: Any) -> Collection[str | int]:
    if isinstance(value, dict):
        return value.keys()
    return range(len(value)) if isinstance(value, list) else ()


def known_keys(schema: dict[str, Any], value: Any, path: Path) -> tuple[str, ...]:
    """The keys that the JSON Schema allows in the mapping at `path` of `value`."""
    nodes = [schema]
    for step in path:
        value = value[step]
        nodes = [child for node in nodes for option in _options(schema, node) for child in _children(option, step)]
    keys = [key for node in nodes for option in _options(schema, node) for key in option.get("properties", ())]
    chosen = [option for node in nodes for option in _options(schema, node, value) if "properties" in option]
    return tuple(dict.fromkeys(key for option in chosen for key in option["properties"])) or tuple(dict.fromkeys(keys))


def _options(root: dict[str, Any], node: dict[str, Any], value: Any = None) -> Iterator[dict[str, Any]]:
    """The schemas that `node` stands for: its reference, or each of its alternatives (the one that `value` names)."""
    if "$ref" in node:
        yield from _options(root, root["$defs"][node["$ref"].rsplit("/", 1)[1]], value)
        return
    tag = node.get("discriminator", {}).get("propertyName")
    named = value.get(tag) if tag and isinstance(value, dict) else None
    if named in node.get("discriminator", {}).get("mapping", {}):
        yield from _options(root, {"$ref": node["discriminator"]["mapping"][named]}, value)
        return
    alternatives = [*node.get("anyOf", ()), *node.get("oneOf", ())]
    for alternative in alternatives:
        yield from _options(root, alternative, value)
    if not alternatives:
        yield node


def _children(node: dict[str, Any], step: str | int) -> Iterator[dict[str, Any]]:
    if isinstance(step, int):
        yield node.get("items", {})
    elif step in node.get("properties", {}):
        yield node["properties"][step]
    else:
        yield from node.get("patternProperties", {}).values()
        if isinstance(node.get("additionalProperties"), dict):
            yield node["additionalProperties"]
