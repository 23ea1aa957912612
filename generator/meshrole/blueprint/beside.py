"""What an engine needs in AWS or in a cluster beside the identities, as frozen values."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from meshrole.blueprint.istio import GroupAccess, IstioParts
    from meshrole.blueprint.lattice import LatticeParts


@dataclass(frozen=True, slots=True)
class Beside:
    """Empty for an engine whose own resources are somebody else's. Each engine that makes something has a field here.

    `groups` are what people and pipelines may do in clusters.
    """

    lattice: "LatticeParts | None" = None
    istio: "IstioParts | None" = None
    groups: "tuple[GroupAccess, ...]" = ()


NOTHING = Beside()


def merged(parts: Iterable[Beside]) -> Beside:
    """What several engines of one mesh make: each has fields of its own."""
    every = list(parts)
    found = {field.name: [getattr(part, field.name) for part in every] for field in fields(Beside)}
    return Beside(**{name: next((value for value in values if value), values[0]) for name, values in found.items()})
