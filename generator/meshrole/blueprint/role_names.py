"""The names of workloads' roles, and their ARNs: what engines write into policies before there are identities."""

from meshrole.blueprint import naming
from meshrole.inventory.values import Mesh, Names, Workload


def given_name(names: Names, default: str) -> str:
    """The name that a role has in AWS: the given one, the adopted role's, or ours."""
    return names.role or names.adopt or default


def role_name(workload: Workload, mesh: Mesh) -> str:
    """The name of a workload's own role."""
    return given_name(workload.names, naming.workload_role(mesh.environment, mesh.key, workload.name))


def role_arn(workload: Workload, mesh: Mesh, purpose: str | None = None) -> str:
    """The ARN of a workload's own role, or of the one that helps it with `purpose`."""
    own = role_name(workload, mesh)
    name = naming.helper_role(own, purpose) if purpose else own
    return naming.iam_arn(mesh.environment, "role", name, mesh.environment.role_path)
