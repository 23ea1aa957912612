"""What is worth saying about an inventory that is not wrong. Each is said once, and the work goes on."""

from collections.abc import Iterator

from meshrole.errors import Problem
from meshrole.inventory.audit_warnings import audit_warnings
from meshrole.inventory.istio_checks import istio_warnings
from meshrole.inventory.model import InventoryFile
from meshrole.inventory.service_connect_checks import connect_warnings
from meshrole.inventory.values import EcsTask, Inventory

# What `import` writes where no source has the account: twelve digits that AWS gives to nobody.
NO_ACCOUNT = "000000000000"
END_OF_SUPPORT = (
    "AWS App Mesh ended on 2026-09-30: AWS says that its console and its resources can no longer be reached "
    "(https://docs.aws.amazon.com/app-mesh/latest/userguide/what-is-app-mesh.html)"
)
WHAT_TO_DO = "keep these identities while the workloads move: AWS recommends ECS Service Connect for ECS and VPC Lattice for EKS"


def warnings(file: InventoryFile, inventory: Inventory) -> Iterator[Problem]:
    """Warnings in the order of the inventory."""
    first = next((key for key, mesh in file.meshes.items() if mesh.engine == "app-mesh"), None)
    if first is not None:
        yield Problem(END_OF_SUPPORT, path=("meshes", first, "engine"), help=WHAT_TO_DO)
    for name, account in file.accounts.items():
        if account.id == NO_ACCOUNT:
            yield Problem(
                f'the id of account "{name}" is not known yet: nothing can be applied with {NO_ACCOUNT}',
                path=("accounts", name),
                help="give the account's twelve digits",
            )
    yield from dict.fromkeys(_mesh_warnings(inventory))
    yield from dict.fromkeys(connect_warnings(inventory))
    yield from dict.fromkeys(istio_warnings(inventory))
    for person in inventory.federated:
        levels = {access.level for access in person.access}
        if any(subject.endswith(":pull_request") for subject in person.subjects) and levels - {"observe"}:
            yield Problem(
                "whoever can open a pull request from a branch of this repository gets this role",
                path=(*person.path, "pull_request"),
                help="let pull requests observe, and give the rest to a protected environment",
            )
        for access in person.access:
            # A cluster of ECS is the environment's own, whoever owns the namespace.
            if access.level == "own" and access.mesh.is_shared and not access.mesh.service_connect:
                yield Problem(
                    f'the mesh "{access.mesh.key}" is owned by another account: `own` does nothing in {person.environment.name}',
                    path=(*person.path, "access"),
                    help="give `environments` in the account that owns it",
                )
    yield from audit_warnings(inventory)


def _mesh_warnings(inventory: Inventory) -> Iterator[Problem]:
    for mesh in (side for each in inventory.meshes for side in each.sides if side.engine == "app-mesh"):
        environment = mesh.environment
        if environment.partition == "aws-us-gov":
            yield Problem("App Mesh has no endpoint in aws-us-gov", path=mesh.path, found=environment.name)
        if mesh.is_shared and any(workload.is_gateway for workload in mesh.workloads):
            yield Problem(
                "a shared mesh takes virtual gateways from its owner only: AWS RAM shares none "
                "(https://docs.aws.amazon.com/app-mesh/latest/userguide/sharing.html)",
                path=(*mesh.path, "gateways"),
                found=environment.name,
            )
        for workload in mesh.workloads:
            if isinstance(workload.platform, EcsTask) and workload.platform.envoy_image is None:
                yield Problem(
                    f"no repository of the Envoy image is known for {environment.partition}: the execution role cannot pull it",
                    path=(*workload.path[:4], "runs_on"),
                    help="give runs_on.envoy_image the ARN of the repository",
                )
