"""`aws_ecs_*`: task definitions, the services that run them, and Service Connect.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ecs_task_definition
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from meshrole.importers.aws_calls.connect import connected
from meshrole.importers.aws_calls.gathered import Entry
from meshrole.importers.aws_calls.reading import name_of
from meshrole.importers.aws_calls.tasks import task
from meshrole.importers.found import Miss
from meshrole.importers.tf.attributes import block, text
from meshrole.importers.tf.data import Hole, shown
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
    spaces = _spaces(found)
    for resource in found:
        if resource.type == TASK:
            yield from _task(resource, running)
        elif resource.type == SERVICE:
            yield from _connected(resource, spaces)


def _task(resource: Resource, running: dict[str, list[Resource]]) -> Iterator[Entry]:
    attributes, family = resource.attributes, text(resource.attributes, "family")
    written = attributes.get("container_definitions")
    containers = decoded(written)
    body = {
        "containerdefinitions": containers if isinstance(containers, list) else [],
        "taskrolearn": attributes.get("task_role_arn"),
        "executionrolearn": attributes.get("execution_role_arn"),
    }
    made = task(TERMS, body, resource.origin, family)
    by = running.pop(family.text if family else "", [])
    if by:
        made = replace(made, service=text(by[0].attributes, "name"), cluster=name_of(text(by[0].attributes, "cluster")))
    yield made
    if written is not None and not isinstance(containers, list):
        why = f"they are not known here: {shown(written.text)}" if isinstance(written, Hole) else "not a list in JSON"
        yield Miss(resource.origin, f"{resource.address}: its containers", why)
    for each in containers if isinstance(containers, list) else ():
        if not isinstance(each, dict):
            why = f"it is not known here: {each.text}" if isinstance(each, Hole) else "not a map"
            yield Miss(resource.origin, f"{resource.address}: a container", why)
    for other in by[1:]:
        why = f"its task definition {resource.address} is taken as that of {by[0].address}"
        yield Miss(other.origin, other.address, why)


def _family(definition: Value) -> str:
    """The family in a task definition's ARN, `family:revision` or family."""
    last = definition.text.rpartition("task-definition/")[2]
    return last.rpartition(":")[0] or last


@dataclass(frozen=True, slots=True)
class _Spaces:
    """The names of namespaces by their ARNs and ids, and the default namespace of each cluster by its ARN, id and name."""

    names: Mapping[Value, Value]
    defaults: Mapping[Value, Value]


def _spaces(resources: Iterable[Resource]) -> _Spaces:
    names, defaults = dict[Value, Value](), dict[Value, Value]()
    for each in resources:
        identifiers = [key for name in ("arn", "id", "name") if (key := text(each.attributes, name)) is not None]
        name = text(each.attributes, "name")
        if each.type in (*NAMESPACES, *LOOKED_UP) and name is not None:
            names |= dict.fromkeys(identifiers, name)
        default = text(block(each.attributes, "service_connect_defaults"), "namespace") if each.type == CLUSTER else None
        if default is not None:
            defaults |= dict.fromkeys(identifiers, default)
    return _Spaces(names, defaults)


def _connected(resource: Resource, spaces: _Spaces) -> Iterator[Entry]:
    configuration: Any = block(resource.attributes, "service_connect_configuration")
    if not configuration:
        return

    def naming(written: Value) -> Value:
        return spaces.names.get(written) or name_of(written) or written

    service, cluster = text(resource.attributes, "name"), text(resource.attributes, "cluster")
    default = spaces.defaults.get(cluster) if cluster is not None else None
    yield from connected(TERMS, shaped(dict(configuration)), service, resource.origin, naming, default)
