"""Cells as the values of a review: permissions with AWS's level of access, and principals in words."""

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache

from meshrole.iam import actions, wildcard
from meshrole.review import difference_conditions, difference_words
from meshrole.review.difference_cells import Cell, Except, Part, covers, text
from meshrole.review.difference_sets import is_small
from meshrole.review.documents import Principal
from meshrole.review.model import Permission, Trusted

# From the least to the most: a wildcard has the highest level of what it grants.
LEVELS = ("List", "Read", "Tagging", "Write", "Permissions management")
ASSUME = ("sts:AssumeRole", "sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithSAML", "sts:*", "*")
CACHE = 4_096


def permissions(cells: Iterable[Cell], on: str = "") -> tuple[Permission, ...]:
    """Cells as permissions; `on` is the resource of a policy that names none."""
    found = {
        Permission(text(cell.action), text(cell.resource) or on, difference_conditions.text(cell.conditions), level(cell.action))
        for cell in cells
    }
    return tuple(sorted(found))


@lru_cache(CACHE)
def level(action: Part) -> str:
    """AWS's level of access of an action, "" where AWS has no such action."""
    if isinstance(action, Except) or not action.strip("*"):
        return LEVELS[-1]
    if action.startswith("arn:"):
        return ""
    names = actions.expand(action) if wildcard.has_wildcard(action) else (action,)
    found = {known.level for known in map(actions.find, names) if known}
    return max(found, key=LEVELS.index) if found else ""


def trusted(cells: Collection[Cell], kept: Collection[Cell] = ()) -> tuple[Trusted, ...]:
    """Cells of trust policies as who may assume; actions of one principal under the same conditions are one.

    `kept` are cells that stay: what is lost but for a part of it says so.
    """
    alike: dict[tuple[str, str, str], set[str]] = {}
    kept = kept if is_small(cells, kept) else ()
    for cell in cells:
        part = sorted({difference_words.trusted(each) for each in kept if covers(cell, each)})
        words = difference_words.trusted(cell) + (f", but for {' or '.join(part)}" if part else "")
        key = (_principal(cell), difference_conditions.text(cell.conditions), words)
        alike.setdefault(key, set()).add(text(cell.action))
    return tuple(
        sorted(
            Trusted(principal, ", ".join(sorted(names)), condition, _words(words, names))
            for (principal, condition, words), names in alike.items()
        )
    )


def principals(cells: Sequence[Cell]) -> tuple[str, ...]:
    """Who the cells are about, each once, in order."""
    return tuple(sorted({difference_words.principal(cell.principal) for cell in cells}))


def _words(words: str, names: set[str]) -> str:
    """An action that does not hand out the role's credentials is said."""
    return words if names & set(ASSUME) else f"{words} ({', '.join(sorted(names))} only)"


def _principal(cell: Cell) -> str:
    principal: Principal | Except = cell.principal
    if isinstance(principal, Except):
        return text(principal)
    return "*" if principal == ("*", "*") else f"{principal[0]}:{principal[1]}"
