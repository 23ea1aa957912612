"""What references begin with: `var`, `local`, `data`, `module` and the types of resources."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from meshrole.importers.tf.computed import fact
from meshrole.importers.tf.data import Hole, known

if TYPE_CHECKING:
    from meshrole.importers.tf.module import Module


@dataclass(frozen=True, slots=True)
class Attributes:
    """Something that looks a name up."""

    get: Callable[[str, str], Any]

    def step(self, key: Any, text: str) -> Any:
        """What `key` is."""
        name = known(key)
        return Hole(text) if name is None else self.get(name, text)


@dataclass(frozen=True, slots=True)
class Types:
    """The resources of a type, or (`mode` data) its data sources."""

    module: "Module"
    mode: str
    type: str

    def step(self, key: Any, text: str) -> Any:  # noqa: ARG002
        """The resource of that name; what no file has may still be one of the facts about AWS."""
        found = self.module.resource((self.mode, self.type, known(key) or ""))
        if found is not None:
            return found.data
        return Attributes(lambda name, whole: fact(self.mode, self.type, name) or Hole(whole))


@dataclass(frozen=True, slots=True)
class Calls:
    """The modules that a module calls."""

    module: "Module"

    def step(self, key: Any, text: str) -> Any:
        """The outputs of a call; with `count` or `for_each`, of each."""
        name = known(key) or ""
        called = self.module.called(name) if name in self.module.config.calls else None
        if called is None:
            return Hole(text)
        outputs = [(place, Attributes(child.output)) for place, child in called]
        if len(outputs) == 1 and outputs[0][0] is None:
            return outputs[0][1]
        is_map = any(isinstance(place, str) for place, _ in outputs)
        return dict(outputs) if is_map else [each for _, each in outputs]
