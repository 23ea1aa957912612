"""A policy that is over, or near, the size that AWS takes.

What: more than nine tenths of the quota: 6,144 characters for a managed policy, 10,240 for all inline ones of a role (a user
2,048, a group 5,120), 2,048 for a trust policy that nobody had raised, 5,120 for a service control policy.
Why: the apply fails, half way, and the next grant does not fit:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
Bad: one inline policy with a statement for each of 200 tables
Good: several managed policies, or a resource pattern that a name convention holds
"""

from collections.abc import Iterator

from meshrole.review.checks.common.grants import identities
from meshrole.review.checks.common.made import found
from meshrole.review.facts import Facts, Group, User
from meshrole.review.model import Confidence, Finding, Severity

MANAGED, TRUST, TRUST_RAISED = 6_144, 2_048, 8_192
INLINE, INLINE_USER, INLINE_GROUP = 10_240, 2_048, 5_120
# https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
CONTROL = 5_120
NEAR = 0.9
FIX = "divide it, or say the same with fewer statements"


def check(facts: Facts) -> Iterator[Finding]:
    """A finding for each policy that does not fit, or hardly."""
    side = facts.after
    for managed in side.policies:
        yield from _of(managed.address, "the policy", managed.policy.size, MANAGED)
    for identity in identities(side):
        size = sum(item.policy.size for item in identity.inline)
        limit = INLINE_USER if isinstance(identity, User) else INLINE_GROUP if isinstance(identity, Group) else INLINE
        yield from _of(identity.address, "all inline policies together", size, limit)
    for role in side.roles:
        yield from _of_trust(role.address, role.trust.size)
    for control in side.organization:
        yield from _of(control.address, "the policy", control.policy.size, CONTROL)


def _of(address: str, what: str, size: int, limit: int) -> Iterator[Finding]:
    if size > limit:
        yield found(__name__, Severity.high, address, f"{what}: {size:,} characters, AWS takes {limit:,}", FIX)
    elif size > NEAR * limit:
        yield found(__name__, Severity.low, address, f"{what}: {size:,} of the {limit:,} characters that AWS takes", FIX)


def _of_trust(address: str, size: int) -> Iterator[Finding]:
    if TRUST < size <= TRUST_RAISED:
        message = f"the trust policy: {size:,} characters, AWS takes {TRUST:,} unless the quota was raised"
        yield found(__name__, Severity.medium, address, message, FIX, Confidence.medium)
    else:
        yield from _of(address, "the trust policy", size, TRUST_RAISED if size > TRUST else TRUST)
