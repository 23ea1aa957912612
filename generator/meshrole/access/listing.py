"""The matrix of an inventory, section by section, as lines."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from meshrole.access import calls, identities, matrix, roles, tables
from meshrole.blueprint.model import Blueprint
from meshrole.inventory.load import Loaded
from meshrole.inventory.values import Inventory


@dataclass(frozen=True, slots=True)
class Listing:
    """What is asked of an inventory. Nothing is worked out before a line is taken."""

    scope: matrix.Scope
    sections: tuple[str, ...]
    blueprint: Blueprint
    inventory: Inventory
    loaded: Loaded

    def table(self) -> Iterator[str]:
        """For a person: headings are the lines that do not begin with a space."""
        return tables.as_table(self._rows(), self._notes())

    def json(self) -> Iterator[str]:
        """One JSON object, with its version."""
        return tables.as_json(self._rows(), self._notes())

    def csv(self) -> Iterator[str]:
        """One table with a header."""
        return tables.as_csv(self._rows())

    def _rows(self) -> tables.Sections:
        everything = (self.blueprint, self.inventory, self.loaded)
        made: dict[str, Iterable[tables.Row]] = {
            "grants": matrix.grants(self.scope, *everything),
            "trust": matrix.trust(self.scope, self.loaded),
            "calls": calls.calls(self.scope, *everything),
        }
        return {name: rows for name, rows in made.items() if name in self.sections}

    def _notes(self) -> tuple[str, ...]:
        return calls.notes(self.inventory) if "calls" in self.sections else ()


def listing(
    blueprint: Blueprint,
    inventory: Inventory,
    loaded: Loaded,
    wanted: Sequence[str],
    resources: Sequence[str],
    environments: Sequence[str],
    sections: Sequence[str],
) -> Listing:
    """Everything about the identities and resources that are named, or about all. Raises InputError for a name of nothing."""
    for name in environments:
        identities.check_environment(name, [item.name for item in inventory.environments])
    every = roles.every(blueprint, inventory)
    scope = matrix.Scope(every, identities.selected(every, wanted, environments), tuple(resources))
    return Listing(scope, tuple(sections) or tuple(tables.SECTIONS), blueprint, inventory, loaded)
