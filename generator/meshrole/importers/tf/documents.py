"""JSON inside of Terraform: policies and container definitions, with what is unknown in them.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from meshrole.importers.tf.attributes import blocks, items
from meshrole.importers.tf.data import MAX_DEPTH, Encoded, Hole, TooMuchError, as_text, has_pieces, known, simplified
from meshrole.importers.values import Unknown, Value, joined

# An unknown piece on its way through the JSON parser, in characters that Unicode leaves to private use.
MARK = re.compile("\ue000(\\d+)\ue001")
QUOTE = re.compile(r'\\.|"', re.DOTALL)
LISTS = {"actions": "Action", "not_actions": "NotAction", "resources": "Resource", "not_resources": "NotResource"}
VERSION = "2012-10-17"


def decoded(found: Any) -> Any:
    """The value of a JSON text; its texts are Values where something in them is unknown. None for what is no JSON."""
    if isinstance(found, Encoded):
        return found.data
    if isinstance(found, dict | list):
        return found
    text = as_text(found)
    if text is None or not has_pieces(text):
        return _loaded(known(found) or "")
    if all(not isinstance(part, str) for part in text.parts) and not text.is_known:
        return None
    return _put_back(_loaded(_marked(text)), [part for part in text.parts if isinstance(part, Unknown)], 0)


def plain(data: Any, depth: int = 0) -> Any:
    """The same with every text as an inventory shows it."""
    if depth > MAX_DEPTH:
        raise TooMuchError("nested without end")
    if isinstance(data, dict):
        return {str(key): plain(item, depth + 1) for key, item in data.items() if item is not None}
    if isinstance(data, list):
        return [plain(item, depth + 1) for item in data]
    if data is None or isinstance(data, bool | int | float | str):
        return data
    text = as_text(data)
    return text.text if text is not None else "{value}"


def policy(found: Any) -> dict[str, Any] | None:
    """A policy as parsed JSON; None where it is not known, or none."""
    data = decoded(found)
    return plain(data) if isinstance(data, dict) and "Statement" in data else None


def policy_document(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """The document of an `aws_iam_policy_document`, of its blocks and of the documents that it is made upon."""
    own = [_statement(block) for block in blocks(attributes, "statement")]
    sources = [attributes.get("source_json"), *items(attributes.get("source_policy_documents"))]
    overrides = [attributes.get("override_json"), *items(attributes.get("override_policy_documents"))]
    statements = [*(each for source in sources for each in _statements(source)), *own]
    for override in overrides:
        for each in _statements(override):
            same = [place for place, old in enumerate(statements) if each.get("Sid") and old.get("Sid") == each["Sid"]]
            if same:
                statements[same[0]] = each
            else:
                statements.append(each)
    return {"Version": attributes.get("version") or VERSION, "Statement": statements}


def _statements(found: Any) -> list[dict[str, Any]]:
    if found is None or found == "":
        return []
    data = decoded(found)
    if not isinstance(data, dict):
        text = as_text(found) or Hole("source_policy_documents").value
        return [{"Sid": text}]
    return [each for each in items(data.get("Statement")) if isinstance(each, dict)]


def _statement(block: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {"Sid": block["sid"]} if block.get("sid") else {}
    made["Effect"] = block.get("effect") or "Allow"
    for name, key in LISTS.items():
        if block.get(name):
            made[key] = [_variables(item) for item in items(block[name])]
    for name, key in (("principals", "Principal"), ("not_principals", "NotPrincipal")):
        if block.get(name):
            made[key] = _principals(blocks(block, name))
    condition: dict[str, dict[str, Any]] = {}
    for each in blocks(block, "condition"):
        test = condition.setdefault(known(each.get("test")) or "{test}", {})
        variable = known(each.get("variable")) or plain(each.get("variable")) or "{variable}"
        test.setdefault(variable, []).extend(_variables(item) for item in items(each.get("values")))
    return {**made, "Condition": condition} if condition else made


def _principals(found: list[Mapping[str, Any]]) -> Any:
    made: dict[str, list[Any]] = {}
    for each in found:
        made.setdefault(known(each.get("type")) or "AWS", []).extend(items(each.get("identifiers")))
    return "*" if "*" in made else made


def _variables(item: Any) -> Any:
    """`&{aws:username}` is how the data source writes IAM's own variables."""
    if isinstance(item, str):
        return item.replace("&{", "${")
    if isinstance(item, Value):
        return joined(part.replace("&{", "${") if isinstance(part, str) else part for part in item.parts)
    return item


def _loaded(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _marked(text: Value) -> str:
    """The text with a mark for each unknown piece, in quotes where the text has none around it."""
    made: list[str] = []
    is_quoted, number = False, 0
    for part in text.parts:
        if isinstance(part, str):
            made.append(part)
            is_quoted ^= sum(match.group() == '"' for match in QUOTE.finditer(part)) % 2 == 1
        else:
            mark = f"\ue000{number}\ue001"
            made.append(mark if is_quoted else f'"{mark}"')
            number += 1
    return "".join(made)


def _put_back(data: Any, pieces: list[Unknown], depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise TooMuchError("nested without end")
    if isinstance(data, dict):
        return {known(_with(key, pieces)) or key: _put_back(item, pieces, depth + 1) for key, item in data.items()}
    if isinstance(data, list):
        return [_put_back(item, pieces, depth + 1) for item in data]
    return _with(data, pieces) if isinstance(data, str) else data


def _with(text: str, pieces: list[Unknown]) -> str | Value:
    parts = MARK.split(text)
    if len(parts) == 1:
        return text
    made = [Value((pieces[int(part)],)) if place % 2 and int(part) < len(pieces) else part for place, part in enumerate(parts)]
    return simplified(joined(made))
