"""App Mesh: an Envoy's own grant, and the levels of access by rule from AWS's reference: each action's level and resource types.

*observe* is what AWS calls List and Read, but Envoy's own stream and the mesh's sharing policy; *route* adds UpdateRoute on the
named routes; *operate* is everything that writes or tags what is in the mesh; *own* is what is left, on the mesh itself.
https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsappmesh.html
"""

from collections.abc import Iterator
from functools import cache

from meshrole.access.roles import Found
from meshrole.access.verify.items import LEVELS, Item, allow
from meshrole.iam import actions
from meshrole.iam.actions import Action
from meshrole.inventory.values import Access, Mesh, Service, Workload

READS = ("List", "Read")
ENVOY = "appmesh:StreamAggregatedResources"
SHARING = "appmesh:GetMeshPolicy"
SHIFT = "appmesh:UpdateRoute"
# Actions that AWS authorizes on the backends as well, which are virtual services that the node calls. The reference has them for
# CreateVirtualNode only; an update sends the same list, so it is held to the same.
WITH_BACKENDS = ("appmesh:CreateVirtualNode", "appmesh:UpdateVirtualNode")
WHOLE = {
    "virtualNode": "virtualNode/*",
    "virtualService": "virtualService/*",
    "virtualRouter": "virtualRouter/*",
    "route": "virtualRouter/*/route/*",
    "virtualGateway": "virtualGateway/*",
    "gatewayRoute": "virtualGateway/*/gatewayRoute/*",
}


def workload(item: Workload, mesh: Mesh) -> Iterator[Item]:
    """What an Envoy needs: its own stream, its certificate, the authorities that it trusts.

    https://docs.aws.amazon.com/app-mesh/latest/userguide/proxy-authorization.html
    """
    yield allow([ENVOY], [node(item, mesh)])
    if item.certificate:
        yield allow(["acm:ExportCertificate"], [item.certificate])
    if item.trusts:
        yield allow(["acm-pca:GetCertificateAuthorityCertificate"], list(item.trusts))


def helper(found: Found) -> tuple[Item, list[Item]] | None:  # noqa: ARG001
    """App Mesh has no helpers of its own."""
    return None


def node(item: Workload, mesh: Mesh) -> str:
    """The ARN of the virtual node or gateway that a workload's Envoy is."""
    kind = "virtualGateway" if item.is_gateway else "virtualNode"
    return f"{mesh_arn(mesh)}/{kind}/{item.aws_name}"


def mesh_arn(mesh: Mesh) -> str:
    """The ARN of a mesh; a shared one is its owner's."""
    environment = mesh.environment
    return f"arn:{environment.partition}:appmesh:{environment.region}:{mesh.owner}:mesh/{mesh.name}"


def statements(access: Access, level: str) -> Iterator[Item]:
    """What `level` and the levels before it allow, on the mesh and the services that `access` names."""
    depth = LEVELS.index(level)
    for action in _every():
        resources = [text for kind in _kinds(action) for text in _resources(access, action, kind, depth)]
        if not action.resource_types:
            resources = ["*"]
        if resources and not _is_dead(access, action):
            yield {"Effect": "Allow", "Action": [action.name], "Resource": resources}
    if depth >= LEVELS.index("route"):
        named = [*_routes(_services(access)), *_nodes(_services(access))]
        if _routes(_services(access)):
            yield {"Effect": "Allow", "Action": [SHIFT], "Resource": [f"{mesh_arn(access.mesh)}/{text}" for text in named]}
    if depth >= LEVELS.index("operate"):
        yield from _certificates(access)
    if depth >= LEVELS.index("own"):
        yield _linked_role(access)


@cache
def _every() -> tuple[Action, ...]:
    found = (actions.find(name) for name in actions.expand("appmesh:*"))
    return tuple(action for action in found if action and action.name != ENVOY)


def _kinds(action: Action) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*action.resource_types, *(("virtualService",) if action.name in WITH_BACKENDS else ()))))


def _level(action: Action, kind: str) -> int:
    """The first level that has the action on resources of this kind."""
    if action.level in READS and action.name != SHARING:
        return LEVELS.index("observe")
    return LEVELS.index("own" if kind == "mesh" else "operate")


def _resources(access: Access, action: Action, kind: str, depth: int) -> list[str]:
    if _level(action, kind) > depth:
        return []
    arn = mesh_arn(access.mesh)
    if kind == "mesh":
        return [arn]
    if access.services is None:
        return [f"{arn}/{WHOLE[kind]}"]
    chosen = list(access.services)
    if kind == "virtualService" and action.name in WITH_BACKENDS:
        called = [access.mesh.service(name) for service in chosen for name in service.calls]
        return [f"{arn}/virtualService/{service.virtual_service}" for service in called if service]
    return [f"{arn}/{text}" for text in _of(kind, chosen)]


def _is_dead(access: Access, action: Action) -> bool:
    """Whether nothing that the services have is what the action is about: a gateway is of the whole mesh."""
    required = [kind for kind in action.required_types if kind != "mesh"]
    return access.services is not None and any(not _of(kind, list(access.services)) for kind in required)


def _of(kind: str, services: list[Service]) -> list[str]:
    match kind:
        case "virtualNode":
            return _nodes(services)
        case "virtualService":
            return [f"virtualService/{service.virtual_service}" for service in services if service.virtual_service]
        case "virtualRouter":
            return [f"virtualRouter/{service.router}" for service in services if service.router]
        case "route":
            return _routes(services)
    return []


def _services(access: Access) -> list[Service]:
    return list(access.mesh.services if access.services is None else access.services)


def _nodes(services: list[Service]) -> list[str]:
    return [f"virtualNode/{node}" for service in services for node in service.nodes]


def _routes(services: list[Service]) -> list[str]:
    return [f"virtualRouter/{service.router}/route/{route}" for service in services if service.router for route in service.routes]


def _certificates(access: Access) -> Iterator[Item]:
    """https://docs.aws.amazon.com/app-mesh/latest/userguide/tls.html"""
    names = None if access.services is None else {service.name for service in access.services}
    workloads = [item for item in access.mesh.workloads if names is None or item.service in names]
    certificates = [item.certificate for item in workloads if item.certificate]
    authorities = [authority for item in workloads for authority in item.trusts]
    if certificates:
        yield {"Effect": "Allow", "Action": ["acm:DescribeCertificate"], "Resource": certificates}
    if authorities:
        yield {"Effect": "Allow", "Action": ["acm-pca:DescribeCertificateAuthority"], "Resource": authorities}


def _linked_role(access: Access) -> Item:
    """https://docs.aws.amazon.com/app-mesh/latest/userguide/using-service-linked-roles.html"""
    environment = access.mesh.environment
    name = "role/aws-service-role/appmesh.amazonaws.com/AWSServiceRoleForAppMesh"
    return {
        "Effect": "Allow",
        "Action": ["iam:CreateServiceLinkedRole"],
        "Resource": [f"arn:{environment.partition}:iam::{environment.account}:{name}"],
        "Condition": {"StringEquals": {"iam:AWSServiceName": "appmesh.amazonaws.com"}},
    }
