"""Who makes a request, as it says it: an ARN, the name of a service, or an object."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from meshrole.iam.evaluation import principal as principals
from meshrole.iam.evaluation.principal import Principal

CACHE = 65_536
SERVICE = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
# Identity providers that are built in. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc.html
BUILT_IN = ("cognito-identity.amazonaws.com", "www.amazon.com", "graph.facebook.com", "accounts.google.com")
WANTED = "it must have one of service, federated, canonical_user and arn, or the type Anonymous"


def described(given: Any) -> Principal:
    """The principal that an object means. Raises ValueError for what can make no request."""
    if isinstance(given, str):
        return named(str(given))
    if not isinstance(given, Mapping):
        raise ValueError("it must be an ARN or an object")
    try:
        return _described(tuple(given.items()))
    except TypeError:  # what has no hash is no text
        raise ValueError(WANTED) from None


@lru_cache(CACHE)
def named(given: str) -> Principal:
    """The principal of this name or ARN. Raises ValueError for what can make no request."""
    if given in BUILT_IN:
        return principals.of_provider(given)
    return principals.of_service(given) if SERVICE.fullmatch(given) else principals.of_arn(given)


@lru_cache(CACHE)
def _described(given: tuple[tuple[Any, Any], ...]) -> Principal:
    fields = {str(key).lower().replace("_", "").replace("-", ""): item for key, item in given}
    sort = fields.pop("type", None)
    if sort is not None and str(sort).lower() == "anonymous" and not fields:
        return principals.ANONYMOUS
    if len(fields) != 1:
        raise ValueError(WANTED)
    ((key, item),) = fields.items()
    sort = str(sort).lower().replace("_", "").replace("-", "")
    key = sort if sort in READERS else key
    if key not in READERS or not isinstance(item, str) or not item:
        raise ValueError(WANTED)
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
