"""`aws_appmesh_*`: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/appmesh_mesh."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from meshrole.importers.aws_calls import appmesh
from meshrole.importers.aws_calls.gathered import Entry
from meshrole.importers.aws_calls.reading import Reading, name_of
from meshrole.importers.found import Mesh, Miss
from meshrole.importers.tf.attributes import block, items, text
from meshrole.importers.tf.data import Hole, known
from meshrole.importers.tf.resource import Resource
from meshrole.importers.tf.shape import TERMS, shaped

PREFIX = "aws_appmesh_"
MESH = "aws_appmesh_mesh"
Read = Callable[[Reading, Any, appmesh.Named], Iterator[Any]]
# Type: its reader, and the attribute that names what it belongs to.
READERS: dict[str, tuple[Read, str]] = {
    "aws_appmesh_virtual_node": (appmesh.node, ""),
    "aws_appmesh_virtual_gateway": (appmesh.gateway, ""),
    "aws_appmesh_virtual_service": (appmesh.service, ""),
    "aws_appmesh_virtual_router": (appmesh.router, ""),
    "aws_appmesh_route": (appmesh.route, "virtual_router_name"),
    "aws_appmesh_gateway_route": (appmesh.gateway_route, "virtual_gateway_name"),
}
TYPES = (MESH, *READERS)


def read(resource: Resource) -> Iterator[Entry]:
    """What a resource says of a mesh."""
    name = resource.named("name")
    if resource.type == MESH:
        yield _mesh(resource)
        return
    if resource.type not in READERS:
        yield Miss(resource.origin, resource.address, f"{resource.type} is no type of App Mesh")
        return
    reader, parent = READERS[resource.type]
    mesh = name_of(resource.named("mesh_name"))
    if mesh is None:
        yield Miss(resource.origin, resource.address, "it does not say its mesh (mesh_name)")
    above = name_of(resource.named(parent)) if parent else None
    named = appmesh.Named(mesh, name or Hole(f"{resource.address}.name").value, resource.origin, above)
    for entry in reader(TERMS, shaped(_modern(dict(block(resource.attributes, "spec")))), named):
        yield replace(entry, what=f"{resource.address}: {entry.what}") if isinstance(entry, Miss) else entry


def _mesh(resource: Resource) -> Mesh:
    """A mesh, or the data source of one that is made elsewhere. Its ARN says where it is."""
    arn = (known(resource.attributes.get("arn")) or "").split(":")
    account, region = (arn[4], arn[3]) if len(arn) > 5 else (None, None)
    return Mesh(
        name=resource.named("name") or Hole(f"{resource.address}.name").value,
        origin=resource.origin,
        owner=text(resource.attributes, "mesh_owner"),
        account=_written(account) or resource.account,
        region=_written(region) or resource.region,
    )


def _written(part: str | None) -> str | None:
    """A part of an ARN that is more than a placeholder."""
    return part if part and not part.startswith("{") else None


def _modern(spec: dict[str, Any]) -> dict[str, Any]:
    """The first versions of the provider had `backends` as a list of names, and `service_name` for a host's name.

    https://github.com/hashicorp/terraform-provider-aws/blob/main/CHANGELOG.md (2.0.0)
    """
    names = [name for name in items(spec.get("backends")) if not isinstance(name, dict)]
    if names and "backend" not in spec:
        spec["backends"] = [{"virtual_service": {"virtual_service_name": name}} for name in names]
        spec["backends"] = [shaped(backend) for backend in spec["backends"]]
    dns = block(spec, "service_discovery", "dns")
    if "service_name" in dns and not dns.get("hostname"):
        spec["service_discovery"] = {"dns": {"hostname": dns["service_name"]}}
    return spec
