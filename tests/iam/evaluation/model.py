"""The evaluation of IAM policies a second time, by enumeration and small enough to be read beside AWS's pages.

It knows a few actions, resources, principals and keys with a few values. A statement is expanded into every request that it covers,
so nothing is matched: no wildcard but the star that stands alone, no variable. How the layers combine is written from
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html and nothing else.
"""

from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from itertools import product
from typing import Any, NamedTuple

ACCOUNT, OTHER_ACCOUNT = "111111111111", "222222222222"
OBJECTS = ("arn:aws:s3:::bucket/one", "arn:aws:s3:::bucket/two")
KEYS = tuple(f"arn:aws:kms:us-east-1:{account}:key/k" for account in (ACCOUNT, OTHER_ACCOUNT))
RESOURCES = (*OBJECTS, *KEYS)
ACTIONS = ("s3:GetObject", "s3:PutObject", "kms:Encrypt", "kms:Decrypt")
# The last value of each key is in no policy: it stands for all the others that there are.
CONTEXT = {
    "aws:PrincipalTag/team": ("blue", "red", "green"),
    "aws:SourceVpce": ("vpce-11111111", "vpce-22222222", "vpce-33333333"),
}
USER, ROLE = f"arn:aws:iam::{ACCOUNT}:user/ana", f"arn:aws:iam::{ACCOUNT}:role/app"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/app/s1"
ROOT, OTHER_ROOT = f"arn:aws:iam::{ACCOUNT}:root", f"arn:aws:iam::{OTHER_ACCOUNT}:root"
SERVICE, STAR = "ecs.amazonaws.com", "*"
PRINCIPALS: dict[str, Any] = {
    "user": USER,
    "session": SESSION,
    "service": {"service": SERVICE},
    "anonymous": {"type": "Anonymous"},
}
CONDITIONS: list[dict[str, dict[str, list[str]]]] = [
    {operator + suffix: {key: list(values)}}
    for key, known in CONTEXT.items()
    for values in (known[:1], known[1:2], known[:2])
    for operator in ("StringEquals", "StringNotEquals")
    for suffix in ("", "IfExists")
] + [{"Null": {key: [word]}} for key in CONTEXT for word in ("true", "false")]
# Principal elements of policies.
ELEMENTS: list[Any] = ["*", {"AWS": ["*"]}, {"Service": [SERVICE]}, {"AWS": [USER, ROLE], "Service": [SERVICE]}]
ELEMENTS += [{"AWS": [name]} for name in (USER, ROLE, SESSION, ROOT, OTHER_ROOT)]


class Grant(Enum):
    """How a statement's principal means the one who asks."""

    DIRECTLY = "the user, the session, the service or everybody"
    BY_ROLE = "the role of the session"
    BY_ACCOUNT = "the account, which decides itself"


MEANT = {
    "user": {USER: Grant.DIRECTLY, ROOT: Grant.BY_ACCOUNT, STAR: Grant.DIRECTLY},
    "session": {SESSION: Grant.DIRECTLY, ROLE: Grant.BY_ROLE, ROOT: Grant.BY_ACCOUNT, STAR: Grant.DIRECTLY},
    "service": {SERVICE: Grant.DIRECTLY, STAR: Grant.DIRECTLY},
    "anonymous": {STAR: Grant.DIRECTLY},
}


class Asked(NamedTuple):
    """A request: who, what, on what, with which keys, and whose the resource is."""

    who: str
    action: str
    resource: str
    context: tuple[tuple[str, str], ...]
    resource_account: str

    @property
    def signed_by_the_account(self) -> bool:
        return self.who in ("user", "session")


def contexts() -> Iterator[tuple[tuple[str, str], ...]]:
    """Every context there is: each key absent or with one of its values."""
    for values in product(*((None, *CONTEXT[key]) for key in CONTEXT)):
        yield tuple((key, value) for key, value in zip(CONTEXT, values, strict=True) if value is not None)


def holds(operator: str, values: list[str], value: str | None) -> bool:
    """One operator on one key, whose value is None if it is absent.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
    """
    if operator == "Null":
        return (value is None) == (values == ["true"])
    if operator.endswith("IfExists") and value is None:
        return True
    negated = operator.startswith("StringNot")
    return (value in values) != negated


