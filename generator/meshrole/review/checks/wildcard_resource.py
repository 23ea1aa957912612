"""A grant on every resource, of actions that can be granted on single ones.

What: a statement that allows an action which has resource types on `*`, on every resource of a type, or on everything but some
(`NotResource`). Actions that AWS grants on `*` only, and conditions that name resources by tag or account, are none.
Why: whatever the account ever holds can be acted on:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
Bad: "Action": "dynamodb:PutItem", "Resource": "*"
Good: "Action": "dynamodb:PutItem", "Resource": "arn:aws:dynamodb:eu-west-1:111122223333:table/orders"
"""

import re
from collections.abc import Iterator

from meshrole.review.checks.common import holders
from meshrole.review.checks.common.conditions import narrows_resource
from meshrole.review.checks.common.grants import Grant, grants
from meshrole.review.checks.common.levels import Level, highest, level, typed
from meshrole.review.checks.common.made import found, some
from meshrole.review.facts import Facts
from meshrole.review.model import Confidence, Finding, Severity

# Every resource of a type, or of a service, in some account: `arn:aws:s3:::*`, `arn:aws:dynamodb:*:*:table/*`.
# In S3's ARNs the first part is a bucket's name, elsewhere the type.
ALL_OF_TYPE = re.compile(r"arn:[^:]+:(?!s3:)[a-z0-9-]+:[^:]*:[^:]*:(?:[a-zA-Z-]+[/:])?\*(?:/\*)?|arn:[^:]+:s3:::\*(?:/\*)?")
# Reading these is reading secrets, or what they guard.
# https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/sec_identities_secrets.html
SECRET = frozenset(
    ["secretsmanager:GetSecretValue", "ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath", "kms:Decrypt"]
)
# What an agent does to write logs, and names no resource that somebody else owns.
TELEMETRY = frozenset(("logs", "xray", "cloudwatch"))
# What AWS itself grants on `*` to agents: fetching images, and telling that an instance is there.
# https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonECSTaskExecutionRolePolicy.html
# https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonSSMManagedInstanceCore.html
AGENTS = frozenset(
    ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage", "ssm:UpdateInstanceInformation"]
)
FIX = "name the resources by their ARNs, or hold the statement to them by a condition such as aws:ResourceTag"


def check(facts: Facts) -> Iterator[Finding]:
    """A finding for each statement about every resource."""
    for grant in grants(facts.after):
        statement = grant.statement
        if narrows_resource(statement):
            continue
        if statement.not_resources:
            message = f"allows {some(statement.actions)} on everything but {some(statement.not_resources)}"
            yield found(__name__, Severity.high, grant.address, message, FIX)
        elif "*" in statement.resources:
            yield from _on_all(grant)
        elif any(ALL_OF_TYPE.fullmatch(resource) for resource in statement.resources):
            yield from _on_all_of_type(grant)


def _on_all(grant: Grant) -> Iterator[Finding]:
    names = [name for pattern in grant.statement.actions for name in typed(pattern)]
    names += ["every action"] if grant.statement.not_actions else []
    if names:
        severity, confidence = _weight(grant, names)
        shown = [pattern for pattern in grant.statement.actions if typed(pattern)] or names
        yield found(__name__, severity, grant.address, f"allows {some(shown)} on every resource", FIX, confidence)


def _on_all_of_type(grant: Grant) -> Iterator[Finding]:
    wide = [resource for resource in grant.statement.resources if ALL_OF_TYPE.fullmatch(resource)]
    writing = [pattern for pattern in grant.statement.actions if highest(pattern) >= Level.write]
    if writing:
        message = f"allows {some(writing)} on {some(wide)}, which is every resource of its type"
        yield found(__name__, Severity.low, grant.address, message, FIX, Confidence.medium)


def _weight(grant: Grant, names: list[str]) -> tuple[Severity, Confidence]:
    if grant.document.holders and all(map(holders.is_break_glass, grant.document.holders)):
        return Severity.low, Confidence.low
    if AGENTS.issuperset(names):
        return Severity.info, Confidence.medium
    top = max((level(name) for name in names), default=Level.write) or Level.write
    if all(name.partition(":")[0] in TELEMETRY for name in names) and top <= Level.write:
        return Severity.low, Confidence.medium
    if top == Level.permissions or SECRET.intersection(names):
        return Severity.high, Confidence.high
    if top >= Level.tagging or any(level(name) == Level.read and not _describes(name) for name in names):
        return Severity.medium, Confidence.high
    return Severity.low, Confidence.medium


def _describes(action: str) -> bool:
    """Whether it reads what a thing is like, not what is in it."""
    return action.partition(":")[2].startswith(("Describe", "List"))
