"""The documentation's cases, as their test reads them from its tables."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from differential.case import Answer, Case, Said, agree

TABLES = Path(__file__).parents[2] / "tests" / "iam" / "evaluation"


def documented() -> list[Case]:
    """Every case of the tables."""
    if str(TABLES) not in sys.path:
        sys.path.append(str(TABLES))
    import test_cases

    return [
        Case(each.id, each.line["request"], each.line["policies"], _expected(*each.answer), each.page) for each in test_cases.ALL
    ]


class Agreement(NamedTuple):
    """How many answers are as documented, of how many cases that were read, of how many there are."""

    right: int
    read: int
    all: int

    def __str__(self) -> str:
        return f"{self.right:,} of {self.read:,} answers as documented, {self.all - self.read:,} cases not read"


def agreement(cases: Sequence[Case], said: Sequence[Said]) -> Agreement:
    """How often somebody answers as the documentation does."""
    every = [(case.expected, each.answer) for case, each in zip(cases, said, strict=True) if case.expected is not None]
    read = [(expected, answer) for expected, answer in every if answer != "unread"]
    return Agreement(sum(agree(expected, answer) for expected, answer in read), len(read), len(every))


def _expected(decision: str, kind: object) -> Answer:
    """The answer in one word."""
    if decision == "deny":
        return kind if kind in ("explicit", "implicit") else "deny"  # type: ignore[return-value]
    return decision  # type: ignore[return-value]
