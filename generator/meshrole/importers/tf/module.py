"""A module as it is called: what its variables, locals, resources and outputs are, each worked out once, when it is asked for."""

import posixpath
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from meshrole.importers.tf.config import Config, Key, Placed
from meshrole.importers.tf.data import Hole, known, word_of
from meshrole.importers.tf.evaluate import Meter, Scope, evaluate
from meshrole.importers.tf.expansion import Expanded, expand
from meshrole.importers.tf.instance import Instance
from meshrole.importers.tf.names import Attributes, Calls, Types
from meshrole.importers.tf.remote import root_of
from meshrole.importers.tf.syntax import Expression, references
from meshrole.importers.tf.world import World
from meshrole.importers.values import Unknown, Value

# Terraform allows no more modules within modules than a path can hold; real ones have a handful.
MAX_NESTING = 20
# What a module takes, in steps of an expression.
COST = 20


@dataclass(frozen=True, slots=True)
class Argument:
    """What a variable is given: an expression in its caller's scope, or (`scope` None) in none, by the user."""

    expression: Expression
    scope: Scope | None = None


class Module:
    """One call of a folder. `arguments` are what the caller gives, or what the user gives to a root (`is_root`)."""

    def __init__(
        self, world: World, config: Config, arguments: Mapping[str, Argument], address: str = "", nesting: int = 0
    ) -> None:
        self.world, self.config, self.arguments, self.address, self.nesting = world, config, arguments, address, nesting
        self.is_root = not address
        self.scope = Scope(self)
        self.asked: dict[Any, Any] = {}
        self.groups: dict[Key, Expanded[Instance]] = {}
        self.children: dict[str, list[tuple[Any, Module]] | None] = {}

    @property
    def meter(self) -> Meter:
        """How much work is left, of all modules together."""
        return self.world.meter

    def name(self, name: str) -> Any:
        """What the first word of a reference is."""
        if name in ("var", "local"):
            return Attributes(self.variable if name == "var" else self.local)
        if name == "module":
            return Calls(self)
        if name == "data":
            return Attributes(lambda kind, _: Types(self, "data", kind))
        if name == "path":
            return {"module": self.config.folder or ".", "root": self.config.folder or ".", "cwd": "."}
        if name == "terraform":
            return {"workspace": Hole("terraform.workspace", word="workspace")}
        return Types(self, "managed", name) if "_" in name else Hole(name)

    def read(self, path: str) -> str | None:
        """A file among the given ones, by its path from this folder."""
        return self.world.text(posixpath.normpath(path)) or self.world.text(posixpath.normpath(f"{self.config.folder}/{path}"))

    def parse_template(self, text: str) -> Expression:
        """A template of such a file."""
        return self.world.parse_template(text)

    def remote(self, attributes: Mapping[str, Any], name: str) -> Any:
        """The outputs of another root (before Terraform 0.12, one of them)."""
        root = root_of(self.world.roots, attributes)
        if root is None:
            return None
        return Attributes(root.output) if name == "outputs" else root.output(name, name) if name in root.config.outputs else None

    def once(self, key: Any, make: Callable[[], Any], text: str) -> Any:
        """What `make` makes, the first time; a Hole where it needs itself."""
        if key not in self.asked:
            self.asked[key] = Hole(text)
            self.asked[key] = make()
        return self.asked[key]

    def variable(self, name: str, text: str) -> Any:
        """An argument, or the default; that of a root stays visible as one."""
        return self.once(("var", name), lambda: self._variable(name, text), text)

    def _variable(self, name: str, text: str) -> Any:
        given = self.arguments.get(name)
        if given is not None:
            return evaluate(given.expression, given.scope or self.scope)
        placed = self.config.variables.get(name)
        default = placed.block.attributes.get("default") if placed else None
        if default is None:
            return Hole(text)
        found = evaluate(default.expression, self.scope)
        return Value((Unknown(text, word_of(text), found),)) if self.is_root and isinstance(found, str) else found

    def local(self, name: str, text: str) -> Any:
        """A local value."""
        attribute = self.config.locals.get(name)
        if attribute is None:
            return Hole(text)
        return self.once(("local", name), lambda: evaluate(attribute.expression, self.scope), text)

    def output(self, name: str, text: str) -> Any:
        """An output."""
        placed = self.config.outputs.get(name)
        attribute = placed.block.attributes.get("value") if placed else None
        if attribute is None:
            return Hole(text)
        return self.once(("output", name), lambda: evaluate(attribute.expression, self.scope), text)

    def is_by_default(self, expression: Expression) -> bool:
        """Whether it depends on a variable of a root that nobody gave a value, so that only its default decides."""
        for root, name in references(expression):
            if root == "local" and name in self.config.locals:
                inner = self.config.locals[name].expression
                if self.once(("default", name), partial(self.is_by_default, inner), name) is True:
                    return True
            if root == "var" and self._is_default(name):
                return True
        return False

    def _is_default(self, name: str) -> bool:
        given = self.arguments.get(name)
        if given is None:
            return self.is_root
        return given.scope is not None and given.scope.module.is_by_default(given.expression)

    def resource(self, key: Key) -> Expanded[Instance] | None:
        """The instances of a resource, or of a data source; None where no file has it."""
        placed = self.config.resources.get(key)
        if placed is None:
            return None
        if key not in self.groups:
            self.groups[key] = self.expanded(placed, key)
        return self.groups[key]

    def expanded(self, placed: Placed, key: Key) -> Expanded[Instance]:
        """The instances of a block of a resource."""
        mode, kind, name = key
        address = ".".join(part for part in (self.address, "data" if mode == "data" else "", kind, name) if part)
        return expand(placed, self.scope, lambda scope, index: Instance(placed, scope, key, f"{address}{index}"))

    def called(self, name: str) -> list[tuple[Any, "Module"]] | None:
        """The modules that a call makes, by their keys; None where its folder is not among the given files."""
        if name not in self.children:
            self.children[name] = None
            self.children[name] = self._called(name)
        return self.children[name]

    def source(self, name: str) -> str | None:
        """The source of a call, as it is written."""
        source = self.config.calls[name].block.attributes.get("source")
        return known(evaluate(source.expression, self.scope)) if source else None

    def _called(self, name: str) -> list[tuple[Any, "Module"]] | None:
        placed, source = self.config.calls[name], self.source(name) or ""
        config = self.world.folder(self.config.folder, source)
        if config is None or self.nesting >= MAX_NESTING:
            return None
        address = f"{self.address}.module.{name}".lstrip(".")
        made = expand(placed, self.scope, lambda scope, index: (scope, f"{address}{index}"))
        self.meter.tick(COST * len(made.pairs))
        self.world.called.add(config.folder)
        return [
            (key, Module(self.world, config, _arguments(placed, scope), where, self.nesting + 1))
            for key, (scope, where) in made.pairs
        ]


def _arguments(placed: Placed, scope: Scope) -> dict[str, Argument]:
    return {name: Argument(attribute.expression, scope) for name, attribute in placed.block.attributes.items()}
