"""Who two trust policies let in differently: over principals, the calls for a role's credentials, and contexts.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from meshrole.access.verify.cells import ACCOUNT, EVERYBODY, Cell, Cells, Except
from meshrole.access.verify.compare import MAX_REQUESTS, Side
from meshrole.access.verify.contexts import Value, choices
from meshrole.access.verify.finding import CounterExample
from meshrole.iam.evaluation import PolicySet, Request
from meshrole.iam.evaluation.access import TRUST
from meshrole.iam.evaluation.layer import Layer

# Whoever is named nowhere: a role of somebody else, one of this account, a service, a provider.
OUTSIDER = "arn:{partition}:iam::999999999999:role/outsider"
INSIDER = "arn:{partition}:iam::{account}:role/another-role"
SERVICE = "lambda.amazonaws.com"
PROVIDER = "arn:{partition}:iam::{account}:oidc-provider/other.example"
SPELLED = {name.lower(): f"sts:{name}" for name in ("AssumeRole", "AssumeRoleWithWebIdentity", "AssumeRoleWithSAML")} | {
    name.lower(): f"sts:{name}" for name in ("TagSession", "SetSourceIdentity", "SetContext")
}
Asked = str | Mapping[str, Any]


def differences(found: Side, declared: Side, role: str) -> Iterator[CounterExample]:
    """Requests for the role that one trust policy allows and the other does not: the first of each direction and call.

    Raises InputError when AWS would reject a policy, and ValueError when there are too many cases to try.
    """
    if found.cells == declared.cells:
        return
    theirs, ours = _layer(found), _layer(declared)
    for action in sorted(TRUST):
        speaking = tuple(frozenset(cell for cell in side.cells if cell.speaks_of(action)) for side in (found, declared))
        if speaking[0] != speaking[1]:
            yield from _of_action(SPELLED[action.partition(":")[2]], frozenset().union(*speaking), theirs, ours, role)


def _of_action(action: str, cells: Cells, theirs: Layer, ours: Layer, role: str) -> Iterator[CounterExample]:
    seen = set()
    for name, principal, context in _requests(cells, role):
        given = {key: list(value) if isinstance(value, tuple) else value for key, value in context.items()}
        request = Request(principal, action, role, context=given)
        allowed = admits(theirs, request)
        if allowed not in seen and allowed != admits(ours, request):
            seen.add(allowed)
            yield CounterExample(name, action, role, context, allowed)


def admits(layer: Layer, request: Request) -> bool:
    """Whether the trust policy allows, by itself."""
    said = layer.says(request.facts, False)
    return said is not None and said[1] > 0


def _layer(side: Side) -> Layer:
    return PolicySet(resource=side.documents[0]).trusts[0]


def _requests(cells: Cells, role: str) -> Iterator[tuple[str, Asked, Mapping[str, Value]]]:
    tried = choices(condition for cell in cells for condition in cell.conditions)
    values = list(tried.values.values())
    principals = list(_principals(cells, role))
    size = len(principals)
    for each in values:
        size *= len(each)
    if size > MAX_REQUESTS or not tried.complete:
        raise ValueError(f"its trust policy has more cases than are tried ({MAX_REQUESTS:,})")
    for name, principal in principals:
        for chosen in product(*values):
            given = zip(tried.values, chosen, strict=True)
            yield name, principal, {key: value for key, value in given if value is not None}


def _principals(cells: Cells, role: str) -> Iterator[tuple[str, Asked]]:
    """Everybody that the policies name, and somebody of each sort that they do not."""
    _, partition, _, _, account, _ = role.split(":", 5)
    outsiders = [text.format(partition=partition, account=account) for text in (OUTSIDER, INSIDER)]
    named = [each for cell in cells for each in _named(cell)]
    everyone = {("AWS", text) for text in outsiders} | {("Service", SERVICE), EVERYBODY}
    everyone.add(("Federated", PROVIDER.format(partition=partition, account=account)))
    for kind, name in dict.fromkeys([*sorted(named), *sorted(everyone)]):
        if (kind, name) == EVERYBODY:
            yield "anyone", {"type": "Anonymous"}
        elif kind == "AWS":
            arn = f"arn:{partition}:iam::{name}:role/any-role" if ACCOUNT.fullmatch(name) else name
            yield arn, arn
        elif kind == "Service":
            yield name, {"service": name}
        elif kind == "Federated":
            yield name, {"federated": name}


def _named(cell: Cell) -> list[tuple[str, str]]:
    return list(cell.principal.names) if isinstance(cell.principal, Except) else [cell.principal]
