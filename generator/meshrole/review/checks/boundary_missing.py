"""A role without the permissions boundary that the others have.

What: a role or user without a boundary in a plan in which others have one. Roles that only a service of AWS's own assumes, and
service-linked ones, are none.
Why: the boundary is what holds whoever may change the role's policies:
https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
Bad: resource "aws_iam_role" without permissions_boundary beside ten with it
Good: permissions_boundary = aws_iam_policy.boundary.arn
"""

from collections.abc import Iterator, Sequence

from meshrole.review.checks.common.made import found
from meshrole.review.checks.common.principals import allows, is_service_linked, services
from meshrole.review.checks.shared_role import RUNTIMES
from meshrole.review.facts import Facts, Identity, Role
from meshrole.review.model import Confidence, Finding, Severity

FIX = "set permissions_boundary as the other identities of the plan do"


def check(facts: Facts) -> Iterator[Finding]:
    """A finding for each identity without a boundary, where others of its kind have one."""
    had = {thing.address for thing in (*facts.before.roles, *facts.before.users) if thing.boundary is not None}
    yield from _among([role for role in facts.after.roles if not _is_of_aws(role)], had)
    yield from _among(list(facts.after.users), had)


def _among(eligible: Sequence[Identity], had: set[str]) -> Iterator[Finding]:
    """Of those that never had one: that one is taken off is told by itself."""
    held = sum(identity.boundary is not None for identity in eligible)
    if not held:
        return
    modules = {identity.module for identity in eligible if identity.boundary is not None}
    for identity in eligible:
        if identity.boundary is None and identity.was not in had:
            severity = Severity.medium if identity.module in modules else Severity.low
            message = f"has no permissions boundary, as {held} other identities of the plan do"
            yield found(__name__, severity, identity.address, message, FIX, Confidence.medium)


def _is_of_aws(role: Role) -> bool:
    """Whether only services assume it, none of which runs a team's code."""
    principals = [principal for statement in allows(role.trust) for principal in statement.principals]
    names = {name for statement in allows(role.trust) for name in services(statement)}
    return is_service_linked(role) or (bool(names) and len(names) == len(principals) and not names & set(RUNTIMES))
