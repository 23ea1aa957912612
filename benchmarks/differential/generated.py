"""Cases made up with a fixed seed: the same ones in every run.

The pools are small, so that what a policy says and what a request has meet often.
"""

from collections.abc import Sequence
from random import Random
from typing import Any

from differential.case import Case

SEED = 20_260_930
COUNT = 2_500
ACCOUNT, OTHER = "111122223333", "444455556666"
USER = f"arn:aws:iam::{ACCOUNT}:user/ana"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/app"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/app/s1"
PRINCIPALS = (
    *(USER, SESSION) * 4,
    f"arn:aws:iam::{OTHER}:user/ben",
    f"arn:aws:sts::{OTHER}:assumed-role/partner/s2",
    f"arn:aws:iam::{ACCOUNT}:root",
    f"arn:aws:sts::{ACCOUNT}:federated-user/cleo",
    f"arn:aws:sts::{ACCOUNT}:assumed-role/AWSServiceRoleForECS/s3",
    {"service": "sns.amazonaws.com"},
    {"type": "Anonymous"},
)
# An action with resources of the type that it takes.
ACTIONS = {
    "s3:GetObject": ("arn:aws:s3:::shop/ana/cat.png", "arn:aws:s3:::shop/ben/dog.png", "arn:aws:s3:::shop/a b/?.png"),
    "s3:ListBucket": ("arn:aws:s3:::shop", "arn:aws:s3:::shop-logs"),
    "sqs:SendMessage": (f"arn:aws:sqs:eu-west-1:{ACCOUNT}:orders-1", f"arn:aws:sqs:eu-west-1:{ACCOUNT}:ORDERS"),
    "dynamodb:GetItem": (f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/orders", f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/x"),
    "kms:Decrypt": (f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab",),
    "sts:AssumeRole": (f"arn:aws:iam::{ACCOUNT}:role/target",),
    "secretsmanager:GetSecretValue": (f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:db-AbCdEf",),
    "ec2:DescribeInstances": ("*",),
}
WRITTEN = ("*", "{service}:*", "{action}", "{action}", "{service}:G*", "{service}:*e*", "{lower}", "{service}:???Object", "iam:*")
RESOURCES = (
    *("*", "{resource}") * 2,
    "arn:aws:s3:::shop*",
    "arn:aws:s3:::shop/${{aws:username}}/*",
    "arn:aws:s3:::shop/${{aws:PrincipalTag/team, 'ana'}}/*",
    "arn:aws:s3:::shop/a?a/*.png",
    "arn:aws:s3:::shop/a b/${{?}}.png",
    "arn:aws:sqs:*:111122223333:orders-?",
)
NAMED = (
    *("*", {"AWS": "{arn}"}, {"AWS": ROLE}, {"AWS": USER}) * 2,
    {"AWS": "*"},
    {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
    {"AWS": [OTHER, f"arn:aws:iam::{ACCOUNT}:user/dora"]},
    {"Service": "sns.amazonaws.com"},
)
ORDERS = ("Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals")
# Keys that AWS documents for every action, with values of the request and of policies.
KEYS: dict[str, tuple[tuple[Any, ...], tuple[str, ...], tuple[str, ...]]] = {
    "aws:PrincipalTag/team": (
        ("blue", "Blue", "red", "", "ana"),
        ("blue", "red", "bl*", "?lue", "", "${aws:username}", "${aws:PrincipalTag/none, 'blue'}", "${*}"),
        ("StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike", "StringNotLike"),
    ),
    "aws:SourceIp": (
        ("203.0.113.7", "198.51.100.1", "2001:db8::1"),
        ("203.0.113.0/24", "203.0.113.7", "2001:db8::/32", "0.0.0.0/0"),
        ("IpAddress", "NotIpAddress"),
    ),
    "aws:MultiFactorAuthAge": (
        ("60", "3600", "59.5", "-1"),
        ("60", "3600", "60.0"),
        tuple(f"Numeric{word}" for word in ORDERS),
    ),
    "aws:CurrentTime": (
        ("2026-09-30T00:00:00Z", "2026-10-01T12:00:00Z"),
        ("2026-09-30T00:00:00Z", "2026-09-30", "2026-09-30T02:00:00+02:00"),
        tuple(f"Date{word}" for word in ORDERS),
    ),
    "aws:SecureTransport": (("true", "false"), ("true", "false"), ("Bool",)),
    "aws:SourceArn": (
        ("arn:aws:sns:eu-west-1:111122223333:news", "arn:aws:s3:::shop"),
        ("arn:aws:sns:*:111122223333:*", "arn:aws:sns:eu-west-1:111122223333:news", "arn:aws:s3:::*", "arn:*:111122223333:news"),
        ("ArnEquals", "ArnNotEquals", "ArnLike", "ArnNotLike"),
    ),
    "aws:TagKeys": (
        (["team"], ["team", "stage"], ["Team"], []),
        ("team", "stage", "st*"),
        ("StringEquals", "StringLike", "StringNotEquals"),
    ),
}
# AWS puts it into every request.
ALWAYS = ("aws:CurrentTime",)
# What a service and an anonymous caller cannot have.
OF_IDENTITIES = ("identity", "boundary", "session")
MULTIVALUED = "aws:TagKeys"
TODAY = {"Version": "2012-10-17"}
FULL = {**TODAY, "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


class Maker:
    """Makes one case after the other from a source of chances."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance

    def case(self, number: int) -> Case:
        """A case; a third of them is about identity policies alone."""
        action = self._one(tuple(ACTIONS))
        resource = self._one(ACTIONS[action])
        principal = self._one(PRINCIPALS) if number % 3 else self._one((USER, SESSION))
        request = {"principal": principal, "action": action, "resource": resource, "context": self._context()}
        if resource.startswith("arn:aws:s3"):
            request["resource_account"] = self._one((ACCOUNT, ACCOUNT, OTHER)) if number % 3 else ACCOUNT
        policies: dict[str, Any] = {"identity": self._documents(request, 2)}
        if number % 3:
            policies |= self._others(request)
        if not isinstance(principal, str):
            policies = {layer: found for layer, found in policies.items() if layer not in OF_IDENTITIES}
        return Case(f"generated {number}", request, policies)

    def _others(self, request: dict[str, Any]) -> dict[str, Any]:
        """Layers beside the identity policies, each there or not."""
        found: dict[str, Any] = {}
        if self._happens(0.6):
            found["resource"] = self._resource_policy(request)
        if self._happens(0.25):
            found["boundary"] = self._documents(request, 1)
        if self._happens(0.25) and "assumed-role" in str(request["principal"]):
            found["session"] = self._documents(request, 1)[0]
        if self._happens(0.3):
            found["scp"] = [[FULL], [each | TODAY for each in self._documents(request, 2)]]
        if self._happens(0.25):
            found["rcp"] = [[self._rcp(request)]]
        if self._happens(0.1):
            found["endpoint"] = [self._document(self._statement(request) | {"Principal": "*"})]
        return found

    def _documents(self, request: dict[str, Any], most: int) -> list[dict[str, Any]]:
        return [self._document(*self._statements(request)) for _ in range(self._chance.randint(1, most))]

    def _statements(self, request: dict[str, Any], most: int = 3) -> list[dict[str, Any]]:
        return [self._statement(request) for _ in range(self._chance.randint(1, most))]

    def _document(self, *statements: dict[str, Any]) -> dict[str, Any]:
        return {"Version": "2008-10-17" if self._happens(0.03) else "2012-10-17", "Statement": list(statements)}

    def _statement(self, request: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {"Effect": "Deny" if self._happens(0.2) else "Allow"}
        found["NotAction" if self._happens(0.1) else "Action"] = self._action(request)
        found["NotResource" if self._happens(0.1) else "Resource"] = self._resource(request)
        if self._happens(0.5):
            found["Condition"] = self._condition()
        return found

    def _resource_policy(self, request: dict[str, Any]) -> dict[str, Any]:
        statements = [each | {"Principal": self._principal(request)} for each in self._statements(request, 2)]
        if request["action"] == "sts:AssumeRole":
            for statement in statements:
                statement.pop("Resource", statement.pop("NotResource", None))
        return self._document(*statements)

    def _rcp(self, request: dict[str, Any]) -> dict[str, Any]:
        service = request["action"].split(":")[0]
        return (
            self._document(
                {"Effect": "Deny", "Principal": "*", "Action": f"{service}:*", "Resource": "*", "Condition": self._condition()}
            )
            | TODAY
        )

    def _action(self, request: dict[str, Any]) -> str:
        action = request["action"]
        return self._one(WRITTEN).format(action=action, lower=action.lower(), service=action.split(":")[0])

    def _resource(self, request: dict[str, Any]) -> str | list[str]:
        found = [self._one(RESOURCES).format(resource=request["resource"].replace("?", "*")) for _ in range(2)]
        return found if self._happens(0.3) else found[0]

    def _principal(self, request: dict[str, Any]) -> Any:
        named = self._one(NAMED)
        if named != {"AWS": "{arn}"}:
            return named
        principal = request["principal"]
        return {"AWS": principal if isinstance(principal, str) else USER}

    def _context(self) -> dict[str, Any]:
        return {key: self._one(values) for key, (values, _, _) in KEYS.items() if key in ALWAYS or self._happens(0.6)}

    def _condition(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for _ in range(self._chance.choice((1, 1, 1, 2))):
            key = self._one(tuple(KEYS))
            _, values, operators = KEYS[key]
            if self._happens(0.1):
                found["Null"] = {key: self._one(("true", "false"))}
                continue
            operator = self._one(operators) + ("IfExists" if self._happens(0.2) else "")
            if key == MULTIVALUED:
                operator = self._one(("ForAnyValue:", "ForAllValues:")) + operator
            several = self._chance.sample(values, k=min(len(values), self._chance.randint(1, 2)))
            found[operator] = {key: several if len(several) > 1 else several[0]}
        return found

    def _one(self, pool: Sequence[Any]) -> Any:
        return self._chance.choice(pool)

    def _happens(self, probability: float) -> bool:
        return self._chance.random() < probability


def generated(count: int = COUNT) -> list[Case]:
    """The cases, from the fixed seed."""
    maker = Maker(Random(SEED))
    return [maker.case(number) for number in range(count)]
