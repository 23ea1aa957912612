"""What an inventory expects of plans: the roles of each root, held to the plans that are of that root."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from meshrole.review.facts import Expected, Facts, Role

# Name, file and line of each role.
Row = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class Root:
    """A root that follows from an inventory: its name, its roles, and the labels of its modules that have roles of their own."""

    name: str
    roles: tuple[Row, ...]
    modules: frozenset[str] = frozenset()


def expecting(every: Sequence[Facts], roots: Sequence[Root]) -> tuple[list[Facts], tuple[str, ...]]:
    """Each plan with the roles that it must have, and notes on the roots of which no plan is.

    A role that no plan of its root has is missing in the first of those, and in no other.
    """
    held = [{role.name.lower() for role in facts.after.roles if isinstance(role.name, str)} for facts in every]
    wanted: list[list[Row]] = [[] for _ in every]
    notes: list[str] = []
    for root in roots:
        names = {row[0].lower() for row in root.roles}
        own = [number for number, known in enumerate(held) if names & known]
        if not own and root.roles:
            notes.append(f"no plan has a role of the inventory's root {root.name}: it is not held to the inventory")
        for number, facts in enumerate(every):
            missing = names.difference(*(held[each] for each in own)) if own[:1] == [number] else set()
            wanted[number] += (row for row in root.roles if row[0].lower() in held[number] | missing)
            wanted[number] += _of_modules(facts, root)
    return [replace(facts, expected=Expected(tuple(rows))) for facts, rows in zip(every, wanted, strict=True)], tuple(notes)


def _of_modules(facts: Facts, root: Root) -> Iterator[Row]:
    """Roles that a module of the root makes for itself: the inventory asks for the module."""
    file = root.roles[0][1] if root.roles else ""
    for role in facts.after.roles:
        if isinstance(role.name, str) and _label(role) in root.modules:
            yield role.name, file, 0


def _label(role: Role) -> str:
    """The label of the outermost module that a role is in."""
    return role.module.removeprefix("module.").partition(".")[0].partition("[")[0]
