"""Proof: each service of VPC Lattice lets in exactly its callers, as they call it, and its network whoever it is for.

A policy is cut into what it says of one principal, for each that it or the inventory names and for a stranger in every account;
what is left is compared as any two policies are.
https://docs.aws.amazon.com/vpc-lattice/latest/ug/auth-policies.html
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from meshrole.access.verify import cells
from meshrole.access.verify.compare import Difference, Side, differences
from meshrole.access.verify.declared_auth import DeclaredAuth
from meshrole.access.verify.estate import Estate, fault
from meshrole.access.verify.finding import CounterExample, Finding, Proof, counted
from meshrole.errors import InputError
from meshrole.iam import policy
from meshrole.plans.facts import AuthPolicy

NAME = "callers"
CLAIM = "each service lets in exactly its declared callers, and each service network those that it is for"
STRANGER = "arn:aws:iam::{}:role/any-role"
ELSEWHERE = "999999999999"
ACCOUNT_PLACE = 4


def prove(estate: Estate) -> Proof:
    """Every auth policy that is declared against the one that is there, and every one that is there."""
    # What stands for an id is the same in every environment; a root that says of none which it is may be any.
    found = {(name, each.target): each for each in estate.auth if each.target for name in each.environments or ("",)}
    findings = [
        each
        for item in estate.declared_auth
        for each in _of(item, found.get((item.environment, item.target)) or found.get(("", item.target)))
    ]
    findings += _others(estate)
    return Proof(NAME, CLAIM, counted(len(estate.declared_auth), "auth policy", "auth policies"), tuple(findings))


def _others(estate: Estate) -> Iterator[Finding]:
    """Auth policies of the identities' own modules that nobody declared, or of what is not known."""
    declared = {item.target for item in estate.declared_auth}
    for each in estate.auth:
        if each.target is None:
            message = f"what {each.address} is of is known only after the apply"
            yield Finding(message, None, address=each.address, kind="unknown")
        elif each.target not in declared and each.address.startswith(tuple(f"{name}." for name in estate.modules)):
            yield Finding(f"{each.address} is of {each.target}, which is none of the inventory's", None, address=each.address)


def _of(declared: DeclaredAuth, found: AuthPolicy | None) -> Iterator[Finding]:
    if found is None:
        yield Finding(f"{declared.title} has no auth policy; the inventory declares one", None, path=declared.path)
        return
    if found.document.text is None:
        message = f"{declared.title}: what {found.document.source} says is {found.document.why}, so nothing is proved about it"
        yield Finding(message, None, path=declared.path, address=found.address, kind="unknown")
        return
    reason = fault(found.document)
    if reason:
        yield Finding(
            f"{declared.title}: {found.address} is no policy: {reason}", None, path=declared.path, address=found.address
        )
        return
    yield from _compared(declared, found, _statements(json.loads(found.document.text)))


def _compared(declared: DeclaredAuth, found: AuthPolicy, theirs: list[Mapping[str, Any]]) -> Iterator[Finding]:
    ours = _statements(declared.policy)
    for principal in _principals([*theirs, *ours]):
        if principal.startswith("arn:"):
            try:
                for each in differences(_side(theirs, principal), _side(ours, principal), principal):
                    yield _finding(declared, found, each, principal)
            except InputError as error:
                reason = "; ".join(problem.message for problem in error.problems[:3])
                message = f"{declared.title}: AWS rejects its auth policy: {reason}"
                yield Finding(message, None, path=declared.path, address=found.address)
                return
        elif any(_speaks_of(item, principal) for item in theirs if item["Effect"] == "Allow"):
            message = f"{declared.title} lets in {principal}, which is no role of a caller"
            yield Finding(message, None, path=declared.path, address=found.address)


def _finding(declared: DeclaredAuth, found: AuthPolicy, each: Difference, principal: str) -> Finding:
    if not each.decided:
        message = f"{declared.title}: its auth policy has more cases than are tried, so not everything is proved about it"
        return Finding(message, None, path=declared.path, address=found.address, kind="unknown")
    example = CounterExample(principal, each.action, each.resource, each.context, each.is_allowed)
    verb = "lets in" if each.is_allowed else "does not let in"
    because = "which the inventory does not declare" if each.is_allowed else "which the inventory declares as a caller"
    name = principal.rpartition("/")[2]
    return Finding(f"{declared.title} {verb} {name}, {because}", None, example, declared.path, found.address)


def _statements(value: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [item for item in cells.listed_values(value.get("Statement", [])) if isinstance(item, Mapping)]


def _principals(statements: list[Mapping[str, Any]]) -> list[str]:
    """Those that are named, and a stranger in the account of each; what is no ARN is `kind name`."""
    named = [name for item in statements for name in _named(item.get("Principal", item.get("NotPrincipal")))]
    accounts = [name.split(":")[ACCOUNT_PLACE] for name in named if name.startswith("arn:")]
    strangers = [STRANGER.format(account) for account in (*accounts, ELSEWHERE) if account]
    roles = [name for name in named if not name.endswith(":root") and name != "*"]
    return list(dict.fromkeys((*roles, *strangers)))


def _named(principal: Any) -> Iterator[str]:
    if principal in ("*", None):
        return
    for kind, names in principal.items() if isinstance(principal, Mapping) else ():
        for name in cells.listed_values(names):
            if kind != "AWS":
                yield f"{kind} {name}"
            elif name != "*":
                yield name if name.startswith("arn:") else f"arn:aws:iam::{name}:root"


def _speaks_of(statement: Mapping[str, Any], principal: str) -> bool:
    if "NotPrincipal" in statement:
        return principal not in set(_named(statement["NotPrincipal"]))
    value = statement.get("Principal")
    if value == "*" or (isinstance(value, Mapping) and "*" in cells.listed_values(value.get("AWS", []))):
        return True
    names = set(_named(value))
    account = principal.split(":")[ACCOUNT_PLACE] if principal.startswith("arn:") else ""
    return principal in names or any(name.endswith(f"::{account}:root") for name in names if account)


def _side(statements: list[Mapping[str, Any]], principal: str) -> Side:
    """What the statements say of one principal, as a policy of its own."""
    own = [
        {key: value for key, value in item.items() if key not in ("Principal", "NotPrincipal")}
        for item in statements
        if _speaks_of(item, principal)
    ]
    document = {"Version": policy.VERSION, "Statement": own}
    return Side(cells.of_value(document), (document,) if own else ())
