"""What people and pipelines may do in clusters: an access entry puts their role into a group, which has roles of Kubernetes.

A group has the name of the role of AWS that is in it, which no other in the account has.
https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html
"""

from collections.abc import Iterator, Sequence

from meshrole.blueprint.engines import ENGINES
from meshrole.blueprint.istio import ClusterEntry, GroupAccess, NamespaceAccess, merged
from meshrole.inventory.values import Federated

# AWS takes no group that begins with system:, eks:, aws:, amazon: or iam:.
GROUP = "meshrole:{}"


def entries(federated: Federated, role_name: str) -> tuple[ClusterEntry, ...]:
    """The clusters that must know the role; none of any engine but those that are in clusters."""
    clusters = dict.fromkeys(item.cluster for item in _access(federated))
    return tuple(ClusterEntry(cluster, GROUP.format(role_name)) for cluster in clusters)


def groups(members: Sequence[tuple[Federated, str]]) -> tuple[GroupAccess, ...]:
    """What the group of each, whose role's name is given with it, may do in each namespace."""
    return tuple(
        GroupAccess(federated.name, name, GROUP.format(name), access)
        for federated, name in members
        for access in merged(_access(federated))
    )


def _access(federated: Federated) -> Iterator[NamespaceAccess]:
    for access in federated.access:
        for side in access.mesh.sides:
            yield from ENGINES[side.engine].in_clusters(access.on(side))
