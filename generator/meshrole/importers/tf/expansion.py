"""`count`, `for_each` and `dynamic`: how many there are of a block, where the files say it; else one that stands for all.

https://developer.hashicorp.com/terraform/language/meta-arguments
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from meshrole.importers.tf.config import Placed
from meshrole.importers.tf.data import Hole, TooMuchError, as_text, number, shown
from meshrole.importers.tf.evaluate import Scope, evaluate, members
from meshrole.importers.tf.syntax import Block, Expression

T = TypeVar("T")
MAX_COUNT = 20_000
META = ("count", "for_each", "depends_on", "provider", "providers", "lifecycle", "provisioner", "connection")


@dataclass(frozen=True, slots=True)
class Standing(Generic[T]):
    """One instance that stands for however many there are."""

    instance: T

    @property
    def instances(self) -> list[T]:
        """All that is known of them."""
        return [self.instance]

    def index(self, key: Any, text: str) -> Any:  # noqa: ARG002
        """Whichever of them."""
        return self.instance

    def step(self, key: Any, text: str) -> Any:
        """An attribute of the first, as Terraform read it before 0.12."""
        return self.instance.step(key, text)  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Expanded(Generic[T]):
    """The instances of a block by their keys; `data` is how a reference sees them. `note` says why one stands for all."""

    pairs: list[tuple[Any, T]]
    data: Any
    note: str = ""


def expand(placed: Placed, scope: Scope, make: Callable[[Scope, str], T]) -> Expanded[T]:
    """The instances of a block; `make` makes one in its scope, with its index as addresses show it."""
    count, each = (placed.block.attributes.get(name) for name in ("count", "for_each"))
    if count is not None:
        return _counted(count.expression, scope, make)
    if each is not None:
        return _each(each.expression, scope, make)
    one = make(scope, "")
    return Expanded([(None, one)], one)


def _counted(expression: Expression, scope: Scope, make: Callable[[Scope, str], T]) -> Expanded[T]:
    count = number(evaluate(expression, scope))
    if count is not None and count > MAX_COUNT:
        raise TooMuchError(f"a count of {count}")
    if count is None or (count < 1 and scope.module.is_by_default(expression)):
        text = written(expression)
        one = make(scope.with_names(count={"index": Hole("count.index", text, "index")}), "")
        return Expanded([(None, one)], Standing(one), _note("count", count == 0, text))
    made = [make(scope.with_names(count={"index": place}), f"[{place}]") for place in range(int(count))]
    return Expanded(list(enumerate(made)), made)


def _each(expression: Expression, scope: Scope, make: Callable[[Scope, str], T]) -> Expanded[T]:
    collection = evaluate(expression, scope)
    pairs = members(collection)
    if pairs is None or (not pairs and scope.module.is_by_default(expression)):
        text = written(expression)
        one = make(scope.with_names(each={"key": Hole("each.key", text), "value": Hole("each.value", text)}), "")
        return Expanded([(None, one)], Standing(one), _note("for_each", pairs is not None, text))
    if not isinstance(collection, dict):
        pairs = [(value, value) for _, value in pairs]
    made: dict[str, T] = {}
    for key, value in pairs:
        text = (as_text(key) or Hole("each.key").value).text
        made[text] = make(scope.with_names(each={"key": key, "value": value}), f'["{text}"]')
    return Expanded(list(made.items()), made)


def _note(what: str, is_empty: bool, text: str) -> str:
    why = "is empty by default" if is_empty else "is not known"
    return f"{what} = {shown(text)} {why}: one stands for all that there may be"


def written(expression: Expression, otherwise: str = "its argument") -> str:
    """An expression as it is written, where it is one that can be unknown."""
    return getattr(expression, "text", "") or otherwise


def body(block: Block, scope: Scope, notes: list[str]) -> dict[str, Any]:
    """The attributes of a block, and its blocks as lists: what a state holds of it."""
    meta = META if block.type in ("resource", "data") else ()
    found: dict[str, Any] = {
        name: evaluate(attribute.expression, scope) for name, attribute in block.attributes.items() if name not in meta
    }
    for inner in block.blocks:
        if inner.type in meta:
            continue
        for kind, content, where in _blocks(inner, scope, notes):
            made = body(content, where, notes)
            before = found.get(kind)
            found[kind] = [*before, made] if isinstance(before, list) else [made]
    return found


def _blocks(block: Block, scope: Scope, notes: list[str]) -> Iterator[tuple[str, Block, Scope]]:
    """A block as it is, or each that a `dynamic` one makes: its type, its content and its scope."""
    contents = [inner for inner in block.blocks if inner.type == "content"]
    if block.type != "dynamic" or len(block.labels) != 1 or not contents or "for_each" not in block.attributes:
        yield block.type, block, scope
        return
    name, expression = block.labels[0], block.attributes["for_each"].expression
    iterator = block.attributes.get("iterator")
    word = written(iterator.expression) if iterator and written(iterator.expression) != "its argument" else name
    word = getattr(iterator.expression, "name", word) if iterator else word
    collection = evaluate(expression, scope)
    pairs = members(collection)
    if pairs is None:
        text = written(expression)
        pairs = [(Hole(f"{word}.key", text), Hole(f"{word}.value", text))]
    elif not pairs and scope.module.is_by_default(expression):
        notes.append(f"its {name} blocks: for_each = {written(expression)} is empty by default")
    for key, value in pairs:
        scope.module.meter.tick()
        place = value if isinstance(collection, list) else key
        yield name, contents[0], scope.with_names(**{word: {"key": place, "value": value}})
