"""The levels of access to an App Mesh mesh, as one table. Each level has all of the ones before it.

The rows name a resource *kind*; the engine turns it into ARNs. Where AWS authorizes a call on what it refers to as well
(a route's nodes, a virtual service's router), that kind is in the row too:
https://docs.aws.amazon.com/app-mesh/latest/userguide/security_iam_service-with-iam.html
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

REFERENCE = "https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsappmesh.html#awsappmesh-"
CERTIFICATES = "https://docs.aws.amazon.com/app-mesh/latest/userguide/tls.html"
LINKED_ROLE = "https://docs.aws.amazon.com/app-mesh/latest/userguide/using-service-linked-roles.html"


@dataclass(frozen=True, slots=True)
class Row:
    """At `level`, `actions` on `resources` (kinds), because of what `cites` says."""

    level: str
    sid: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    cites: str
    conditions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def _row(level: str, sid: str, actions: str, resources: str, cites: str) -> Row:
    names = tuple(f"appmesh:{name}" for name in actions.split())
    return Row(level, sid, names, tuple(resources.split()), REFERENCE + cites)


ROWS = (
    _row("observe", "ListMeshesHasNoResourceType", "ListMeshes", "*", "ListMeshes"),
    _row(
        "observe",
        "SeeMesh",
        "DescribeMesh ListTagsForResource ListVirtualGateways ListVirtualNodes ListVirtualRouters ListVirtualServices",
        "mesh",
        "DescribeMesh",
    ),
    _row("observe", "SeeNodes", "DescribeVirtualNode ListTagsForResource", "virtualNode", "DescribeVirtualNode"),
    _row(
        "observe",
        "SeeServices",
        "DescribeVirtualService ListTagsForResource",
        "virtualService",
        "DescribeVirtualService",
    ),
    _row(
        "observe",
        "SeeRouters",
        "DescribeVirtualRouter ListRoutes ListTagsForResource",
        "virtualRouter",
        "DescribeVirtualRouter",
    ),
    _row("observe", "SeeRoutes", "DescribeRoute ListTagsForResource", "route", "DescribeRoute"),
    _row(
        "observe",
        "SeeGateways",
        "DescribeVirtualGateway ListGatewayRoutes ListTagsForResource",
        "virtualGateway",
        "DescribeVirtualGateway",
    ),
    _row(
        "observe",
        "SeeGatewayRoutes",
        "DescribeGatewayRoute ListTagsForResource",
        "gatewayRoute",
        "DescribeGatewayRoute",
    ),
    _row("route", "ShiftTraffic", "UpdateRoute", "namedRoute namedNode", "UpdateRoute"),
    # AWS documents the backends for CreateVirtualNode only; UpdateVirtualNode names them as well, so that both behave alike.
    _row("operate", "WriteNodes", "CreateVirtualNode UpdateVirtualNode", "virtualNode backend", "CreateVirtualNode"),
    _row(
        "operate",
        "WriteServices",
        "CreateVirtualService UpdateVirtualService",
        "virtualService virtualRouter virtualNode",
        "CreateVirtualService",
    ),
    _row("operate", "WriteRouters", "CreateVirtualRouter UpdateVirtualRouter", "virtualRouter", "CreateVirtualRouter"),
    _row("operate", "WriteRoutes", "CreateRoute UpdateRoute", "route virtualNode", "CreateRoute"),
    _row(
        "operate",
        "WriteGateways",
        "CreateVirtualGateway UpdateVirtualGateway",
        "virtualGateway",
        "CreateVirtualGateway",
    ),
    _row(
        "operate",
        "WriteGatewayRoutes",
        "CreateGatewayRoute UpdateGatewayRoute",
        "gatewayRoute virtualService",
        "CreateGatewayRoute",
    ),
    _row(
        "operate",
        "DeleteAndTagNodes",
        "DeleteVirtualNode TagResource UntagResource",
        "virtualNode",
        "DeleteVirtualNode",
    ),
    _row(
        "operate",
        "DeleteAndTagServices",
        "DeleteVirtualService TagResource UntagResource",
        "virtualService",
        "DeleteVirtualService",
    ),
    _row(
        "operate",
        "DeleteAndTagRouters",
        "DeleteVirtualRouter TagResource UntagResource",
        "virtualRouter",
        "DeleteVirtualRouter",
    ),
    _row("operate", "DeleteAndTagRoutes", "DeleteRoute TagResource UntagResource", "route", "DeleteRoute"),
    _row(
        "operate",
        "DeleteAndTagGateways",
        "DeleteVirtualGateway TagResource UntagResource",
        "virtualGateway",
        "DeleteVirtualGateway",
    ),
    _row(
        "operate",
        "DeleteAndTagGatewayRoutes",
        "DeleteGatewayRoute TagResource UntagResource",
        "gatewayRoute",
        "DeleteGatewayRoute",
    ),
    Row("operate", "SeeCertificates", ("acm:DescribeCertificate",), ("certificate",), CERTIFICATES),
    Row("operate", "SeeAuthorities", ("acm-pca:DescribeCertificateAuthority",), ("authority",), CERTIFICATES),
    _row("own", "WriteMesh", "CreateMesh UpdateMesh DeleteMesh TagResource UntagResource", "mesh", "CreateMesh"),
    _row("own", "ShareMesh", "GetMeshPolicy PutMeshPolicy DeleteMeshPolicy", "mesh", "PutMeshPolicy"),
    Row(
        "own",
        "CreateLinkedRole",
        ("iam:CreateServiceLinkedRole",),
        ("serviceLinkedRole",),
        LINKED_ROLE,
        {"StringEquals": {"iam:AWSServiceName": "appmesh.amazonaws.com"}},
    ),
)
