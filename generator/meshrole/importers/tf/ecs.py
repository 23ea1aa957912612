"""`aws_ecs_*`: task definitions, the services that run them, and Service Connect.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ecs_task_definition
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from meshrole.importers.aws_calls.connect import connected
from meshrole.importers.aws_calls.gathered import Entry
from meshrole.importers.aws_calls.reading import name_of
from meshrole.importers.aws_calls.tasks import task
from meshrole.importers.found import Miss
from meshrole.importers.tf.attributes import block, text
from meshrole.importers.tf.data import Hole, as_text
from meshrole.importers.tf.documents import decoded
from meshrole.importers.tf.resource import Resource
from meshrole.importers.tf.shape import TERMS, shaped
from meshrole.importers.values import Value

TASK, SERVICE, CLUSTER = "aws_ecs_task_definition", "aws_ecs_service", "aws_ecs_cluster"
NAMESPACES = tuple(f"aws_service_discovery_{kind}_namespace" for kind in ("http", "private_dns", "public_dns"))
# The data source of both kinds with DNS.
LOOKED_UP = ("aws_service_discovery_dns_namespace",)
TYPES = (TASK, SERVICE, CLUSTER, *NAMESPACES, *LOOKED_UP)


def entries(resources: Iterable[Resource]) -> Iterator[Entry]:
    """The task definitions with the service of each, and what services offer by Service Connect."""
    found = [resource for resource in resources if resource.type in TYPES]
    running: dict[str, list[Resource]] = {}
    for resource in found:
        definition = text(resource.attributes, "task_definition")
        if resource.type == SERVICE and definition is not None:
            running.setdefault(_family(definition), []).append(resource)
    for resource in found:
        if resource.type == TASK:
            yield from _task(resource, running)
        elif resource.type == SERVICE:
            yield from _connected(resource, found)


def _task(resource: Resource, running: Mapping[str, list[Resource]]) -> Iterator[Entry]:
    attributes, family = resource.attributes, text(resource.attributes, "family")
    written = attributes.get("container_definitions")
    containers = decoded(written)
    body = {
        "containerdefinitions": containers if isinstance(containers, list) else [],
        "taskrolearn": attributes.get("task_role_arn"),
        "executionrolearn": attributes.get("execution_role_arn"),
    }
    made = task(TERMS, body, resource.origin, family)
    by = running.get(family.text if family else "", [])
    if by:
        made = replace(made, service=text(by[0].attributes, "name"), cluster=name_of(text(by[0].attributes, "cluster")))
    yield made
    if written is not None and not isinstance(containers, list):
        why = f"they are not known here: {written.text}" if isinstance(written, Hole) else "not a list in JSON"
        yield Miss(resource.origin, f"{resource.address}: its containers", why)
    for each in containers if isinstance(containers, list) else ():
        if not isinstance(each, dict):
            shown = as_text(each)
            yield Miss(resource.origin, f"{resource.address}: a container", f"it is not known here: {shown or 'not a map'}")
    for other in by[1:]:
        why = f"its task definition {resource.address} is taken as that of {by[0].address}"
        yield Miss(other.origin, other.address, why)


def _family(definition: Value) -> str:
    """The family in a task definition's ARN, `family:revision` or family."""
    last = definition.text.rpartition("task-definition/")[2]
    return last.rpartition(":")[0] or last


def _connected(resource: Resource, resources: Iterable[Resource]) -> Iterator[Entry]:
    configuration: Any = block(resource.attributes, "service_connect_configuration")
    if not configuration:
        return
    names = {
        key: name
        for each in resources
        if each.type in (*NAMESPACES, *LOOKED_UP) and (name := text(each.attributes, "name")) is not None
        for attribute in ("arn", "id")
        if (key := text(each.attributes, attribute)) is not None
    }

    def naming(written: Value) -> Value:
        return names.get(written) or name_of(written) or written

    service, default = text(resource.attributes, "name"), _default(resource, resources)
    yield from connected(TERMS, shaped(dict(configuration)), service, resource.origin, naming, default)


def _default(resource: Resource, resources: Iterable[Resource]) -> Value | None:
    """The namespace that a service gets from its cluster."""
    cluster = text(resource.attributes, "cluster")
    for each in resources:
        if (
            each.type == CLUSTER
            and cluster is not None
            and cluster in (text(each.attributes, name) for name in ("arn", "id", "name"))
        ):
            return text(block(each.attributes, "service_connect_defaults"), "namespace")
    return None
