"""A function of a template as a person would write it, on one line."""

import json
from typing import Any

from meshrole.importers.values import Value

LONGEST = 200


def written(node: Any) -> str:
    """`!Ref Name`, `!GetAtt Logical.Attribute`, `!Sub …`; anything else as JSON behind its function. Cut if it is very long."""
    text = _written(node)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _written(node: Any) -> str:
    if not (isinstance(node, dict) and len(node) == 1):
        return _json(node)
    name, argument = next(iter(node.items()))
    tag = f"!{name.removeprefix('Fn::')}"
    if isinstance(argument, str):
        return f"{tag} {argument}"
    if name == "Fn::GetAtt" and isinstance(argument, list):
        return f"{tag} {'.'.join(str(part) for part in argument)}"
    return f"{tag} {_json(argument)}"


def _json(node: Any) -> str:
    try:
        return json.dumps(node, ensure_ascii=False, default=_shown)
    except (ValueError, RecursionError):
        return "…"


def _shown(part: Any) -> Any:
    return part.text if isinstance(part, Value) else str(part)
