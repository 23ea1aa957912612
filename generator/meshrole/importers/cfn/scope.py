"""A template with the parameters that one stack of it has: what stands where it has a function."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from meshrole.importers.cfn.attributes import attribute, reference
from meshrole.importers.cfn.functions import FUNCTIONS
from meshrole.importers.cfn.template import Template
from meshrole.importers.cfn.written import written
from meshrole.importers.marked import List, Map
from meshrole.importers.origin import Origin
from meshrole.importers.values import Unknown, Value, unknown, value

MAX_DEPTH = 40
# Of a word for a placeholder.
MAX_WORDS, LONGEST = 5, 60
# {{resolve:ssm:name}}. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
DYNAMIC = re.compile(r"(\{\{resolve:[^{}]{1,300}\}\})")

Parameter = Value | List
Imported = Callable[[Value], Any]
Output = Callable[[str, str], Any]


@dataclass(frozen=True, slots=True)
class Outside:
    """What a template can ask of others, None where nobody knows.

    `exported` is a value by the name of its export; `output` is one of a nested stack, by logical id and name; `beside` is the
    one other stack of the folder that has a logical id.
    """

    exported: Imported
    output: Output
    beside: Callable[[str], "Scope | None"]


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource of a stack."""

    scope: "Scope"
    logical: str
    type: str
    body: Map

    @property
    def properties(self) -> Map:
        """Its properties, as written."""
        found = self.scope.inside(self.body.get("Properties"))
        return found if isinstance(found, Map) else Map(self.body.line)

    @property
    def origin(self) -> Origin:
        """Where it stands."""
        return self.scope.template.origin("Resources", self.logical)

    @property
    def key(self) -> str:
        """Its logical id, told apart from the same one of other templates."""
        return self.scope.template.word(self.logical)


class Scope:
    """One stack of a template. It is a `Reading`: functions are resolved where they are met, and what they need is asked once."""

    def __init__(self, template: Template, given: Mapping[str, Parameter], outside: Outside) -> None:
        self.template, self.given, self.outside = template, given, outside
        self._known: dict[Any, Any] = {}
        self._open: set[Any] = set()
        self._depth = 0

    def inside(self, node: Any) -> Any:
        """What a node stands for (see `Reading`)."""
        if isinstance(node, str):
            return _literal(node)
        if not isinstance(node, dict) or len(node) != 1:
            return node
        name, argument = next(iter(node.items()))
        function = FUNCTIONS.get(name)
        if function is None:
            return self.unresolved(node) if name.startswith("Fn::") and not name.startswith("Fn::ForEach") else node
        return self._deeper(lambda: function(self, argument, node), lambda: self.unresolved(node))

    def unresolved(self, node: Any, word: str = "") -> Value:
        """A placeholder for what the template does not hold."""
        return unknown(written(node), word or _word(node))

    def once(self, key: Any, make: Callable[[], Any], otherwise: Any) -> Any:
        """What `make` makes, made once; `otherwise` where making it needs itself."""
        if key in self._known:
            return self._known[key]
        if key in self._open:
            return otherwise
        self._open.add(key)
        try:
            made = self._known[key] = self._deeper(make, lambda: otherwise)
        finally:
            self._open.discard(key)
        return made

    def _deeper(self, make: Callable[[], Any], otherwise: Callable[[], Any]) -> Any:
        """What `make` makes, unless it is called too deep below itself."""
        if self._depth >= MAX_DEPTH:
            return otherwise()
        self._depth += 1
        try:
            return make()
        finally:
            self._depth -= 1

    def resource(self, logical: str) -> Resource | None:
        """A resource of the template."""
        body = self.template.resources.get(logical)
        return None if body is None else Resource(self, logical, str(body.get("Type")), body)

    def resources(self) -> list[Resource]:
        """Every resource of the template."""
        return [Resource(self, logical, str(body.get("Type")), body) for logical, body in self.template.resources.items()]

    def reference(self, name: str) -> Any:
        """What `!Ref NAME` is: a pseudo parameter, a parameter, or a resource."""
        return self.once(("ref", name), lambda: reference(self, name), unknown(f"!Ref {name}", name))

    def attribute(self, logical: str, name: str) -> Any:
        """What `!GetAtt LOGICAL.NAME` is."""
        otherwise = unknown(f"!GetAtt {logical}.{name}", f"{logical}.{name}")
        return self.once(("att", logical, name), lambda: attribute(self, logical, name), otherwise)


def _literal(text: str) -> Value:
    if "{{resolve:" not in text:
        return value(text) if text else Value(())
    pieces = DYNAMIC.split(text)
    return value(*(Unknown(piece, _resolved(piece)) if index % 2 else piece for index, piece in enumerate(pieces)))


def _resolved(piece: str) -> str:
    part = unknown(piece, piece.strip("{}").partition(":")[2]).parts[0]
    return part.word if isinstance(part, Unknown) else part


def _word(node: Any) -> str:
    """The names in a function, without its numbers: `!Select [0, !Ref Zones]` is Zones."""
    leaves: list[str] = []
    waiting = [node]
    while waiting and len(leaves) < MAX_WORDS:
        part = waiting.pop()
        if isinstance(part, dict | list):
            waiting += reversed(list(part.values() if isinstance(part, dict) else part))
        elif isinstance(part, str | Value) and not str(part).isdigit():
            leaves.append(str(part))
    return "_".join(leaves)[:LONGEST] or "value"
