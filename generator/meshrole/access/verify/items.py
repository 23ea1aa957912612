"""Statements of policies as plain values, for what is worked out again."""

from collections.abc import Iterable, Mapping
from typing import Any

from meshrole.iam import policy

Item = dict[str, Any]
LEVELS = ("observe", "route", "operate", "own")


def allow(actions: list[str], resources: list[str], condition: Mapping[str, Any] | None = None) -> Item:
    """A statement that allows."""
    item: Item = {"Effect": "Allow", "Action": actions, "Resource": resources}
    return {**item, "Condition": condition} if condition else item


def document(items: Iterable[Item]) -> dict[str, Any]:
    """Statements as a document; an empty one allows nothing."""
    return {"Version": policy.VERSION, "Statement": list(items)}
