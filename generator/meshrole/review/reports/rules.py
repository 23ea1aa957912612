"""What the checks are about, as people are told: those of the registry, those of waivers, and any other that found something."""

from collections.abc import Iterable

from meshrole.review.checks import CHECKS
from meshrole.review.checks.docs import Help, help_of
from meshrole.review.waivers import DESCRIBED


def every_help() -> tuple[Help, ...]:
    """The help of all checks, in the order of the registry, those of waivers at the end."""
    return (*(help_of(check_id, module) for check_id, module in CHECKS.items()), *DESCRIBED)


def rules(found: Iterable[str]) -> tuple[Help, ...]:
    """Every check that there is, by id; one of `found` that nobody describes has its id for a title and no more."""
    described = {each.id: each for each in every_help()}
    return tuple(described.get(check) or Help(check, check, "", "", "", "", "") for check in sorted({*described, *found}))


def explained(check_id: str) -> Help | None:
    """The help of a check; None where there is none of this id."""
    return next((each for each in every_help() if each.id == check_id), None)


def page() -> str:
    """All checks as one page of Markdown."""
    sections = "\n".join(f"## {each.id}\n\n{each.markdown}" for each in every_help())
    return f"# Checks of `meshrole review`\n\n*Generated from what the checks say of themselves.*\n\n{sections}"
