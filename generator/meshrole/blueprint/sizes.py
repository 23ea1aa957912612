"""Policies that fit: inline while they can be, in several managed policies when they cannot, never wider.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
"""

from meshrole.blueprint import naming
from meshrole.blueprint.model import ManagedPolicy
from meshrole.errors import BuildError, Problem
from meshrole.iam import packing, policy
from meshrole.iam.policy import Document
from meshrole.inventory.values import Environment, Path

MAX_INLINE = 10_240
MAX_MANAGED = 6_144
# The newest page of AWS says 20, two others say 10: the smaller one is safe until the account's is given.
MANAGED_POLICIES_PER_ROLE = 10


def fitted(
    label: str, role_name: str, document: Document, environment: Environment, source: Path
) -> tuple[Document, tuple[ManagedPolicy, ...]]:
    """The policy as (inline document, ()) or as ((), managed policies). Raises BuildError when even these are too many."""
    if policy.size(document) <= MAX_INLINE:
        return document, ()
    allowed = environment.quotas.managed_policies_per_role or MANAGED_POLICIES_PER_ROLE
    try:
        parts = packing.pack(document, MAX_MANAGED, max_parts=allowed)
    except ValueError as error:
        raise BuildError(Problem(f"role {role_name}: {error}", path=source)) from None
    if len(parts) > allowed:
        largest = max(document, key=lambda statement: policy.size((statement,)))
        fills = f"the largest statement is {largest.sid} with {policy.size((largest,)):,}"
        raise BuildError(
            Problem(
                f"role {role_name} needs {len(parts)} managed policies of {allowed}",
                path=source,
                found=f"{policy.size(document):,} characters; {fills}",
                help="give fewer resources, or raise accounts.…quotas.managed_policies_per_role (AWS allows up to 25)",
            )
        )
    return (), tuple(_managed(label, role_name, suffix, part, environment) for suffix, part in parts)


def _managed(label: str, role_name: str, suffix: str, document: Document, environment: Environment) -> ManagedPolicy:
    name = naming.joined(role_name, suffix, longest=naming.MAX_POLICY_NAME)
    return ManagedPolicy(
        label=f"{label}-{suffix}",
        name=name,
        path=environment.role_path,
        arn=naming.iam_arn(environment, "policy", name, environment.role_path),
        document=document,
    )
