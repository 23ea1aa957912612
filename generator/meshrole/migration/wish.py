"""What somebody wants of a migration, and what is said about it."""

from dataclasses import dataclass
from enum import StrEnum

from meshrole.inventory.values import Path


class Step(StrEnum):
    """Both engines until a day; the new one alone at once; or the end of the former."""

    both = "both"
    once = "once"
    finish = "finish"


@dataclass(frozen=True, slots=True)
class Wish:
    """`engine` is the one to go to, None to finish. No `meshes` are all; `until` is the last day of both engines.

    `cluster` and `namespace` are where workloads go that cannot stay on their platform.
    """

    step: Step
    engine: str | None = None
    meshes: tuple[str, ...] = ()
    until: str | None = None
    cluster: str | None = None
    namespace: str | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """Something that was changed in the inventory, at `path`: a value, a key that is new, or one that is gone."""

    path: Path
    text: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A mesh that goes from one engine to another."""

    mesh: str
    old: str
    new: str
