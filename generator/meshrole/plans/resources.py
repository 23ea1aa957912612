"""The resources of a plan: planned values, what of them is not known yet, and what the configuration takes it from.

https://developer.hashicorp.com/terraform/internals/json-format#values-representation
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from meshrole.errors import PlanError, Problem
from meshrole.plans.read import Plan

MAX_MODULES = 60
MAX_STEPS = 400
INDEX = re.compile(r"\[[^\]]*\]")
MODULE = re.compile(r"module\.([^.\[]+)")


@dataclass(frozen=True, eq=False)
class Resource:
    """A resource or a data source as it will be; `module` is the address of its module, "" for the root."""

    address: str
    type: str
    name: str
    module: str
    index: str
    values: Mapping[str, Any]
    unknown: Mapping[str, Any]
    references: Mapping[str, tuple[str, ...]]

    def text(self, attribute: str) -> str | None:
        """A value that is text and known."""
        value = self.values.get(attribute)
        return value if isinstance(value, str) else None

    def is_unknown(self, attribute: str) -> bool:
        """Whether Terraform knows the value, or a part of it, only after the apply."""
        return _any_true(self.unknown.get(attribute))

    def items(self, attribute: str) -> list[Any]:
        """A value that is a list; an empty one where there is none."""
        value = self.values.get(attribute)
        return value if isinstance(value, list) else []


class Resources:
    """Resources by address, and how to follow a reference from one to another through the configuration that they are of."""

    def __init__(self, items: Iterable[Resource], configuration: Mapping[str, Any] | None = None) -> None:
        self._configuration = configuration or {}
        self.every: dict[str, Resource] = {}
        self._by_type: dict[str, list[Resource]] = defaultdict(list)
        self._instances: dict[str, list[Resource]] = defaultdict(list)
        for item in items:
            if item.address not in self.every:
                self.every[item.address] = item
                self._by_type[item.type].append(item)
                self._instances[INDEX.sub("", item.address)].append(item)

    def of(self, *types: str) -> Iterator[Resource]:
        """The resources of these types, in the plan's order."""
        return (item for kind in types for item in self._by_type.get(kind, ()))

    def referred(self, item: Resource, attribute: str) -> tuple[Resource, ...]:
        """The resources that an attribute is taken from, through variables and outputs of modules."""
        found = self._follow(item.module, item.references.get(attribute, ()), set())
        same = tuple(each for each in found if each.index == item.index)
        return same or tuple(found)

    def _follow(self, module: str, references: Sequence[str], seen: set[tuple[str, str]]) -> list[Resource]:
        """`seen` are the references that were followed already: each is once, whatever circles a plan has."""
        found: dict[str, Resource] = {}
        for reference in references if len(seen) < MAX_STEPS else ():
            if (module, reference) not in seen:
                seen.add((module, reference))
                found |= {each.address: each for each in self._one(module, reference, seen)}
        return list(found.values())

    def _one(self, module: str, reference: str, seen: set[tuple[str, str]]) -> list[Resource]:
        words = INDEX.sub("", reference).split(".")
        if words[0] == "var" and module and len(words) > 1:
            parent, _, _ = INDEX.sub("", module).rpartition("module.")
            parent, name = parent.rstrip("."), MODULE.findall(module)[-1]
            call = _module(self._configuration, parent).get("module_calls", {}).get(name, {})
            return self._follow(parent, references_of(call.get("expressions", {}).get(words[1])), seen)
        if words[0] == "module" and len(words) > 2:
            inner = ".".join(part for part in (module, f"module.{words[1]}") if part)
            output = _module(self._configuration, inner).get("outputs", {}).get(words[2], {})
            return self._follow(inner, references_of(output.get("expression")), seen)
        size = 3 if words[0] == "data" else 2
        wanted = ".".join(part for part in (module, *words[:size]) if part)
        return self._instances.get(INDEX.sub("", wanted), [])


def of_plan(plan: Plan) -> Resources:
    """The resources of a plan, those that it leaves as they are included. Raises PlanError when the plan is damaged."""
    try:
        configuration = plan.get("configuration", {}).get("root_module", {})
        return Resources(_items(plan, configuration), configuration)
    except (KeyError, TypeError, AttributeError) as error:
        raise PlanError(Problem(f"the plan is damaged: a part of it is not what it must be ({error})")) from None


def _items(plan: Plan, configuration: Mapping[str, Any]) -> Iterator[Resource]:
    unknown = {item["address"]: item.get("change", {}).get("after_unknown") for item in plan.get("resource_changes", ())}
    blocks: dict[str, Mapping[Any, Any]] = {}
    # Data sources that were read while planning are in the prior state only.
    for tree, modes in (
        (plan["planned_values"], ("managed", "data")),
        (plan.get("prior_state", {}).get("values", {}), ("data",)),
    ):
        for module, item in walk(tree.get("root_module", {}), ""):
            if item.get("mode") in modes:
                bare = INDEX.sub("", module)
                if bare not in blocks:
                    blocks[bare] = blocks_of(configuration, module)
                block = blocks[bare].get((item["mode"], item["type"], item["name"]), {})
                yield _resource(module, item, unknown.get(item["address"]), block)


def _resource(module: str, item: Mapping[str, Any], unknown: Any, block: Mapping[str, Any]) -> Resource:
    return Resource(
        address=item["address"],
        type=item["type"],
        name=item["name"],
        module=module,
        index=str(item.get("index", "")),
        values=item.get("values") or {},
        unknown=unknown if isinstance(unknown, Mapping) else {},
        references={name: references_of(value) for name, value in block.get("expressions", {}).items()},
    )


def _module(configuration: Mapping[str, Any], address: str) -> Mapping[str, Any]:
    for name in MODULE.findall(address):
        configuration = configuration.get("module_calls", {}).get(name, {}).get("module", {})
    return configuration


def blocks_of(configuration: Mapping[str, Any], module: str) -> Mapping[Any, Any]:
    """The configuration's blocks of a module, by mode, type and name."""
    blocks = _module(configuration, module).get("resources", ())
    return {(block.get("mode"), block.get("type"), block.get("name")): block for block in blocks}


def walk(module: Mapping[str, Any], address: str, depth: int = 0) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every resource of a module of values and of those in it, each with the address of its module. Raises PlanError."""
    if depth > MAX_MODULES:
        raise PlanError(Problem(f"the plan has modules nested deeper than {MAX_MODULES} levels"))
    for item in module.get("resources", ()):
        yield address, item
    for child in module.get("child_modules", ()):
        yield from walk(child, child["address"], depth + 1)


def references_of(expression: Any) -> tuple[str, ...]:
    """The references of an expression, those of nested blocks included."""
    if isinstance(expression, list):
        return tuple(reference for item in expression for reference in references_of(item))
    if not isinstance(expression, Mapping):
        return ()
    if "references" in expression:
        return tuple(expression["references"])
    return tuple(reference for item in expression.values() for reference in references_of(item))


def _any_true(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(map(_any_true, value.values()))
    return any(map(_any_true, value)) if isinstance(value, list) else value is True
