"""The levels of access to a mesh in VPC Lattice, as one table. Each level has all of the ones before it.

Ids of listeners, rules and associations are AWS's and nobody's to know: access is to all of a service's listeners and rules, and
to the associations of the mesh's own network, which a condition tells from others. What is yet to be made has no id to name:
there the condition is that it is made with authorization (`vpc-lattice:AuthType`), and only a whole mesh's access has that.
https://docs.aws.amazon.com/vpc-lattice/latest/ug/security_iam_id-based-policies.html
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonvpclattice.html
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from meshrole.blueprint.engines.base import LEVELS
from meshrole.blueprint.engines.vpc_lattice_names import group_arns, in_account, lattice_of, network_arn, service_arn
from meshrole.iam.policy import Conditions, Statement, conditions, in_service, sid
from meshrole.inventory.lattice_values import LatticeService
from meshrole.inventory.values import Access, Mesh

# https://docs.aws.amazon.com/vpc-lattice/latest/ug/using-service-linked-roles.html
LINKED_ROLE = "role/aws-service-role/vpc-lattice.amazonaws.com/AWSServiceRoleForVpcLattice"
AUTH = "vpc-lattice:AuthType"


class Row(NamedTuple):
    """At `level`, `actions` on `resources` (kinds) where `when` (a name of CONDITIONS) holds.

    An action that is about several kinds is authorized on each, so each of them can be granted with what else is granted on it.
    """

    level: str
    actions: str
    resources: str
    when: str = ""


ROWS = (
    Row(
        "observe",
        "ListAccessLogSubscriptions ListDomainVerifications ListListeners ListResourceConfigurations "
        "ListResourceEndpointAssociations ListResourceGateways ListRules ListServiceNetworkResourceAssociations "
        "ListServiceNetworkServiceAssociations ListServiceNetworkVpcAssociations ListServiceNetworkVpcEndpointAssociations "
        "ListServiceNetworks ListServices ListTagsForResource ListTargetGroups",
        "*",
    ),
    Row("observe", "GetAuthPolicy GetServiceNetwork", "network"),
    Row("observe", "GetAuthPolicy GetService", "service"),
    Row("observe", "GetListener GetRule", "inside"),
    Row("observe", "GetTargetGroup ListTargets", "targetGroup"),
    Row("observe", "GetServiceNetworkServiceAssociation", "serviceAssociation", "ofNetworkAndServices"),
    Row("observe", "GetServiceNetworkVpcAssociation", "vpcAssociation", "ofNetwork"),
    Row("observe", "GetAccessLogSubscription", "logging"),
    # What a rule or a listener forwards to is in the request: target groups of the services, where all of them are known.
    Row("route", "UpdateListener UpdateRule", "inside", "toTargets"),
    Row("operate", "CreateService", "anyService", "withAuth"),
    Row("operate", "TagResource", "anyService", "byCreateService"),
    Row("operate", "UpdateService", "service", "withAuthIfSaid"),
    Row("operate", "DeleteService TagResource UntagResource", "service"),
    Row("operate", "CreateListener CreateRule UpdateListener UpdateRule", "inside", "toTargetsOfNamed"),
    Row("operate", "DeleteListener DeleteRule TagResource UntagResource", "inside"),
    Row("operate", "CreateTargetGroup", "anyTargetGroup"),
    Row("operate", "TagResource", "anyTargetGroup", "byCreateTargetGroup"),
    Row(
        "operate",
        "DeleteTargetGroup DeregisterTargets RegisterTargets TagResource UntagResource UpdateTargetGroup",
        "targetGroup",
    ),
    Row("operate", "CreateServiceNetworkServiceAssociation", "serviceAssociation service network"),
    Row(
        "operate",
        "DeleteServiceNetworkServiceAssociation TagResource UntagResource",
        "serviceAssociation",
        "ofNetworkAndServices",
    ),
    Row("operate", "CreateServiceNetworkVpcAssociation", "vpcAssociation network"),
    Row(
        "operate",
        "DeleteServiceNetworkVpcAssociation TagResource UntagResource UpdateServiceNetworkVpcAssociation",
        "vpcAssociation",
        "ofNetwork",
    ),
    Row("own", "CreateServiceNetwork", "anyNetwork", "withAuth"),
    Row("own", "TagResource", "anyNetwork", "byCreateServiceNetwork"),
    Row("own", "UpdateServiceNetwork", "network", "withAuthIfSaid"),
    Row("own", "DeleteServiceNetwork TagResource UntagResource", "network"),
    Row("own", "DeleteAuthPolicy PutAuthPolicy", "network service"),
    Row("own", "DeleteResourcePolicy GetResourcePolicy PutResourcePolicy", "network service"),
    Row("own", "CreateAccessLogSubscription", "logging network service"),
    Row(
        "own",
        "DeleteAccessLogSubscription TagResource UntagResource UpdateAccessLogSubscription",
        "logging",
    ),
)
# The Sid of a statement is what it is about and, where there is one, the condition.
ABOUT = {
    "*": "ListHasNoResourceType",
    "network": "Network",
    "service": "Services",
    "inside": "ListenersAndRules",
    "targetGroup": "TargetGroups",
    "serviceAssociation": "ServiceAssociations",
    "vpcAssociation": "VpcAssociations",
    "logging": "AccessLogs",
    "anyService": "NewServices",
    "anyTargetGroup": "NewTargetGroups",
    "anyNetwork": "NewNetworks",
}
WHERE = {"withAuth": "Signed", "withAuthIfSaid": "StaySigned", "toTargets": "ToTargets", "toTargetsOfNamed": "ToTargets"}
WHERE |= {"byCreateService": "Tagged", "byCreateTargetGroup": "Tagged", "byCreateServiceNetwork": "Tagged"}
WHERE |= {"ofNetwork": "OfNetwork", "ofNetworkAndServices": "OfNetwork"}


class _Named(NamedTuple):
    """A level's mesh, the services of it that the level is about, and whether these are all."""

    mesh: Mesh
    services: tuple[LatticeService, ...]
    is_whole: bool


