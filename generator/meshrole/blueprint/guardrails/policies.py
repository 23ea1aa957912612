"""A policy of the organization as a frozen value."""

from dataclasses import dataclass

from meshrole.iam.policy import Document

# AWS's page says 5,120 characters for each kind; newer sources say twice that, and the smaller one is safe:
# https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
MAX_ORGANIZATION_POLICY = 5_120


@dataclass(frozen=True, slots=True)
class OrganizationPolicy:
    """A policy of the organization, attached to accounts, organizational units or the root."""

    label: str
    type: str
    name: str
    description: str
    document: Document
    targets: tuple[str, ...]
