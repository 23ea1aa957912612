"""The levels of access to a mesh in VPC Lattice, as one table. Each level has all of the ones before it.

Ids of listeners, rules and associations are AWS's and nobody's to know: access is to all of a service's listeners and rules, and
to the associations of the mesh's own network, which a condition tells from others. What is yet to be made has no id to name:
there the condition is that it is made with authorization (`vpc-lattice:AuthType`), and only a whole mesh's access has that.
https://docs.aws.amazon.com/vpc-lattice/latest/ug/security_iam_id-based-policies.html
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from meshrole.blueprint.engines.base import LEVELS
from meshrole.blueprint.engines.vpc_lattice_names import group_arns, in_account, lattice_of, network_arn, service_arn
from meshrole.iam.policy import Conditions, Statement, conditions, in_service, sid
from meshrole.inventory.lattice_values import LatticeService
from meshrole.inventory.values import Access, Mesh

REFERENCE = "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonvpclattice.html#amazonvpclattice-"
# https://docs.aws.amazon.com/vpc-lattice/latest/ug/using-service-linked-roles.html
LINKED_ROLE = "role/aws-service-role/vpc-lattice.amazonaws.com/AWSServiceRoleForVpcLattice"
AUTH = "vpc-lattice:AuthType"


@dataclass(frozen=True, slots=True)
class Row:
    """At `level`, `actions` on `resources` (kinds) where `when` (a name of CONDITIONS) holds, because of what `cites` says."""

    level: str
    sid: str
    actions: str
    resources: str
    cites: str
    when: str = ""


ROWS = (
    Row(
        "observe",
        "ListHasNoResourceType",
        "ListAccessLogSubscriptions ListDomainVerifications ListListeners ListResourceConfigurations "
        "ListResourceEndpointAssociations ListResourceGateways ListRules ListServiceNetworkResourceAssociations "
        "ListServiceNetworkServiceAssociations ListServiceNetworkVpcAssociations ListServiceNetworkVpcEndpointAssociations "
        "ListServiceNetworks ListServices ListTagsForResource ListTargetGroups",
        "*",
        "ListServices",
    ),
    Row("observe", "SeeNetwork", "GetAuthPolicy GetServiceNetwork", "network", "GetServiceNetwork"),
    Row("observe", "SeeServices", "GetAuthPolicy GetService", "service", "GetService"),
    Row("observe", "SeeListeners", "GetListener", "listener", "GetListener"),
    Row("observe", "SeeRules", "GetRule", "rule", "GetRule"),
    Row("observe", "SeeTargets", "GetTargetGroup ListTargets", "targetGroup", "GetTargetGroup"),
    Row(
        "observe",
        "SeeServiceAssociations",
        "GetServiceNetworkServiceAssociation",
        "serviceAssociation",
        "GetServiceNetworkServiceAssociation",
        "ofNetworkAndServices",
    ),
    Row(
        "observe",
        "SeeVpcAssociations",
        "GetServiceNetworkVpcAssociation",
        "vpcAssociation",
        "GetServiceNetworkVpcAssociation",
        "ofNetwork",
    ),
    Row("observe", "SeeLogging", "GetAccessLogSubscription", "logging", "GetAccessLogSubscription"),
    # What a rule or a listener forwards to is in the request: target groups of the services, where all of them are known.
    Row("route", "ShiftTraffic", "UpdateRule", "rule", "UpdateRule", "toTargets"),
    Row("route", "ShiftDefault", "UpdateListener", "listener", "UpdateListener", "toTargets"),
    Row("operate", "MakeServices", "CreateService", "anyService", "CreateService", "withAuth"),
    Row("operate", "TagNewServices", "TagResource", "anyService", "TagResource", "byCreateService"),
    Row("operate", "WriteServices", "UpdateService", "service", "UpdateService", "withAuthIfSaid"),
    Row("operate", "DeleteAndTagServices", "DeleteService TagResource UntagResource", "service", "DeleteService"),
    Row("operate", "WriteListeners", "CreateListener UpdateListener", "listener", "CreateListener", "toTargetsOfNamed"),
    Row("operate", "WriteRules", "CreateRule UpdateRule", "rule", "CreateRule", "toTargetsOfNamed"),
    Row("operate", "DeleteAndTagListeners", "DeleteListener TagResource UntagResource", "listener", "DeleteListener"),
    Row("operate", "DeleteAndTagRules", "DeleteRule TagResource UntagResource", "rule", "DeleteRule"),
    Row("operate", "MakeTargetGroups", "CreateTargetGroup", "anyTargetGroup", "CreateTargetGroup"),
    Row("operate", "TagNewTargetGroups", "TagResource", "anyTargetGroup", "TagResource", "byCreateTargetGroup"),
    Row(
        "operate",
        "WriteTargetGroups",
        "DeleteTargetGroup DeregisterTargets RegisterTargets TagResource UntagResource UpdateTargetGroup",
        "targetGroup",
        "UpdateTargetGroup",
    ),
    Row(
        "operate",
        "Associate",
        "CreateServiceNetworkServiceAssociation",
        "service network serviceAssociation",
        "CreateServiceNetworkServiceAssociation",
    ),
    Row(
        "operate",
        "Disassociate",
        "DeleteServiceNetworkServiceAssociation TagResource UntagResource",
        "serviceAssociation",
        "DeleteServiceNetworkServiceAssociation",
        "ofNetworkAndServices",
    ),
    Row(
        "operate",
        "ConnectVpcs",
        "CreateServiceNetworkVpcAssociation",
        "vpcAssociation network",
        "CreateServiceNetworkVpcAssociation",
    ),
    Row(
        "operate",
        "WriteVpcAssociations",
        "DeleteServiceNetworkVpcAssociation TagResource UntagResource UpdateServiceNetworkVpcAssociation",
        "vpcAssociation",
        "UpdateServiceNetworkVpcAssociation",
        "ofNetwork",
    ),
    Row("own", "MakeNetwork", "CreateServiceNetwork", "anyNetwork", "CreateServiceNetwork", "withAuth"),
    Row("own", "TagNewNetwork", "TagResource", "anyNetwork", "TagResource", "byCreateServiceNetwork"),
    Row("own", "WriteNetwork", "UpdateServiceNetwork", "network", "UpdateServiceNetwork", "withAuthIfSaid"),
    Row("own", "DeleteAndTagNetwork", "DeleteServiceNetwork TagResource UntagResource", "network", "DeleteServiceNetwork"),
    Row("own", "LetIn", "DeleteAuthPolicy PutAuthPolicy", "network service", "PutAuthPolicy"),
    Row("own", "Share", "DeleteResourcePolicy GetResourcePolicy PutResourcePolicy", "network service", "PutResourcePolicy"),
    Row("own", "MakeLogging", "CreateAccessLogSubscription", "network service logging", "CreateAccessLogSubscription"),
    Row(
        "own",
        "WriteLogging",
        "DeleteAccessLogSubscription TagResource UntagResource UpdateAccessLogSubscription",
        "logging",
        "UpdateAccessLogSubscription",
    ),
)


class _Named(NamedTuple):
    """A level's mesh, the services of it that the level is about, and whether these are all."""

    mesh: Mesh
    services: tuple[LatticeService, ...]
    is_whole: bool


