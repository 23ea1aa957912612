"""What an engine answers."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from meshrole.blueprint.beside import Beside
from meshrole.blueprint.istio import NamespaceAccess
from meshrole.blueprint.platforms.base import Helper
from meshrole.iam.policy import Statement
from meshrole.inventory.values import Access, Call, Mesh, Path, Service, Workload

LEVELS = ("observe", "route", "operate", "own")


class Count(NamedTuple):
    """How many of something there are, how many AWS allows, and what raises that (None: nothing does)."""

    what: str
    number: int
    limit: int
    quota: str | None
    path: Path


class Caller(NamedTuple):
    """A workload that calls a service: its role's ARN, and what the inventory says of the call."""

    role: str
    workload: Workload
    call: Call


class Reach(NamedTuple):
    """How a call is made: `arn` of what is called, `through` what, by which `action` of the caller's (None: IAM has no say).

    `authorization` is what the callee asks of its caller.
    """

    arn: str
    through: str
    action: str | None
    authorization: str


Callers = Mapping[str, Sequence[Caller]]


class Engine(Protocol):
    """A module with these names. `docs/decisions` says why they are these."""

    NOTE: str
    """What must be known to read the call graph: who decides about a call."""

    def title(self, workload: Workload, mesh: Mesh) -> str:
        """What a workload is, for people: `virtual node checkout of mesh shop`."""

    def workload_statements(self, workload: Workload, mesh: Mesh) -> Iterator[Statement]:
        """What a workload must be allowed to do because it is in the mesh."""

    def helpers(self, workload: Workload, mesh: Mesh) -> Iterator[Helper]:
        """The roles that AWS itself uses for a workload because it is in the mesh; the platform's own are not among them."""

    def access_statements(self, access: Access) -> Iterator[Statement]:
        """What a level of access to a mesh allows."""

    def in_clusters(self, access: Access) -> Iterator[NamespaceAccess]:
        """What a level of access to a mesh allows in namespaces of Kubernetes, where the mesh has its configuration there."""

    def beside(self, mesh: Mesh, callers: Callers) -> Beside:
        """What must exist beside the identities: `callers` are the workloads of all environments that call each service."""

    def foreign(self, mesh: Mesh) -> Iterator[Statement]:
        """Statements that deny a workload what is another mesh's, for its permissions boundary."""

    def arn(self, mesh: Mesh, *steps: str) -> str:
        """The ARN of something in the mesh: kinds and names in turn; the mesh itself without any."""

    def names(self, mesh: Mesh) -> Iterator[tuple[str, str]]:
        """Every name that people have for something in the mesh, with its ARN."""

    def below(self, text: str, mesh: Mesh) -> Iterator[str]:
        """The ARNs that `text` may mean where it is none of `names`: something below what has a name."""

    def reach(self, caller: Workload, service: Service, mesh: Mesh) -> Reach:
        """How a workload reaches a service of the mesh."""

    def mesh_counts(self, meshes: Sequence[Mesh]) -> Iterator[Count]:
        """The mesh service's own quotas, for all meshes of one account and region."""
