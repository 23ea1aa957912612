"""`AWS::VpcLattice::*`: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_VpcLattice.html."""

from collections.abc import Iterable, Iterator

from meshrole.importers.aws_calls.gathered import Entry
from meshrole.importers.aws_calls.lattice import ENGINE, OPEN, edges
from meshrole.importers.aws_calls.policies import document
from meshrole.importers.aws_calls.reading import at, text
from meshrole.importers.cfn.attributes import named
from meshrole.importers.cfn.index import Index
from meshrole.importers.cfn.scope import Resource
from meshrole.importers.found import Mesh, Miss, Service
from meshrole.importers.values import Value

NETWORK, SERVICE = "AWS::VpcLattice::ServiceNetwork", "AWS::VpcLattice::Service"
ASSOCIATION = "AWS::VpcLattice::ServiceNetworkServiceAssociation"

Networks = dict[Value, Value]


def networks(resources: Iterable[Resource], index: Index) -> Networks:
    """The network of each service, both by name."""
    found: Networks = {}
    for resource in resources:
        if resource.type == ASSOCIATION:
            service, network = _named(resource, "serviceidentifier", index), _named(resource, "servicenetworkidentifier", index)
            if service is not None and network is not None:
                found.setdefault(service, network)
    return found


def read(resource: Resource, index: Index, meshes: Networks) -> Iterator[Entry]:
    """A service network as a mesh, a service, or an auth policy as edges."""
    if resource.type == NETWORK:
        yield Mesh(named(resource, "Name"), resource.origin, engine=ENGINE, auth=_auth(resource))
    elif resource.type == SERVICE:
        name = named(resource, "Name")
        yield Service(meshes.get(name), name, resource.origin, auth=_auth(resource))
    elif resource.type == "AWS::VpcLattice::AuthPolicy":
        yield from _policy(resource, index, meshes)


def _auth(resource: Resource) -> str | None:
    written = text(resource.scope, resource.properties, "authtype")
    return OPEN if written is None else written.text if written.is_known else None


def _policy(resource: Resource, index: Index, meshes: Networks) -> Iterator[Entry]:
    written = text(resource.scope, resource.properties, "resourceidentifier")
    meant = index.get(written) if written is not None else None
    if meant is not None and meant.type == NETWORK:
        yield Miss(
            resource.origin,
            f"auth policy of {named(meant, 'Name')}",
            "it is of the whole network: it says who may enter, not whom they call",
        )
        return
    callee = named(meant, "Name") if meant is not None else written
    if callee is None:
        yield Miss(resource.origin, f"auth policy {resource.logical}", "it does not say of what (ResourceIdentifier)")
        return
    body = document(resource.scope, at(resource.scope, resource.properties, "policy"))
    yield from edges(body, meshes.get(callee), callee, resource.origin)


def elsewhere(resources: Iterable[Resource], index: Index) -> Iterator[Entry]:
    """Networks and services that templates only associate, each once."""
    seen: set[tuple[str, Value]] = set()
    for resource in resources:
        for key in ("servicenetworkidentifier", "serviceidentifier") if resource.type == ASSOCIATION else ():
            written = text(resource.scope, resource.properties, key)
            if written is None or index.get(written) is not None or (key, written) in seen:
                continue
            seen.add((key, written))
            if key == "servicenetworkidentifier":
                yield Mesh(written, resource.origin, engine=ENGINE)
            else:
                yield Service(_named(resource, "servicenetworkidentifier", index), written, resource.origin)


def _named(resource: Resource, key: str, index: Index) -> Value | None:
    written = text(resource.scope, resource.properties, key)
    meant = index.get(written) if written is not None else None
    return named(meant, "Name") if meant is not None else written
