"""Which conditions follow from which: `StringEquals a` from `StringLike a*`'s side, none from a dropped one.

A test follows only where that is sure; everything else counts as a difference.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

import ipaddress
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from meshrole.iam import condition, wildcard

CACHE = 65_536
MAX_ALTERNATIVES = 512
ARN_PARTS = 6
EQUALS, LIKE = "Equals", "Like"


class Test(NamedTuple):
    """One operator with one key; its values are an "or"."""

    operator: str
    key: str
    values: tuple[str, ...]


Tests = frozenset[Test]
NONE: Tests = frozenset()


class Operator(NamedTuple):
    """An operator in its parts: `ForAnyValue:StringNotLikeIfExists` is ForAnyValue:, String, Like, negated, if it exists."""

    quantifier: str
    kind: str
    form: str
    is_negated: bool
    if_exists: bool


def alternatives(tests: Tests) -> Iterator[Tests]:
    """The tests with one value each, where several values are an "or": together they say the same."""
    choices: list[list[Test]] = []
    count = 1
    for test in sorted(tests):
        is_split = _is_or(parts(test.operator)) and len(test.values) > 1 and count * len(test.values) <= MAX_ALTERNATIVES
        each = [test._replace(values=(value,)) for value in test.values] if is_split else [test]
        count *= len(each)
        choices.append(each)
    return map(frozenset, product(*choices))


@lru_cache(CACHE)
def implies(strong: Tests, weak: Tests) -> bool:
    """Whether every request that passes `strong` also passes `weak`."""
    return all(any(_follows(given, wanted) for given in strong) for wanted in weak)


@lru_cache(CACHE)
def parts(operator: str) -> Operator:
    """An operator in its parts."""
    base = condition.base(operator)
    quantifier = next((each for each in condition.SETS if operator.startswith(each)), "")
    kind = next((each for each in ("String", "Arn", "Numeric", "Date", "Bool", "Null", "Binary") if base.startswith(each)), base)
    form = base.removeprefix(kind)
    is_negated = "Not" in base
    return Operator(quantifier, kind.replace("NotIp", "Ip"), form.replace("Not", ""), is_negated, operator.endswith("IfExists"))


def text(tests: Tests) -> str:
    """Conditions as one line."""
    return " and ".join(f"{key} {operator} {' or '.join(values)}" for operator, key, values in sorted(tests, key=_by_key))


def _by_key(test: Test) -> tuple[str, str, tuple[str, ...]]:
    return test.key.lower(), test.operator, test.values


def _is_or(operator: Operator) -> bool:
    return not operator.is_negated and operator.quantifier != "ForAllValues:" and operator.kind != "Null"


def _follows(given: Test, wanted: Test) -> bool:
    if given.key.lower() != wanted.key.lower():
        return False
    strong, weak = parts(given.operator), parts(wanted.operator)
    if weak.kind == "Null":
        return given == wanted or (strong.kind == "Null" and _lower(given) == _lower(wanted)) or _needs_key(strong, wanted)
    if strong.quantifier != weak.quantifier or strong.is_negated != weak.is_negated or (strong.if_exists and not weak.if_exists):
        return False
    compare = _comparison(strong, weak)
    if compare is None:
        return strong.kind == weak.kind and strong.form == weak.form and set(given.values) == set(wanted.values)
    if weak.is_negated:
        return _each(wanted.values, given.values, compare)
    return _each(given.values, wanted.values, compare)


def _each(narrow: Sequence[str], wide: Sequence[str], compare: Callable[[str, str], bool]) -> bool:
    return all(any(compare(other, each) for other in wide) for each in narrow)


def _comparison(strong: Operator, weak: Operator) -> Callable[[str, str], bool] | None:
    """What says whether a value of the wider operator takes every text that a value of the narrower one takes."""
    wide, narrow = (strong, weak) if weak.is_negated else (weak, strong)
    if {wide.kind, narrow.kind} <= {"String", "Arn"}:
        return _texts(wide, narrow)
    if wide.kind != narrow.kind:
        return None
    if wide.kind == "IpAddress":
        return _in_network
    if wide.kind == "Bool":
        return lambda one, other: one.lower() == other.lower()
    if wide.kind == "Numeric" and wide.form == narrow.form and wide.form != EQUALS:
        return _less if wide.form.startswith("Less") else lambda one, other: _less(other, one)
    return None


def _texts(wide: Operator, narrow: Operator) -> Callable[[str, str], bool] | None:
    if narrow.form == "EqualsIgnoreCase" or (
        wide.form == "EqualsIgnoreCase" and narrow.form == EQUALS and narrow.kind == "String"
    ):
        return _same_but_case if wide.form == "EqualsIgnoreCase" else None
    if wide.form == "EqualsIgnoreCase":
        return None
    takes_wildcards = wide.form == LIKE or wide.kind == "Arn"
    has_wildcards = narrow.form == LIKE or narrow.kind == "Arn"
    compare = _covers_arn if wide.kind == "Arn" else wildcard.covers if takes_wildcards else _is

    def covers(one: str, other: str) -> bool:
        is_pattern = has_wildcards and wildcard.has_wildcard(other)
        if is_pattern and (not takes_wildcards or (wide.kind == "Arn" and narrow.kind != "Arn")):
            return False
        if not has_wildcards and wildcard.has_wildcard(other):
            return one == "*" if takes_wildcards else one == other  # a literal star: only what is sure
        if not takes_wildcards and wildcard.has_wildcard(one):
            return not has_wildcards and one == other
        return compare(one, other)

    return covers


def _is(one: str, other: str) -> bool:
    return one == other


def _same_but_case(one: str, other: str) -> bool:
    return one.lower() == other.lower()


def _covers_arn(wide: str, narrow: str) -> bool:
    """In an ARN's first five parts no wildcard takes a colon."""
    left, right = wide.split(":", ARN_PARTS - 1), narrow.split(":", ARN_PARTS - 1)
    if len(left) < ARN_PARTS or len(right) < ARN_PARTS:
        return wide in ("*", narrow)
    return all(map(wildcard.covers, left, right))


def _in_network(wide: str, narrow: str) -> bool:
    try:
        one, other = ipaddress.ip_network(wide, strict=False), ipaddress.ip_network(narrow, strict=False)
    except ValueError:
        return wide == narrow
    return one.version == other.version and int(one[0]) <= int(other[0]) and int(other[-1]) <= int(one[-1])


def _less(wide: str, narrow: str) -> bool:
    try:
        return float(narrow) <= float(wide)
    except ValueError:
        return wide == narrow


def _lower(test: Test) -> tuple[str, ...]:
    return tuple(value.lower() for value in test.values)


def _needs_key(strong: Operator, wanted: Test) -> bool:
    """A test without IfExists fails where the key is absent, so that it implies `Null: false`."""
    is_sure = not strong.if_exists and not strong.is_negated and strong.quantifier != "ForAllValues:" and strong.kind != "Null"
    return is_sure and _lower(wanted) == ("false",)
