"""Which roles call a service: what both halves of an authorization need before there are identities."""

from collections import defaultdict
from collections.abc import Mapping

from meshrole.blueprint.engines.base import Caller
from meshrole.blueprint.role_names import role_arn
from meshrole.inventory.values import Inventory, Mesh


def callers(mesh: Mesh, inventory: Inventory) -> Mapping[str, tuple[Caller, ...]]:
    """By service: the workloads that call it, in this environment and, where the mesh is one that is shared, in the others.

    A workload calls its own environment's service where that has one of the name.
    """
    found: dict[str, list[Caller]] = defaultdict(list)
    for other in inventory.meshes:
        if other.key == mesh.key and mesh.is_same(other):
            for workload in other.workloads:
                for call in workload.calls:
                    if other is mesh or other.service(call.service) is None:
                        found[call.service].append(Caller(role_arn(workload, other), workload, call))
    return {name: tuple(items) for name, items in found.items()}