def access_statements(access: Access) -> Iterator[Statement]:
    """The statements of a level and of every level below it, on the resources that the inventory names."""
    named, key = _named(access), access.mesh.key
    reached = LEVELS[: LEVELS.index(access.level) + 1]
    for row in ROWS:
        kinds = row.resources.split()
        # Without anything to act on, the grant on what it refers to would be dead.
        if row.level in reached and RESOURCES[kinds[0]](named):
            yield Statement(
                sid=sid(key, row.sid),
                actions=in_service("vpc-lattice", row.actions),
                resources=tuple(arn for kind in kinds for arn in RESOURCES[kind](named)),
                conditions=CONDITIONS[row.when](named) if row.when else (),
            )
    if access.level == "own":
        environment = access.mesh.environment
        yield Statement(
            sid=sid(key, "CreateLinkedRole"),
            actions=("iam:CreateServiceLinkedRole",),
            resources=(f"arn:{environment.partition}:iam::{environment.account}:{LINKED_ROLE}",),
            conditions=conditions({"StringEquals": {"iam:AWSServiceName": "vpc-lattice.amazonaws.com"}}),
        )


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
    "listener": lambda named: _services(named, "/listener/*"),
    "rule": lambda named: _services(named, "/listener/*/rule/*"),
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
    "ofNetworkAndServices": lambda named: _of_network(named, and_services=True),
    "byCreateService": _by("CreateService"),
    "byCreateTargetGroup": _by("CreateTargetGroup"),
    "byCreateServiceNetwork": _by("CreateServiceNetwork"),
}
