"""What each condition operator compares: a value of the request with the values of the policy.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

import base64
import binascii
import ipaddress
import operator
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from meshrole.iam.condition import DATE, EPOCH, NUMBER
from meshrole.iam.evaluation import matcher, pattern
from meshrole.iam.evaluation.matcher import Plain, Test
from meshrole.iam.evaluation.pattern import Comparison, Patterns, Pieces, without_variables

CACHE = 65_536
Make = Callable[[Sequence[str], bool], Comparison]
Compare = Callable[[Any, Any], bool]
# The version of the protocol, and the address as a number: those of the other version come all before or all after.
Address = tuple[int, int]


def fixed(values: Sequence[str], has_variables: bool) -> Comparison:
    """Text that is the same, letter by letter."""
    return Patterns(_texts(values, has_variables, wildcards=False))


def fixed_in_any_case(values: Sequence[str], has_variables: bool) -> Comparison:
    """Text that is the same but for capital letters."""
    if not has_variables:
        known = frozenset(value.lower() for value in values)
        return without_variables(lambda value: value.lower() in known)
    match = Patterns(_texts(values, has_variables, wildcards=False), _in_lower_case).match
    return Comparison(None, lambda value, lookup: match(value.lower(), lookup))


def like(values: Sequence[str], has_variables: bool) -> Comparison:
    """Text that a pattern matches."""
    return Patterns(_texts(values, has_variables, wildcards=True))


def arn(values: Sequence[str], has_variables: bool) -> Comparison:
    """An ARN whose six parts match."""
    return Patterns(_texts(values, has_variables, wildcards=True), matcher.arn)


def boolean(values: Sequence[str], has_variables: bool) -> Comparison:
    """True or false, in any case of letters."""
    return fixed_in_any_case(values, has_variables and any("${" in value for value in values))


def binary(values: Sequence[str], _: bool) -> Comparison:
    """Bytes, which a request and a policy both write in base64."""
    known = frozenset(_bytes(value) for value in values) - {None}
    return without_variables(lambda value: _bytes(value) in known)


def numbers(compare: Compare) -> Make:
    """Numbers, whole or decimal."""
    return _ordered(number, compare)


def dates(compare: Compare) -> Make:
    """Points in time: an ISO 8601 date or seconds since 1970."""
    return _ordered(moment, compare)


def addresses(values: Sequence[str], _: bool) -> Comparison:
    """An IP address in a network; without a prefix a network is the one address."""
    contains = matcher.some([_network(value) for value in values])
    return without_variables(lambda value: (found := _address(value)) is not None and contains(found))


@lru_cache(CACHE)
def number(text: str) -> Decimal | None:
    """A number, or None."""
    return Decimal(text) if NUMBER.fullmatch(text) else None


@lru_cache(CACHE)
def moment(text: str) -> Decimal | None:
    """Seconds since 1970, or None. A date without a time is its first moment, in UTC.

    https://www.w3.org/TR/NOTE-datetime
    """
    if EPOCH.fullmatch(text):
        return Decimal(text)
    if not DATE.fullmatch(text):
        return None
    try:
        found = datetime.fromisoformat(text + {4: "-01-01", 7: "-01"}.get(len(text), ""))
    except ValueError:
        return None
    zoned = found if found.tzinfo else found.replace(tzinfo=UTC)
    whole = zoned.replace(microsecond=0).timestamp()
    return Decimal(int(whole)) + Decimal(zoned.microsecond) / 1_000_000


def _ordered(read: Callable[[str], Decimal | None], compare: Compare) -> Make:
    def make(values: Sequence[str], _: bool) -> Comparison:
        known = [found for value in values if (found := read(value)) is not None]
        holds = matcher.some([_compared(compare, each) for each in known])
        return without_variables(lambda value: (found := read(value)) is not None and holds(found))

    return make


def _compared(compare: Compare, known: Decimal) -> Callable[[Decimal], bool]:
    return lambda found: compare(found, known)


def _texts(values: Sequence[str], has_variables: bool, *, wildcards: bool) -> list[Pieces]:
    return [pattern.read(value, wildcards=wildcards, variables=has_variables) for value in values]


def _in_lower_case(pieces: Plain) -> Test:
    return matcher.whole(tuple(piece.lower() if isinstance(piece, str) else piece for piece in pieces))


@lru_cache(CACHE)
def _bytes(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


@lru_cache(CACHE)
def _address(text: str) -> Address | None:
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    return found.version, int(found)


def _network(text: str) -> Callable[[Address], bool]:
    found = ipaddress.ip_network(text, strict=False)
    first, last = (found.version, int(found.network_address)), (found.version, int(found.broadcast_address))
    return lambda address: first <= address <= last


# Each operator: how it compares, and whether it is the negation of that.
OPERATORS: dict[str, tuple[Make, bool]] = {
    "StringEquals": (fixed, False),
    "StringNotEquals": (fixed, True),
    "StringEqualsIgnoreCase": (fixed_in_any_case, False),
    "StringNotEqualsIgnoreCase": (fixed_in_any_case, True),
    "StringLike": (like, False),
    "StringNotLike": (like, True),
    "ArnEquals": (arn, False),
    "ArnLike": (arn, False),
    "ArnNotEquals": (arn, True),
    "ArnNotLike": (arn, True),
    "Bool": (boolean, False),
    "BinaryEquals": (binary, False),
    "IpAddress": (addresses, False),
    "NotIpAddress": (addresses, True),
    "NumericEquals": (numbers(operator.eq), False),
    "NumericNotEquals": (numbers(operator.eq), True),
    "NumericLessThan": (numbers(operator.lt), False),
    "NumericLessThanEquals": (numbers(operator.le), False),
    "NumericGreaterThan": (numbers(operator.gt), False),
    "NumericGreaterThanEquals": (numbers(operator.ge), False),
    "DateEquals": (dates(operator.eq), False),
    "DateNotEquals": (dates(operator.eq), True),
    "DateLessThan": (dates(operator.lt), False),
    "DateLessThanEquals": (dates(operator.le), False),
    "DateGreaterThan": (dates(operator.gt), False),
    "DateGreaterThanEquals": (dates(operator.ge), False),
}
