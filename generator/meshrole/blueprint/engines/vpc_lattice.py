"""Amazon VPC Lattice: signed calls that both sides must allow, targets that ECS registers, and the levels of access.

https://docs.aws.amazon.com/vpc-lattice/latest/ug/auth-policies.html
"""

from collections.abc import Iterator, Sequence

from meshrole.blueprint.beside import Beside
from meshrole.blueprint.engines.base import Callers, Count, Reach
from meshrole.blueprint.engines.vpc_lattice_levels import access_statements as access_statements
from meshrole.blueprint.engines.vpc_lattice_names import arn as arn
from meshrole.blueprint.engines.vpc_lattice_names import below as below
from meshrole.blueprint.engines.vpc_lattice_names import group_arns, in_account, lattice_of, service_arn, service_of
from meshrole.blueprint.engines.vpc_lattice_names import names as names
from meshrole.blueprint.engines.vpc_lattice_policies import INVOKE, auth_policies, calling
from meshrole.blueprint.istio import NamespaceAccess
from meshrole.blueprint.lattice import LatticeParts
from meshrole.blueprint.platforms.base import Helper, service_trust
from meshrole.blueprint.statements import NO_RESOURCE_TYPE
from meshrole.iam.policy import Statement
from meshrole.inventory.scope import tag_items
from meshrole.inventory.values import Access, EcsTask, Mesh, Service, Workload

# https://docs.aws.amazon.com/vpc-lattice/latest/ug/sigv4-authenticated-requests.html
NOTE = (
    "VPC Lattice lets a request through if the caller signed it and three policies allow it: the caller's own, the service "
    "network's and the service's"
)
# https://docs.aws.amazon.com/vpc-lattice/latest/ug/quotas.html
DEFAULTS = {"service_networks": 50, "lattice_services": 2_000, "services_per_network": 500}
TARGETS = "targets"
# A boundary has 6,144 characters and is one policy: a Deny of all but some things cannot be cut in two.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
MOST_NAMED = 50


def title(workload: Workload, mesh: Mesh) -> str:
    """`service checkout of mesh shop`."""
    return f"{'gateway' if workload.is_gateway else 'service'} {workload.name} of mesh {mesh.name}"


def workload_statements(workload: Workload, mesh: Mesh) -> Iterator[Statement]:
    """The caller's half of each of its calls, and nothing else: there is no proxy to configure."""
    yield from (statement for call in workload.calls if (statement := calling(call, mesh)))


def helpers(workload: Workload, mesh: Mesh) -> Iterator[Helper]:
    """The role with which ECS registers a task in its target groups, where these are known: on them and on no others.

    Narrower than AmazonECSInfrastructureRolePolicyForVpcLattice, which is for every target group:
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/AmazonECSInfrastructureRolePolicyForVpcLattice.html
    """
    service = service_of(workload, mesh)
    groups = group_arns(service, mesh, workload.version) if service else ()
    if not groups or not isinstance(workload.platform, EcsTask):
        return
    registers = ("RegisterTargets", "DeregisterTargets", "GetTargetGroup", "ListTargets")
    looks = ("DescribeInstances", "DescribeSubnets", "DescribeVpcs")
    yield Helper(
        purpose=TARGETS,
        # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/infrastructure_IAM_role.html
        trust=(service_trust("ecs.amazonaws.com"),),
        policy=(
            Statement(sid="Targets", actions=tuple(f"vpc-lattice:{name}" for name in registers), resources=groups),
            Statement(sid=f"WhereTargetsAre{NO_RESOURCE_TYPE}", actions=tuple(f"ec2:{name}" for name in looks), resources=("*",)),
        ),
    )


def in_clusters(access: Access) -> Iterator[NamespaceAccess]:  # noqa: ARG001
    """Nothing: the mesh is in AWS."""
    yield from ()


def beside(mesh: Mesh, callers: Callers) -> Beside:
    """What has no id yet is made; every service that is here has its auth policy, and so has the network where it is kept."""
    tags = tag_items(dict(mesh.tags), {"meshrole:mesh": mesh.key})
    return Beside(lattice=LatticeParts(mesh.key, arn(mesh), lattice_of(mesh), tuple(auth_policies(mesh, callers)), tags))


def foreign(mesh: Mesh) -> Iterator[Statement]:
    """Services that nobody in this mesh calls are others' business, whatever a policy says; of many, those of other accounts.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonvpclatticeservices.html
    """
    called = {call.service for workload in mesh.workloads for call in workload.calls}
    lattice = lattice_of(mesh)
    services = [item for item in (*lattice.services, *lattice.elsewhere) if item.name in called]
    named = [f"{service_arn(item, mesh)}/*" for item in services]
    if len(named) > MOST_NAMED:
        named = [in_account(mesh, "service/*", account) for account in sorted({item.account for item in services})]
    yield Statement(
        sid="NoOtherService",
        effect="Deny",
        actions=("vpc-lattice-svcs:*",),
        resources=() if services else ("*",),
        not_resources=tuple(named),
    )


def reach(caller: Workload, service: Service, mesh: Mesh) -> Reach:  # noqa: ARG001
    """Through the service network, if the caller's own policy and the service's auth policy allow it."""
    target = f"{arn(mesh, 'service', service.name)}/*"
    return Reach(target, f"service network {mesh.name}", INVOKE, f"the auth policy of {service.name}")


def mesh_counts(meshes: Sequence[Mesh]) -> Iterator[Count]:
    """VPC Lattice's quotas: https://docs.aws.amazon.com/vpc-lattice/latest/ug/quotas.html"""
    kept = [mesh for mesh in meshes if lattice_of(mesh).is_kept]
    if kept:
        yield _count("service networks", len(kept), kept[0], "service_networks")
    services = sum(len(lattice_of(mesh).services) for mesh in meshes)
    yield _count("VPC Lattice services", services, meshes[0], "lattice_services")
    for mesh in kept:
        count = len({(item.account, item.name) for item in (*lattice_of(mesh).services, *lattice_of(mesh).elsewhere)})
        yield _count(f"services in the service network of {mesh.key}", count, mesh, "services_per_network")


def _count(what: str, count: int, mesh: Mesh, quota: str) -> Count:
    raised = getattr(mesh.environment.quotas, quota)
    return Count(what, count, raised or DEFAULTS[quota], quota, mesh.path)
