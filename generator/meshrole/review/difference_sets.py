"""What one set of cells allows and another does not, Deny statements and boundaries counted in."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from meshrole.iam import actions, wildcard
from meshrole.review import difference_conditions
from meshrole.review.difference_cells import ALLOW, DENY, Cell, both, covers, overlaps, text

# Of an action with a wildcard, at most so many actions are named one by one; more are shown as the wildcard.
MAX_NAMED = 8
# Pairs of cells that are compared, in seconds where all are patterns; beyond, whatever is not the same counts as another.
MAX_PAIRS = 250_000

Cells = frozenset[Cell]


@dataclass(frozen=True, slots=True)
class Power:
    """What policies allow and deny. `limit` is what a boundary allows, None without one or where that is not known."""

    cells: Cells
    limit: Cells | None = None

    @property
    def given(self) -> Cells:
        """What is allowed, without what is denied altogether; the limit's own Allow statements are not counted."""
        return _not_denied((cell for cell in self.cells if cell.effect == ALLOW), self.denies)

    @property
    def allows(self) -> Cells:
        """What is allowed within the limit, without what is denied altogether."""
        return _not_denied(_within(self.given, self.bounds), self.denies)

    @property
    def bounds(self) -> Cells | None:
        """What the limit allows; None without one."""
        return None if self.limit is None else frozenset(each for each in self.limit if each.effect == ALLOW)

    @property
    def denies(self) -> Cells:
        """What is denied, by the limit too."""
        return frozenset(cell for cell in (*self.cells, *(self.limit or ())) if cell.effect == DENY)


def gained(before: Power, after: Power) -> tuple[Cell, ...]:
    """What `after` allows and `before` does not. Turn them round for what is lost."""
    if before == after:
        return ()
    # A limit that is on both sides takes from both the same: what is gained is then gained without it, too.
    is_same = before.limit == after.limit
    old, bounds = before.given, None if is_same else before.bounds
    new = after.given if is_same else after.allows
    fresh = new - old if bounds is None else new
    is_few = is_small(fresh, [*old, *(bounds or ())])
    found = [part for cell in fresh for part in _uncovered(cell, old, bounds)] if is_few else list(fresh)
    found += _lifted(before.denies, after.denies, new - set(found))
    return _widest(_not_denied(_within(found, after.bounds), after.denies) if is_same else found)


def _lifted(before: Cells, after: Cells, allowed: Cells) -> Iterator[Cell]:
    """What is allowed of what is no longer denied."""
    fresh = before - after
    lifted = [deny for deny in fresh if not any(covers(each, deny) for each in after)] if is_small(fresh, after) else list(fresh)
    if not is_small(allowed, lifted):
        yield from (deny._replace(effect=ALLOW) for deny in lifted)
        return
    for cell in allowed if lifted else ():
        yield from (both(cell, deny) for deny in lifted if overlaps(cell, deny))


def _not_denied(cells: Iterable[Cell], denies: Cells) -> Cells:
    every = frozenset(cells)
    if not is_small(every, denies):
        return every
    return frozenset(cell for cell in every if not any(covers(deny, cell) for deny in denies))


def is_small(one: Collection[Cell], other: Collection[Cell]) -> bool:
    """Whether each of some cells can be compared with each of others."""
    return len(one) * len(other) <= MAX_PAIRS


def _key(cell: Cell) -> tuple[str, ...]:
    """Of two cells that are the same but for spelling, the same one is taken in every run."""
    return text(cell.action), text(cell.resource), difference_conditions.text(cell.conditions), str(cell.principal)


def _within(given: Iterable[Cell], bounds: Cells | None) -> Iterator[Cell]:
    """The part of each cell that the bounds allow; where that is no cell, all of it that they may allow."""
    given = list(given)
    if bounds is None or not is_small(given, bounds):
        yield from given
        return
    whole = [bound for bound in bounds if bound.action == "*" and bound.resource == "*" and not bound.conditions]
    for cell in given:
        if whole or any(covers(bound, cell) for bound in bounds):
            yield cell
        else:
            yield from (both(cell, bound) for bound in bounds if overlaps(cell, bound))


def _uncovered(cell: Cell, known: Cells, bounds: Cells | None) -> Iterator[Cell]:
    """The cell, unless it is known, and within the bounds; of a wildcard, the actions that are not, where those are few."""
    if _is_in(cell, known, bounds):
        return
    action = cell.action
    near = [each for each in known if overlaps(each, cell)]
    if not isinstance(action, str) or action == "*" or not wildcard.has_wildcard(action) or not near:
        yield cell
        return
    each_alone = [cell._replace(action=name) for name in actions.expand(action)]
    left = [one for one in each_alone if not _is_in(one, near, bounds)]
    if not each_alone or (len(left) == len(each_alone) or len(left) > MAX_NAMED):
        yield cell
    else:
        yield from left


def _is_in(cell: Cell, known: Iterable[Cell], bounds: Cells | None) -> bool:
    """Whether it is surely known, all of it, and surely within the bounds."""
    return any(covers(each, cell) for each in known) and (bounds is None or any(covers(each, cell) for each in bounds))


def _widest(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    """The cells that no other one covers, each once."""
    every = sorted(set(cells), key=_key)
    if not is_small(every, every):
        return tuple(every)
    kept: list[Cell] = []
    for cell in every:
        if not any(covers(other, cell) for other in kept):
            kept = [other for other in kept if not covers(cell, other)] + [cell]
    return tuple(kept)
