"""What an expression says, as far as the files say it. Nothing is read or run; what is not known stays as it is written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from meshrole.importers.tf.data import Hole, TooMuchError, as_text, known, number, simplified, truth
from meshrole.importers.tf.functions import FUNCTIONS
from meshrole.importers.tf.operators import operation
from meshrole.importers.tf.syntax import (
    Call,
    Choice,
    Entries,
    Expression,
    For,
    Items,
    Literal,
    Name,
    Operation,
    Raw,
    Splat,
    Step,
    Template,
)
from meshrole.importers.values import joined


class Meter:
    """How many steps are left."""

    def __init__(self, left: int) -> None:
        self.left = left

    def tick(self, cost: int = 1) -> None:
        """Some more. Raises TooMuchError."""
        self.left -= cost
        if self.left < 0:
            raise TooMuchError("more steps than any real configuration needs")


class Surroundings(Protocol):
    """The module in which an expression stands."""

    @property
    def meter(self) -> Meter:
        """How much work is left."""

    def name(self, name: str) -> Any:
        """What the first word of a reference is; something with a `step`, or a Hole."""

    def read(self, path: str) -> str | None:
        """The text of one of the given files."""

    def parse_template(self, text: str) -> Expression:
        """A template of such a file."""

    def remote(self, attributes: Mapping[str, Any], name: str) -> Any:
        """An attribute of a data source of another root's state; None where that root is not known."""

    def is_by_default(self, expression: Expression) -> bool:
        """Whether it depends on a variable of a root that nobody gave a value, so that only its default decides."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an expression stands: its module, and `each`, `count`, iterators and the names of a `for`."""

    module: Surroundings
    names: Mapping[str, Any] = field(default_factory=dict)

    def with_names(self, **names: Any) -> "Scope":
        """The same with more names."""
        return replace(self, names={**self.names, **names})


def evaluate(expression: Expression, scope: Scope) -> Any:
    """The value of an expression; a Hole where it is not known. Raises TooMuchError, RecursionError."""
    scope.module.meter.tick()
    if isinstance(expression, Literal):
        return expression.value
    if isinstance(expression, Name):
        return scope.names[expression.name] if expression.name in scope.names else scope.module.name(expression.name)
    if isinstance(expression, Raw):
        return Hole(expression.text)
    return KINDS[type(expression)](expression, scope)


def step(base: Any, key: Any, text: str, *, is_index: bool = True) -> Any:
    """What `base` has under `key`."""
    if isinstance(base, dict):
        return base.get(known(key), Hole(text))
    if isinstance(base, list):
        if not is_index and base and known(key) is not None and number(key) is None:
            # Before Terraform 0.12 a counted resource's attribute was read without an index.
            return step(base[0], key, text, is_index=False)
        place = number(key)
        return base[int(place)] if place is not None and 0 <= place < len(base) else Hole(text)
    below: Callable[[Any, str], Any] | None = getattr(base, "index" if is_index and hasattr(base, "index") else "step", None)
    return below(key, text) if below is not None and not isinstance(base, str) else Hole(text)


def members(collection: Any) -> list[tuple[Any, Any]] | None:
    """The keys and values of a collection; None where it is not known."""
    collection = collection.whole() if hasattr(collection, "whole") else getattr(collection, "instances", collection)
    if isinstance(collection, dict):
        return list(collection.items())
    return list(enumerate(collection)) if isinstance(collection, list) else None


def _template(expression: Template, scope: Scope) -> Any:
    found = [evaluate(part, scope) for part in expression.parts]
    if len(found) == 1:
        return found[0]
    shown = (getattr(part, "text", "value") for part in expression.parts)
    texts = (as_text(each) or Hole(text).value for each, text in zip(found, shown, strict=True))
    return simplified(joined(texts))


def _items(expression: Items, scope: Scope) -> Any:
    return [evaluate(item, scope) for item in expression.items]


def _entries(expression: Entries, scope: Scope) -> Any:
    pairs = ((as_text(evaluate(key, scope)), evaluate(value, scope)) for key, value in expression.entries)
    return {key.text: value for key, value in pairs if key is not None}


def _step(expression: Step, scope: Scope) -> Any:
    base = evaluate(expression.base, scope)
    return step(base, evaluate(expression.key, scope), expression.text, is_index=expression.is_index)


def _splat(expression: Splat, scope: Scope) -> Any:
    base = evaluate(expression.base, scope)
    if isinstance(base, Hole):
        return Hole(expression.text, base.of)
    each = base if isinstance(base, list) else [] if base is None else getattr(base, "instances", [base])
    return [_walk(item, expression, scope) for item in each]


def _walk(item: Any, expression: Splat, scope: Scope) -> Any:
    for key in expression.keys:
        item = step(item, evaluate(key, scope), expression.text, is_index=False)
    return item


def _call(expression: Call, scope: Scope) -> Any:
    if expression.function in ("file", "templatefile"):
        return _file(expression, scope)
    function = FUNCTIONS.get(expression.function)
    if function is None:
        return Hole(expression.text)
    arguments = [evaluate(argument, scope) for argument in expression.arguments]
    if expression.spreads and arguments:
        if not isinstance(arguments[-1], list):
            return Hole(expression.text)
        arguments[-1:] = arguments[-1]
    try:
        return function(arguments, expression.text)
    except (ValueError, TypeError, IndexError, KeyError, AttributeError, OverflowError):
        return Hole(expression.text)


def _file(expression: Call, scope: Scope) -> Any:
    """`file` and `templatefile` of a file that is among the given ones; no other is read."""
    path = known(evaluate(expression.arguments[0], scope)) if expression.arguments else None
    content = scope.module.read(path) if path is not None else None
    if content is None:
        return Hole(expression.text)
    if expression.function == "file":
        return content
    given = evaluate(expression.arguments[1], scope) if len(expression.arguments) > 1 else {}
    return rendered(content, given, scope) if isinstance(given, dict) else Hole(expression.text)


def rendered(content: str, given: Mapping[str, Any], scope: Scope) -> Any:
    """A template with nothing but the `given` names."""
    return evaluate(scope.module.parse_template(content), replace(scope, names=given))


def _choice(expression: Choice, scope: Scope) -> Any:
    condition = truth(evaluate(expression.condition, scope))
    if condition is None:
        return Hole(expression.text)
    return evaluate(expression.yes if condition else expression.no, scope)


def _operation(expression: Operation, scope: Scope) -> Any:
    left = evaluate(expression.left, scope) if expression.left is not None else None
    return operation(expression, left, evaluate(expression.right, scope))


def _for(expression: For, scope: Scope) -> Any:
    pairs = members(evaluate(expression.collection, scope))
    if pairs is None:
        return Hole(expression.text)
    listed: list[Any] = []
    keyed: dict[str, Any] = {}
    for key, item in pairs:
        inner = scope.with_names(
            **dict(zip(expression.names, (key, item) if len(expression.names) > 1 else (item,), strict=False))
        )
        if expression.condition is not None and truth(evaluate(expression.condition, inner)) is False:
            continue
        made = evaluate(expression.result, inner)
        if expression.result_key is None:
            listed.append(made)
            continue
        place = as_text(evaluate(expression.result_key, inner)) or Hole(expression.text).value
        keyed[place.text] = [*keyed.get(place.text, []), made] if expression.groups else made
    return listed if expression.result_key is None else keyed


KINDS: dict[type, Callable[[Any, Scope], Any]] = {
    Template: _template,
    Items: _items,
    Entries: _entries,
    Step: _step,
    Splat: _splat,
    Call: _call,
    Choice: _choice,
    Operation: _operation,
    For: _for,
}
