"""Policy documents as a plan has them: their statements, every spelling of which AWS takes as one made alike.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

CACHE = 16_384
# Twice the largest policy that AWS takes, a key's of 32 KB: what is longer is none.
# https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html
LONGEST = 65_536
EVERYBODY = ("*", "*")
# (operator, key, values), as they are spelled.
Condition = tuple[str, str, tuple[str, ...]]
Principal = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement. What it does not have is empty; a principal is (kind, name), `("*", "*")` is everybody."""

    effect: str
    sid: str = ""
    actions: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    not_resources: tuple[str, ...] = ()
    principals: tuple[Principal, ...] = ()
    not_principals: tuple[Principal, ...] = ()
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy: where it stands (address and attribute), its text, or None and the reason why there is none."""

    source: str
    text: str | None
    why: str = ""

    @property
    def is_known(self) -> bool:
        """Whether its text is there and is a policy."""
        return self.text is not None and _read(self.text) is not None

    @property
    def statements(self) -> tuple[Statement, ...]:
        """Its statements; none where it is not known."""
        return (_read(self.text) or ()) if self.text is not None else ()

    @property
    def size(self) -> int:
        """The characters that IAM counts: white space between tokens is none of them.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
        """
        return _size(self.text) if self.text is not None else 0


@lru_cache(CACHE)
def _read(text: str) -> tuple[Statement, ...] | None:
    if len(text) > LONGEST:
        return None
    try:
        document = json.loads(text)
        return tuple(map(_statement, _listed(document["Statement"])))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


@lru_cache(CACHE)
def _size(text: str) -> int:
    try:
        return len(json.dumps(json.loads(text), separators=(",", ":"), ensure_ascii=False))
    except (ValueError, RecursionError):
        return len(text)


def _statement(item: Mapping[str, Any]) -> Statement:
    return Statement(
        effect=_text(item["Effect"]),
        sid=_text(item.get("Sid") or ""),
        actions=_texts(item.get("Action")),
        not_actions=_texts(item.get("NotAction")),
        resources=_texts(item.get("Resource")),
        not_resources=_texts(item.get("NotResource")),
        principals=tuple(_principals(item.get("Principal"))),
        not_principals=tuple(_principals(item.get("NotPrincipal"))),
        conditions=tuple(_conditions(item.get("Condition") or {})),
    )


def _principals(value: Any) -> Iterator[Principal]:
    if value == "*":
        yield EVERYBODY
    elif value is not None:
        for kind, names in value.items():
            for name in _texts(names):
                yield EVERYBODY if (kind, name) == ("AWS", "*") else (_text(kind), name)


def _conditions(block: Mapping[str, Any]) -> Iterator[Condition]:
    for operator, keys in block.items():
        for key, values in keys.items():
            yield operator, key, tuple(_scalar(value) for value in _listed(values))


def _scalar(value: Any) -> str:
    """Terraform's jsonencode writes booleans and numbers where AWS takes the same as text."""
    if isinstance(value, bool):
        return str(value).lower()
    return _text(str(value) if isinstance(value, int | float) else value)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _texts(value: Any) -> tuple[str, ...]:
    return () if value is None else tuple(map(_text, _listed(value)))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("this must be text")
    return value
