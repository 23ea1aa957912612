"""What is worth saying about an audit or guardrails that are not wrong."""

from collections.abc import Iterator

from meshrole.errors import Problem
from meshrole.inventory.values import Inventory


def audit_warnings(inventory: Inventory) -> Iterator[Problem]:
    """What the audit leaves for a person to do, and who may change what the guardrails hold."""
    audit, guardrails, management = inventory.audit, inventory.guardrails, inventory.management
    if audit and audit.home and audit.entry.trail and not audit.entry.key and not audit.is_of_organization:
        yield Problem(
            "the key of the audit account is named by its alias: CloudTrail takes it and answers with the key's ARN, so that "
            "every plan shows a change",
            path=("audit",),
            help="after the first apply of the root `audit`, give its output `key_arn` as audit.key",
        )
    if guardrails and management and guardrails.guards_organization and not guardrails.entry.administrators:
        yield Problem(
            f"nobody but {guardrails.administrators[0]} may change a mesh identity or the audit",
            path=("guardrails",),
            help="give guardrails.administrators the roles that apply this Terraform",
        )
    if management and not management.environment.account:
        yield Problem(
            "the management account is not named: Terraform cannot check that the root `organization` is applied there",
            path=("guardrails",),
            help="give organization.management_account",
        )
    for environment in inventory.environments:
        given = environment.boundary
        if guardrails and guardrails.entry.permissions_boundary and given and given.arn:
            yield Problem(
                "this boundary is a policy of your own: what guardrails.permissions_boundary forbids is not in it",
                path=given.path,
                found=given.arn,
                help="put the statements of another environment's boundary.json into it, or give `statements` instead of `arn`",
            )
