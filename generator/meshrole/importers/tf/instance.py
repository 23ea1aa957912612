"""One instance of a resource of a configuration: what other expressions ask of it, and all that its block says."""

from typing import Any

from meshrole.importers.tf.computed import ARNS, computed
from meshrole.importers.tf.config import Key, Placed
from meshrole.importers.tf.data import Hole, known
from meshrole.importers.tf.evaluate import Scope, evaluate
from meshrole.importers.tf.expansion import body


class Instance:
    """A resource in its scope; `key` is (mode, type, name)."""

    def __init__(self, placed: Placed, scope: Scope, key: Key, address: str) -> None:
        self.placed, self.scope, self.key, self.address = placed, scope, key, address
        self.notes: list[str] = []
        self._asked: dict[str, Any] = {}
        self._all: dict[str, Any] | None = None

    def step(self, key: Any, text: str) -> Any:
        """An attribute: as the block has it, or as AWS will make it of the others."""
        name = known(key)
        if name is None:
            return Hole(text)
        if name not in self._asked:
            self._asked[name] = Hole(text)
            self._asked[name] = self._attribute(name, text)
        return self._asked[name]

    def _attribute(self, name: str, text: str) -> Any:
        attribute = self.placed.block.attributes.get(name)
        if attribute is not None:
            return evaluate(attribute.expression, self.scope)
        if any(inner.type == name or inner.labels == (name,) for inner in self.placed.block.blocks):
            return self.attributes().get(name, Hole(text))
        found = computed(self, name)
        return Hole(text) if found is None else found

    def attributes(self) -> dict[str, Any]:
        """Everything that the block says."""
        if self._all is None:
            self._all = {}
            self._all = body(self.placed.block, self.scope, self.notes)
        return self._all

    def whole(self) -> dict[str, Any]:
        """The same, and what AWS will make of it: its ARN, id and name, as references to them say."""
        names = [name for name in ("arn", "id", "name") if name != "name" or "@name" in ARNS.get(self.key[1], "")]
        return {**{name: self.step(name, f"{self.address}.{name}") for name in names}, **self.attributes()}
