"""Who is known to a cluster of EKS, and as one of which groups.

https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html
"""

from collections.abc import Iterator

from meshrole.plans.facts import AccessEntry
from meshrole.plans.resources import Resource, Resources

ENTRY, POLICY = "aws_eks_access_entry", "aws_eks_access_policy_association"


def access_entries(resources: Resources, environments: tuple[str, ...]) -> Iterator[AccessEntry]:
    """Every access entry, and every policy of EKS's own that is given to one."""
    # A role that is yet to be made has no ARN; its name is the end of it.
    roles = {role.text("name"): role.address for role in resources.of("aws_iam_role") if role.text("name")}
    for item in resources.of(ENTRY, POLICY):
        referred = [each.address for each in resources.referred(item, "principal_arn") if each.type == "aws_iam_role"]
        known = roles.get((item.text("principal_arn") or "").rpartition("/")[2])
        role = known or (referred[0] if len(referred) == 1 else None)
        yield AccessEntry(item.address, role, item.text("cluster_name"), _groups(item), item.text("policy_arn"), environments)


def _groups(item: Resource) -> tuple[str, ...] | None:
    if item.is_unknown("kubernetes_groups"):
        return None
    return tuple(str(each) for each in item.items("kubernetes_groups"))
