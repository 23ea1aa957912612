"""Where a workload runs in the engine that its mesh goes to."""

import json
import re

from meshrole.inventory.model import InventoryFile
from meshrole.migration.wish import Wish

EKS = ("eks-pod-identity", "eks-irsa")
# The platforms that an engine has workloads on. App Mesh and VPC Lattice take a workload where it is.
ONLY = {"istio": EKS, "ecs-service-connect": ("ecs",)}
# The cluster of whoever names none: the report says that it is assumed.
ANY_CLUSTER = "main"
NOWHERE = ("none", "elsewhere")
PLAIN = re.compile(r"[a-z][a-z0-9-]*")
WORDS = ("true", "false", "null")


def stays(platform: str, engine: str) -> bool:
    """Whether what runs on a platform can be in the engine as it is."""
    return platform in NOWHERE or platform in ONLY.get(engine, (platform,))


def moved(name: str, mesh: str, file: InventoryFile, wish: Wish) -> str:
    """The `runs_on` of a workload in the engine that is wished for, as YAML."""
    if wish.engine == "ecs-service-connect":
        return "{platform: ecs}"
    cluster = wish.cluster or _only_cluster(mesh, file) or ANY_CLUSTER
    namespace = wish.namespace or _kubernetes(mesh)
    words = {"cluster": cluster, "namespace": namespace, "service_account": _kubernetes(name)}
    return "{platform: eks-pod-identity, " + ", ".join(f"{key}: {word(text)}" for key, text in words.items()) + "}"


def is_assumed(mesh: str, file: InventoryFile, wish: Wish) -> bool:
    """Whether nobody says in which cluster of EKS the workloads of a mesh will be."""
    return wish.engine == "istio" and wish.cluster is None and _only_cluster(mesh, file) is None


def word(text: str) -> str:
    """Text as a scalar of YAML, in quotes where it could be read as something else."""
    return text if PLAIN.fullmatch(text) and text not in WORDS else json.dumps(text, ensure_ascii=False)


def _only_cluster(mesh: str, file: InventoryFile) -> str | None:
    """The cluster that the mesh's environments have, where each has that one alone."""
    names = file.meshes[mesh].environments or list(file.environments)
    clusters = [tuple(file.environments[name].clusters) for name in names if name in file.environments]
    found = set(clusters)
    return clusters[0][0] if len(found) == 1 and len(clusters[0]) == 1 else None


def _kubernetes(name: str) -> str:
    """https://kubernetes.io/docs/concepts/overview/working-with-objects/names/"""
    return name.lower().replace("_", "-")
