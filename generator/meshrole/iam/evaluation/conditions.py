"""The condition block of a statement, made ready: all of its tests must hold.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from meshrole.iam import condition
from meshrole.iam.evaluation import pattern
from meshrole.iam.evaluation.operators import OPERATORS
from meshrole.iam.evaluation.pattern import Match
from meshrole.iam.evaluation.values import UNKNOWN, Lookup, Values

ALL, ANY = condition.SETS
# Whether a test holds; None where that depends on a value that is not known.
Holds = Callable[[Lookup], bool | None]


@dataclass(frozen=True, slots=True, eq=False)
class Test:
    """One operator with one key. `names` are the keys that its values refer to, as they are written."""

    name: str
    operator: str
    values: tuple[str, ...]
    holds: Holds
    names: tuple[str, ...] = ()

    def needs(self, lookup: Lookup) -> Iterator[str]:
        """The keys whose values are not known, of those that the test looks at."""
        return (name for name in (self.name, *self.names) if lookup(name.lower()) is UNKNOWN)


def tests(block: Mapping[str, Mapping[str, Any]], *, has_variables: bool) -> tuple[Test, ...]:
    """The tests of a condition block that has been checked."""
    return tuple(
        _test(operator, key, listed(values), has_variables) for operator, keys in block.items() for key, values in keys.items()
    )


def listed(values: Any) -> tuple[str, ...]:
    """The values of a condition as text: true and 5 are "true" and "5"."""
    every = values if isinstance(values, list | tuple) else (values,)
    return tuple(str(value).lower() if isinstance(value, bool) else str(value) for value in every)


def _test(operator: str, name: str, values: tuple[str, ...], has_variables: bool) -> Test:
    base, key = condition.base(operator), name.lower()
    if base == "Null":
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
        holds = _null(key, {value.lower() for value in values}) if operator == base else _constant(operator.startswith(ALL))
        return Test(name, operator, values, holds)
    make, negated = OPERATORS[base]
    has_variables = has_variables and condition.OPERATORS[base] in condition.WITH_VARIABLES
    names = tuple({each for value in values for each in _names(value)}) if has_variables else ()
    comparison = make(values, has_variables)
    # An absent key does not match, so a negated operator holds, and with `IfExists` every operator does.
    absent = negated or operator.endswith(condition.IF_EXISTS)
    if operator.startswith(ALL):
        holds = _for_all(key, comparison.match, negated)
    elif operator.startswith(ANY):
        holds = _for_any(key, comparison.match, negated)
    elif comparison.test is not None:
        holds = _without_variables(key, comparison.test, negated, absent)
    else:
        holds = _with_variables(key, comparison.match, negated, absent)
    return Test(name, operator, values, holds, names)


def _constant(result: bool) -> Holds:
    return lambda _: result


def _null(key: str, values: set[str]) -> Holds:
    """Whether the key is absent ("true") or there ("false")."""

    def holds(lookup: Lookup) -> bool | None:
        found = lookup(key)
        return None if found is UNKNOWN else ("false" if found else "true") in values

    return holds


def _without_variables(key: str, test: Callable[[str], bool], negated: bool, absent: bool) -> Holds:
    """Without a set operator: any value of the request matches, or none where the operator is negated."""

    def holds(lookup: Lookup) -> bool | None:
        found = lookup(key)
        if found is UNKNOWN:
            return None
        if not found:
            return absent
        for value in found:
            if test(value):
                return not negated
        return negated

    return holds


def _with_variables(key: str, match: Match, negated: bool, absent: bool) -> Holds:
    """The same where the values refer to other keys."""

    def holds(lookup: Lookup) -> bool | None:
        found = lookup(key)
        if found is UNKNOWN:
            return None
        if not found:
            return absent
        result = _some(match(value, lookup) for value in found)
        return not result if negated and result is not None else result

    return holds


def _for_all(key: str, match: Match, negated: bool) -> Holds:
    """Every value of the request matches; so it holds where there is none, or only an empty text.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
    """

    def holds(lookup: Lookup) -> bool | None:
        found = lookup(key)
        if found is UNKNOWN:
            return None
        if not found or found == ("",):
            return True
        return _not(_some(_not(result) for result in _each(found, match, negated, lookup)))

    return holds


def _for_any(key: str, match: Match, negated: bool) -> Holds:
    """Some value of the request matches; so it does not hold where there is none, with `IfExists` either.

    https://repost.aws/questions/QU9HFmDzP0QGuU-fd7rS6B7w/foranyvalue-stringequalsifexists-behaving-unexpectedly
    """

    def holds(lookup: Lookup) -> bool | None:
        found = lookup(key)
        if found is UNKNOWN:
            return None
        return _some(_each(found, match, negated, lookup)) if found else False

    return holds


def _each(found: Values, match: Match, negated: bool, lookup: Lookup) -> Iterator[bool | None]:
    results = (match(value, lookup) for value in found)
    return (_not(result) for result in results) if negated else results


def _some(results: Iterator[bool | None]) -> bool | None:
    every = tuple(results)
    return True if True in every else None if None in every else False


def _not(result: bool | None) -> bool | None:
    return None if result is None else not result


def _names(value: str) -> Iterator[str]:
    pieces = pattern.read(value, wildcards=False, variables=True)
    return (piece.name for piece in pieces if isinstance(piece, pattern.Variable))
