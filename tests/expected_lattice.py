"""What the plan of a mesh in VPC Lattice must hold: from the YAML, with tables typed from AWS's pages.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonvpclattice.html
https://docs.aws.amazon.com/vpc-lattice/latest/ug/auth-policies.html
"""

from collections.abc import Iterator
from itertools import chain
from typing import Any

import expected
import later
from expected import Grants, Trust, World, text

Auth = dict[str, set[tuple[str, str, str, str]]]  # (effect, principal, resource, conditions as text) by ARN
LISTS = (
    "ListAccessLogSubscriptions ListDomainVerifications ListListeners ListResourceConfigurations "
    "ListResourceEndpointAssociations ListResourceGateways ListRules ListServiceNetworkResourceAssociations "
    "ListServiceNetworkServiceAssociations ListServiceNetworkVpcAssociations ListServiceNetworkVpcEndpointAssociations "
    "ListServiceNetworks ListServices ListTagsForResource ListTargetGroups"
)
# (the first level that has it, actions, on what, under which condition); "new" things and those of "all" need a whole mesh.
TABLE = (
    (
        0,
        LISTS,
        "*",
        "",
    ),
    (0, "GetServiceNetwork GetAuthPolicy", "network", ""),
    (0, "GetService GetAuthPolicy", "services", ""),
    (0, "GetListener GetRule", "below services", ""),
    (0, "GetTargetGroup ListTargets", "targets", ""),
    (0, "GetServiceNetworkServiceAssociation", "servicenetworkserviceassociation", "of network and services"),
    (0, "GetServiceNetworkVpcAssociation", "all servicenetworkvpcassociation", "of network"),
    (0, "GetAccessLogSubscription", "all accesslogsubscription", ""),
    (1, "UpdateListener UpdateRule", "below services", "to targets"),
    (2, "CreateListener CreateRule UpdateListener UpdateRule", "below services", "to targets of named"),
    (2, "CreateService", "all service", "signed"),
    (2, "TagResource", "all service", "by CreateService"),
    (2, "UpdateService", "services", "signed if said"),
    (2, "DeleteService TagResource UntagResource", "services", ""),
    (2, "DeleteListener DeleteRule TagResource UntagResource", "below services", ""),
    (2, "CreateTargetGroup", "all targetgroup", ""),
    (2, "TagResource", "all targetgroup", "by CreateTargetGroup"),
    (2, "UpdateTargetGroup DeleteTargetGroup RegisterTargets DeregisterTargets TagResource UntagResource", "targets", ""),
    (2, "CreateServiceNetworkServiceAssociation", "servicenetworkserviceassociation", ""),
    (2, "CreateServiceNetworkServiceAssociation", "services", ""),
    (2, "CreateServiceNetworkServiceAssociation", "network", ""),
    (
        2,
        "DeleteServiceNetworkServiceAssociation TagResource UntagResource",
        "servicenetworkserviceassociation",
        "of network and services",
    ),
    (2, "CreateServiceNetworkVpcAssociation", "all servicenetworkvpcassociation", ""),
    (2, "CreateServiceNetworkVpcAssociation", "all of network", ""),
    (
        2,
        "UpdateServiceNetworkVpcAssociation DeleteServiceNetworkVpcAssociation TagResource UntagResource",
        "all servicenetworkvpcassociation",
        "of network",
    ),
    (3, "CreateServiceNetwork", "all servicenetwork", "signed"),
    (3, "TagResource", "all servicenetwork", "by CreateServiceNetwork"),
    (3, "UpdateServiceNetwork", "network", "signed if said"),
    (3, "DeleteServiceNetwork TagResource UntagResource", "network", ""),
    (3, "PutAuthPolicy DeleteAuthPolicy GetResourcePolicy PutResourcePolicy DeleteResourcePolicy", "network", ""),
    (3, "PutAuthPolicy DeleteAuthPolicy GetResourcePolicy PutResourcePolicy DeleteResourcePolicy", "services", ""),
    (3, "CreateAccessLogSubscription", "network", ""),
    (3, "CreateAccessLogSubscription", "services", ""),
    (
        3,
        "CreateAccessLogSubscription UpdateAccessLogSubscription DeleteAccessLogSubscription TagResource UntagResource",
        "all accesslogsubscription",
        "",
    ),
)


