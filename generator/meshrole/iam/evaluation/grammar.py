"""What AWS takes as a policy, and what it rejects.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from meshrole.errors import Problem
from meshrole.iam import wildcard
from meshrole.iam.evaluation.grammar_conditions import condition_problems, variable_problems
from meshrole.iam.evaluation.sorts import Sort

Path = tuple[str | int, ...]
VERSIONS = ("2008-10-17", "2012-10-17")
DOCUMENT = ("Version", "Id", "Statement")
STATEMENT = (
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
)
EFFECTS = ("Allow", "Deny")
PRINCIPALS = ("AWS", "Service", "Federated", "CanonicalUser")
SID = re.compile(r"[A-Za-z0-9]*")
# AWS also knows an action of any service, as in `*:*`.
ACTION = re.compile(r"\*|([A-Za-z0-9-]+|\*):[A-Za-z0-9_.*?-]+")
ACCOUNT = re.compile(r"[0-9]{12}")
UNIQUE_ID = re.compile(r"A[A-Z]{3}[A-Z0-9]{12,124}")
# A group is no principal.
NAMED = re.compile(
    r"arn:[^:]+:(iam::[^:]*:(root|(user|role)/.+)|sts::[^:]*:(assumed-role/[^/]+/[^/]+|federated-user/.+))", re.DOTALL
)


def problems(document: Any, sort: Sort, path: Path) -> Iterator[Problem]:
    """Everything for which AWS would reject the document as a policy of this sort."""
    if not isinstance(document, Mapping):
        yield Problem("a policy must be an object", path=path)
        return
    yield from _unknown(document, DOCUMENT if sort.has_id else ("Version", "Statement"), path)
    version = document.get("Version", VERSIONS[0])
    if version not in VERSIONS:
        yield Problem("the policy language has no such version", path=(*path, "Version"), found=str(version), allowed=VERSIONS)
    elif version != VERSIONS[-1] and not sort.old_versions:
        yield Problem(f"a policy of an organization must say its version, {VERSIONS[-1]}", path=(*path, "Version"))
    if "Id" in document and not isinstance(document["Id"], str):
        yield Problem("an Id must be text", path=(*path, "Id"))
    statements = document.get("Statement")
    every = list(_list(statements))
    if statements is None or not every:
        yield Problem("a policy needs a statement", path=(*path, "Statement"))
        return
    for index, statement in enumerate(every):
        place = (*path, "Statement", index)
        yield from _statement(statement, sort, place)
        if version == VERSIONS[-1] and isinstance(statement, Mapping):
            yield from variable_problems(statement, place)
    yield from _sids(every, sort, path)


def _statement(statement: Any, sort: Sort, path: Path) -> Iterator[Problem]:
    if not isinstance(statement, Mapping):
        yield Problem("a statement must be an object", path=path)
        return
    yield from _unknown(statement, STATEMENT, path)
    effect = statement.get("Effect")
    if effect not in EFFECTS:
        yield Problem("a statement needs an effect", path=(*path, "Effect"), found=_shown(effect), allowed=EFFECTS)
    yield from _either(statement, "Action", path)
    yield from _actions(statement, sort, path)
    yield from _resources(statement, sort, path)
    yield from _principals(statement, sort, path)
    if "Condition" in statement:
        yield from condition_problems(statement["Condition"], (*path, "Condition"))
    if sort.only_denies and effect == "Allow" and not _is_full_access(statement):
        # https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html
        yield Problem("only RCPFullAWSAccess may allow, which allows everything", path=(*path, "Effect"), found="Allow")


def _sids(statements: list[Any], sort: Sort, path: Path) -> Iterator[Problem]:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html"""
    seen: set[str] = set()
    for index, statement in enumerate(statements):
        sid = statement.get("Sid") if isinstance(statement, Mapping) else None
        if sid is None or sid == "":
            continue
        place = (*path, "Statement", index, "Sid")
        if not isinstance(sid, str):
            yield Problem("a Sid must be text", path=place)
        elif sid in seen:
            yield Problem("two statements have one Sid", path=place, found=sid)
        elif sort.principal == "forbidden" and not SID.fullmatch(sid):
            yield Problem("a Sid must be letters and digits", path=place, found=sid)
        seen.add(str(sid))


