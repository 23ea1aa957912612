"""`AWS::ECS::*`: task definitions, the services that run them, and Service Connect.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_ECS.html
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from meshrole.importers.aws_calls.connect import connected
from meshrole.importers.aws_calls.gathered import Entry
from meshrole.importers.aws_calls.reading import at, text
from meshrole.importers.aws_calls.tasks import task
from meshrole.importers.cfn.attributes import named
from meshrole.importers.cfn.index import Index
from meshrole.importers.cfn.scope import Resource
from meshrole.importers.found import Miss
from meshrole.importers.values import Value

NAMESPACES = "AWS::ServiceDiscovery::"

Running = dict[Value, list[Resource]]


def running(resources: Iterable[Resource]) -> Running:
    """The services by the task definition that they run."""
    found: Running = {}
    for resource in resources:
        if resource.type == "AWS::ECS::Service":
            definition = text(resource.scope, resource.properties, "taskdefinition")
            if definition is not None:
                found.setdefault(definition, []).append(resource)
    return found


def tasks(resource: Resource, index: Index, services: Running) -> Iterator[Entry]:
    """A task definition with the first service that runs it."""
    scope, properties = resource.scope, resource.properties
    read = task(scope, properties, resource.origin, named(resource, "Family"))
    family = text(scope, properties, "family")
    by = [*services.get(scope.reference(resource.logical), ()), *(services.get(family, ()) if family else ())]
    if not by:
        yield read
        return
    yield replace(read, service=named(by[0], "ServiceName"), cluster=_cluster(by[0], index))
    for other in by[1:]:
        why = f"its task definition {resource.logical} is taken as that of {by[0].logical}"
        yield Miss(other.origin, f"service {other.logical}", why)


def service(resource: Resource, index: Index) -> Iterator[Entry]:
    """What a service offers by Service Connect."""
    scope = resource.scope
    configuration = at(scope, resource.properties, "serviceconnectconfiguration")
    if configuration is None:
        return

    def naming(written: Value) -> Value:
        meant = index.get(written)
        return named(meant, "Name") if meant is not None and meant.type.startswith(NAMESPACES) else written

    yield from connected(scope, configuration, named(resource, "ServiceName"), resource.origin, naming, _default(resource, index))


def _cluster(resource: Resource, index: Index) -> Value | None:
    written = text(resource.scope, resource.properties, "cluster")
    meant = index.get(written) if written is not None else None
    return named(meant, "ClusterName") if meant is not None else written


def _default(resource: Resource, index: Index) -> Value | None:
    """The namespace that a service gets from its cluster."""
    written = text(resource.scope, resource.properties, "cluster")
    cluster = index.get(written) if written is not None else None
    return None if cluster is None else text(cluster.scope, cluster.properties, "serviceconnectdefaults", "namespace")
