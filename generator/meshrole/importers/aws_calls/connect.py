"""ECS Service Connect: what a service offers in its namespace.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceConnectConfiguration.html
"""

from collections.abc import Callable, Iterator
from typing import Any

from meshrole.importers.aws_calls.reading import Reading, at, each, text
from meshrole.importers.found import Mesh, Node, Service
from meshrole.importers.origin import Origin
from meshrole.importers.values import Value

ENGINE = "ecs-service-connect"
Naming = Callable[[Value], Value]


def connected(
    source: Reading, configuration: Any, service: Value | None, origin: Origin, naming: Naming, default: Value | None = None
) -> Iterator[Mesh | Node | Service]:
    """The namespace as a mesh, the ECS service as a node of it, and what it offers, by discovery name.

    `naming` turns what names a namespace (its ARN too) into its name; `default` is the cluster's namespace.
    """
    if str(text(source, configuration, "enabled")).lower() != "true":
        return
    written = text(source, configuration, "namespace") or default
    namespace = naming(written) if written else None
    if namespace is not None:
        yield Mesh(namespace, origin, engine=ENGINE)
    offered = [item for item in each(source, configuration, "services") if isinstance(item, dict)]
    names = [text(source, item, "discoveryname") or text(source, item, "portname") for item in offered]
    discovery = {"type": "cloud_map", "namespace": str(namespace or ""), "service": str(names[0])} if names else None
    listeners = tuple((str(port), "") for item in offered if (port := _port(source, item)) is not None)
    yield Node(namespace, service, origin, discovery=discovery, listeners=listeners)
    for name in names:
        yield Service(namespace, name, origin, node=service)


def _port(source: Reading, offered: Any) -> Value | None:
    alias = next(each(source, offered, "clientaliases"), None)
    return text(source, at(source, alias), "port")
