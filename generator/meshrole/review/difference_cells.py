"""Policies as sets of cells, each one action on one resource for one principal under conditions, and what a set covers.

Any order, any split of statements and every spelling that AWS takes as one give the same cells.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import sha256
from math import prod
from typing import NamedTuple

from meshrole.iam import wildcard
from meshrole.review import difference_conditions
from meshrole.review.difference_conditions import Test, Tests, implies
from meshrole.review.documents import EVERYBODY, Condition, Policy, Principal, Statement

CACHE = 16_384
MAX_CELLS = 20_000
ALLOW, DENY = "Allow", "Deny"
NOBODY: Principal = ("", "")
ACCOUNT = re.compile(r"[0-9]{12}")
ROOT = re.compile(r"arn:aws[a-z-]*:iam::([0-9]{12}):root")
OF_ACCOUNT = re.compile(r"arn:aws[a-z-]*:(?:iam|sts)::([0-9]{12}):.+")


class Except(NamedTuple):
    """Everything but these: what stands in NotAction, NotResource or NotPrincipal."""

    names: tuple[str, ...]


Part = str | Except


class Cell(NamedTuple):
    """One action on one resource for one principal, under conditions. `resource` is "" where the policy is of the resource."""

    effect: str
    action: Part
    resource: Part
    conditions: Tests = difference_conditions.NONE
    principal: Principal | Except = NOBODY


EVERYTHING = Cell(ALLOW, "*", "*")


@lru_cache(CACHE)
def of_policy(policy: Policy) -> frozenset[Cell]:
    """The cells of a policy; none where it is not known. One with more cells than anybody writes is one cell, for its text."""
    if sum(map(_count, policy.statements)) > MAX_CELLS:
        digest = sha256((policy.text or "").encode()).hexdigest()[:12]
        return frozenset({Cell(ALLOW, f"arn:too-long-to-compare:{policy.source}#{digest}", "*")})
    return frozenset(cell for statement in policy.statements for cell in _of_statement(statement))


def covers(wide: Cell, narrow: Cell) -> bool:
    """Whether every request that `narrow` speaks of is one that `wide` speaks of."""
    return (
        _covers_action(wide.action, narrow.action)
        and _covers(wide.resource, narrow.resource)
        and _covers_principal(wide.principal, narrow.principal)
        and implies(narrow.conditions, wide.conditions)
    )


def text(part: Part) -> str:
    """A part of a cell as it reads."""
    return f"everything but {', '.join(part.names)}" if isinstance(part, Except) else part


def overlaps(one: Cell, other: Cell) -> bool:
    """Whether some request could be one of both; conditions are not looked at."""
    return (
        _overlap(_lower(one.action), _lower(other.action))
        and _overlap(one.resource, other.resource)
        and (_covers_principal(one.principal, other.principal) or _covers_principal(other.principal, one.principal))
    )


def both(one: Cell, other: Cell) -> Cell:
    """The part of `one` that `other` speaks of too: the narrower of each pair; where neither is, that of `one`."""
    action = other.action if _covers_action(one.action, other.action) else one.action
    resource = other.resource if _covers(one.resource, other.resource) else one.resource
    principal = other.principal if _covers_principal(one.principal, other.principal) else one.principal
    return Cell(one.effect, action, resource, one.conditions | other.conditions, principal)


def _count(statement: Statement) -> int:
    names = (statement.actions, statement.resources, statement.principals, *(values for _, _, values in statement.conditions))
    return prod(max(len(each), 1) for each in names)


def _of_statement(statement: Statement) -> Iterator[Cell]:
    tests = frozenset(map(_test, statement.conditions))
    effect = DENY if statement.effect == DENY else ALLOW
    for held in difference_conditions.alternatives(tests):
        for action in _parts(statement.actions, statement.not_actions):
            for resource in _parts(statement.resources, statement.not_resources):
                for principal in _principals(statement):
                    yield Cell(effect, action, resource, held, principal)


def _test(condition: Condition) -> Test:
    """Operators that compare alike are one, and so are values in another order."""
    operator, key, values = condition
    name = operator.replace("ArnEquals", "ArnLike").replace("ArnNotEquals", "ArnNotLike")
    if "String" in name and not any(map(wildcard.has_wildcard, values)):
        name = name.replace("StringLike", "StringEquals").replace("StringNotLike", "StringNotEquals")
    is_truth = difference_conditions.parts(name).kind in ("Bool", "Null")
    return Test(name, key, tuple(sorted({value.lower() if is_truth else value for value in values})))


def _parts(given: Iterable[str], excepted: tuple[str, ...]) -> Iterable[Part]:
    return [Except(tuple(sorted(excepted)))] if excepted else tuple(given) or ("",)


def _principals(statement: Statement) -> Iterable[Principal | Except]:
    if statement.not_principals:
        return [Except(tuple(sorted(f"{kind}:{name}" for kind, name in statement.not_principals)))]
    return [(kind, _account(name) if kind == "AWS" else name) for kind, name in statement.principals] or [NOBODY]


def _account(name: str) -> str:
    found = ROOT.fullmatch(name)
    return found[1] if found else name


def _lower(part: Part) -> Part:
    return Except(tuple(map(str.lower, part.names))) if isinstance(part, Except) else part.lower()


def _covers_action(wide: Part, narrow: Part) -> bool:
    return wide == narrow or _covers(_lower(wide), _lower(narrow))


def _covers(wide: Part, narrow: Part) -> bool:
    if isinstance(wide, Except):
        if isinstance(narrow, Except):
            return all(any(wildcard.covers(other, name) for other in narrow.names) for name in wide.names)
        return not any(wildcard.overlaps(name, narrow) for name in wide.names)
    return wide.strip("*") == "" and wide != "" if isinstance(narrow, Except) else wildcard.covers(wide, narrow)


def _overlap(one: Part, other: Part) -> bool:
    if isinstance(one, Except):
        return isinstance(other, Except) or not any(wildcard.covers(name, other) for name in one.names)
    return _overlap(other, one) if isinstance(other, Except) else wildcard.overlaps(one, other)


def _covers_principal(wide: Principal | Except, narrow: Principal | Except) -> bool:
    """An account covers its roles and users: it may give each of them the permission.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-accounts
    """
    if wide in (narrow, EVERYBODY):
        return True
    if isinstance(wide, Except) or isinstance(narrow, Except) or wide[0] != "AWS" or narrow[0] != "AWS":
        return False
    found = OF_ACCOUNT.fullmatch(narrow[1])
    return found is not None and ACCOUNT.fullmatch(wide[1]) is not None and found[1] == wide[1]