def chosen(statement: Mapping[str, Any], element: str, every: Iterable[str]) -> set[str]:
    """The actions or resources of a statement, as a set out of all that there are."""
    listed = set(statement.get(element, statement.get(f"Not{element}", ())))
    everything = set(every)
    named = everything if STAR in listed else listed & everything
    return named if element in statement else everything - named


def fitting(statement: Mapping[str, Any]) -> set[tuple[tuple[str, str], ...]]:
    """Every context in which the conditions of a statement hold."""
    conditions = [
        (operator, key, values) for operator, keys in statement.get("Condition", {}).items() for key, values in keys.items()
    ]
    return {
        context
        for context in contexts()
        if all(holds(operator, values, dict(context).get(key)) for operator, key, values in conditions)
    }


def covers(statement: Mapping[str, Any], asked: Asked) -> bool:
    """Whether the request is among all those that a statement applies to."""
    sets = (chosen(statement, "Action", ACTIONS), chosen(statement, "Resource", RESOURCES), fitting(statement))
    return all(one in every for one, every in zip((asked.action, asked.resource, asked.context), sets, strict=True))


def applying(documents: Iterable[Mapping[str, Any]], asked: Asked, effect: str) -> list[Mapping[str, Any]]:
    """The statements of an effect that apply to a request, whomever they name."""
    return [
        statement
        for document in documents
        for statement in document["Statement"]
        if statement["Effect"] == effect and covers(statement, asked)
    ]


def meant(statement: Mapping[str, Any], who: str) -> set[Grant]:
    """In which ways a statement means who asks; policies without principals mean whom they are attached to."""
    if "Principal" not in statement:
        return {Grant.DIRECTLY}
    given = statement["Principal"]
    named = [STAR] if given == STAR else [name for names in given.values() for name in names]
    return {MEANT[who][name] for name in named if name in MEANT[who]}


def grants(documents: Iterable[Mapping[str, Any]], asked: Asked, effect: str = "Allow") -> set[Grant]:
    """In which ways some documents allow (or deny) a request."""
    return {grant for statement in applying(documents, asked, effect) for grant in meant(statement, asked.who)}


def layers(policies: Mapping[str, Any], asked: Asked) -> list[list[Mapping[str, Any]]]:
    """The documents that have a say, each list a layer (or a level of it) that must allow by itself, but for the first two.

    SCPs are for users and roles of the account only:
    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
    """
    resource = [policies["resource"]] if policies["resource"] is not None else []
    bounds = [*policies["rcp"]]
    if asked.signed_by_the_account:
        bounds += policies["scp"]
    if policies["endpoint"] is not None:
        bounds.append(policies["endpoint"])
    return [policies["identity"], resource, *bounds]


def within_the_identity(policies: Mapping[str, Any], asked: Asked) -> bool:
    """Whether the boundary and the session policy, where there are any, allow."""
    boundary, session = policies["boundary"], policies["session"]
    return (boundary is None or bool(grants(boundary, asked))) and (session is None or bool(grants([session], asked)))


def decide(policies: Mapping[str, Any], asked: Asked) -> tuple[str, str]:
    """Allow or deny, and its kind."""
    identity, resource, *bounds = layers(policies, asked)
    others = [policies["boundary"] or [], [policies["session"]] if policies["session"] else []]
    if any(grants(documents, asked, "Deny") for documents in [identity, resource, *bounds, *others]):
        return "deny", "explicit"
    if not all(grants(documents, asked) for documents in bounds):
        return "deny", "implicit"
    return ("allow", "explicit") if granted(policies, asked) else ("deny", "implicit")


def granted(policies: Mapping[str, Any], asked: Asked) -> bool:
    """Whether identity and resource policies grant what no bound forbids."""
    by_resource = grants([policies["resource"]], asked) if policies["resource"] is not None else set()
    if not asked.signed_by_the_account:
        return Grant.DIRECTLY in by_resource
    by_identity, within = bool(grants(policies["identity"], asked)), within_the_identity(policies, asked)
    if asked.resource_account != ACCOUNT:
        # Both accounts must allow: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
        return bool(by_resource) and by_identity and within
    if asked.resource in KEYS:
        # Unless the key policy lets it, no identity policy allows: https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
        by_identity = by_identity and Grant.BY_ACCOUNT in by_resource
    return Grant.DIRECTLY in by_resource or ((by_identity or Grant.BY_ROLE in by_resource) and within)
