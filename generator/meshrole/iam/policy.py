"""Policy documents as frozen values, and their one text.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

VERSION = "2012-10-17"
# ((operator, ((key, (values…)), …)), …), everything sorted.
Conditions = tuple[tuple[str, tuple[tuple[str, tuple[str, ...]], ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement. `principals` is empty in an identity policy, `resources` in a trust policy; ("*", ()) is everybody.

    `not_resources` stands in the place of `resources`, and only in a Deny: everything but these.
    """

    sid: str
    effect: str = "Allow"
    actions: tuple[str, ...]
    resources: tuple[str, ...] = ()
    not_resources: tuple[str, ...] = ()
    conditions: Conditions = ()
    principals: tuple[tuple[str, tuple[str, ...]], ...] = ()


Document = tuple[Statement, ...]


def conditions(mapping: Mapping[str, Mapping[str, str | Sequence[str]]]) -> Conditions:
    """A condition block as a sorted, hashable value."""
    return tuple(
        (operator, tuple((key, _values(values)) for key, values in sorted(keys.items())))
        for operator, keys in sorted(mapping.items())
    )


def as_object(document: Document) -> dict[str, Any]:
    """The document as plain JSON values, in the order of AWS's own examples; lists are sorted and always lists.

    Raises ValueError when two statements have one Sid, or one operator has a condition key twice.
    """
    statements = sorted(document, key=lambda statement: statement.sid)
    for one, other in pairwise(statements):
        if one.sid == other.sid:
            raise ValueError(f"two statements have the Sid {one.sid}")
    return {"Version": VERSION, "Statement": [_statement(statement) for statement in statements]}


def text(document: Document) -> str:
    """The document's one text, with a newline at its end: equal meaning, equal bytes. Raises ValueError as `as_object` does."""
    return _written(as_object(document), "\n") + "\n"


def size(document: Document) -> int:
    """The characters that IAM counts, without white space between tokens; white space inside a string counts here.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    """
    return len(json.dumps(as_object(document), separators=(",", ":"), ensure_ascii=False))


def in_service(service: str, names: str) -> tuple[str, ...]:
    """Actions of one service, from their names with spaces between them: `service:Name` each."""
    return tuple(f"{service}:{name}" for name in names.split())


def sid(*words: str) -> str:
    """A Sid made of words: letters and digits only, each word with a capital. Raises ValueError when nothing is left.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html
    """
    parts = [part for word in words for part in re.split(r"[^A-Za-z0-9]+", word) if part]
    if not parts:
        raise ValueError(f"no letter or digit for a Sid in {', '.join(map(repr, words)) or 'no words'}")
    return "".join(part[0].upper() + part[1:] for part in parts)


def _statement(statement: Statement) -> dict[str, Any]:
    value: dict[str, Any] = {"Sid": statement.sid, "Effect": statement.effect}
    if statement.principals:
        value["Principal"] = _principals(statement.principals)
    value["Action"] = sorted(set(statement.actions))
    if statement.resources:
        value["Resource"] = sorted(set(statement.resources))
    if statement.not_resources:
        value["NotResource"] = sorted(set(statement.not_resources))
    if statement.conditions:
        value["Condition"] = _conditions(statement)
    return value


def _principals(principals: Sequence[tuple[str, tuple[str, ...]]]) -> dict[str, list[str]] | str:
    """Of one kind, whoever is named anywhere: several principals are an "or"."""
    if ("*", ()) in principals:
        return "*"
    kinds: dict[str, set[str]] = {}
    for kind, names in principals:
        kinds.setdefault(kind, set()).update(names)
    return {kind: sorted(names) for kind, names in sorted(kinds.items())}


def _conditions(statement: Statement) -> dict[str, dict[str, list[str]]]:
    """Two values of one key are an "or" and two operators an "and", so one key twice under one operator has no text."""
    block: dict[str, dict[str, list[str]]] = {}
    for operator, keys in sorted(statement.conditions):
        known = block.setdefault(operator, {})
        for key, values in sorted(keys):
            if key in known:
                raise ValueError(f"statement {statement.sid} has {key} twice under {operator}")
            known[key] = sorted(set(values))
    return block


def _values(values: str | Sequence[str]) -> tuple[str, ...]:
    return (values,) if isinstance(values, str) else tuple(sorted(set(values)))


def _written(value: Any, line: str) -> str:
    """What `json.dumps(value, indent=2, ensure_ascii=False)` gives, in a third of its time: it cannot use C for this."""
    if isinstance(value, str):
        return _quoted(value)
    inner = line + "  "
    if isinstance(value, list):
        return f"[{inner}{f',{inner}'.join([_written(item, inner) for item in value])}{line}]" if value else "[]"
    items = [f"{_quoted(key)}: {_written(item, inner)}" for key, item in value.items()]
    return f"{{{inner}{f',{inner}'.join(items)}{line}}}" if items else "{}"


_quoted = json.encoder.encode_basestring