class Lattice:
    """One mesh in one environment of a story; what is made there has the id that its later plan has."""

    def __init__(self, world: World, key: str, mesh: dict[str, Any], story: str = "lattice-shop") -> None:
        self.world, self.key, self.mesh = world, key, mesh
        self.made = later.MADE.get((story, world.name), ("", {}))[1]
        self.owner = world.accounts[mesh["owner"]] if "owner" in mesh else world.account

    def here(self, rest: str, account: str | None = None) -> str:
        return f"arn:aws:vpc-lattice:{self.world.region}:{account or self.world.account}:{rest}"

    def network(self) -> str:
        return self.here(f"servicenetwork/{_in(self.world.name, self.mesh['service_network'])}", self.owner)

    def homes(self, name: str) -> list[str]:
        """The environments that have a service."""
        return list(self.mesh["services"][name].get("environments", self.world.inventory["environments"]))

    def service(self, name: str) -> str:
        """A service's ARN: its own environment's, or, where it is not here, that of the one that has it."""
        homes = self.homes(name)
        home = self.world.name if self.world.name in homes else homes[0]
        world = self.world if home == self.world.name else World(self.world.inventory, home)
        found = _in(home, self.mesh["services"][name].get("lattice_service", {})) or self.made[name]
        return self.here(f"service/{found}", world.account)

    def targets(self, name: str) -> list[str]:
        groups = _in(self.world.name, self.mesh["services"][name].get("target_groups", []))
        return [self.here(f"targetgroup/{group}") for group in ([groups] if isinstance(groups, str) else groups or [])]

    def entries(self) -> Iterator[tuple[bool, str, dict[str, Any]]]:
        for kind in ("gateways", "services"):
            for name, entry in self.mesh.get(kind, {}).items():
                if self.world.name in entry.get("environments", [self.world.name]):
                    yield kind == "services", name, entry

    def role_arn(self, workload: str) -> str:
        path = self.world.inventory["organization"].get("role_path", "/")
        name = f"{self.world.organization}-{self.key}-{workload}-{self.world.name}"
        return f"arn:aws:iam::{self.world.account}:role{path}{name}"


def mesh(world: World, key: str, entry: dict[str, Any]) -> Iterator[tuple[str, tuple[Trust, Grants]]]:
    """Every role of the mesh: of each workload, of what starts a task, and of ECS where it registers targets."""
    lattice = Lattice(world, key, entry)
    for is_service, name, item in lattice.entries():
        for version in item.get("versions", [None]):
            workload = f"{name}-{version}" if version else name
            role = f"{world.organization}-{key}-{workload}-{world.name}"
            words = {"service": name, "mesh": key, **({"version": version} if version else {})}
            grants = expected._own(world, item, words) | set(_calls(lattice, item)) | _of_platform(world, item["runs_on"], role)
            yield role, (_assumes(world, item["runs_on"], words), grants)
            if item["runs_on"]["platform"] == "ecs":
                yield f"{role}-execution", (_service("ecs-tasks.amazonaws.com"), _execution(world, item, role, words))
                if is_service and lattice.targets(name):
                    yield f"{role}-targets", (_service("ecs.amazonaws.com"), set(_registers(lattice, name)))


def access(world: World, key: str, entry: dict[str, Any], who: dict[str, Any]) -> Grants:
    """What a level of access to the mesh allows."""
    lattice = Lattice(world, key, entry)
    depth = ("observe", "route", "operate", "own").index(who["access"])
    here = [name for is_service, name, _ in lattice.entries() if is_service]
    chosen = [name for name in here if name in who.get("services", here)]
    whole = "services" not in who
    found: Grants = set()
    for level, names, kind, condition in TABLE:
        if level <= depth:
            held = text(_condition(lattice, condition, chosen, whole=whole))
            places = _places(lattice, kind, chosen, whole=whole)
            found |= {("Allow", f"vpc-lattice:{name}", place, held) for name in names.split() for place in places}
    if depth == 3:
        role = f"arn:aws:iam::{world.account}:role/aws-service-role/vpc-lattice.amazonaws.com/AWSServiceRoleForVpcLattice"
        held = text({"StringEquals": {"iam:AWSServiceName": ["vpc-lattice.amazonaws.com"]}})
        found.add(("Allow", "iam:CreateServiceLinkedRole", role, held))
    return found


def auth(world: World, key: str, entry: dict[str, Any]) -> Auth:
    """Whom each service lets in, and the network where this environment keeps it."""
    lattice = Lattice(world, key, entry)
    found: Auth = {}
    if world.account == lattice.owner:
        inside = {
            "StringEquals": {"aws:PrincipalOrgID": [world.inventory["organization"]["id"]]},
            "StringNotEquals": {"aws:PrincipalType": ["Anonymous"]},
        }
        found[lattice.network()] = {("Allow", "*", "*", text(inside))}
    for is_service, name, _ in lattice.entries():
        if is_service:
            own = lattice.service(name)
            callers = set(_callers(lattice, name, own))
            found[own] = callers or {("Deny", "*", f"{own}/*", "{}")}
    return found


def _callers(lattice: Lattice, name: str, own: str) -> Iterator[tuple[str, str, str, str]]:
    for environment in lattice.world.inventory["environments"]:
        other = Lattice(World(lattice.world.inventory, environment), lattice.key, lattice.mesh)
        if environment != lattice.world.name and environment in lattice.homes(name):
            continue
        for _, caller, item in other.entries():
            for version in item.get("versions", [None]):
                role = other.role_arn(f"{caller}-{version}" if version else caller)
                for call in item.get("calls", item.get("routes_to", [])):
                    if _name(call) == name:
                        yield from (("Allow", role, place, held) for _, _, place, held in _invokes(own, call))


