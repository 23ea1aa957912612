"""Where the documents of a blueprint lie: what is written to these paths, answers name them by."""

from meshrole.blueprint.guardrails.policies import OrganizationPolicy


def policy_path(label: str) -> str:
    """Where a role's permissions lie in its module."""
    return f"policies/{label}.json"


def trust_path(label: str) -> str:
    """Where a role's trust policy lies in its module."""
    return f"trust/{label}.json"


def boundary_path() -> str:
    """Where a permissions boundary lies in its module; outside policies/, where no workload can have its name."""
    return "boundary.json"


def organization_policy_path(policy: OrganizationPolicy) -> str:
    """Where a policy of the organization lies in its root."""
    return f"{policy.label.replace('_', '-')}-policy.json"
