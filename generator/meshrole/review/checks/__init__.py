"""The checks of a review, each a file of its own: what is wrong in a plan, by itself or against what was.

A check's docstring says what it finds, why, and how it looks when it is bad and good: the documentation, `explain` and the help
in SARIF are made from it.
"""

from collections.abc import Iterator, Mapping
from types import ModuleType

from meshrole.review.checks import (
    access_key_for_machine,
    action_on_wrong_resource,
    boundary_missing,
    boundary_removed,
    broad_managed_policy,
    dead_grant,
    description_contradicts,
    envoy_grant_wide,
    external_id_missing,
    key_deletion,
    lattice_without_auth,
    log_bucket_opened,
    log_retention_cut,
    missing_from_plan,
    not_in_inventory,
    oidc_loose_sub,
    oidc_without_sub,
    permission_widened,
    policy_size,
    privilege_escalation,
    recorder_narrowed,
    recorder_stopped,
    shared_role,
    task_and_execution_role_same,
    trail_deleted,
    trail_encryption_off,
    trail_narrowed,
    trail_stopped,
    trail_validation_off,
    trust_broadened,
    trust_without_source,
    unknown_action,
    user_for_machine,
    wildcard_action,
    wildcard_principal,
    wildcard_resource,
)
from meshrole.review.facts import Facts
from meshrole.review.model import Finding

CHECKS: Mapping[str, ModuleType] = {
    "wildcard-action": wildcard_action,
    "wildcard-resource": wildcard_resource,
    "wildcard-principal": wildcard_principal,
    "unknown-action": unknown_action,
    "action-on-wrong-resource": action_on_wrong_resource,
    "broad-managed-policy": broad_managed_policy,
    "envoy-grant-wide": envoy_grant_wide,
    "privilege-escalation": privilege_escalation,
    "permission-widened": permission_widened,
    "dead-grant": dead_grant,
    "policy-size": policy_size,
    "description-contradicts": description_contradicts,
    "trust-broadened": trust_broadened,
    "trust-without-source": trust_without_source,
    "oidc-without-sub": oidc_without_sub,
    "oidc-loose-sub": oidc_loose_sub,
    "external-id-missing": external_id_missing,
    "shared-role": shared_role,
    "task-and-execution-role-same": task_and_execution_role_same,
    "boundary-missing": boundary_missing,
    "boundary-removed": boundary_removed,
    "access-key-for-machine": access_key_for_machine,
    "user-for-machine": user_for_machine,
    "trail-stopped": trail_stopped,
    "trail-deleted": trail_deleted,
    "trail-narrowed": trail_narrowed,
    "trail-validation-off": trail_validation_off,
    "trail-encryption-off": trail_encryption_off,
    "recorder-stopped": recorder_stopped,
    "recorder-narrowed": recorder_narrowed,
    "log-bucket-opened": log_bucket_opened,
    "log-retention-cut": log_retention_cut,
    "key-deletion": key_deletion,
    "lattice-without-auth": lattice_without_auth,
    "not-in-inventory": not_in_inventory,
    "missing-from-plan": missing_from_plan,
}


def findings(facts: Facts) -> Iterator[Finding]:
    """What every check finds, in the order of the registry."""
    for check in CHECKS.values():
        yield from check.check(facts)
