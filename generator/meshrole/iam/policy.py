"""Policy documents as frozen values, and their one text.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

VERSION = "2012-10-17"
# ((operator, ((key, (values…)), …)), …), everything sorted.
Conditions = tuple[tuple[str, tuple[tuple[str, tuple[str, ...]], ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement. `principals` is empty in an identity policy, `resources` in a trust policy."""

    sid: str
    effect: str = "Allow"
    actions: tuple[str, ...]
    resources: tuple[str, ...] = ()
    conditions: Conditions = ()
    principals: tuple[tuple[str, tuple[str, ...]], ...] = ()


Document = tuple[Statement, ...]


def conditions(mapping: Mapping[str, Mapping[str, str | Sequence[str]]]) -> Conditions:
    """A condition block as a sorted, hashable value."""
    return tuple(
        sorted(
            (
                operator,
                tuple(
                    sorted(
                        (key, (values,) if isinstance(values, str) else tuple(sorted(set(values))))
                        for key, values in keys.items()
                    )
                ),
            )
            for operator, keys in mapping.items()
        )
    )


def as_object(document: Document) -> dict[str, Any]:
    """The document as plain JSON values, in the order of AWS's own examples; lists are sorted and always lists."""
    statements = sorted(document, key=lambda statement: statement.sid)
    sids = [statement.sid for statement in statements]
    if len(set(sids)) != len(sids):
        raise ValueError(f"two statements have one Sid: {', '.join(sids)}")
    return {"Version": VERSION, "Statement": [_statement(statement) for statement in statements]}


def _statement(statement: Statement) -> dict[str, Any]:
    value: dict[str, Any] = {"Sid": statement.sid, "Effect": statement.effect}
    if statement.principals:
        value["Principal"] = {kind: sorted(set(names)) for kind, names in sorted(statement.principals)}
    value["Action"] = sorted(set(statement.actions))
    if statement.resources:
        value["Resource"] = sorted(set(statement.resources))
    if statement.conditions:
        value["Condition"] = {operator: {key: list(values) for key, values in keys} for operator, keys in statement.conditions}
    return value


def text(document: Document) -> str:
    """The document's one text: equal meaning, equal bytes. Raises ValueError when two statements have one Sid."""
    return _value(as_object(document), "\n") + "\n"


def _value(value: Any, line: str) -> str:
    """What `json.dumps(value, indent=2, ensure_ascii=False)` gives, in a third of its time: it cannot use C for this."""
    if isinstance(value, str):
        return _quoted(value)
    inner = line + "  "
    if isinstance(value, list):
        return f"[{inner}{f',{inner}'.join([_value(item, inner) for item in value])}{line}]" if value else "[]"
    items = [f"{_quoted(key)}: {_value(item, inner)}" for key, item in value.items()]
    return f"{{{inner}{f',{inner}'.join(items)}{line}}}" if items else "{}"


_quoted = json.encoder.encode_basestring


def size(document: Document) -> int:
    """The characters that IAM counts, without white space between tokens; white space inside a string counts here.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    """
    return len(json.dumps(as_object(document), separators=(",", ":"), ensure_ascii=False))


def sid(*words: str) -> str:
    """A Sid made of words: letters and digits only, each word with a capital."""
    parts: Iterable[str] = (part for word in words for part in re.split(r"[^A-Za-z0-9]+", word) if part)
    return "".join(part[0].upper() + part[1:] for part in parts)
