"""A grant that can never apply.

What: an action on a resource that the identity's boundary, or a service control policy in the plan, forbids in every case.
Why: the reader believes that it is allowed; and when the boundary goes, it is:
https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html#access_policies_boundaries-eval-logic
Bad: a policy that allows sqs:SendMessage under a boundary that does not speak of sqs
Good: the grant removed, or the boundary widened on purpose
"""

from collections.abc import Iterator

from meshrole.review.checks.common.grants import identities
from meshrole.review.checks.common.made import found, some
from meshrole.review.checks.common.reaching import is_dead, touches
from meshrole.review.documents import Policy, Statement
from meshrole.review.facts import Facts, Identity, OrganizationPolicy
from meshrole.review.model import Confidence, Finding, Severity

SERVICE_CONTROL = "SERVICE_CONTROL_POLICY"
ROOT = "r-"
FIX = "remove the grant, or change what forbids it"


def check(facts: Facts) -> Iterator[Finding]:
    """A finding for each policy with dead grants, and what forbids them."""
    controls = [each for each in facts.after.organization if _applies_to_all(each)]
    for identity in identities(facts.after):
        for address, policy in _own(identity):
            limit = identity.boundary.policy if identity.boundary else None
            if limit is not None and limit.is_known:
                dead = [pair for pair in _pairs(policy) if _is_out(limit.statements, *pair)]
                yield from _found(address, dead, "the permissions boundary")
            for control in controls:
                dead = [pair for pair in _pairs(policy) if any(is_dead(each, *pair) for each in control.policy.statements)]
                yield from _found(address, dead, f"the service control policy {control.name}")


def _found(address: str, dead: list[tuple[str, str]], by: str) -> Iterator[Finding]:
    if dead:
        names = some(f"{action} on {resource}" for action, resource in dead)
        yield found(__name__, Severity.low, address, f"{by} forbids {names}", FIX, Confidence.medium)


def _applies_to_all(control: OrganizationPolicy) -> bool:
    return control.kind == SERVICE_CONTROL and any(str(target.text).startswith(ROOT) for target in control.targets)


def _own(identity: Identity) -> Iterator[tuple[str, Policy]]:
    yield from ((item.address, item.policy) for item in identity.inline)
    yield from ((item.address, item.policy) for item in identity.attached if item.policy is not None)


def _pairs(policy: Policy) -> Iterator[tuple[str, str]]:
    for statement in policy.statements:
        if statement.effect == "Allow":
            yield from ((action, resource) for action in statement.actions for resource in statement.resources)


def _is_out(limit: tuple[Statement, ...], action: str, resource: str) -> bool:
    if any(is_dead(each, action, resource) for each in limit):
        return True
    return not any(each.effect == "Allow" and touches(each, action, resource) for each in limit)