def _calls(lattice: Lattice, item: dict[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    for call in item.get("calls", item.get("routes_to", [])):
        yield from _invokes(lattice.service(_name(call)), call)


def _invokes(own: str, call: str | dict[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    narrow = {"service": call} if isinstance(call, str) else call
    keys = {f"vpc-lattice-svcs:RequestHeader/{name}": values for name, values in narrow.get("headers", {}).items()}
    keys |= {"vpc-lattice-svcs:RequestMethod": narrow["methods"]} if "methods" in narrow else {}
    for path in narrow.get("paths", ["/*"]):
        yield "Allow", "vpc-lattice-svcs:Invoke", own + path, text({"StringEquals": keys} if keys else {})


def _name(call: str | dict[str, Any]) -> str:
    return call if isinstance(call, str) else str(call["service"])


def _in(environment: str, value: Any) -> Any:
    return value.get(environment) if isinstance(value, dict) else value


def _service(name: str) -> Trust:
    return name, frozenset({"sts:AssumeRole"}), "{}"


def _assumes(world: World, place: dict[str, Any], words: dict[str, str]) -> Trust:
    return _service("lambda.amazonaws.com") if place["platform"] == "lambda" else expected._assumes(world, place, words)


def _of_platform(world: World, place: dict[str, Any], role: str) -> Grants:
    """https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html"""
    if place["platform"] != "lambda":
        return set()
    home, function = f"{world.region}:{world.account}", place.get("function", role)
    stream = f"arn:aws:logs:{home}:log-group:/aws/lambda/{function}:log-stream:*"
    found = {("Allow", f"logs:{name}", stream, "{}") for name in ("CreateLogStream", "PutLogEvents")}
    if place.get("vpc"):
        writes = ("CreateNetworkInterface", "DeleteNetworkInterface", "AssignPrivateIpAddresses", "UnassignPrivateIpAddresses")
        reads = ("DescribeNetworkInterfaces", "DescribeSubnets")
        code = text({"ArnEquals": {"lambda:SourceFunctionArn": [f"arn:aws:lambda:{home}:function:{function}"]}})
        found |= {("Allow", f"ec2:{name}", f"arn:aws:ec2:{home}:*/*", "{}") for name in writes}
        found |= {("Allow", f"ec2:{name}", "*", "{}") for name in reads}
        found |= {("Deny", f"ec2:{name}", "*", code) for name in (*writes, *reads, "DetachNetworkInterface")}
    return found


def _execution(world: World, entry: dict[str, Any], role: str, words: dict[str, str]) -> Grants:
    """What starts the task; there is no proxy whose image is pulled."""
    grants = expected._execution(world, entry, role, words)
    return {grant for grant in grants if not grant[2].endswith("repository/aws-appmesh-envoy")}


def _registers(lattice: Lattice, name: str) -> Iterator[tuple[str, str, str, str]]:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/infrastructure_IAM_role.html"""
    for group in lattice.targets(name):
        for action in ("RegisterTargets", "DeregisterTargets", "GetTargetGroup", "ListTargets"):
            yield "Allow", f"vpc-lattice:{action}", group, "{}"
    for action in ("DescribeSubnets", "DescribeVpcs", "DescribeInstances"):
        yield "Allow", f"ec2:{action}", "*", "{}"


def _places(lattice: Lattice, kind: str, chosen: list[str], *, whole: bool) -> list[str]:
    services = [lattice.service(name) for name in chosen]
    word = kind.removeprefix("all ")
    if kind.startswith("all "):
        wide = [lattice.network()] if word == "of network" else [lattice.here(f"{word}/*")]
        return wide if whole else []
    match kind:
        case "*":
            return ["*"]
        case "network":
            return [lattice.network()]
        case "services":
            return services
        case "below services":
            return [f"{service}/*" for service in services]
        case "targets":
            groups = [lattice.targets(name) for name in chosen]
            return [lattice.here("targetgroup/*")] if whole and not all(groups) else [*chain(*groups)]
    return [lattice.here(f"{kind}/*")]


def _condition(lattice: Lattice, kind: str, chosen: list[str], *, whole: bool) -> dict[str, dict[str, list[str]]]:
    groups = [lattice.targets(name) for name in chosen]
    network = {"vpc-lattice:ServiceNetworkArn": [lattice.network()]}
    match kind:
        case "signed":
            return {"StringEquals": {"vpc-lattice:AuthType": ["AWS_IAM"]}}
        case "signed if said":
            return {"StringEqualsIfExists": {"vpc-lattice:AuthType": ["AWS_IAM"]}}
        case "of network":
            return {"ArnEquals": network}
        case "of network and services":
            own = {} if whole else {"vpc-lattice:ServiceArn": [lattice.service(name) for name in chosen]}
            return {"ArnEquals": network | own}
        case "to targets" if all(groups):
            return {"ForAllValues:ArnEquals": {"vpc-lattice:TargetGroupArns": [*chain(*groups)]}}
        case "to targets of named" if all(groups) and not whole:
            return {"ForAllValues:ArnEquals": {"vpc-lattice:TargetGroupArns": [*chain(*groups)]}}
    if kind.startswith("by "):
        return {"StringEquals": {"vpc-lattice:CreateAction": [kind.removeprefix("by ")]}}
    return {}
