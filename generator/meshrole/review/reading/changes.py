"""The resources of a plan before it and after it, from its `resource_changes`, with what is sensitive or unknown masked.

https://developer.hashicorp.com/terraform/internals/json-format#change-representation; OpenTofu's is the same format:
https://opentofu.org/docs/internals/json-format/
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, repeat
from typing import Any

from meshrole.plans.read import Plan
from meshrole.plans.resources import Resource, Resources, blocks_of, references_of, walk
from meshrole.review.things import CREATE, DELETE, FORGET, IMPORT, MOVE, NO_OP, READ, REPLACE, UNKNOWN, UPDATE

ACTIONS = {
    ("no-op",): NO_OP,
    ("create",): CREATE,
    ("update",): UPDATE,
    ("delete",): DELETE,
    ("read",): READ,
    ("forget",): FORGET,
    ("create", "delete"): REPLACE,
    ("delete", "create"): REPLACE,
    # A replacement whose old object stays in AWS.
    ("create", "forget"): REPLACE,
    ("forget", "create"): REPLACE,
}


@dataclass(frozen=True, slots=True)
class Step:
    """What the plan does with a resource, and where it was before."""

    action: str
    moved_from: str


@dataclass(frozen=True, slots=True)
class Sides:
    """The resources on both sides, the steps by their address after the plan, and what makes a side incomplete."""

    before: Resources
    after: Resources
    steps: Mapping[str, Step]
    notes: tuple[str, ...]


def sides(plan: Plan, types: frozenset[str]) -> Sides:
    """Both sides of a plan, of these types only. A plan that is damaged ends in whatever error it leads to."""
    configuration = plan.get("configuration", {}).get("root_module", {})
    reader = _Reader(configuration)
    before: list[Resource] = []
    after: list[Resource] = []
    steps: dict[str, Step] = {}
    notes: list[str] = []
    for item in plan.get("resource_changes") or ():
        if item["type"] not in types or item.get("mode", "managed") != "managed":
            continue
        if item.get("deposed"):
            notes.append(f"{item['address']}: an object that a failed replacement left behind is destroyed")
            continue
        step = _step(item)
        steps[item["address"]] = step
        before += reader.before(item, step)
        after += reader.after(item, step)
    for item in _untouched(plan, types, steps):
        before.append(item)
        after.append(item)
        steps[item.address] = Step(NO_OP, "")
    return Sides(Resources(before, configuration), Resources(after, configuration), steps, tuple(notes))


class _Reader:
    """Resources from changes; the configuration's blocks of each module are worked out once."""

    def __init__(self, configuration: Mapping[str, Any]) -> None:
        self._configuration = configuration
        self._blocks: dict[str, Mapping[Any, Any]] = {}

    def before(self, item: Mapping[str, Any], step: Step) -> Iterator[Resource]:
        before = item["change"].get("before")
        if before is not None:
            yield self._resource(item, step.moved_from or item["address"], before, None)

    def after(self, item: Mapping[str, Any], step: Step) -> Iterator[Resource]:
        change = item["change"]
        if step.action == FORGET:
            # Terraform lets go of it; in AWS it stays as it is.
            yield self._resource(item, item["address"], change.get("before") or {}, None)
        elif change.get("after") is not None:
            yield self._resource(item, item["address"], change["after"], change.get("after_unknown"))

    def _resource(self, item: Mapping[str, Any], address: str, values: Any, unknown: Any) -> Resource:
        # What is sensitive on one side is shown on neither: a value may be marked by the plan itself.
        for sensitive in (item["change"].get("before_sensitive"), item["change"].get("after_sensitive"), unknown):
            values = masked(values, sensitive)
        module = item.get("module_address", "")
        if module not in self._blocks:
            self._blocks[module] = blocks_of(self._configuration, module)
        block = self._blocks[module].get(("managed", item["type"], item["name"]), {})
        return Resource(
            address=address,
            type=item["type"],
            name=item["name"],
            module=module,
            index=str(item.get("index", "")),
            values=values,
            unknown=unknown if isinstance(unknown, Mapping) else {},
            references={name: references_of(value) for name, value in block.get("expressions", {}).items()},
        )


def _step(item: Mapping[str, Any]) -> Step:
    change = item["change"]
    action = ACTIONS[tuple(change["actions"])]
    moved_from = item.get("previous_address") or ""
    if action == NO_OP and change.get("importing"):
        action = IMPORT
    elif action == NO_OP and moved_from:
        action = MOVE
    return Step(action, moved_from)


def _untouched(plan: Plan, types: frozenset[str], steps: Mapping[str, Step]) -> Iterator[Resource]:
    """Resources of the state that a plan with `-target` says nothing of: they stay."""
    for module, item in walk(plan.get("prior_state", {}).get("values", {}).get("root_module", {}), ""):
        if item["type"] in types and item["mode"] == "managed" and item["address"] not in steps and "deposed_key" not in item:
            yield Resource(
                address=item["address"],
                type=item["type"],
                name=item["name"],
                module=module,
                index=str(item.get("index", "")),
                values=masked(item.get("values") or {}, item.get("sensitive_values")),
                unknown={},
                references={},
            )


def masked(values: Any, mask: Any) -> Any:
    """The values with UNKNOWN in each place that the mask has `true` for; a place that is not there is made for it."""
    if mask is True:
        return UNKNOWN
    if not _hides(mask):
        return values
    if isinstance(mask, dict):
        named = dict(values) if isinstance(values, dict) else {}
        return named | {key: masked(named.get(key), inner) for key, inner in mask.items() if _hides(inner)}
    row = list(values) if isinstance(values, list) else []
    more = [masked(None, inner) for inner in mask[len(row) :] if _hides(inner)]
    return [masked(value, inner) for value, inner in zip(row, chain(mask, repeat(False)), strict=False)] + more


def _hides(mask: Any) -> bool:
    """Whether there is `true` anywhere in a mask."""
    if isinstance(mask, dict):
        return any(map(_hides, mask.values()))
    return any(map(_hides, mask)) if isinstance(mask, list) else mask is True
