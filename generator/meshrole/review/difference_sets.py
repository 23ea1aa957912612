"""What one set of cells allows and another does not, Deny statements and boundaries counted in."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from meshrole.iam import actions, wildcard
from meshrole.review.difference_cells import ALLOW, DENY, Cell, both, covers, overlaps

# Of an action with a wildcard, at most so many actions are named one by one; more are shown as the wildcard.
MAX_NAMED = 8
# Pairs of cells that are compared; beyond, whatever is not the same counts as another.
MAX_PAIRS = 2_000_000

Cells = frozenset[Cell]


@dataclass(frozen=True, slots=True)
class Power:
    """What policies allow and deny. `limit` is what a boundary allows, None without one or where that is not known."""

    cells: Cells
    limit: Cells | None = None

    @property
    def allows(self) -> Cells:
        """What is allowed, within the limit, without what is denied altogether."""
        given = [cell for cell in self.cells if cell.effect == ALLOW]
        denies = self.denies
        limited = given if self.limit is None else _within(given, [each for each in self.limit if each.effect == ALLOW])
        return frozenset(cell for cell in limited if not any(covers(deny, cell) for deny in denies))

    @property
    def denies(self) -> Cells:
        """What is denied, by the limit too."""
        return frozenset(cell for cell in (*self.cells, *(self.limit or ())) if cell.effect == DENY)


def gained(before: Power, after: Power) -> tuple[Cell, ...]:
    """What `after` allows and `before` does not. Turn them round for what is lost."""
    if before == after:
        return ()
    old, new = before.allows, after.allows
    fresh = new - old
    is_small = len(fresh) * len(old) <= MAX_PAIRS
    found = [part for cell in fresh for part in _uncovered(cell, old)] if is_small else list(fresh)
    lifted = [deny for deny in before.denies - after.denies if not any(covers(each, deny) for each in after.denies)]
    shown = set(found)
    for cell in new if lifted else ():
        if cell not in shown:
            found += (both(cell, deny) for deny in lifted if overlaps(cell, deny))
    return _widest(found)


def _within(given: Iterable[Cell], limit: Iterable[Cell]) -> Iterator[Cell]:
    bounds = list(limit)
    whole = [bound for bound in bounds if bound.action == "*" and bound.resource == "*" and not bound.conditions]
    for cell in given:
        if whole or any(covers(bound, cell) for bound in bounds):
            yield cell
        else:
            yield from (both(cell, bound) for bound in bounds if overlaps(cell, bound))


def _uncovered(cell: Cell, known: Cells) -> Iterator[Cell]:
    """The cell, unless it is known; the actions of a wildcard that are not known, where those are few."""
    if any(covers(each, cell) for each in known):
        return
    action = cell.action
    near = [each for each in known if overlaps(each, cell)]
    if not isinstance(action, str) or action == "*" or not wildcard.has_wildcard(action) or not near:
        yield cell
        return
    each_alone = [cell._replace(action=name) for name in actions.expand(action)]
    left = [one for one in each_alone if not any(covers(each, one) for each in near)]
    if not each_alone or (len(left) == len(each_alone) or len(left) > MAX_NAMED):
        yield cell
    else:
        yield from left


def _widest(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    """The cells that no other one covers, each once."""
    every = list(dict.fromkeys(cells))
    if len(every) ** 2 > MAX_PAIRS:
        return tuple(every)
    kept: list[Cell] = []
    for cell in every:
        if not any(covers(other, cell) for other in kept):
            kept = [other for other in kept if not covers(cell, other)] + [cell]
    return tuple(kept)
