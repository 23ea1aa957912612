"""A request as policies see it: who it turned out to be, in which words, and what is known of each condition key."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from meshrole.iam.evaluation import context as contexts
from meshrole.iam.evaluation.context import FALSE, TRUE, Context
from meshrole.iam.evaluation.principal import Principal
from meshrole.iam.evaluation.values import Found, Values

CACHE = 65_536
ACTION = re.compile(r"[A-Za-z0-9-]+:[A-Za-z0-9_.]+")
ACCOUNT_LENGTH = 12
ARN_PARTS = 6
RESOURCE_ACCOUNT = "aws:resourceaccount"


class Action(NamedTuple):
    """An action in lower case, and its service."""

    name: str
    service: str


class Facts:
    """A request as policies see it.

    `partition` is the resource's, and `resource_account` the account that it is in or is said to be; None where neither is known.
    """

    __slots__ = (
        "_context",
        "_names",
        "_otherwise",
        "action",
        "management_account",
        "partition",
        "principal",
        "resource",
        "resource_account",
        "service",
    )

    def __init__(
        self,
        principal: Principal,
        action: Action,
        resource: str,
        resource_account: str | None,
        context: Context,
        otherwise: Found,
        management_account: str | None,
    ) -> None:
        """`otherwise` is what is known of a key that is neither in the context nor follows from the principal."""
        self.principal = principal
        self.action, self.service = action
        self.resource = resource
        self.partition, self.resource_account = None, resource_account
        parts = resource.split(":", ARN_PARTS - 1)
        if len(parts) == ARN_PARTS and parts[0] == "arn":
            self.partition, owner = parts[1], parts[4]
            if resource_account is None and owner and (owner == principal.account or is_account(owner)):
                self.resource_account = owner
        self._names, self._context = context
        self._otherwise = otherwise
        self.management_account = management_account

    def lookup(self, key: str) -> Found:
        """What is known of a condition key in lower case: what was given is believed before what follows."""
        name = self._names.get(key)
        if name is not None:
            value = self._context[name]
            kind = type(value)
            if kind is str:
                return (value,)
            if kind is bool:
                return TRUE if value else FALSE
            return value if kind is tuple else contexts.text(value)
        if key == RESOURCE_ACCOUNT:
            owner = self.resource_account or self.principal.account
            if owner:
                return (owner,)
        return self.principal.keys.get(key, self._otherwise)

    def knowing(self, values: Mapping[str, Values]) -> "Facts":
        """The same where these keys, in lower case, have these values."""
        names = {**self._names, **{key: key for key in values}}
        context = (names, {**self._context, **values})
        action = Action(self.action, self.service)
        return Facts(
            self.principal, action, self.resource, self.resource_account, context, self._otherwise, self.management_account
        )

    @property
    def is_cross_account(self) -> bool:
        """Whether the resource is another account's than the principal."""
        mine, theirs = self.principal.account, self.resource_account
        return mine is not None and theirs is not None and mine != theirs


@lru_cache(CACHE)
def action(text: str) -> Action | None:
    """An action as it is compared; None for what can be none."""
    return Action(text.lower(), text.lower().partition(":")[0]) if ACTION.fullmatch(text) else None


def is_account(text: Any) -> bool:
    """Whether it is the number of an account."""
    return text.__class__ is str and len(text) == ACCOUNT_LENGTH and text.isdigit() and text.isascii()
