"""A grant of every action, or of every action of a service.

What: a statement that allows `*`, `service:*` or everything but some actions (`NotAction`), or a wildcard that takes in actions
that write. A wildcard of reads only (`dynamodb:Describe*`) is none.
Why: actions that AWS adds later are granted too, and nobody reviews them:
https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege
Bad: "Action": "dynamodb:*"
Good: "Action": ["dynamodb:GetItem", "dynamodb:PutItem"]
"""

from collections.abc import Iterator

from meshrole.iam import actions as reference
from meshrole.iam import wildcard
from meshrole.review.checks.common import holders
from meshrole.review.checks.common.grants import Grant, grants
from meshrole.review.checks.common.levels import Level, highest
from meshrole.review.checks.common.made import found, some
from meshrole.review.facts import Facts
from meshrole.review.model import Confidence, Finding, Severity

EVERYTHING = ("*", "*:*")
FIX = "name the actions that are used"


def check(facts: Facts) -> Iterator[Finding]:
    """A finding for each statement with a wildcard in its actions."""
    for grant in grants(facts.after):
        if grant.statement.not_actions:
            names = some(grant.statement.not_actions)
            yield found(__name__, Severity.high, grant.address, f"allows every action but {names}", FIX)
        wide = [action for action in grant.statement.actions if wildcard.has_wildcard(action)]
        if wide:
            yield from _wide(grant, wide)


def _wide(grant: Grant, patterns: list[str]) -> Iterator[Finding]:
    where = f"on {some(grant.statement.resources) or 'whatever it is attached to'}"
    if any(pattern in EVERYTHING for pattern in patterns):
        severity, confidence = _everything(grant)
        yield found(__name__, severity, grant.address, f"allows every action {where}", FIX, confidence)
        return
    services = [pattern for pattern in patterns if pattern.endswith(":*")]
    if services:
        severity = Severity.high if "*" in grant.statement.resources else Severity.medium
        yield found(__name__, severity, grant.address, f"allows {some(services)}, every action of the service, {where}", FIX)
        return
    writing = [pattern for pattern in patterns if highest(pattern) >= Level.write]
    if writing:
        names = some(name for name in writing if reference.expand(name))
        managing = any(highest(pattern) == Level.permissions for pattern in writing)
        severity = Severity.medium if managing else Severity.low
        yield found(__name__, severity, grant.address, f"allows what AWS ever names {names} {where}", FIX, Confidence.medium)


def _everything(grant: Grant) -> tuple[Severity, Confidence]:
    if grant.document.holders and all(map(holders.is_break_glass, grant.document.holders)):
        return Severity.low, Confidence.low
    if "*" in grant.statement.resources or grant.statement.not_resources:
        return (Severity.high if grant.statement.conditions else Severity.critical), Confidence.high
    return Severity.high, Confidence.high
