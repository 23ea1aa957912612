"""A request: who wants to do what to which resource, and what else is known of it.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-reqcontext.html
"""

import re
from collections.abc import Callable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from meshrole.errors import InputError, Problem
from meshrole.iam.evaluation import context as contexts
from meshrole.iam.evaluation import principal as principals
from meshrole.iam.evaluation.context import NO_KEYS, Given, is_mapping
from meshrole.iam.evaluation.principal import Principal
from meshrole.iam.evaluation.values import UNKNOWN, Found, Lookup, Values

CACHE = 65_536
ACTION = re.compile(r"[A-Za-z0-9-]+:[A-Za-z0-9_.]+")
ACCOUNT_LENGTH = 12
SERVICE = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
# Identity providers that are built in. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc.html
BUILT_IN = ("cognito-identity.amazonaws.com", "www.amazon.com", "graph.facebook.com", "accounts.google.com")
REQUIRED = ("principal", "action")
FIELDS = dict.fromkeys(
    ("principal", "action", "resource", "resource_account", "context", "management_account", "complete")
).keys()


@dataclass(frozen=True, eq=False, init=False)
class Request:
    """A request to AWS.

    `principal` is an ARN, the name of a service such as `lambda.amazonaws.com`, or a mapping: `{"type": "Anonymous"}`,
    `{"service": NAME}`, `{"federated": PROVIDER}`, `{"canonical_user": ID}`. A role's ARN is a session of it with a name that
    no policy names.

    `resource_account` is needed for a resource whose ARN has no account in it (a bucket); without it the resource is taken to be
    the principal's own.

    `context` has the condition keys that the request has, in any case of letters, each with a value or a list of them. What is
    not in it the request does not have, and is compared as AWS documents for absent keys, apart from what follows from the
    principal and the resource (`aws:PrincipalArn`, `aws:PrincipalAccount`, `aws:username`, `aws:ResourceAccount`, …). A key whose
    value is not known has the value None. Where the context is not `complete`, or None, every key that is not in it is such a
    key; and `aws:CurrentTime`, `aws:EpochTime`, `aws:RequestedRegion` and `aws:userid`, which AWS puts into every request, are
    where they were not given.

    `management_account` is the organization's: neither SCPs nor RCPs reach it.

    Raises InputError with everything for which it cannot be a request.
    """

    principal: str | Mapping[str, Any]
    action: str
    resource: str
    resource_account: str | None
    context: Mapping[str, Given] | None
    complete: bool
    management_account: str | None

    facts: "Facts" = field(init=False, repr=False)

    def __init__(
        self,
        principal: str | Mapping[str, Any],
        action: str,
        resource: str = "*",
        resource_account: str | None = None,
        context: Mapping[str, Given] | None = NO_KEYS,
        complete: bool = True,
        management_account: str | None = None,
    ) -> None:
        # What a frozen dataclass writes for itself sets field by field, which takes as long as half of an evaluation.
        fields = vars(self)
        fields.update(
            principal=principal,
            action=action,
            resource=resource,
            resource_account=resource_account,
            context=context,
            complete=complete,
            management_account=management_account,
        )
        fields["facts"] = _facts(self)

    @staticmethod
    def of(value: Any) -> "Request":
        """A request from plain JSON values. Raises InputError when it cannot be one."""
        if not is_mapping(value):
            raise InputError(Problem("a request must be an object", path=("request",)))
        if not value.keys() <= FIELDS:
            unknown = next(str(name) for name in value if name not in FIELDS)
            raise InputError(Problem("a request has no such field", path=("request",), found=unknown, allowed=tuple(FIELDS)))
        given = {name: item for name, item in value.items() if item is not None}
        for name in REQUIRED:
            if name not in given:
                raise InputError(Problem(f"it has no {name}", path=("request",)))
        given.setdefault("context", None)
        return Request(**given)


class ActionFacts(NamedTuple):
    """An action in lower case, and its service."""

    name: str
    service: str


