"""AWS App Mesh: Envoy's grant on its own node, certificates, and the levels of access to a mesh.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsappmesh.html
"""

from collections.abc import Iterator, Sequence

from meshrole.blueprint.beside import NOTHING, Beside
from meshrole.blueprint.engines.app_mesh_levels import ROWS
from meshrole.blueprint.engines.app_mesh_names import arn as arn
from meshrole.blueprint.engines.app_mesh_names import below as below
from meshrole.blueprint.engines.app_mesh_names import names as names
from meshrole.blueprint.engines.app_mesh_names import workload_arn
from meshrole.blueprint.engines.base import LEVELS, Callers, Count, Reach
from meshrole.blueprint.istio import NamespaceAccess
from meshrole.blueprint.platforms.base import Helper
from meshrole.iam.policy import Statement, conditions, sid
from meshrole.inventory.values import Access, Mesh, Service, Workload

# https://docs.aws.amazon.com/app-mesh/latest/APIReference/API_EgressFilter.html
# https://docs.aws.amazon.com/app-mesh/latest/userguide/proxy-authorization.html
# https://docs.aws.amazon.com/app-mesh/latest/userguide/mutual-tls.html
NOTE = (
    "App Mesh has no authorization between services: backends are what an Envoy is configured to reach, IAM decides "
    "which Envoy gets that configuration, and only mutual TLS tells a callee who calls"
)
ENVOY = "appmesh:StreamAggregatedResources"

# https://docs.aws.amazon.com/general/latest/gr/appmesh.html
MAX_BACKENDS = 50
MAX_WEIGHTED_TARGETS = 10
DEFAULTS = {
    "meshes": 15,
    "virtual_nodes_per_mesh": 200,
    "virtual_routers_per_mesh": 200,
    "virtual_services_per_mesh": 200,
    "virtual_gateways_per_mesh": 3,
    "routes_per_router": 50,
}


def title(workload: Workload, mesh: Mesh) -> str:
    """`virtual node checkout of mesh shop`."""
    return f"{'virtual gateway' if workload.is_gateway else 'virtual node'} {workload.aws_name} of mesh {mesh.name}"


def helpers(workload: Workload, mesh: Mesh) -> Iterator[Helper]:  # noqa: ARG001
    """None: App Mesh works through a service-linked role."""
    return iter(())


def in_clusters(access: Access) -> Iterator[NamespaceAccess]:  # noqa: ARG001
    """Nothing: the mesh is in AWS."""
    yield from ()


def beside(mesh: Mesh, callers: Callers) -> Beside:  # noqa: ARG001
    """Nothing: what is in the mesh is its owner's."""
    return NOTHING


def foreign(mesh: Mesh) -> Iterator[Statement]:
    """The mesh's own configuration is in it; those of other meshes say who they are and whom they call.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsappmesh.html
    """
    own = arn(mesh)
    yield Statement(sid="NoOtherMesh", effect="Deny", actions=("appmesh:*",), not_resources=(own, f"{own}/*"))


def reach(caller: Workload, service: Service, mesh: Mesh) -> Reach:
    """Through a backend of the caller's node or a route of the gateway, which its own Envoy must be let have."""
    through = f"gateway route of {caller.aws_name}" if caller.is_gateway else f"backend of {caller.aws_name}"
    return Reach(arn(mesh, "virtualService", service.virtual_service), through, ENVOY, "none")


def workload_statements(workload: Workload, mesh: Mesh) -> Iterator[Statement]:
    """Envoy streams the configuration of its own node and no other, and gets its certificate and the trusted CAs' from ACM.

    https://docs.aws.amazon.com/app-mesh/latest/userguide/proxy-authorization.html
    https://docs.aws.amazon.com/app-mesh/latest/userguide/tls.html
    """
    own = workload_arn(workload, mesh)
    yield Statement(sid="Envoy", actions=(ENVOY,), resources=(own,))
    if workload.certificate:
        yield Statement(sid="Certificate", actions=("acm:ExportCertificate",), resources=(workload.certificate,))
    if workload.trusts:
        yield Statement(
            sid="TrustedAuthorities", actions=("acm-pca:GetCertificateAuthorityCertificate",), resources=workload.trusts
        )


def access_statements(access: Access) -> Iterator[Statement]:
    """The statements of a level and of every level below it, on the resources that the inventory names."""
    reached = LEVELS[: LEVELS.index(access.level) + 1]
    for row in ROWS:
        # Without anything to act on, the grant on what it refers to would be dead.
        if row.level in reached and _targets(row.resources[0], access):
            resources = tuple(dict.fromkeys(arn for kind in row.resources for arn in _targets(kind, access)))
            name = sid(access.mesh.key, row.sid)
            yield Statement(sid=name, actions=row.actions, resources=resources, conditions=conditions(row.conditions))


