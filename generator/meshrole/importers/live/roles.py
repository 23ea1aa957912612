"""IAM: the roles in use, with their trust and every policy's document.

In use is what a task, an association, a node group or an instance profile names, and what trusts ECS or EKS: nobody else
could assume it. https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html
"""

from collections.abc import Iterable, Mapping
from typing import Any

from meshrole.importers.live.asking import Asking

IAM = "iam"
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
# https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html
WORKLOADS = ("ecs-tasks.amazonaws.com", "pods.eks.amazonaws.com")
# https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html
WEB_IDENTITY = ":oidc-provider/oidc.eks."


def ask(asking: Asking, used: Iterable[str]) -> None:
    """Every role in use; `used` are ARNs of some."""
    wanted = {arn.rpartition("/")[2] for arn in used}
    for profile in asking.each(IAM, "ListInstanceProfiles", "InstanceProfiles"):
        asking.keep("aws iam list-instance-profiles", {"InstanceProfiles": [profile]})
        wanted |= {role["RoleName"] for role in profile.get("Roles", ())}
    wanted |= {role["RoleName"] for role in asking.each(IAM, "ListRoles", "Roles") if _is_workload(role)}
    managed: dict[str, None] = {}
    for name in sorted(wanted):
        managed |= dict.fromkeys(_role(asking, name))
    for arn in managed:
        _managed(asking, arn)


def _is_workload(role: Mapping[str, Any]) -> bool:
    trust = str(role.get("AssumeRolePolicyDocument"))
    return any(word in trust for word in (*WORKLOADS, WEB_IDENTITY))


def _role(asking: Asking, name: str) -> list[str]:
    """Asks for a role; the ARNs of the managed policies attached to it."""
    role = asking.one(IAM, "GetRole", RoleName=name).get("Role")
    if not role:
        return []
    asking.keep("aws iam get-role", {"Role": role})
    for policy in asking.each(IAM, "ListRolePolicies", "PolicyNames", RoleName=name):
        inline = asking.one(IAM, "GetRolePolicy", RoleName=name, PolicyName=policy)
        if inline:
            kept = {key: inline[key] for key in ("RoleName", "PolicyName", "PolicyDocument")}
            asking.keep("aws iam get-role-policy", kept)
    attached = list(asking.each(IAM, "ListAttachedRolePolicies", "AttachedPolicies", RoleName=name))
    asking.keep("aws iam list-attached-role-policies", {"RoleName": name, "AttachedPolicies": attached})
    boundary = role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")
    return [*(each["PolicyArn"] for each in attached), *([boundary] if boundary else [])]


def _managed(asking: Asking, arn: str) -> None:
    """Asks for the document of a managed policy that is in force."""
    policy = asking.one(IAM, "GetPolicy", PolicyArn=arn).get("Policy")
    if not policy:
        return
    version = asking.one(IAM, "GetPolicyVersion", PolicyArn=arn, VersionId=policy["DefaultVersionId"]).get("PolicyVersion")
    if version:
        listed = {"Arn": arn, "PolicyName": policy["PolicyName"], "PolicyVersionList": [{**version, "IsDefaultVersion": True}]}
        asking.keep("aws iam get-policy-version", {"Policies": [listed]})
