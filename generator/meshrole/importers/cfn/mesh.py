"""`AWS::AppMesh::*`: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_AppMesh.html."""

from collections.abc import Callable, Iterator
from typing import Any

from meshrole.importers.aws_calls import appmesh
from meshrole.importers.aws_calls.gathered import Entry
from meshrole.importers.aws_calls.reading import Reading, at, name_of, text
from meshrole.importers.cfn.attributes import named
from meshrole.importers.cfn.scope import Resource
from meshrole.importers.found import Miss
from meshrole.importers.values import Unknown, Value, value

Read = Callable[[Reading, Any, appmesh.Named], Iterator[Any]]
# Type: its reader, its own name, and the name of what it belongs to.
READERS: dict[str, tuple[Read, str, str]] = {
    "AWS::AppMesh::VirtualNode": (appmesh.node, "VirtualNodeName", ""),
    "AWS::AppMesh::VirtualGateway": (appmesh.gateway, "VirtualGatewayName", ""),
    "AWS::AppMesh::VirtualService": (appmesh.service, "VirtualServiceName", ""),
    "AWS::AppMesh::VirtualRouter": (appmesh.router, "VirtualRouterName", ""),
    "AWS::AppMesh::Route": (appmesh.route, "RouteName", "virtualroutername"),
    "AWS::AppMesh::GatewayRoute": (appmesh.gateway_route, "GatewayRouteName", "virtualgatewayname"),
}


def read(resource: Resource) -> Iterator[Entry]:
    """What a resource says of a mesh."""
    scope, properties = resource.scope, resource.properties
    if resource.type == "AWS::AppMesh::Mesh":
        yield from appmesh.mesh(scope, properties, appmesh.Named(None, named(resource, "MeshName"), resource.origin))
        return
    if resource.type not in READERS:
        yield Miss(resource.origin, f"{resource.type} {resource.logical}", "not a type of App Mesh")
        return
    reader, own, parent = READERS[resource.type]
    above = name_of(text(scope, properties, parent)) if parent else None
    mesh = name_of(text(scope, properties, "meshname")) or _asked_for(at(scope, properties, "meshname"))
    if mesh is None:
        yield Miss(resource.origin, f"{resource.type} {resource.logical}", "it does not say its mesh (MeshName)")
    yield from reader(scope, at(scope, properties, "spec"), appmesh.Named(mesh, named(resource, own), resource.origin, above))


def _asked_for(written: Any) -> Value | None:
    """A parameter whose default is nothing must be given: a placeholder."""
    asked = [part for part in written.parts if isinstance(part, Unknown)] if isinstance(written, Value) else []
    return value(Unknown(asked[0].expression, asked[0].word)) if asked else None
