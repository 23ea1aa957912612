"""ARNs of VPC Lattice, and the names that people have for them.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonvpclattice.html#amazonvpclattice-resources-for-iam-policies
"""

from collections.abc import Iterator

from meshrole.inventory.lattice_values import Lattice, LatticeService
from meshrole.inventory.values import Mesh, Workload


def lattice_of(mesh: Mesh) -> Lattice:
    """The part of a mesh that is in VPC Lattice."""
    assert mesh.lattice is not None
    return mesh.lattice


def in_account(mesh: Mesh, resource: str, account: str | None = None) -> str:
    """`arn:PARTITION:vpc-lattice:REGION:ACCOUNT:RESOURCE`; the account is the environment's own, unless another is given."""
    environment = mesh.environment
    return f"arn:{environment.partition}:vpc-lattice:{environment.region}:{account or environment.account}:{resource}"


def network_arn(mesh: Mesh) -> str:
    """The ARN of the service network, which is in its owner's account."""
    return in_account(mesh, f"servicenetwork/{lattice_of(mesh).network}", mesh.owner)


def service_arn(service: LatticeService, mesh: Mesh) -> str:
    """The ARN of a service, which is in the account of its own environment."""
    return in_account(mesh, f"service/{service.id}", service.account)


def group_arns(service: LatticeService, mesh: Mesh, version: str | None = None) -> tuple[str, ...]:
    """The ARNs of the target groups of a service, or of one version of it."""
    groups = [group for of, group in service.target_groups if version is None or of in (None, version)]
    return tuple(in_account(mesh, f"targetgroup/{group}") for group in dict.fromkeys(groups))


def arn(mesh: Mesh, *steps: str) -> str:
    """The service network's without steps; of a service, and below it, for `service`, its name, and what follows.

    A workload has no ARN of its own: what answers for a service has the service's, and a gateway the network's.
    """
    if not steps:
        return network_arn(mesh)
    name: str | None = steps[1]
    if steps[0] != "service":
        name = next((item.service for item in mesh.workloads if item.aws_name == steps[1]), None)
    service = lattice_of(mesh).service(name or "")
    return "/".join((service_arn(service, mesh), *steps[2:])) if service else network_arn(mesh)


def names(mesh: Mesh) -> Iterator[tuple[str, str]]:
    """Every name of something in the mesh, alone and as `mesh/name`; a service's is also the request for its path /."""
    lattice = lattice_of(mesh)
    yield from ((name, network_arn(mesh)) for name in dict.fromkeys((mesh.key, mesh.name, lattice.network)))
    for service in (*lattice.services, *lattice.elsewhere):
        own = service_arn(service, mesh)
        words = dict.fromkeys((service.name, *_workloads(service, mesh), *(() if service.is_made else (service.id,))))
        for name in words:
            for value in (own, f"{own}/"):
                yield from ((name, value), (f"{mesh.key}/{name}", value))
        yield from ((group, in_account(mesh, f"targetgroup/{group}")) for _, group in service.target_groups)


def below(text: str, mesh: Mesh) -> Iterator[str]:
    """What follows a service's name: the path of a request (`checkout/carts/1`), or its listeners and rules."""
    name, _, rest = text.removeprefix(f"{mesh.key}/").partition("/")
    for service in (*lattice_of(mesh).services, *lattice_of(mesh).elsewhere):
        if rest and name in (service.name, service.id):
            yield f"{service_arn(service, mesh)}/{rest}"


def service_of(workload: Workload, mesh: Mesh) -> LatticeService | None:
    """The service that a workload answers for; None for a gateway."""
    return lattice_of(mesh).service(workload.service) if workload.service else None


def _workloads(service: LatticeService, mesh: Mesh) -> Iterator[str]:
    return (item.name for item in mesh.workloads if item.service == service.name)
