"""moto's IAM enforcement, in this process. It evaluates identity policies, and of a request the action and the resource.

https://docs.getmoto.org/en/latest/docs/iam.html
"""

import json
import re
from typing import Any, NoReturn

from moto.iam.access_control import IAMRequest

from differential.case import Case, Said
from meshrole.errors import InputError
from meshrole.iam import Request

# Layers that moto does not look at.
OTHERS = ("resource", "boundary", "session", "scp", "rcp", "endpoint")
KINDS = ("user", "role")


class _DeniedError(Exception):
    """What moto ends a request with."""


class _Key:
    """An access key as moto asks for it: the policies of whoever it belongs to."""

    def __init__(self, policies: list[str]) -> None:
        self._policies = policies

    def collect_policies(self) -> list[str]:
        return self._policies


class MotoRequest(IAMRequest):
    """A request to moto with the action and the policies that it would read from its own state."""

    def __init__(self, action: str, policies: list[str]) -> None:
        self.account_id = "000000000000"
        self._region = "us-east-1"
        self._data = {}
        self._action = action
        self._access_key = _Key(policies)

    def _raise_access_denied(self) -> NoReturn:
        raise _DeniedError


def readable(case: Case) -> bool:
    """Whether the case is all about what moto looks at: a user's or role's identity policies, in one account."""
    try:
        facts = Request.of(case.request).facts
    except InputError:
        return False
    is_own = facts.principal.kind in KINDS and not facts.is_cross_account
    return is_own and not any(case.policies.get(layer) for layer in OTHERS)


def request(case: Case) -> MotoRequest:
    """The case as moto sees it."""
    return MotoRequest(case.request["action"], [json.dumps(document) for document in case.policies.get("identity", ())])


def permits(asked: MotoRequest, resource: str) -> bool:
    """moto's decision."""
    try:
        asked.check_action_permitted(resource)
    except _DeniedError:
        return False
    return True


def answer(case: Case) -> Said:
    """What moto says: allow or deny, never whose deny it is."""
    if not readable(case):
        return Said("unread", "not about identity policies alone")
    try:
        return Said("allow" if permits(request(case), _resource(case.request)) else "deny")
    except re.error:
        return Said("crash", "no regular expression")
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        return Said("crash", type(error).__name__)


def _resource(given: dict[str, Any]) -> str:
    return given.get("resource") or "*"
