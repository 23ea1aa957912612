"""The documentation's cases, as their test reads them from its tables."""

import sys
from pathlib import Path

from differential.case import Answer, Case

TABLES = Path(__file__).parents[2] / "tests" / "iam" / "evaluation"


def documented() -> list[Case]:
    """Every case of the tables."""
    if str(TABLES) not in sys.path:
        sys.path.append(str(TABLES))
    import test_cases

    return [
        Case(each.id, each.line["request"], each.line["policies"], _expected(*each.answer), each.page) for each in test_cases.ALL
    ]


def _expected(decision: str, kind: object) -> Answer:
    """The answer in one word."""
    if decision == "deny":
        return kind if kind in ("explicit", "implicit") else "deny"  # type: ignore[return-value]
    return decision  # type: ignore[return-value]
