"""Cells as the values of a review: permissions with AWS's level of access, and principals in words."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from meshrole.iam import actions, wildcard
from meshrole.review import difference_conditions, difference_words
from meshrole.review.difference_cells import Cell, Except, Part
from meshrole.review.documents import Principal
from meshrole.review.model import Permission, Trusted

# From the least to the most: a wildcard has the highest level of what it grants.
LEVELS = ("List", "Read", "Tagging", "Write", "Permissions management")
ASSUME = ("sts:AssumeRole", "sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithSAML", "sts:*", "*")
CACHE = 4_096


def permissions(cells: Iterable[Cell], on: str = "") -> tuple[Permission, ...]:
    """Cells as permissions; `on` is the resource of a policy that names none."""
    found = {
        Permission(
            _text(cell.action), _text(cell.resource) or on, difference_conditions.text(cell.conditions), level(cell.action)
        )
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


def trusted(cells: Iterable[Cell]) -> tuple[Trusted, ...]:
    """Cells of trust policies as who may assume; actions of one principal under the same conditions are one."""
    alike: dict[tuple[str, str, str], set[str]] = {}
    for cell in cells:
        key = (_principal(cell), difference_conditions.text(cell.conditions), difference_words.trusted(cell))
        alike.setdefault(key, set()).add(_text(cell.action))
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
        return _text(principal)
    return "*" if principal == ("*", "*") else f"{principal[0]}:{principal[1]}"


def _text(part: Part) -> str:
    return f"everything but {', '.join(part.names)}" if isinstance(part, Except) else part
