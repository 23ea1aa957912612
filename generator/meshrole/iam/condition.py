"""Conditions: does AWS have the operator and the key, do they fit each other, and do the values fit them?

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

import base64
import binascii
import ipaddress
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache

from meshrole.errors import Problem
from meshrole.iam import condition_keys
from meshrole.iam.actions import Action, close_matches
from meshrole.iam.condition_keys import global_keys

__all__ = ["base", "check", "global_keys", "is_for_all_values"]

CACHE = 65_536
# The type of the values that an operator compares, and the operators that do.
OPERATORS = {
    operator: kind
    for kind, names in {
        "String": ("StringEquals StringNotEquals StringEqualsIgnoreCase StringNotEqualsIgnoreCase StringLike StringNotLike"),
        "Numeric": (
            "NumericEquals NumericNotEquals NumericLessThan NumericLessThanEquals NumericGreaterThan NumericGreaterThanEquals"
        ),
        "Date": "DateEquals DateNotEquals DateLessThan DateLessThanEquals DateGreaterThan DateGreaterThanEquals",
        "Bool": "Bool",
        "Binary": "BinaryEquals",
        "IPAddress": "IpAddress NotIpAddress",
        "ARN": "ArnEquals ArnLike ArnNotEquals ArnNotLike",
        "Null": "Null",
    }.items()
    for operator in names.split()
}
SETS = ("ForAllValues:", "ForAnyValue:")
IF_EXISTS = "IfExists"
# What an operator may look at beside keys of its own type: as text, everything; a date is also a number of seconds.
FITS = {
    "String": {"String", "ARN", "Bool", "Numeric", "Date", "IPAddress", "Binary"},
    "Numeric": {"Numeric", "Date"},
    "Date": {"Date", "Numeric"},
    "ARN": {"ARN", "String"},
    "Bool": {"Bool"},
    "IPAddress": {"IPAddress"},
    "Binary": {"Binary", "String"},
}
# The operators whose values may hold policy variables.
WITH_VARIABLES = ("String", "ARN", "Bool")
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
EPOCH = re.compile(r"[0-9]+")
# https://www.w3.org/TR/NOTE-datetime
DATE = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+-][0-9]{2}:[0-9]{2}))?)?)?")


def check(operator: str, key: str, values: Sequence[str], actions: Sequence[Action]) -> list[Problem]:
    """What is wrong with one condition of a statement about `actions`; without actions, only global keys are held to exist.

    The problems' paths begin at the operator: () is the operator itself, (key,) the key, (key, index) a value.
    """
    return list(_problems(operator, key, tuple(values), tuple(actions)))


def base(operator: str) -> str:
    """The operator without `ForAllValues:` or `ForAnyValue:` before it and `IfExists` after it, which `Null` cannot have."""
    prefix = next((prefix for prefix in SETS if operator.startswith(prefix)), "")
    plain = operator.removeprefix(prefix)
    return plain if plain == f"Null{IF_EXISTS}" else plain.removesuffix(IF_EXISTS)


def is_for_all_values(operator: str) -> bool:
    """Whether the operator also holds when the key is absent, so that an Allow with it may allow too much.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
    """
    return operator.startswith("ForAllValues:")


@lru_cache(CACHE)
def _problems(operator: str, key: str, values: tuple[str, ...], actions: tuple[Action, ...]) -> tuple[Problem, ...]:
    kind = OPERATORS.get(base(operator))
    if kind is None:
        close = close_matches(base(operator).removesuffix(IF_EXISTS), OPERATORS)
        hint = f'did you mean "{close[0]}"?' if close else "for example StringEquals, ArnLike or Bool"
        return (Problem("AWS has no such condition operator", found=operator, help=hint),)
    return (*_key_problems(operator, kind, key, actions), *_value_problems(kind, key, values))


def _key_problems(operator: str, kind: str, key: str, actions: tuple[Action, ...]) -> Iterator[Problem]:
    match = condition_keys.matching(key, actions)
    if match is None:
        if (actions or key.lower().startswith("aws:")) and not condition_keys.is_of_identity_provider(key):
            yield _unknown(key, actions)
        return
    plain = condition_keys.types(actions).get(match, "").removeprefix("ArrayOf")
    if plain and kind != "Null" and plain not in FITS[kind]:
        yield Problem(f"{operator} compares {kind} values, {key} is {plain}", path=(key,), found=operator)


def _unknown(key: str, actions: tuple[Action, ...]) -> Problem:
    spelled = condition_keys.suggestions(actions)
    close = close_matches(key.lower(), spelled)
    names = ", ".join(action.name for action in actions[:3]) + (", …" if len(actions) > 3 else "")
    message = f"no condition key of AWS for {names}" if actions else "AWS has no such global condition key"
    return Problem(message, path=(key,), found=key, help=f'did you mean "{spelled[close[0]]}"?' if close else None)


def _value_problems(kind: str, key: str, values: tuple[str, ...]) -> Iterator[Problem]:
    if not values:
        yield Problem("a condition needs a value", path=(key,))
    if kind not in VALUES:
        return
    fits, shape = VALUES[kind]
    for index, value in enumerate(values):
        has_variable = kind in WITH_VARIABLES and "${" in value
        if not has_variable and not fits(value):
            yield Problem(f"this must be {shape}", path=(key, index), found=value)


def _is_boolean(value: str) -> bool:
    return value.lower() in ("true", "false")


def _is_number(value: str) -> bool:
    return NUMBER.fullmatch(value) is not None


def _is_date(value: str) -> bool:
    if EPOCH.fullmatch(value):
        return True
    return DATE.fullmatch(value) is not None and _is_in_calendar(value)


def _is_in_calendar(date: str) -> bool:
    try:
        datetime.fromisoformat(f"{date}-01" if len(date) == len("2026-11") else date)
    except ValueError:
        return False
    return True


def _is_network(value: str) -> bool:
    address, slash, prefix = value.partition("/")
    try:
        ipaddress.ip_network((address, int(prefix)) if slash else address, strict=False)
    except ValueError:
        return False
    return not slash or prefix.isdecimal()


def _is_base64(value: str) -> bool:
    try:
        base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


def _is_arn(value: str) -> bool:
    return (value.startswith("arn:") and value.count(":") >= 5) or value == "*"


# String operators take any text.
VALUES: dict[str, tuple[Callable[[str], bool], str]] = {
    "Bool": (_is_boolean, '"true" or "false"'),
    "Null": (_is_boolean, '"true" or "false"'),
    "Numeric": (_is_number, "a number"),
    "Date": (_is_date, "a date such as 2026-11-24T00:00:00Z"),
    "IPAddress": (_is_network, "an IP address or network such as 203.0.113.0/24"),
    "ARN": (_is_arn, "an ARN"),
    "Binary": (_is_base64, "base64"),
}
