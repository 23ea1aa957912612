"""A request: who wants to do what to which resource, and what else is known of it.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-reqcontext.html
"""

from collections.abc import Iterator, Mapping
from typing import Any

from meshrole.errors import InputError, Problem
from meshrole.iam.evaluation import caller as callers
from meshrole.iam.evaluation import context as contexts
from meshrole.iam.evaluation.context import NO_KEYS, Given, is_mapping
from meshrole.iam.evaluation.facts import Action, Facts, is_account
from meshrole.iam.evaluation.facts import action as action_of
from meshrole.iam.evaluation.values import UNKNOWN

REQUIRED = ("principal", "action")
FIELDS = ("principal", "action", "resource", "resource_account", "context", "management_account", "complete")


class Request:
    """A request to AWS; it does not change.

    Raises InputError with everything for which it cannot be a request.
    """

    # What is given stays together: to keep it field by field takes as long as a third of an evaluation.
    __slots__ = ("_given", "facts")

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
        problems: list[Problem] = []
        try:
            who = callers.named(principal) if type(principal) is str else callers.described(principal)
        except ValueError as error:
            who = None
            problems.append(Problem(f"this is no principal: {error}", path=("request", "principal"), found=str(principal)))
        what = action_of(action if type(action) is str else str(action))
        given = contexts.read(context, problems)
        is_own = resource_account is None or is_account(resource_account)
        is_usual = is_own and management_account is None and complete is True
        if what is None or type(resource) is not str or not resource or not is_usual:
            accounts = {"resource_account": resource_account, "management_account": management_account}
            problems += _problems(action, what, resource, complete, accounts)
        if problems or who is None or what is None:
            raise InputError(problems)
        otherwise = None if complete and context is not None else UNKNOWN
        self._given = (principal, action, resource, resource_account, context, complete, management_account)
        self.facts = Facts(who, what, resource, resource_account, given, otherwise, management_account)

    @staticmethod
    def of(value: Any) -> "Request":
        """A request from plain JSON values. Raises InputError when it cannot be one."""
        try:
            return Request(**value) if "context" in value else Request(**value, context=None)
        except (TypeError, InputError):
            return Request(**_fields(value))

    @property
    def principal(self) -> str | Mapping[str, Any]:
        """An ARN, the name of a service such as `lambda.amazonaws.com`, or a mapping.

        A mapping is `{"type": "Anonymous"}`, `{"service": NAME}`, `{"federated": PROVIDER}` or `{"canonical_user": ID}`. A role's
        ARN is a session of it with a name that no policy names.
        """
        return self._given[0]

    @property
    def action(self) -> str:
        """As in `s3:GetObject`, in any case of letters."""
        return self._given[1]

    @property
    def resource(self) -> str:
        """An ARN, or `*`."""
        return self._given[2]

    @property
    def resource_account(self) -> str | None:
        """Whose the resource is.

        It is needed for a resource whose ARN has no account in it (a bucket): without it the resource is taken to be the
        principal's own.
        """
        return self._given[3]

    @property
    def context(self) -> Mapping[str, Given] | None:
        """The condition keys that the request has, in any case of letters, each with a value or a list of them.

        What is not in it the request does not have, and is compared as AWS documents for absent keys, apart from what follows
        from the principal and the resource (`aws:PrincipalArn`, `aws:PrincipalAccount`, `aws:username`, `aws:ResourceAccount`,
        …). A key whose value is not known has the value None.
        """
        return self._given[4]

    @property
    def complete(self) -> bool:
        """Whether the context has every key of the request.

        Where it has not, or is None, the value of every key that is not in it is not known; and `aws:CurrentTime`,
        `aws:EpochTime`, `aws:RequestedRegion` and `aws:userid`, which AWS puts into every request, are there all the same.
        """
        return self._given[5]

    @property
    def management_account(self) -> str | None:
        """The organization's: neither SCPs nor RCPs reach it."""
        return self._given[6]

    def __repr__(self) -> str:
        names = ("principal", "action", "resource", "resource_account", "context", "complete", "management_account")
        return f"Request({', '.join(f'{name}={value!r}' for name, value in zip(names, self._given, strict=True))})"


def _fields(value: Any) -> dict[str, Any]:
    """The fields that are given: one that is null is as one that is not there. Raises InputError."""
    if not is_mapping(value):
        raise InputError(Problem("a request must be an object", path=("request",)))
    for name in value:
        if name not in FIELDS:
            raise InputError(Problem("a request has no such field", path=("request",), found=str(name), allowed=FIELDS))
    given = {name: item for name, item in value.items() if item is not None}
    for name in REQUIRED:
        if name not in given:
            raise InputError(Problem(f"it has no {name}", path=("request",)))
    return {"context": None, **given}


def _problems(action: Any, what: Action | None, resource: Any, complete: Any, accounts: Mapping[str, Any]) -> Iterator[Problem]:
    """What is wrong with the fields, which may come from JSON, but for the principal and the context."""
    if what is None:
        yield Problem("an action must be like s3:GetObject", path=("request", "action"), found=str(action))
    if not isinstance(resource, str) or not resource:
        yield Problem("a resource must be an ARN or *", path=("request", "resource"), found=str(resource))
    for name, account in accounts.items():
        if account is not None and not is_account(account):
            yield Problem("an account must be 12 digits", path=("request", name), found=str(account))
    if complete not in (True, False):
        yield Problem("this must be true or false", path=("request", "complete"), found=str(complete))
