"""What the readers have in common: the files that they are given, and what they answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from meshrole.importers.found import Found


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as it was found: its name as the user wrote it (or below the folder that was written), and its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Options:
    """What the user says about values that the source does not hold: `parameters` of templates, by name."""

    parameters: Mapping[str, str] = field(default_factory=dict)


class Reader(Protocol):
    """A module with this function. It raises nothing for what it cannot understand: that is a `Miss`."""

    def read(self, files: Sequence[SourceFile], options: Options) -> Found:
        """Everything of a mesh, and of the identities that it uses, in `files`."""
