"""Anybody may assume a role, or use a resource.

What: a trust policy or the policy of a resource that allows `*`, or everybody but some (`NotPrincipal`), without a condition
that says whose or from where. A statement that denies, and a key's statement for its own account, is none.
Why: `*` is every account of AWS, and where AWS asks for no signature, everybody on the internet:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-anonymous
Bad: "Principal": "*"
Good: "Principal": "*", "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-exampleorgid"}}
"""

from collections.abc import Iterator

from meshrole.review.checks.common.conditions import narrows_caller
from meshrole.review.checks.common.made import found, some
from meshrole.review.checks.common.policies import of_resources
from meshrole.review.checks.common.principals import allows, is_everybody
from meshrole.review.documents import Statement
from meshrole.review.facts import Facts
from meshrole.review.model import Confidence, Finding, Severity

FIX = "name the accounts or roles, or add a condition on aws:PrincipalOrgID, aws:SourceArn or aws:SourceAccount"
READS = ("s3:getobject", "s3:getobjectversion", "s3:listbucket")


def check(facts: Facts) -> Iterator[Finding]:
    """A finding for each statement that lets everybody in."""
    for role in facts.after.roles:
        for statement in allows(role.trust):
            if _is_open(statement):
                yield found(__name__, Severity.critical, role.address, "anybody with an account of AWS may assume the role", FIX)
    for address, policy in of_resources(facts.after):
        for statement in allows(policy):
            if _is_open(statement):
                severity, confidence = _weight(statement)
                message = f"anybody may do {some(statement.actions or ('all but ' + some(statement.not_actions),))}"
                yield found(__name__, severity, address, message, FIX, confidence)


def _is_open(statement: Statement) -> bool:
    return is_everybody(statement) and not narrows_caller(statement)


def _weight(statement: Statement) -> tuple[Severity, Confidence]:
    if statement.actions and all(action.lower() in READS for action in statement.actions):
        return Severity.high, Confidence.medium
    return Severity.critical, Confidence.high
