"""ARNs of App Mesh, and the names that people have for them.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsappmesh.html#awsappmesh-resources-for-iam-policies
"""

from collections.abc import Iterator

from meshrole.iam import wildcard
from meshrole.inventory.values import Mesh, Service, Workload


def arn(mesh: Mesh, *steps: str) -> str:
    """`arn:PARTITION:appmesh:REGION:OWNER:mesh/NAME[/kind/name…]`; in a shared mesh the account is the mesh owner's."""
    environment = mesh.environment
    resource = "/".join(("mesh", mesh.name, *steps))
    return f"arn:{environment.partition}:appmesh:{environment.region}:{mesh.owner}:{resource}"


def workload_arn(workload: Workload, mesh: Mesh) -> str:
    """The ARN of a workload's virtual node or virtual gateway."""
    return arn(mesh, "virtualGateway" if workload.is_gateway else "virtualNode", workload.aws_name)


def names(mesh: Mesh) -> Iterator[tuple[str, str]]:
    """Every name of something in the mesh, alone and as `mesh/name`, with its ARN."""
    yield from ((name, arn(mesh)) for name in (mesh.key, mesh.name))
    for workload in mesh.workloads:
        yield from _of_workload(workload, mesh)
    for service in mesh.services:
        yield from _of_service(service, mesh)


def below(text: str, mesh: Mesh) -> Iterator[str]:
    """A route of a router (`checkout/weighted`) or of a gateway, or what follows the account in an ARN of the mesh."""
    above, _, name = text.removeprefix(f"{mesh.key}/").partition("/")
    if text.startswith(f"mesh/{mesh.name}/"):
        yield arn(mesh) + text.removeprefix(f"mesh/{mesh.name}")
    for service in mesh.services:
        if service.router and name and above in (service.router, service.name):
            yield arn(mesh, "virtualRouter", service.router, "route", name)
    for workload in mesh.workloads:
        if workload.is_gateway and name and above in (workload.name, workload.aws_name):
            yield arn(mesh, "virtualGateway", workload.aws_name, "gatewayRoute", name)


def _of_workload(workload: Workload, mesh: Mesh) -> Iterator[tuple[str, str]]:
    value = workload_arn(workload, mesh)
    other = [f"{workload.service}/{workload.version}"] if workload.version else []
    for name in dict.fromkeys((workload.name, workload.aws_name, *other)):
        yield from ((name, value), (f"{mesh.key}/{name}", value))


def _of_service(service: Service, mesh: Mesh) -> Iterator[tuple[str, str]]:
    name = service.virtual_service
    values = [(name, arn(mesh, "virtualService", name))] if name else []
    values += [(node, arn(mesh, "virtualNode", node)) for node in service.nodes]
    if service.router:
        router = ("virtualRouter", service.router)
        values.append((service.router, arn(mesh, *router)))
        routes = [route for route in service.routes if not wildcard.has_wildcard(route)]
        values += [(f"{service.router}/{route}", arn(mesh, *router, "route", route)) for route in routes]
    for name, value in values:
        for each in dict.fromkeys((name, service.name)):
            yield from ((each, value), (f"{mesh.key}/{each}", value))
