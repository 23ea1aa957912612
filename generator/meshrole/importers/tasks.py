"""An ECS task as the inventory has it: what its execution role needs to pull, read and write."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from meshrole.importers.place import Place
from meshrole.importers.roles import Roles, label
from meshrole.importers.running import Task
from meshrole.importers.values import Value
from meshrole.inventory.types import LOG_GROUP

# https://docs.aws.amazon.com/AmazonECR/latest/userguide/docker-pull-ecr-image.html
ECR = re.compile(r"^(\d{12}|\{\w+\})\.dkr\.ecr\.([a-z0-9-]+|\{\w+\})\.amazonaws\.com(?:\.cn)?/([^:@\s]+)")
REPOSITORY = re.compile(r"^arn:[^:]+:ecr:[^:]*:[^:]*:repository/[^:]+")
# Envoy's own repository is known to the generator: https://docs.aws.amazon.com/app-mesh/latest/userguide/envoy.html
ENVOY = "aws-appmesh-envoy"
SECRET = re.compile(r"^arn:[^:]+:secretsmanager:[^:]*:[^:]*:secret:[^:]+")
PARAMETER = re.compile(r"^arn:[^:]+:ssm:[^:]*:[^:]*:parameter/.+")
UNKNOWN = re.compile(r"\{(?!(?:account|region|partition)\})\w+\}")


def task_place(tasks: Sequence[Task], roles: Roles) -> Place:
    """The place of a workload whose Envoy is in these task definitions, the first of which has the say."""
    runs_on: dict[str, Any] = {"platform": "ecs"}
    notes: list[str] = []
    lists = {"images": _images(tasks, notes), "secrets": _secrets(tasks, notes)}
    runs_on |= {key: found for key, values in lists.items() if (found := list(dict.fromkeys(values)))}
    groups = _texts(group for task in tasks for group in task.log_groups)
    usable = [group for group in groups if re.fullmatch(LOG_GROUP, group)]
    if usable:
        runs_on["log_group"] = usable[0]
    notes += [f"it also writes to the log group {group}: the inventory has one" for group in groups if group not in usable[:1]]
    first = tasks[0]
    role = roles.find(first.task_role)
    others = {str(task.task_role) for task in tasks[1:] if role is None or roles.find(task.task_role) is not role}
    others -= {str(first.task_role)}
    notes += [f"another task definition of it has the role {other}" for other in sorted(others)]
    key = label(role) if role else str(first.task_role) if first.task_role else None
    return Place(runs_on, role, key, notes=tuple(notes), tasks=tuple(tasks))


def _texts(values: Iterable[Value]) -> list[str]:
    return list(dict.fromkeys(value.text for value in values))


def _images(tasks: Sequence[Task], notes: list[str]) -> Iterator[str]:
    """The repositories in ECR; other registries need no permission, and what is not known cannot be told from them."""
    for image in _texts(image for task in tasks for image in task.images):
        if ENVOY in image:
            continue
        if match := ECR.match(image):
            account, region, name = match.groups()
            yield f"arn:{{partition}}:ecr:{region}:{account}:repository/{name}"
        elif match := REPOSITORY.match(image):
            yield match.group(0)
        elif UNKNOWN.search(image):
            notes.append(f"image {image}: if that is in ECR and not Envoy's own, add its repository's ARN to `images`")


def _secrets(tasks: Sequence[Task], notes: list[str]) -> Iterator[str]:
    """Secrets by their ARNs without the key and version that may stand behind; a parameter may be given by its name.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Secret.html
    """
    for secret in _texts(secret for task in tasks for secret in task.secrets):
        if match := SECRET.match(secret) or PARAMETER.match(secret):
            yield match.group(0)
        elif re.fullmatch(r"\{\w+\}", secret):
            yield secret
        elif not secret.startswith("arn:") and re.fullmatch(r"[\w./{}-]+", secret):
            yield f"arn:{{partition}}:ssm:{{region}}:{{account}}:parameter/{secret.lstrip('/')}"
        else:
            notes.append(f"secret {secret}: not the ARN of a secret or parameter")
