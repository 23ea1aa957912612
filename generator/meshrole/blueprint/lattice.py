"""What VPC Lattice must have beside the identities of a mesh: its service network and services, and who may call them."""

from dataclasses import dataclass

from meshrole.iam.policy import Document
from meshrole.inventory.lattice_values import Lattice
from meshrole.inventory.values import Path, TagItems

# No service can have it: names begin with a letter.
NETWORK_LABEL = "_network"


@dataclass(frozen=True, slots=True)
class AuthPolicy:
    """The auth policy of a service or, with NETWORK_LABEL, of the service network; `id` is AWS's or stands for it.

    `roles` are the labels of this module's roles that it names, which have to be there first.
    """

    label: str
    id: str
    document: Document
    roles: tuple[str, ...]
    path: Path


@dataclass(frozen=True, slots=True)
class LatticeParts:
    """The part of one mesh in one environment. What `lattice` says is made is made, with `tags`."""

    mesh: str
    lattice: Lattice
    policies: tuple[AuthPolicy, ...]
    tags: TagItems

    @property
    def makes_any(self) -> bool:
        """Whether the service network or a service is made here, so that its id is not known before."""
        return self.lattice.is_made or any(service.is_made for service in self.lattice.services)