def _targets(kind: str, access: Access) -> Sequence[str]:
    """The ARNs of one kind that a level of access is about."""
    mesh, chosen = access.mesh, access.services
    services = mesh.services if chosen is None else chosen
    if kind in ("*", "mesh", "serviceLinkedRole", "certificate", "authority"):
        return _fixed_targets(kind, access)
    if kind == "namedRoute":
        return [arn(mesh, *route) for service in services for route in _routes(service)]
    if kind == "namedNode":
        return [arn(mesh, "virtualNode", node) for service in services for node in service.nodes]
    if chosen is None:
        return [arn(mesh, *ALL_OF[kind])]
    if kind == "backend":
        called = [callee for service in services for name in service.calls if (callee := mesh.service(name))]
        return [arn(mesh, "virtualService", service.virtual_service) for service in called]
    return [arn(mesh, *steps) for service in services for steps in _of_service(kind, service)]


ALL_OF = {
    "virtualNode": ("virtualNode", "*"),
    "virtualService": ("virtualService", "*"),
    "backend": ("virtualService", "*"),
    "virtualRouter": ("virtualRouter", "*"),
    "route": ("virtualRouter", "*", "route", "*"),
    "virtualGateway": ("virtualGateway", "*"),
    "gatewayRoute": ("virtualGateway", "*", "gatewayRoute", "*"),
}


def _fixed_targets(kind: str, access: Access) -> Sequence[str]:
    mesh, environment = access.mesh, access.mesh.environment
    if kind == "*":
        return ["*"]
    if kind == "mesh":
        return [arn(mesh)]
    if kind == "serviceLinkedRole":
        role = "role/aws-service-role/appmesh.amazonaws.com/AWSServiceRoleForAppMesh"
        return [f"arn:{environment.partition}:iam::{environment.account}:{role}"]
    names = None if access.services is None else {service.name for service in access.services}
    workloads = [workload for workload in mesh.workloads if names is None or workload.service in names]
    if kind == "certificate":
        return [workload.certificate for workload in workloads if workload.certificate]
    return [authority for workload in workloads for authority in workload.trusts]


def _of_service(kind: str, service: Service) -> Iterator[tuple[str, ...]]:
    """The names of one kind that a service has; gateways are of the whole mesh, so a service has none."""
    match kind:
        case "virtualNode":
            yield from (("virtualNode", node) for node in service.nodes)
        case "virtualService" if service.virtual_service:
            yield ("virtualService", service.virtual_service)
        case "virtualRouter" if service.router:
            yield ("virtualRouter", service.router)
        case "route":
            yield from _routes(service)


def _routes(service: Service) -> Iterator[tuple[str, ...]]:
    if service.router:
        yield from (("virtualRouter", service.router, "route", route) for route in service.routes)


def mesh_counts(meshes: Sequence[Mesh]) -> Iterator[Count]:
    """App Mesh's quotas (https://docs.aws.amazon.com/general/latest/gr/appmesh.html); the fixed ones have no `quota`."""
    owned = {mesh.name: mesh for mesh in meshes if not mesh.is_shared}
    if owned:
        yield _count("meshes", len(owned), next(iter(owned.values())), "meshes", ("meshes",))
    for mesh in meshes:
        gateways = sum(workload.is_gateway for workload in mesh.workloads)
        routers = {service.router for service in mesh.services if service.router}
        where = f"in mesh {mesh.key}"
        yield _count(f"virtual nodes {where}", len(mesh.workloads) - gateways, mesh, "virtual_nodes_per_mesh", mesh.path)
        yield _count(f"virtual gateways {where}", gateways, mesh, "virtual_gateways_per_mesh", mesh.path)
        callable_ones = sum(bool(service.virtual_service) for service in mesh.services)
        yield _count(f"virtual services {where}", callable_ones, mesh, "virtual_services_per_mesh", mesh.path)
        yield _count(f"virtual routers {where}", len(routers), mesh, "virtual_routers_per_mesh", mesh.path)
        for service in mesh.services:
            named = f"of service {service.name}"
            yield Count(f"backends {named}", len(set(service.calls)), MAX_BACKENDS, None, service.path)
            yield Count(f"weighted targets {named}", len(service.nodes), MAX_WEIGHTED_TARGETS, None, service.path)
            yield _count(f"routes {named}", len(service.routes), mesh, "routes_per_router", service.path)


def _count(what: str, count: int, mesh: Mesh, quota: str, path: tuple[str | int, ...]) -> Count:
    raised = getattr(mesh.environment.quotas, quota)
    return Count(what, count, raised or DEFAULTS[quota], quota, path)
