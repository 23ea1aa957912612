"""Kubernetes label selectors. https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from meshrole.importers.manifests.objects import Manifest, items, mapping, maps
from meshrole.importers.marked import Map
from meshrole.importers.values import Value

Labels = Mapping[str, Value]
Item = TypeVar("Item")


def matches(owner: Manifest, selector: Any, labels: Labels) -> bool:
    """Whether a selector of `owner` takes things with such labels. None takes nothing, an empty one takes everything."""
    if not isinstance(selector, Map):
        return False
    wanted = owner.texts(selector.get("matchLabels"))
    if any(labels.get(key) != each for key, each in wanted.items()):
        return False
    return all(_expression(owner, each, labels) for each in maps(selector.get("matchExpressions")))


def _expression(owner: Manifest, expression: Map, labels: Labels) -> bool:
    has = labels.get(owner.written(expression.get("key")))
    values = [owner.text(each) for each in items(expression.get("values"))]
    operator = str(expression.get("operator"))
    if operator == "In":
        return has is not None and has in values
    if operator == "NotIn":
        return has is None or has not in values
    return (has is not None) == (operator == "Exists")


@dataclass(frozen=True, slots=True)
class Selectable(Generic[Item]):
    """Something that selects: `item` is what is answered, `selector` is in the object `owner`."""

    item: Item
    owner: Manifest
    selector: Any


class Index(Generic[Item]):
    """Many selectors, asked for those that take some labels without asking each.

    A selector is filed under that one of its labels which the fewest others ask for.
    """

    def __init__(self, entries: Sequence[Selectable[Item]]) -> None:
        wanted = [list(entry.owner.texts(mapping(entry.selector).get("matchLabels")).items()) for entry in entries]
        frequency = Counter(pair for pairs in wanted for pair in pairs)
        self._by_label: dict[tuple[str, Value], list[Selectable[Item]]] = defaultdict(list)
        self._others: list[Selectable[Item]] = []
        for entry, pairs in zip(entries, wanted, strict=True):
            rarest = min(pairs, key=lambda pair: frequency[pair], default=None)
            (self._others if rarest is None else self._by_label[rarest]).append(entry)

    def matching(self, labels: Labels) -> Iterator[Item]:
        """Whatever selects things with such labels."""
        for pair in labels.items():
            for entry in self._by_label.get(pair, ()):
                if matches(entry.owner, entry.selector, labels):
                    yield entry.item
        for entry in self._others:
            if matches(entry.owner, entry.selector, labels):
                yield entry.item
