"""What VPC Lattice must have beside the identities of a mesh: its service network and services, and who may call them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from meshrole.iam import stand_ins
from meshrole.iam.policy import Document as Document
from meshrole.inventory.lattice_values import Lattice
from meshrole.inventory.values import Path, TagItems

# No service can have it: names begin with a letter.
NETWORK_LABEL = "_network"


@dataclass(frozen=True, slots=True)
class AuthPolicy:
    """The auth policy of a service or, with NETWORK_LABEL, of the service network, whose ARN is `of`.

    `roles` are the labels of this module's roles that it names, which have to be there first.
    """

    label: str
    of: str
    document: Document
    roles: tuple[str, ...]
    path: Path


@dataclass(frozen=True, slots=True)
class LatticeParts:
    """The part of one mesh in one environment. What `lattice` says is made is made, with `tags`."""

    mesh: str
    network_arn: str
    lattice: Lattice
    policies: tuple[AuthPolicy, ...]
    tags: TagItems

    @property
    def makes_any(self) -> bool:
        """Whether the service network or a service is made here, so that its id is not known before."""
        return self.lattice.is_made or any(service.is_made for service in self.lattice.services)


def is_open(document: Document) -> bool:
    """Whether an id in a document is known only once what has it is made."""
    return stand_ins.are_in(document)


def open_meshes(documents: Iterable[Document]) -> tuple[str, ...]:
    """The meshes whose ids these documents wait for, in their order."""
    return tuple(dict.fromkeys(made.mesh for made in stand_ins.of(documents)))


def templated(text: str, reference: Callable[[str, str | None], str]) -> str:
    """A policy's text with a reference in the place of each id that is not known yet, by mesh and service (None: the network)."""
    return stand_ins.replaced(text, lambda made: reference(made.mesh, made.service))
