"""What AWS calls a service where that is not what an inventory would call it, in the words of each engine but App Mesh."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from meshrole.importers.drafts import DraftMesh, DraftService
from meshrole.importers.rewriting import WORD
from meshrole.importers.running import Task
from meshrole.inventory.resolve_lattice import SERVICE_NAME
from meshrole.inventory.service_connect import NAME

SERVICE_ID = re.compile(r"svc-[0-9a-z]{17}")
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceConnectService.html
DISCOVERY_NAME = re.compile(r"[a-z0-9_][a-z0-9_-]{0,63}")


def lattice_name(draft: DraftService, mesh: DraftMesh) -> dict[str, Any]:
    """The id of a service in VPC Lattice, or else its name where it is not `<mesh>-<service>`, or where that would be none."""
    if draft.service and draft.service.id and SERVICE_ID.fullmatch(draft.service.id):
        return {"lattice_service": draft.service.id}
    usual, own = f"{mesh.name}-{draft.key}".lower(), str(draft.name or "")
    if SERVICE_NAME.fullmatch(_filled(own)):
        return {} if own == usual or draft.is_elsewhere else {"lattice_name": own}
    return {} if SERVICE_NAME.fullmatch(_filled(usual)) else {"lattice_name": draft.key}


def discovery_name(draft: DraftService, mesh: DraftMesh) -> dict[str, Any]:
    """The name in Cloud Map by which others call a service of ECS Service Connect."""
    is_other = draft.name not in (None, draft.key) and mesh.engine == "ecs-service-connect"
    return {"discovery_name": draft.name} if is_other and DISCOVERY_NAME.fullmatch(str(draft.name)) else {}


def ecs_names(draft: DraftService, mesh: DraftMesh, name: str, tasks: Sequence[Task]) -> dict[str, Any]:
    """The ECS service, which has a `name`, and the family of its task definitions."""
    family = next((str(task.family) for task in tasks if task.family), None)
    usual = f"{cluster_of(mesh.name, tasks) or mesh.name}-{name}"
    named = {"ecs_service": name if name != draft.key else None, "task_family": family if family != usual else None}
    return {key: text for key, text in named.items() if text and NAME.fullmatch(_filled(text))}


def cluster_of(mesh: str, tasks: Iterable[Task]) -> str | None:
    """The one ECS cluster of tasks, if it is not called as the mesh is."""
    names = {task.cluster.text for task in tasks if task.cluster}
    name = names.pop() if len(names) == 1 else mesh
    return name if name != mesh and NAME.fullmatch(_filled(name)) else None


def _filled(text: str) -> str:
    return WORD.sub("word", text)