def _actions(statement: Mapping[str, Any], sort: Sort, path: Path) -> Iterator[Problem]:
    if "NotAction" in statement and sort.only_denies:
        yield Problem("a resource control policy cannot have NotAction", path=(*path, "NotAction"))
    for place, action in _texts(statement, ("Action", "NotAction"), path):
        if not isinstance(action, str) or not ACTION.fullmatch(action):
            yield Problem("an action must be like s3:GetObject", path=place, found=_shown(action))
        elif sort.only_denies and action == "*" and statement.get("Effect") == "Deny":
            yield Problem("an action of a resource control policy must name a service", path=place, found=action)


def _resources(statement: Mapping[str, Any], sort: Sort, path: Path) -> Iterator[Problem]:
    names = [name for name in ("Resource", "NotResource") if name in statement]
    if sort.resource == "forbidden" and names:
        yield Problem("a trust policy has no resource: it is the role's own", path=(*path, names[0]))
    elif sort.resource == "required" or len(names) > 1:
        yield from _either(statement, "Resource", path)
    for place, resource in _texts(statement, ("Resource", "NotResource"), path):
        if not isinstance(resource, str) or not resource:
            yield Problem("a resource must be text", path=place, found=_shown(resource))
        elif sort.principal == "forbidden" and resource != "*" and not resource.startswith("arn:"):
            yield Problem("a resource must be an ARN or *", path=place, found=resource)
        elif resource.startswith("arn:") and wildcard.has_wildcard(resource.split(":")[2] if resource.count(":") > 1 else ""):
            yield Problem("an ARN cannot have a wildcard for its service", path=place, found=resource)
        elif sort.layer == "session" and resource.startswith("arn:") and resource.count(":") < 5:
            yield Problem("a session policy needs whole ARNs", path=place, found=resource)


def _principals(statement: Mapping[str, Any], sort: Sort, path: Path) -> Iterator[Problem]:
    names = [name for name in ("Principal", "NotPrincipal") if name in statement]
    if sort.principal == "forbidden":
        for name in names:
            yield Problem("only policies of resources name principals", path=(*path, name))
        return
    yield from _either(statement, "Principal", path)
    if "NotPrincipal" in statement and (not sort.not_principal or statement.get("Effect") == "Allow"):
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
        yield Problem("NotPrincipal is for Deny in policies of resources, not of roles", path=(*path, "NotPrincipal"))
    for name in names:
        yield from _principal(statement[name], sort, (*path, name))


def _principal(value: Any, sort: Sort, path: Path) -> Iterator[Problem]:
    if value == "*":
        return
    if sort.only_denies:
        yield Problem("a resource control policy is about every principal", path=path, found=_shown(value), allowed=("*",))
    elif not isinstance(value, Mapping):
        yield Problem('a principal must be "*" or an object', path=path, found=_shown(value), allowed=PRINCIPALS)
    else:
        yield from _unknown(value, PRINCIPALS, path)
        if "Federated" in value and not sort.federated:
            yield Problem("only trust policies name identity providers", path=(*path, "Federated"))
        for place, item in _texts(value, PRINCIPALS, path):
            if not isinstance(item, str) or not _is_principal(str(place[len(path)]), item):
                yield Problem("this is no principal", path=place, found=_shown(item))


def _is_principal(sort: str, name: str) -> bool:
    """No name may have a wildcard or a variable in it: `*` alone is everybody, and no service is called so."""
    if name == "*":
        return sort == "AWS"
    if not name or wildcard.has_wildcard(name) or "${" in name:
        return False
    return sort != "AWS" or any(shape.fullmatch(name) for shape in (ACCOUNT, UNIQUE_ID, NAMED))


def _either(statement: Mapping[str, Any], name: str, path: Path) -> Iterator[Problem]:
    both = (name, f"Not{name}")
    given = [each for each in both if each in statement]
    if len(given) != 1:
        yield Problem(f"a statement needs {name} or Not{name}" + (", not both" if given else ""), path=path)


def _texts(value: Mapping[str, Any], names: tuple[str, ...], path: Path) -> Iterator[tuple[Path, Any]]:
    return (((*path, name), item) for name in names if name in value for item in _list(value[name]))


def _list(value: Any) -> list[Any] | tuple[Any, ...]:
    return value if isinstance(value, list | tuple) else [value]


def _unknown(value: Mapping[str, Any], known: tuple[str, ...], path: Path) -> Iterator[Problem]:
    for name in value:
        if name not in known:
            yield Problem("the policy language has no such element here", path=path, found=str(name), allowed=known)


def _is_full_access(statement: Mapping[str, Any]) -> bool:
    full = all(_list(statement.get(name)) == ["*"] for name in ("Action", "Resource"))
    return full and "Condition" not in statement


def _shown(value: Any) -> str | None:
    return None if value is None else str(value)
