"""Permissions that become more permissions.

What: an identity that may take one of the documented paths: rewrite a role, a policy or a user, or pass any role to a service
that runs its code. A condition on iam:PermissionsBoundary, and a boundary that forbids it, close a path.
Why: whoever has it has what the most powerful role of the account has:
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
Bad: "Action": ["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"], "Resource": "*"
Good: iam:PassRole on the one role, with a condition on iam:PassedToService
"""

from collections.abc import Iterator
from functools import cache

from meshrole.iam import actions as reference
from meshrole.iam import wildcard
from meshrole.iam.escalation_paths import PASS, PATHS, Path
from meshrole.iam.formats import VARIABLE
from meshrole.review.checks.common import holders
from meshrole.review.checks.common.conditions import narrows
from meshrole.review.checks.common.grants import identities, own_statements
from meshrole.review.checks.common.made import found, some
from meshrole.review.checks.common.principals import is_service_linked
from meshrole.review.checks.common.reaching import allowing
from meshrole.review.documents import Statement
from meshrole.review.facts import Facts, Identity, Role
from meshrole.review.model import Confidence, Finding, Severity

EVERY = frozenset(name for path in PATHS for name in path.actions)
# A name that no policy has: what is granted on it is granted on whatever there is.
UNNAMED = "something-that-no-policy-names"
ANY = ("*",)
# https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html#access_policies_boundaries-delegate
CLOSING = ("iam:permissionsboundary", "iam:policyarn", "aws:resourcetag/", "ssm:resourcetag/", "iam:resourcetag/")
SERVICE = "iam:passedtoservice"
EVERYTHING = ("*", "*:*")
FIX = "grant the actions on named resources only, or make a boundary their condition; see "


def check(facts: Facts) -> Iterator[Finding]:
    """A finding for each identity with paths."""
    for identity in identities(facts.after):
        if isinstance(identity, Role) and is_service_linked(identity):
            continue
        statements = own_statements(identity)
        granted = _granted(statements)
        if granted and not _is_administrator(statements):
            yield from _of(identity, statements, granted)


def _of(identity: Identity, statements: tuple[Statement, ...], granted: frozenset[str]) -> Iterator[Finding]:
    paths = [path for path in PATHS if granted.issuperset(path.actions) and _is_open(path, identity, statements)]
    if not paths:
        return
    shown = [" + ".join(path.actions) for path in paths]
    severity, confidence = Severity.high, Confidence.high
    if identity.boundary is not None and not (identity.boundary.policy and identity.boundary.policy.is_known):
        confidence = Confidence.low
    if holders.is_break_glass(identity):
        severity, confidence = Severity.low, Confidence.low
    message = f"can give itself more: {some(shown)}: {paths[0].gain}"
    yield found(__name__, severity, identity.address, message, FIX + paths[0].source, confidence)


def _is_administrator(statements: tuple[Statement, ...]) -> bool:
    """Whether it may do everything anyway, and needs no path."""
    allows = (each for each in statements if each.effect == "Allow" and not each.conditions)
    return any("*" in each.resources and set(each.actions) & set(EVERYTHING) for each in allows)


def _granted(statements: tuple[Statement, ...]) -> frozenset[str]:
    """The actions of paths that some statement allows on something."""
    granted: set[str] = set()
    for statement in statements:
        if statement.effect == "Allow":
            granted |= EVERY.difference(*map(_matched, statement.not_actions)) if statement.not_actions else frozenset()
            granted.update(*map(_matched, statement.actions))
    return frozenset(granted)


@cache
def _matched(pattern: str) -> frozenset[str]:
    return frozenset(name for name in EVERY if wildcard.matches(pattern.lower(), name.lower()))


def _is_open(path: Path, identity: Identity, statements: tuple[Statement, ...]) -> bool:
    return all(
        _may(action, _resources(path, action, identity, is_first=index == 0), path, identity, statements)
        for index, action in enumerate(path.actions)
    )


def _may(action: str, resources: tuple[str, ...], path: Path, identity: Identity, statements: tuple[Statement, ...]) -> bool:
    if _is_protected(action, statements):
        return False
    allowed = any(_lets(each, action, path) for each in allowing(statements, action, resources))
    limit = identity.boundary.policy if identity.boundary else None
    return allowed and (limit is None or not limit.is_known or any(allowing(limit.statements, action, resources)))


def _lets(statement: Statement, action: str, path: Path) -> bool:
    if narrows(statement, CLOSING):
        return False
    services = [values for _, key, values in statement.conditions if key.lower() == SERVICE] if action == PASS else []
    runner = path.actions[-1].partition(":")[0]
    return all(any(value.startswith(runner) or "*" in value.partition(".")[0] for value in values) for values in services)


def _is_protected(action: str, statements: tuple[Statement, ...]) -> bool:
    """Whether it is denied unless a boundary is set."""
    return any(
        each.effect == "Deny"
        and any("permissionsboundary" in key.lower() for _, key, _ in each.conditions)
        and any(wildcard.matches(pattern.lower(), action.lower()) for pattern in each.actions)
        for each in statements
    )


def _resources(path: Path, action: str, identity: Identity, *, is_first: bool) -> tuple[str, ...]:
    """On what the action must be allowed for the path to be open: on things that the policy does not name, or on itself."""
    if path.existing:
        return _unnamed(action)
    if not is_first:
        return ANY
    own = (f"arn:*:iam::*:role{identity.path}{identity.name}",) if path.on == "role" and action != PASS else ()
    return (*own, f"arn:*:iam::*:{path.on}/{UNNAMED}")


@cache
def _unnamed(action: str) -> tuple[str, ...]:
    known = reference.find(action)
    given = {"${Partition}": "*", "${Account}": "*", "${Region}": "*"}
    formats = reference.arn_formats(known) if known else ()
    return tuple(VARIABLE.sub(lambda match: given.get(match[0], UNNAMED), text) for text in formats) or ANY
