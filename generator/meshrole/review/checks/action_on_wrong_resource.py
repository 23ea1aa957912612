"""A grant of an action on a resource that it never acts on.

What: an action that has resource types, none of which is among the resources of its statement; or an action that AWS grants on
`*` only, on something else.
Why: the statement does nothing for that action, and a Deny of this kind denies nothing:
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
Bad: "Action": "s3:GetObject", "Resource": "arn:aws:s3:::orders"
Good: "Action": "s3:GetObject", "Resource": "arn:aws:s3:::orders/*"
"""

from collections.abc import Iterator
from functools import lru_cache

from meshrole.iam import actions as reference
from meshrole.review.checks.common.grants import documents
from meshrole.review.checks.common.made import found, some
from meshrole.review.documents import Statement
from meshrole.review.facts import Facts
from meshrole.review.model import Confidence, Finding, Severity

CACHE = 16_384


def check(facts: Facts) -> Iterator[Finding]:
    """A finding for each statement with such actions."""
    for document in documents(facts.after):
        for statement in document.policy.statements:
            idle = tuple(action for action in statement.actions if is_idle(action, statement.resources))
            if idle:
                yield _found(document.address, statement, idle)


def _found(address: str, statement: Statement, idle: tuple[str, ...]) -> Finding:
    whole = len(idle) == len(statement.actions)
    severity = Severity.medium if whole or statement.effect == "Deny" else Severity.low
    message = f"{some(idle)} never acts on {some(statement.resources)}: the statement does nothing for it"
    return found(__name__, severity, address, message, _fix(idle[0]), Confidence.high)


def _fix(action: str) -> str:
    known = [each for name in reference.expand(action)[:1] if (each := reference.find(name))]
    formats = [text for each in known for text in reference.arn_formats(each)]
    return f"it acts on {some(formats, 2)}" if formats else 'it is granted on "*" only: give it a statement of its own'


@lru_cache(CACHE)
def is_idle(pattern: str, resources: tuple[str, ...]) -> bool:
    """Whether no action of the pattern acts on any of these resources."""
    if not resources or "*" in resources:
        return False
    names = reference.expand(pattern)
    return bool(names) and not any(
        reference.acts_on(known, resource) for name in names if (known := reference.find(name)) for resource in resources
    )
