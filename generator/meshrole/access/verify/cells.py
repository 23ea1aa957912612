"""A policy as a set of cells, each a single combination of what it allows or denies: equal sets mean the same.

Spellings that AWS takes as one are one here: a string and a list of it, any order, any case of an action or a condition key,
an account and its root, and operators that compare alike as long as a value has no wildcard.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from meshrole.iam import wildcard
from meshrole.iam.evaluation.conditions import listed

CACHE = 4_096
ACCOUNT = re.compile(r"[0-9]{12}")
ROOT = re.compile(r"arn:aws[a-z-]*:iam::([0-9]{12}):root")
EVERYBODY = ("AWS", "*")
NOBODY = ("", "")


class Except(NamedTuple):
    """Everything but these: what stands in NotAction, NotResource or NotPrincipal."""

    names: frozenset[Any]


# (operator, key in lower case, values)
Condition = tuple[str, str, frozenset[str]]
Principal = tuple[str, str]


class Cell(NamedTuple):
    """One action on one resource for one principal, under conditions; `resource` is "" where the policy is of the resource."""

    effect: str
    action: str | Except
    resource: str | Except
    conditions: frozenset[Condition]
    principal: Principal | Except = NOBODY

    def speaks_of(self, action: str) -> bool:
        """Whether it is about this action, given in lower case."""
        if isinstance(self.action, Except):
            return not any(wildcard.matches(name, action) for name in self.action.names)
        return self.action == action or (wildcard.has_wildcard(self.action) and wildcard.matches(self.action, action))


Cells = frozenset[Cell]


@lru_cache(CACHE)
def of_text(text: str) -> tuple[Mapping[str, Any], Cells]:
    """A policy's JSON as plain values and as cells. Raises ValueError when it is none."""
    value = json.loads(text)
    return value, of_value(value)


def of_value(document: Any) -> Cells:
    """The cells of a policy as plain values. Raises ValueError when it is none."""
    if not isinstance(document, Mapping):
        raise ValueError("a policy must be an object")
    statements = document.get("Statement", ())
    return frozenset(cell for item in listed_values(statements) for cell in _statement(item))


def listed_values(value: Any) -> list[Any]:
    """One or several, as a list."""
    return value if isinstance(value, list) else [value]


def _statement(item: Any) -> Iterator[Cell]:
    if not isinstance(item, Mapping) or not isinstance(item.get("Effect"), str):
        raise ValueError("a statement must be an object with an effect")
    held = frozenset(_conditions(item.get("Condition") or {}))
    for action in _side(item, "Action", str.lower):
        for resource in _side(item, "Resource", str):
            for principal in _principals(item):
                yield Cell(item["Effect"], action, resource, held, principal)


def _side(item: Mapping[str, Any], name: str, change: Any) -> Iterable[str | Except]:
    if f"Not{name}" in item:
        return [Except(frozenset(change(text) for text in _texts(item[f"Not{name}"])))]
    return [change(text) for text in _texts(item[name])] if name in item else [""]


def _texts(value: Any) -> list[str]:
    texts = listed_values(value)
    if not all(isinstance(text, str) for text in texts):
        raise ValueError("actions, resources and principals must be text")
    return texts


def _principals(item: Mapping[str, Any]) -> Iterable[Principal | Except]:
    if "NotPrincipal" in item:
        return [Except(frozenset(_named(item["NotPrincipal"])))]
    return _named(item["Principal"]) if "Principal" in item else [NOBODY]


def _named(value: Any) -> list[Principal]:
    if value == "*":
        return [EVERYBODY]
    if not isinstance(value, Mapping):
        raise ValueError("a principal must be an object or *")
    return [(str(kind), _account(name) if kind == "AWS" else name) for kind, names in value.items() for name in _texts(names)]


def _account(name: str) -> str:
    """An account stands for its root; a partition other than the account's does not exist."""
    found = ROOT.fullmatch(name)
    return found[1] if found else name


def _conditions(block: Any) -> Iterator[Condition]:
    if not isinstance(block, Mapping) or not all(isinstance(keys, Mapping) for keys in block.values()):
        raise ValueError("a condition must be an object of operators, keys and values")
    for operator, keys in block.items():
        for key, values in keys.items():
            texts = frozenset(listed(values))
            yield _operator(operator, texts), key.lower(), _spelled(operator, texts)


def _operator(operator: str, values: frozenset[str]) -> str:
    """ArnEquals is ArnLike, and a pattern without wildcards or variables is compared as text."""
    name = operator.replace("ArnEquals", "ArnLike").replace("ArnNotEquals", "ArnNotLike")
    is_plain = not any(wildcard.has_wildcard(value) for value in values)
    if is_plain and "StringLike" in name:
        return name.replace("StringLike", "StringEquals")
    if is_plain and "StringNotLike" in name:
        return name.replace("StringNotLike", "StringNotEquals")
    return name


def _spelled(operator: str, values: frozenset[str]) -> frozenset[str]:
    return frozenset(value.lower() for value in values) if operator.startswith(("Bool", "Null")) else values
