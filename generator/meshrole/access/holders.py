"""The roles that may do something."""

from collections.abc import Iterator, Sized

from meshrole.access import lines
from meshrole.access.denial import Denial
from meshrole.access.finding import Estate, Pointer
from meshrole.access.matching import matching
from meshrole.access.roles import Found
from meshrole.iam import wildcard
from meshrole.iam.policy import Statement

SHOWN = 5


def who_may(denial: Denial, estate: Estate, but: Found | None = None) -> Iterator[Pointer]:
    """The roles that may do what was denied; where only the service is known, something of it."""
    pattern = denial.action or (f"{denial.service.partition('.')[0]}:*" if denial.service else None)
    if pattern is None:
        return
    holders = [(item, cited) for item in estate.roles if item is not but and (cited := _grant(denial, pattern, item))]
    for item, statement in holders[:SHOWN]:
        name = next(each for each in statement.actions if wildcard.overlaps(pattern.lower(), each.lower()))
        on = f" on {listed(statement.resources)}" if denial.resource is None else ""
        yield Pointer(f"{item.role.name} may do {name}{on}", lines.source(item, name, denial.resource, estate.written))
    yield from more(holders, estate)


def more(found: Sized, estate: Estate) -> Iterator[Pointer]:
    """How many of `found` are not shown."""
    count = len(found) - SHOWN
    if count > 0:
        yield Pointer(f"and {count} more role{'s' if count > 1 else ''}", estate.top)


def _grant(denial: Denial, pattern: str, item: Found) -> Statement | None:
    if denial.action is not None:
        return next((cited.statement for cited in matching(item.documents, denial, "Allow") if cited.state != "fails"), None)
    of_service = (each for _, document in item.documents for each in document if each.effect == "Allow")
    return next((each for each in of_service if any(wildcard.overlaps(pattern, name.lower()) for name in each.actions)), None)


def listed(names: tuple[str, ...]) -> str:
    """The first of the names, and how many there are beside."""
    return ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")
