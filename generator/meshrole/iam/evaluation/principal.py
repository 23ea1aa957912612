"""Who makes a request, and under which names a policy may mean them.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Literal

from meshrole.iam.evaluation.values import UNKNOWN, Found

CACHE = 65_536
ACCOUNT = re.compile(r"[0-9]{12}")
ARN = re.compile(r"arn:([^:]*):(iam|sts)::([^:]*):(.+)", re.DOTALL)
PROVIDER = re.compile(r"(oidc|saml)-provider/.+", re.DOTALL)
# https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html
SERVICE_LINKED = re.compile(r"role/aws-service-role/.+|(role|assumed-role)/AWSServiceRoleFor.+", re.DOTALL)
EVERYBODY = "*"
# AWS puts these into every request, so that one that was not given has a value that is not known.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
ALWAYS: Mapping[str, Found] = dict.fromkeys(("aws:currenttime", "aws:epochtime", "aws:requestedregion"), UNKNOWN)


Kind = Literal["user", "role", "federated-user", "root", "service", "federated", "canonical-user", "anonymous"]


class Grade(IntEnum):
    """How directly a policy names who makes the request; a grant of a higher grade needs less beside it."""

    none = 0
    account = 1
    """The account, which delegates to its identity policies."""
    entity = 2
    """The role of a session, or the user who federated: boundary and session policies limit it."""
    direct = 3
    """The session, the user, or everybody."""


@dataclass(frozen=True, slots=True, eq=False)
class Principal:
    """A principal: the names that mean it, and what its requests say of it.

    `names` maps each name, in the form of `name`, to how directly it means the principal, the most direct first. `keys` are the
    condition keys that follow from who it is, and those that every request has; those without values are sure to be absent.
    `has_identity` is whether identity policies, boundaries and session policies apply to it.
    """

    kind: Kind
    account: str | None
    names: Mapping[str, Grade]
    keys: Mapping[str, Found]
    service_linked: bool = False
    has_identity: bool = False
    partition: str | None = None


@lru_cache(CACHE)
def name(text: str) -> str:
    """A name in a policy in the form in which names are compared: an account's ARN as its number, a role without its path.

    A role's name is unique in its account whatever its path is, and the ARN of a session has no path.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
    """
    match = ARN.fullmatch(text)
    if match is None:
        return text
    partition, _, account, rest = match.groups()
    if rest == "root" and ACCOUNT.fullmatch(account):
        return account
    if rest.startswith("role/"):
        return f"arn:{partition}:iam::{account}:role/{rest.rsplit('/', 1)[1]}"
    return text


@lru_cache(CACHE)
def of_arn(arn: str) -> Principal:
    """The principal that has this ARN. Raises ValueError for what can make no request."""
    match = ARN.fullmatch(arn)
    if match is None or not ACCOUNT.fullmatch(match[3]) or "*" in arn or "?" in arn:
        raise ValueError("it is not the ARN of a user, a role, a session, an account's root user or an identity provider")
    partition, service, account, rest = match.groups()
    sort, _, own = rest.partition("/")
    if (service, sort) == ("iam", "user") and own:
        return _identity("user", arn, account, {arn: Grade.direct}, username=own.rsplit("/", 1)[-1])
    if (service, sort) == ("iam", "role") and own:
        return _identity("role", arn, account, {name(arn): Grade.entity}, service_linked=_is_service_linked(rest))
    if (service, sort) == ("sts", "assumed-role") and own.count("/") == 1:
        role = f"arn:{partition}:iam::{account}:role/{own.partition('/')[0]}"
        names = {arn: Grade.direct, role: Grade.entity}
        return _identity("role", role, account, names, service_linked=_is_service_linked(rest))
    if (service, sort) == ("sts", "federated-user") and own:
        user = f"arn:{partition}:iam::{account}:user/{own}"
        return _identity("federated-user", arn, account, {arn: Grade.direct, user: Grade.entity}, userid=f"{account}:{own}")
    if rest == "root":
        return _identity("root", arn, account, {account: Grade.direct}, userid=account)
    if service == "iam" and PROVIDER.fullmatch(rest):
        return of_provider(arn)
    raise ValueError("it is not the ARN of a user, a role, a session, an account's root user or an identity provider")


@lru_cache(CACHE)
def of_service(service: str) -> Principal:
    """An AWS service, such as `lambda.amazonaws.com`, that calls in its own name."""
    keys = {
        **ALWAYS,
        **_absent("aws:principalarn", "aws:principalaccount", "aws:principaltype", "aws:username", "aws:userid"),
        "aws:principalisawsservice": ("true",),
        "aws:principalservicename": (service,),
        "aws:principalservicenameslist": (service,),
    }
    return Principal("service", None, {service: Grade.direct, EVERYBODY: Grade.direct}, keys)


@lru_cache(CACHE)
def of_provider(provider: str) -> Principal:
    """Whoever an identity provider vouches for, who calls AssumeRoleWithWebIdentity or AssumeRoleWithSAML without a signature."""
    keys = {
        **ALWAYS,
        **_absent("aws:principalarn", "aws:principaltype", "aws:principalisawsservice", "aws:principalservicename"),
        **_absent("aws:principalaccount", "aws:username", "aws:userid"),
        "aws:federatedprovider": () if ":saml-provider/" in provider else (provider,),
    }
    return Principal("federated", None, {provider: Grade.direct, EVERYBODY: Grade.direct}, keys)


@lru_cache(CACHE)
def of_canonical_user(identifier: str) -> Principal:
    """An account of S3 by its canonical user ID."""
    return Principal("canonical-user", None, {identifier: Grade.direct, EVERYBODY: Grade.direct}, ALWAYS)


# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
ANONYMOUS = Principal(
    "anonymous",
    None,
    {EVERYBODY: Grade.direct},
    {
        **ALWAYS,
        "aws:principalaccount": ("anonymous",),
        "aws:principaltype": ("Anonymous",),
        "aws:userid": ("anonymous",),
        "aws:principalarn": (),
        "aws:principalisawsservice": (),
        "aws:principalservicename": (),
        "aws:principalorgid": (),
        "aws:principalorgpaths": (),
        "aws:username": (),
    },
)
TYPES = {"user": "User", "role": "AssumedRole", "federated-user": "FederatedUser", "root": "Account"}


def _identity(
    kind: Kind,
    arn: str,
    account: str,
    names: Mapping[str, Grade],
    *,
    username: str | None = None,
    userid: str | None = None,
    service_linked: bool = False,
) -> Principal:
    """A user or role. Its `aws:userid` follows from its ARN only where AWS's table has no unique ID in it."""
    keys: dict[str, Found] = {
        **ALWAYS,
        "aws:userid": (userid,) if userid else UNKNOWN,
        "aws:principalarn": (arn,),
        "aws:principalaccount": (account,),
        "aws:principaltype": (TYPES[kind],),
        "aws:principalisawsservice": ("false",),
        **_absent("aws:principalservicename", "aws:principalservicenameslist"),
        "aws:username": (username,) if username else (),
    }
    # Everybody is as direct as it gets, but whoever is named as well is named first.
    every = {**names, EVERYBODY: Grade.direct, **({} if kind == "root" else {account: Grade.account})}
    ordered = dict(sorted(every.items(), key=lambda item: -item[1]))
    return Principal(kind, account, ordered, keys, service_linked, has_identity=True, partition=arn.split(":")[1])


def _is_service_linked(rest: str) -> bool:
    return SERVICE_LINKED.fullmatch(rest) is not None


def _absent(*keys: str) -> dict[str, Found]:
    return dict.fromkeys(keys, ())
