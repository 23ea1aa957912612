"""An action that AWS does not have.

What: an action, or a pattern, that matches none of AWS's actions. In a statement that denies it is worse: nothing is denied.
Why: IAM accepts the text and the statement does nothing; what was meant is missing:
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
Bad: "Action": "dynamodb:PutItems"
Good: "Action": "dynamodb:PutItem"
"""

from collections.abc import Iterator

from meshrole.iam import actions as reference
from meshrole.review.checks.common.made import found, some
from meshrole.review.checks.common.policies import every
from meshrole.review.documents import Statement
from meshrole.review.facts import Facts
from meshrole.review.model import Confidence, Finding, Severity


def check(facts: Facts) -> Iterator[Finding]:
    """A finding for each statement that names such actions."""
    for address, policy in every(facts.after):
        for statement in policy.statements:
            unknown = _unknown(statement)
            if unknown:
                yield _found(address, statement, unknown)


def _found(address: str, statement: Statement, unknown: tuple[str, ...]) -> Finding:
    close = [name for action in unknown for name in reference.nearest(action)[:1]]
    fix = f"did you mean {some(close)}?" if close else "remove it, or look it up in the Service Authorization Reference"
    effect = "denies" if statement.effect == "Deny" else "allows"
    severity = Severity.medium if effect == "denies" or len(unknown) == len(statement.actions) else Severity.low
    confidence = Confidence.high if all(_has_service(action) for action in unknown) else Confidence.medium
    return found(__name__, severity, address, f"{effect} {some(unknown)}, which AWS does not have", fix, confidence)


def _unknown(statement: Statement) -> tuple[str, ...]:
    names = (*statement.actions, *statement.not_actions)
    return tuple(name for name in names if not reference.expand(name))


def _has_service(action: str) -> bool:
    return reference.service_exists(action.partition(":")[0])