def access_statements(access: Access) -> Iterator[Statement]:
    """The statements of a level and of every level below it, on the resources that the inventory names."""
    named, granted = _named(access), _granted(access)
    for (kind, where), (name, actions) in granted.items():
        yield Statement(
            sid=sid(access.mesh.key, ABOUT[kind], *((WHERE[name],) if where else ())),
            actions=in_service("vpc-lattice", " ".join(dict.fromkeys(actions))),
            resources=tuple(RESOURCES[kind](named)),
            conditions=where,
        )
    if access.level == "own":
        environment = access.mesh.environment
        yield Statement(
            sid=sid(access.mesh.key, "CreateLinkedRole"),
            actions=("iam:CreateServiceLinkedRole",),
            resources=(f"arn:{environment.partition}:iam::{environment.account}:{LINKED_ROLE}",),
            conditions=conditions({"StringEquals": {"iam:AWSServiceName": "vpc-lattice.amazonaws.com"}}),
        )


def _granted(access: Access) -> Mapping[tuple[str, Conditions], tuple[str, list[str]]]:
    """By kind and condition, the condition's name and all actions: each ARN is written once for each, which is what fits."""
    named = _named(access)
    reached = LEVELS[: LEVELS.index(access.level) + 1]
    granted: dict[tuple[str, Conditions], tuple[str, list[str]]] = {}
    for row in ROWS:
        kinds = [kind for kind in row.resources.split() if RESOURCES[kind](named)]
        # Without anything to act on, which is named first, the grant on what it refers to would be dead.
        if row.level in reached and row.resources.split()[0] in kinds:
            where = CONDITIONS[row.when](named) if row.when else ()
            for kind in kinds:
                granted.setdefault((kind, where), (row.when, []))[1].extend(row.actions.split())
    return granted


def _named(access: Access) -> _Named:
    every = lattice_of(access.mesh).services
    if access.services is None:
        return _Named(access.mesh, every, is_whole=True)
    chosen = {service.name for service in access.services}
    return _Named(access.mesh, tuple(service for service in every if service.name in chosen), is_whole=False)


def _services(named: _Named, below: str = "") -> list[str]:
    return [f"{service_arn(service, named.mesh)}{below}" for service in named.services]


def _groups(named: _Named) -> list[str]:
    """Those that are known; for a whole mesh every one of the account, where some are not: they are the applications' own."""
    if named.is_whole and not _knows_targets(named):
        return _any(named, "targetgroup")
    return list(dict.fromkeys(group for service in named.services for group in group_arns(service, named.mesh)))


def _knows_targets(named: _Named) -> bool:
    return bool(named.services) and all(service.target_groups for service in named.services)


def _any(named: _Named, kind: str) -> list[str]:
    return [in_account(named.mesh, f"{kind}/*")]


def _of_whole(kind: str) -> Callable[[_Named], Sequence[str]]:
    """What only access to a whole mesh is about."""
    return lambda named: _any(named, kind) if named.is_whole else []


RESOURCES: Mapping[str, Callable[[_Named], Sequence[str]]] = {
    "*": lambda _: ["*"],
    "network": lambda named: [network_arn(named.mesh)],
    "service": _services,
    # Listeners and their rules, and nothing else, are below a service.
    "inside": lambda named: _services(named, "/*"),
    "targetGroup": _groups,
    "serviceAssociation": lambda named: _any(named, "servicenetworkserviceassociation") if named.services else [],
    "vpcAssociation": _of_whole("servicenetworkvpcassociation"),
    "logging": _of_whole("accesslogsubscription"),
    "anyService": _of_whole("service"),
    "anyTargetGroup": _of_whole("targetgroup"),
    "anyNetwork": _of_whole("servicenetwork"),
}


def _to_targets(named: _Named) -> Conditions:
    """ForAllValues lets through a request without any: a fixed response, or another priority."""
    if not _knows_targets(named):
        return ()
    return conditions({"ForAllValues:ArnEquals": {"vpc-lattice:TargetGroupArns": _groups(named)}})


def _by(action: str) -> Callable[[_Named], Conditions]:
    """Tags that come with what is made: https://docs.aws.amazon.com/vpc-lattice/latest/ug/security_iam_service-with-iam.html"""
    return lambda _: conditions({"StringEquals": {"vpc-lattice:CreateAction": action}})


def _of_network(named: _Named, *, and_services: bool = False) -> Conditions:
    keys: dict[str, str | list[str]] = {"vpc-lattice:ServiceNetworkArn": network_arn(named.mesh)}
    if and_services:
        keys["vpc-lattice:ServiceArn"] = _services(named)
    return conditions({"ArnEquals": keys})


CONDITIONS: Mapping[str, Callable[[_Named], Conditions]] = {
    "withAuth": lambda _: conditions({"StringEquals": {AUTH: "AWS_IAM"}}),
    "withAuthIfSaid": lambda _: conditions({"StringEqualsIfExists": {AUTH: "AWS_IAM"}}),
    "toTargets": _to_targets,
    "toTargetsOfNamed": lambda named: () if named.is_whole else _to_targets(named),
    "ofNetwork": _of_network,
    "ofNetworkAndServices": lambda named: _of_network(named, and_services=not named.is_whole),
    "byCreateService": _by("CreateService"),
    "byCreateTargetGroup": _by("CreateTargetGroup"),
    "byCreateServiceNetwork": _by("CreateServiceNetwork"),
}
