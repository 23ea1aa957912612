"""What an unknown key may be: as few sets of values as tell apart everything that the tests of a policy tell apart.

A test sees of a key's values only which of its own they match. So one value for each way to match is enough, and for a key that
may have several values every set of those. Where there is no telling how few are enough, there is no answer.
"""

from collections.abc import Sequence
from decimal import Decimal
from itertools import combinations, pairwise

from meshrole.iam import condition, condition_keys, wildcard
from meshrole.iam.evaluation.conditions import ALL, Test
from meshrole.iam.evaluation.operators import moment, number
from meshrole.iam.evaluation.values import Values

MOST = 8
# Texts that no policy has: one that no value is, and what a wildcard may stand for.
OTHER, ANY = "\x00", "\x01"
LITERAL = ("StringEquals", "StringNotEquals", "BinaryEquals")
# AWS itself gives these their values, so that they are never text of another kind.
CHECKED = ("Bool", "Date", "Numeric")


def possible(key: str, tests: Sequence[Test]) -> list[Values] | None:
    """What the key, in lower case, may be for these tests, the first being absent; None where that is not known to be few."""
    kind = _type(key)
    single = _representatives(tests)
    if single is None or len(single) > MOST:
        return None
    if kind in CHECKED and all(condition.OPERATORS[condition.base(test.operator)] in (kind, "Null") for test in tests):
        single.remove(OTHER)
    sizes = range(1, len(single) + 1 if kind is None or kind.startswith("ArrayOf") else 2)
    found: list[Values] = [(), *(values for size in sizes for values in combinations(single, size))]
    return [*found, ("",)] if any(test.operator.startswith(ALL) for test in tests) else found


def _type(key: str) -> str | None:
    """The type of a key's value, or values, where it is one that every service has."""
    return condition_keys.types(()).get(condition_keys.matching(key, ()) or "")


def _representatives(tests: Sequence[Test]) -> list[str] | None:
    """A value for each way to match, where all tests compare alike and none with another key."""
    values = {(condition.base(test.operator), value) for test in tests for value in test.values}
    kinds = {condition.OPERATORS[base] for base, _ in values} - {"Null"}
    if any("${" in value for _, value in values) or len(kinds) > 1:
        return None
    texts = {value for base, value in values if base != "Null"}
    match kinds.pop() if kinds else "Null":
        case "Null":
            return [OTHER]
        case "Bool":
            return ["true", "false", OTHER]
        case "Numeric":
            return _around([number(text) for text in texts], "-1 -0.5 0 0.5 1", 0)
        case "Date":
            return _around([moment(text) for text in texts], "-1 0 1", 1)
        case "String" if any("IgnoreCase" in base for base, _ in values):
            alike = all("IgnoreCase" in base for base, _ in values if base != "Null")
            return [*{text.lower() for text in texts}, OTHER] if alike else None
        case "String" | "ARN" | "Binary":
            return _texts({value for base, value in values if base not in ("Null", *LITERAL)}, texts)
    return None


def _texts(compared: set[str], texts: set[str]) -> list[str] | None:
    """The texts, one that a pattern among those `compared` matches, and another; a value may match some of several patterns."""
    patterns = {text for text in compared if wildcard.has_wildcard(text)}
    if len(patterns) > 1 or any(not pattern.strip("*?") and set(pattern) != {"*"} for pattern in patterns):
        return None
    return [*texts, *(pattern.replace("*", ANY).replace("?", ANY) for pattern in patterns), OTHER]


def _around(points: Sequence[Decimal | None], steps: str, least: int) -> list[str] | None:
    """The points, those between them and those beyond; None where two are too near to each other or not whole."""
    whole = sorted({int(point) for point in points if point is not None and point == int(point)})
    if len(whole) < len({*points}) or any(other - one <= least for one, other in pairwise(whole)):
        return None
    return [*{str(point + Decimal(step)) for point in whole for step in steps.split()}, OTHER]