class Facts:
    """A request as policies see it. `lookup` takes a condition key in lower case."""

    __slots__ = ("action", "lookup", "management_account", "partition", "principal", "resource", "resource_account", "service")

    def __init__(self, request: Request, principal: Principal, action: ActionFacts, given: dict[str, Found]) -> None:
        self.principal = principal
        self.action, self.service = action
        self.resource = request.resource
        self.management_account = request.management_account
        self.partition, owner = _owner(request.resource)
        self.resource_account = request.resource_account or owner
        values = {**principal.keys, **given}
        owner = self.resource_account or principal.account
        if owner and "aws:resourceaccount" not in values:
            values["aws:resourceaccount"] = (owner,)
        is_complete = request.complete and request.context is not None
        self.lookup: Lookup = values.get if is_complete else lambda key: values.get(key, UNKNOWN)

    def knowing(self, values: Mapping[str, Values]) -> "Facts":
        """The same where these keys, in lower case, have these values."""
        other = copy(self)
        known, otherwise = dict(values), self.lookup
        other.lookup = lambda key: known[key] if key in known else otherwise(key)
        return other

    @property
    def is_cross_account(self) -> bool:
        """Whether the resource is another account's than the principal."""
        mine, theirs = self.principal.account, self.resource_account
        return mine is not None and theirs is not None and mine != theirs


def _facts(request: Request) -> Facts:
    problems: list[Problem] = []
    principal = _principal(request.principal, problems)
    action = _action(str(request.action))
    given = contexts.values(request.context, problems)
    if action is None or not _is_usual(request):
        problems += _fields(request, action)
    if problems or principal is None or action is None:
        raise InputError(problems)
    return Facts(request, principal, action, given)


@lru_cache(CACHE)
def _action(action: str) -> ActionFacts | None:
    return ActionFacts(action.lower(), action.lower().partition(":")[0]) if ACTION.fullmatch(action) else None


def _is_usual(request: Request) -> bool:
    """Whether there is nothing to say about the other fields, as of most requests."""
    is_known = request.resource_account is None or _is_account(request.resource_account)
    return (
        is_known
        and request.resource.__class__ is str
        and request.resource != ""
        and request.complete is True
        and request.management_account is None
    )


def _is_account(text: Any) -> bool:
    return text.__class__ is str and len(text) == ACCOUNT_LENGTH and text.isdigit() and text.isascii()


def _fields(request: Request, action: ActionFacts | None) -> Iterator[Problem]:
    """What is wrong with the other fields, which may come from JSON."""
    if action is None:
        yield Problem("an action must be like s3:GetObject", path=("request", "action"), found=str(request.action))
    if not isinstance(request.resource, str) or not request.resource:
        yield Problem("a resource must be an ARN or *", path=("request", "resource"), found=str(request.resource))
    for name in ("resource_account", "management_account"):
        account = getattr(request, name)
        if account is not None and not _is_account(account):
            yield Problem("an account must be 12 digits", path=("request", name), found=str(account))
    if request.complete not in (True, False):
        yield Problem("this must be true or false", path=("request", "complete"), found=str(request.complete))


def _principal(given: Any, problems: list[Problem]) -> Principal | None:
    try:
        return _named(given) if isinstance(given, str) else _read(given)
    except ValueError as error:
        problems.append(Problem(f"this is no principal: {error}", path=("request", "principal"), found=str(given)))
        return None


@lru_cache(CACHE)
def _named(given: str) -> Principal:
    if given in BUILT_IN:
        return principals.of_provider(given)
    return principals.of_service(given) if SERVICE.fullmatch(given) else principals.of_arn(given)


def _read(given: Any) -> Principal:
    if not isinstance(given, Mapping):
        raise ValueError("it must be an ARN or an object")
    fields = {str(key).lower().replace("_", "").replace("-", ""): item for key, item in given.items()}
    sort = fields.pop("type", None)
    if sort is not None and str(sort).lower() == "anonymous" and not fields:
        return principals.ANONYMOUS
    if len(fields) != 1:
        raise ValueError("it must have one of service, federated, canonical_user and arn, or the type Anonymous")
    ((key, item),) = fields.items()
    sort = str(sort).lower().replace("_", "").replace("-", "")
    key = sort if sort in READERS else key
    if key not in READERS or not isinstance(item, str) or not item:
        raise ValueError("it must have one of service, federated, canonical_user and arn, or the type Anonymous")
    return READERS[key](item)


def _account_root(account: str) -> Principal:
    return principals.of_arn(f"arn:aws:iam::{account}:root")


READERS: Mapping[str, Callable[[str], Principal]] = {
    "service": principals.of_service,
    "federated": principals.of_provider,
    "canonicaluser": principals.of_canonical_user,
    "arn": principals.of_arn,
    "aws": principals.of_arn,
    "account": _account_root,
}


def _owner(resource: str) -> tuple[str | None, str | None]:
    """The partition and the account in an ARN, where it has them."""
    parts = resource.split(":", 5)
    if len(parts) < 6 or parts[0] != "arn":
        return None, None
    return parts[1], parts[4] if _is_account(parts[4]) else None
