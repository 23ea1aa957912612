"""IAM documents as parsed JSON, however a source holds them."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from meshrole.importers.aws_calls.reading import Reading, at, plain
from meshrole.importers.values import Value


def document(source: Reading, node: Any) -> Mapping[str, Any] | None:
    """A policy document: a mapping, its JSON in a text (also URL-encoded, as IAM's API sends it), or None if it is neither."""
    found = plain(source, node)
    if isinstance(found, str):
        found = _parsed(found)
    return found if isinstance(found, dict) else None


def is_given(source: Reading, node: Any) -> bool:
    """Whether there is a document at all, or something that stands for one."""
    return at(source, node) is not None


def as_list(entry: Any) -> list[Any]:
    """What IAM lets be one or several, as several."""
    return entry if isinstance(entry, list) else [] if entry is None else [entry]


def statements(body: Mapping[str, Any] | None) -> list[Mapping[str, Any]]:
    """The statements of a document, which may be one without a list."""
    return [item for item in as_list((body or {}).get("Statement")) if isinstance(item, dict)]


def words(entry: Any) -> list[str]:
    """The texts of an action, resource or principal; placeholders are texts already."""
    return [str(item) for item in as_list(entry) if isinstance(item, str | Value)]


def _parsed(written: str) -> Any:
    text = unquote(written) if written.lstrip().startswith("%7B") else written
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
