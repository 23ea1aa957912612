"""A folder of Terraform's files as its variables, locals, resources and calls of modules.

https://developer.hashicorp.com/terraform/language/files
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from meshrole.importers.tf.syntax import Attribute, Block

Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Placed:
    """A block and the file that it is in."""

    block: Block
    file: str


@dataclass(slots=True)
class Config:
    """A folder. `resources` are by (mode, type, name), where mode is `managed` or `data`."""

    folder: str
    variables: dict[str, Placed] = field(default_factory=dict)
    locals: dict[str, Attribute] = field(default_factory=dict)
    resources: dict[Key, Placed] = field(default_factory=dict)
    calls: dict[str, Placed] = field(default_factory=dict)
    outputs: dict[str, Placed] = field(default_factory=dict)
    provider: Placed | None = None
    backend: Placed | None = None
    twice: list[tuple[Key, Placed]] = field(default_factory=list)

    def add(self, file: str, top: Block) -> None:
        """The blocks of a file of this folder."""
        for block in top.blocks:
            placed = Placed(block, file)
            if block.type in ("resource", "data") and len(block.labels) == 2:
                self._resource(placed)
            elif block.type == "locals":
                self.locals |= block.attributes
            elif block.type == "terraform":
                backends = [inner for inner in block.blocks if inner.type == "backend"]
                self.backend = Placed(backends[0], file) if backends else self.backend
            elif block.type == "provider" and block.labels == ("aws",) and "alias" not in block.attributes:
                self.provider = placed
            elif len(block.labels) == 1:
                named = {"variable": self.variables, "module": self.calls, "output": self.outputs}.get(block.type)
                if named is not None:
                    named[block.labels[0]] = placed

    def _resource(self, placed: Placed) -> None:
        kind, name = placed.block.labels
        key = ("managed" if placed.block.type == "resource" else "data", kind, name)
        if key in self.resources:
            self.twice.append((key, placed))
        else:
            self.resources[key] = placed

    def of_type(self, *types: str) -> Iterator[Key]:
        """The resources of these types, in their order."""
        return (key for key in self.resources if key[1] in types)
