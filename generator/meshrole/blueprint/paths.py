"""Where the documents of a blueprint lie: what is written to these paths, answers name them by."""

from meshrole.blueprint.guardrails.policies import OrganizationPolicy
from meshrole.blueprint.lattice import NETWORK_LABEL


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


def auth_path(label: str) -> str:
    """Where an auth policy of VPC Lattice lies in its module; the network's outside auth/, where no service can have its name."""
    return "network.json" if label == NETWORK_LABEL else f"auth/{label}.json"


def istio_path(cluster: str, namespace: str, name: str) -> str:
    """Where the manifest of a policy, or of what a group may do, lies in its module."""
    return f"istio/{cluster}/{namespace}/{name}.yaml"
