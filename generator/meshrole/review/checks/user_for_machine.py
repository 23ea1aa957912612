"""A user of IAM for what is no person.

What: an aws_iam_user that has no password and no name of a person's: a user for a program.
Why: a user has long-lived credentials only; a role has short ones:
https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#bp-workloads-use-roles
Bad: resource "aws_iam_user" "deployer"
Good: resource "aws_iam_role" "deployer", trusted by the pipeline's OIDC provider
"""

from collections.abc import Iterator

from meshrole.review.checks.common.holders import BREAK_GLASS
from meshrole.review.checks.common.made import found
from meshrole.review.facts import Facts, User
from meshrole.review.model import Confidence, Finding, Severity

FIX = "make it a role; people sign in through IAM Identity Center or a SAML provider"


def check(facts: Facts) -> Iterator[Finding]:
    """A finding for each user of a machine."""
    for user in facts.after.users:
        if not _is_person(user):
            confidence = Confidence.high if user.keys else Confidence.medium
            yield found(__name__, Severity.medium, user.address, "a user for a program: nobody signs in with it", FIX, confidence)


def _is_person(user: User) -> bool:
    name = user.name if isinstance(user.name, str) else ""
    return bool(user.console) or "@" in name or bool(BREAK_GLASS.search(f"{name} {user.address}"))
