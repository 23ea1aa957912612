"""What an engine answers."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

from meshrole.iam.policy import Statement
from meshrole.inventory.values import Access, Mesh, Path, Workload


class Count(NamedTuple):
    """How many of something there are, how many AWS allows, and what raises that (None: nothing does)."""

    what: str
    number: int
    limit: int
    quota: str | None
    path: Path


class Engine(Protocol):
    """A module with these functions."""

    def workload_statements(self, workload: Workload, mesh: Mesh) -> Iterator[Statement]:
        """What the proxy of a workload must be allowed to do."""

    def access_statements(self, access: Access) -> Iterator[Statement]:
        """What a level of access to a mesh allows."""

    def arn(self, mesh: Mesh, *steps: str) -> str:
        """The ARN of something in the mesh: kinds and names in turn; the mesh itself without any."""

    def mesh_counts(self, meshes: Sequence[Mesh]) -> Iterator[Count]:
        """The mesh service's own quotas, for all meshes of one account and region."""
