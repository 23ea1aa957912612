"""VPC Lattice: a caller's half of each call, and the levels of access by rule from AWS's reference.

*observe* is what AWS calls List and Read, but the sharing policies; *route* adds UpdateRule and UpdateListener; *operate* is
everything else that writes or tags services and what is in, before or behind them; *own* is the network itself, who is let in,
who shares, and what is logged. Actions about resource configurations and domains are in none.
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonvpclattice.html
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from meshrole.access.roles import Found
from meshrole.access.verify.items import LEVELS, Item, allow
from meshrole.iam import actions
from meshrole.iam.actions import Action
from meshrole.inventory.lattice_values import Lattice, LatticeService
from meshrole.inventory.values import Access, Call, EcsTask, Mesh, Workload

SHIFTS = ("vpc-lattice:UpdateRule", "vpc-lattice:UpdateListener")
# What a level of access can be about; `True`: only where it is to the whole mesh.
IN_SERVICE = ("Service", "Listener", "Rule", "TargetGroup", "ServiceNetworkServiceAssociation")
OF_WHOLE = ("ServiceNetworkVpcAssociation", "AccessLogSubscription")
KINDS = (*IN_SERVICE, *OF_WHOLE, "ServiceNetwork")
OWNED = ("ServiceNetwork", "AccessLogSubscription")
TAGS = ("vpc-lattice:TagResource", "vpc-lattice:UntagResource")
Condition = Mapping[str, Mapping[str, Any]]


def workload(item: Workload, mesh: Mesh) -> Iterator[Item]:
    """One signed request for each call, no wider than the inventory says it."""
    for call in item.calls:
        service = _lattice(mesh).service(call.service)
        if service:
            paths = call.paths or ("/*",)
            yield allow(["vpc-lattice-svcs:Invoke"], [_service(service, mesh) + path for path in paths], _requests(call))


def helper(found: Found) -> tuple[Item, list[Item]] | None:
    """The role with which ECS registers a task in its target groups.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/AmazonECSInfrastructureRolePolicyForVpcLattice.html
    """
    origin, mesh = found.origin, found.mesh
    if not found.role.label.endswith("-targets") or not isinstance(origin, Workload) or mesh is None:
        return None
    service = _lattice(mesh).service(origin.service or "")
    if service is None or not isinstance(origin.platform, EcsTask):
        return None
    groups = [group for version, group in service.target_groups if version in (None, origin.version)]
    trust = {**allow(["sts:AssumeRole"], []), "Principal": {"Service": "ecs.amazonaws.com"}}
    del trust["Resource"]
    registers = ["RegisterTargets", "DeregisterTargets", "GetTargetGroup", "ListTargets"]
    return trust, [
        allow([f"vpc-lattice:{name}" for name in registers], [_here(mesh, f"targetgroup/{group}") for group in groups]),
        allow(["ec2:DescribeSubnets", "ec2:DescribeVpcs", "ec2:DescribeInstances"], ["*"]),
    ]


def node(item: Workload, mesh: Mesh) -> str | None:  # noqa: ARG001
    """No workload has anything to itself that IAM would let others have: there is no proxy."""
    return None


def statements(access: Access, level: str) -> Iterator[Item]:
    """What `level` and the levels before it allow, on the mesh and the services that `access` names."""
    depth = LEVELS.index(level)
    for action in _every():
        for at, kinds, condition in _grants(access, action):
            resources = [arn for kind in kinds for arn in _resources(access, kind, action)] if kinds else ["*"]
            # What must be named and is not there makes the rest of the grant dead.
            if not all(_resources(access, kind, action) for kind in kinds if kind in action.required_types):
                continue
            if at <= depth and resources:
                yield allow([action.name], resources, condition)
    if depth >= LEVELS.index("route"):
        for name, kind in (("UpdateRule", "Rule"), ("UpdateListener", "Listener")):
            resources = _existing(access, kind)
            if resources:
                yield allow([f"vpc-lattice:{name}"], resources, _targets(access))
    if depth >= LEVELS.index("own"):
        yield _linked_role(access)


@cache
def _every() -> tuple[Action, ...]:
    """The actions that a level can have: about something of the mesh, or about nothing in particular and only reading."""
    found = [action for name in actions.expand("vpc-lattice:*") if (action := actions.find(name))]
    about = [action for action in found if set(action.required_types) <= set(KINDS) and set(action.resource_types) & set(KINDS)]
    return (*about, *(action for action in found if not action.resource_types and action.level in ("List", "Read")))


def _grants(access: Access, action: Action) -> Iterator[tuple[int, tuple[str, ...], Condition | None]]:
    """(level, kinds, condition) of each statement that an action comes in."""
    kinds = tuple(kind for kind in action.resource_types if kind in KINDS)
    if action.name in TAGS:
        for kind in kinds:
            yield LEVELS.index("own" if kind in OWNED else "operate"), (kind,), _of_association(access, kind)
        yield from _tags_at_creation(access, action)
    elif access.services is None or not set(action.required_types) & set(OF_WHOLE):
        yield _level(action, kinds), kinds, _condition(access, action, kinds)


def _tags_at_creation(access: Access, action: Action) -> Iterator[tuple[int, tuple[str, ...], Condition]]:
    if action.name == "vpc-lattice:TagResource" and access.services is None:
        for kind in ("Service", "TargetGroup", "ServiceNetwork"):
            at = LEVELS.index("own" if kind in OWNED else "operate")
            yield at, (f"new {kind}",), {"StringEquals": {"vpc-lattice:CreateAction": f"Create{kind}"}}


def _level(action: Action, kinds: tuple[str, ...]) -> int:
    """The first level that has the action."""
    is_sharing = action.name.endswith("ResourcePolicy")
    if action.level in ("List", "Read") and not is_sharing:
        return LEVELS.index("observe")
    is_owned = action.level == "Permissions management" or is_sharing or bool(set(OWNED) & set(action.required_types))
    # An association joins two things that the level has already.
    joins = any(kind.endswith("Association") for kind in kinds)
    return LEVELS.index("own" if is_owned and not joins else "operate")


def _condition(access: Access, action: Action, kinds: tuple[str, ...]) -> Condition | None:
    name = action.name.partition(":")[2]
    if name in ("CreateService", "CreateServiceNetwork"):
        return {"StringEquals": {"vpc-lattice:AuthType": "AWS_IAM"}}
    if name in ("UpdateService", "UpdateServiceNetwork"):
        return {"StringEqualsIfExists": {"vpc-lattice:AuthType": "AWS_IAM"}}
    if name in ("CreateListener", "UpdateListener", "CreateRule", "UpdateRule"):
        return None if access.services is None else _targets(access)
    # Making an association is authorized on the network too; later the association alone is named.
    return _of_association(access, kinds[0]) if len(kinds) == 1 else None


def _of_association(access: Access, kind: str) -> Condition | None:
    network = _here(access.mesh, f"servicenetwork/{_lattice(access.mesh).network}", access.mesh.owner)
    if kind == "ServiceNetworkServiceAssociation" and access.services is not None:
        services = [_service(service, access.mesh) for service in _chosen(access)]
        return {"ArnEquals": {"vpc-lattice:ServiceNetworkArn": network, "vpc-lattice:ServiceArn": services}}
    is_association = kind in ("ServiceNetworkServiceAssociation", "ServiceNetworkVpcAssociation")
    return {"ArnEquals": {"vpc-lattice:ServiceNetworkArn": network}} if is_association else None


def _targets(access: Access) -> Condition | None:
    groups = _group_arns(access)
    return {"ForAllValues:ArnEquals": {"vpc-lattice:TargetGroupArns": groups}} if groups else None


def _resources(access: Access, kind: str, action: Action) -> list[str]:
    """What is yet to be made is any of its kind, and only access to a whole mesh is about that."""
    if action.name == f"vpc-lattice:Create{kind}" and kind in ("Service", "TargetGroup", "ServiceNetwork"):
        kind = f"new {kind}"
    if kind.startswith("new "):
        return [_here(access.mesh, f"{kind.removeprefix('new ').lower()}/*")] if access.services is None else []
    return _existing(access, kind)


def _existing(access: Access, kind: str) -> list[str]:
    mesh, services = access.mesh, [_service(service, access.mesh) for service in _chosen(access)]
    match kind:
        case "ServiceNetwork":
            return [_here(mesh, f"servicenetwork/{_lattice(mesh).network}", mesh.owner)]
        case "Service":
            return services
        case "Listener" | "Rule":
            return [f"{service}/*" for service in services]
        case "TargetGroup":
            return _group_arns(access) or (
                [_here(mesh, "targetgroup/*")]
                if access.services is None
                else [_here(mesh, f"targetgroup/{group}") for service in _chosen(access) for _, group in service.target_groups]
            )
        case "ServiceNetworkServiceAssociation":
            return [_here(mesh, "servicenetworkserviceassociation/*")] if services else []
    return [_here(mesh, f"{kind.lower()}/*")] if access.services is None else []


def _group_arns(access: Access) -> list[str]:
    """The target groups of the services, where each of these has some."""
    chosen = _chosen(access)
    if not all(service.target_groups for service in chosen):
        return []
    return [_here(access.mesh, f"targetgroup/{group}") for service in chosen for _, group in service.target_groups]


def _chosen(access: Access) -> list[LatticeService]:
    names = None if access.services is None else {service.name for service in access.services}
    return [service for service in _lattice(access.mesh).services if names is None or service.name in names]


def _linked_role(access: Access) -> Item:
    """https://docs.aws.amazon.com/vpc-lattice/latest/ug/using-service-linked-roles.html"""
    environment = access.mesh.environment
    name = "role/aws-service-role/vpc-lattice.amazonaws.com/AWSServiceRoleForVpcLattice"
    arn = f"arn:{environment.partition}:iam::{environment.account}:{name}"
    return allow(["iam:CreateServiceLinkedRole"], [arn], {"StringEquals": {"iam:AWSServiceName": "vpc-lattice.amazonaws.com"}})


def _requests(call: Call) -> Condition | None:
    keys: dict[str, list[str]] = {f"vpc-lattice-svcs:RequestHeader/{name}": list(values) for name, values in call.headers}
    if call.methods:
        keys["vpc-lattice-svcs:RequestMethod"] = list(call.methods)
    return {"StringEquals": keys} if keys else None


def _lattice(mesh: Mesh) -> Lattice:
    assert mesh.lattice
    return mesh.lattice


def _service(service: LatticeService, mesh: Mesh) -> str:
    return _here(mesh, f"service/{service.id}", service.account)


def _here(mesh: Mesh, resource: str, account: str | None = None) -> str:
    environment = mesh.environment
    return f"arn:{environment.partition}:vpc-lattice:{environment.region}:{account or environment.account}:{resource}"
