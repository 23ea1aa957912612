"""One side of a plan, and how its values are taken: each known, absent, or UNKNOWN."""

from collections.abc import Iterator, Mapping
from typing import Any, TypedDict

from meshrole.plans.resources import Resource, Resources
from meshrole.review.documents import Policy
from meshrole.review.reading.changes import Step
from meshrole.review.things import NO_OP, UNKNOWN, Hidden, Names, Number, Reference, Text, Truth

HIDDEN = "known only after the apply, or sensitive"
NOT_HERE = "not in the plan"
NO_STEP = Step(NO_OP, "")


class Base(TypedDict):
    """What every thing has."""

    address: str
    type: str
    module: str
    action: str
    moved_from: str
    tags: tuple[tuple[str, str], ...]


class Items:
    """The resources of one side."""

    def __init__(self, resources: Resources, steps: Mapping[str, Step], *, is_after: bool) -> None:
        self._resources = resources
        self._steps = steps if is_after else {step.moved_from or address: step for address, step in steps.items()}
        self._is_after = is_after
        self._named: dict[str, dict[str, str]] = {}

    def of(self, *types: str) -> Iterator[Resource]:
        """The resources of these types, in the plan's order."""
        return self._resources.of(*types)

    def step(self, address: str) -> Step:
        """What the plan does with the resource that has this address on this side."""
        return self._steps.get(address, NO_STEP)

    def base(self, item: Resource) -> Base:
        """What every thing has, of this one."""
        step = self.step(item.address)
        moved_from = step.moved_from if self._is_after else ""
        return {
            "address": item.address,
            "type": item.type,
            "module": item.module,
            "action": step.action,
            "moved_from": moved_from,
            "tags": _tags(item),
        }

    def reference(self, item: Resource, attribute: str, kind: str, value: Any = None) -> Reference:
        """What an attribute (or one `value` of it) names, with the address of the resource of type `kind` where it is here."""
        named = text(item, attribute) if value is None else _text(value)
        if isinstance(named, str):
            return Reference(named, self.address(kind, named))
        found = [each for each in self._resources.referred(item, attribute) if each.type == kind] if named is UNKNOWN else []
        if len(found) != 1:
            return Reference(named)
        # A name that is taken from a resource of the plan may be known there while its ARN is not.
        return Reference(text(found[0], "name"), found[0].address)

    def names_one(self, item: Resource, attribute: str) -> bool:
        """Whether an attribute is taken from one resource of this side."""
        return len(self._resources.referred(item, attribute)) == 1

    def address(self, kind: str, name: str) -> str:
        """The address of the resource of this type with this name or ARN, "" where there is none."""
        if kind not in self._named:
            self._named[kind] = {key: item.address for item in self.of(kind) for key in _keys(item)}
        return self._named[kind].get(name) or self._named[kind].get(name.rpartition("/")[2], "")

    def get(self, address: str) -> Resource | None:
        """The resource at an address."""
        return self._resources.every.get(address)


def policy(item: Resource, attribute: str) -> Policy:
    """A policy that an attribute holds."""
    source, value = f"{item.address}.{attribute}", item.values.get(attribute)
    if value is UNKNOWN:
        return Policy(source, None, HIDDEN)
    return Policy(source, value) if isinstance(value, str) else Policy(source, None, NOT_HERE)


def has(item: Resource, attribute: str) -> bool:
    """Whether an attribute has a value, known or not."""
    return item.values.get(attribute) not in (None, "", [], {})


def text(item: Resource, attribute: str) -> Text:
    """An attribute that is text."""
    return _text(item.values.get(attribute))


def truth(item: Resource | Mapping[str, Any], attribute: str) -> Truth:
    """An attribute that is true or false."""
    value = (item.values if isinstance(item, Resource) else item).get(attribute)
    return value if isinstance(value, bool | Hidden) else None


def number(item: Resource | Mapping[str, Any], attribute: str) -> Number:
    """An attribute that is a number."""
    value = (item.values if isinstance(item, Resource) else item).get(attribute)
    return value if isinstance(value, int | Hidden) else None


def names(item: Resource | Mapping[str, Any], attribute: str) -> Names:
    """An attribute that is a list of texts; one UNKNOWN where nothing of it is known."""
    value = (item.values if isinstance(item, Resource) else item).get(attribute)
    if value is UNKNOWN:
        return (UNKNOWN,)
    return tuple(each for each in value if isinstance(each, str | Hidden)) if isinstance(value, list) else ()


def blocks(item: Resource | Mapping[str, Any], attribute: str) -> list[Mapping[str, Any]]:
    """The nested blocks of an attribute, those of which anything is known."""
    value = (item.values if isinstance(item, Resource) else item).get(attribute)
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def block_text(block: Mapping[str, Any], attribute: str) -> Text:
    """An attribute of a nested block that is text."""
    return _text(block.get(attribute))


def _text(value: Any) -> Text:
    return value if isinstance(value, str | Hidden) else None


def _keys(item: Resource) -> Iterator[str]:
    for attribute in ("id", "name", "bucket", "arn", "key_id"):
        value = item.values.get(attribute)
        if isinstance(value, str) and value:
            yield value


def _tags(item: Resource) -> tuple[tuple[str, str], ...]:
    tags = item.values.get("tags_all") or item.values.get("tags")
    if not isinstance(tags, Mapping):
        return ()
    return tuple(sorted((str(key), value) for key, value in tags.items() if isinstance(value, str)))
