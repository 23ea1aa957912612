"""What is worth saying about an audit or guardrails that are not wrong."""

from collections.abc import Iterable, Iterator

from meshrole.errors import Problem
from meshrole.inventory.audit_values import WITHOUT_IAM, Audit
from meshrole.inventory.values import Environment, Inventory


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
    if audit:
        yield from _unrecorded(audit)
    if guardrails and management and guardrails.guards_organization:
        yield from _unguarded(inventory.environments, management.environment.account)
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


def _unrecorded(audit: Audit) -> Iterator[Problem]:
    """Accounts of whose roles AWS Config knows nothing, since no root is in a region that records IAM."""
    sites = (*audit.sites, *([audit.home] if audit.home else ()))
    recorded = {site.environment.account for site in sites if site.environment.region not in WITHOUT_IAM}
    for account in dict.fromkeys(site.environment.account for site in audit.sites) if audit.entry.config else ():
        if account not in recorded:
            regions = sorted({site.environment.region for site in sites if site.environment.account == account})
            yield Problem(
                f"AWS Config does not record IAM in {', '.join(regions)}: no rule looks at the roles of account {account}",
                path=("audit", "config"),
                help="give this account an environment in another region as well; trail, queries and alarms see its roles",
            )


def _unguarded(environments: Iterable[Environment], management: str) -> Iterator[Problem]:
    """https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html"""
    names = [environment.name for environment in environments if environment.account == management]
    if names:
        yield Problem(
            "policies of the organization do not hold in its management account, where these environments are",
            path=("guardrails",),
            found=", ".join(names),
            help="move the workloads into an account of their own",
        )
