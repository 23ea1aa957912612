"""ECS task definitions: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskDefinition.html."""

import re
from collections.abc import Iterator
from typing import Any

from meshrole.importers.aws_calls.reading import Reading, each, text
from meshrole.importers.origin import Origin
from meshrole.importers.running import Task
from meshrole.importers.values import Value, unknown, value

# What Envoy streams: https://docs.aws.amazon.com/app-mesh/latest/userguide/envoy-config.html
ENVOY = ("APPMESH_RESOURCE_ARN", "APPMESH_VIRTUAL_NODE_NAME")
TAG = re.compile(r"(@sha256:.*|:[^/:]*)$", re.DOTALL)
# arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME-abcdef:json-key:stage:version
SECRET_PARTS = 7


def task(source: Reading, body: Any, origin: Origin, family: Value | None) -> Task:
    """A task definition as ECS registers it, without the service that runs it."""
    containers = [item for item in each(source, body, "containerdefinitions") if isinstance(item, dict)]
    return Task(
        family=family,
        origin=origin,
        task_role=text(source, body, "taskrolearn"),
        execution_role=text(source, body, "executionrolearn"),
        resource=_resource(source, containers),
        images=_distinct(_repository(text(source, item, "image")) for item in containers),
        secrets=_distinct(secret for item in containers for secret in _secrets(source, item)),
        log_groups=_distinct(text(source, item, "logconfiguration", "options", "awslogs-group") for item in containers),
    )


def _resource(source: Reading, containers: list[Any]) -> Value | None:
    """The node or gateway in the environment of any container, the current variable before the old one."""
    seen: dict[str, Value | None] = {}
    for container in containers:
        for variable in each(source, container, "environment"):
            seen.setdefault(str(text(source, variable, "name")), text(source, variable, "value"))
    return next((seen[name] for name in ENVOY if seen.get(name) is not None), None)


def _repository(image: Value | None) -> Value | None:
    """An image without its tag or digest."""
    if image is None:
        return None
    parts = list(image.parts)
    for index in range(len(parts) - 1, -1, -1):
        part = parts[index]
        if not isinstance(part, str):
            continue
        cut = TAG.sub("", part)
        if cut != part:
            return value(*parts[:index], cut) if cut or index else image
        if "/" in part:
            break
    return image


def _secrets(source: Reading, container: Any) -> Iterator[Value | None]:
    for item in (*each(source, container, "secrets"), *each(source, container, "logconfiguration", "secretoptions")):
        yield _secret(text(source, item, "valuefrom"))
    yield _secret(text(source, container, "repositorycredentials", "credentialsparameter"))


def _secret(written: Value | None) -> Value | None:
    """The ARN of a secret or parameter: a bare name is a parameter of Systems Manager in the task's region.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Secret.html
    """
    if written is None or not isinstance(written.parts[0], str):
        return written
    if not written.parts[0].startswith("arn:"):
        partition, region = unknown("!Ref AWS::Partition", "partition"), unknown("!Ref AWS::Region", "region")
        name = value(written.parts[0].lstrip("/"), *written.parts[1:])
        return value("arn:", partition, ":ssm:", region, ":", unknown("!Ref AWS::AccountId", "account"), ":parameter/", name)
    return _before_colon(written, SECRET_PARTS) if ":secretsmanager:" in written.text else written


def _before_colon(written: Value, count: int) -> Value:
    """A value up to its `count`th colon."""
    kept: list[Any] = []
    left = count
    for part in written.parts:
        if isinstance(part, str):
            pieces = part.split(":")
            if len(pieces) - 1 >= left:
                return value(*kept, ":".join(pieces[:left]))
            left -= len(pieces) - 1
        kept.append(part)
    return written


def _distinct(items: Iterator[Value | None]) -> tuple[Value, ...]:
    return tuple(dict.fromkeys(item for item in items if item is not None))
