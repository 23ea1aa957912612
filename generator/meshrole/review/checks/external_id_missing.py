"""A third party may assume a role without an external id.

What: a trust in another account without sts:ExternalId, an organization's id or another condition on who asks.
Why: a company that acts for many customers can be asked by one of them to act on another's account:
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html
Bad: "Principal": {"AWS": "arn:aws:iam::444455556666:root"}
Good: the same with "Condition": {"StringEquals": {"sts:ExternalId": "a-value-that-they-gave-you"}}
"""

from collections.abc import Iterator

from meshrole.review.checks.common.conditions import narrows
from meshrole.review.checks.common.made import found, some
from meshrole.review.checks.common.principals import accounts, allows, own_accounts
from meshrole.review.documents import Statement
from meshrole.review.facts import Facts
from meshrole.review.model import Confidence, Finding, Severity

HELD_BY = (
    "sts:externalid",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:principalarn",
    "aws:multifactorauthpresent",
    "aws:sourceip",
    "aws:sourcevpce",
    "aws:sourcevpc",
    "sts:sourceidentity",
    "aws:principaltag/",
)
FIX = "ask for sts:ExternalId where it is another company's account, for aws:PrincipalOrgID where it is one of yours"


def check(facts: Facts) -> Iterator[Finding]:
    """A finding for each trust in an account that is not the plan's own."""
    own = own_accounts(facts.after)
    for role in facts.after.roles:
        foreign = [name for statement in allows(role.trust) for name in _foreign(statement, own)]
        if foreign:
            whole = any(name.endswith(":root") or name.isdigit() for name in foreign)
            severity = Severity.medium if whole else Severity.low
            confidence = Confidence.medium if own else Confidence.low
            message = f"{some(foreign)} may assume the role without an external id"
            yield found(__name__, severity, role.address, message, FIX, confidence)


def _foreign(statement: Statement, own: frozenset[str]) -> list[str]:
    if narrows(statement, HELD_BY):
        return []
    return [name for account, name in accounts(statement) if account not in own]
