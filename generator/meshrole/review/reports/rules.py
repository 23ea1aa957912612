"""What the checks are about, as reports tell it: those of the registry, those of waivers, and any other that found something."""

from collections.abc import Iterable

from meshrole.review.checks import every_help
from meshrole.review.checks.docs import Help
from meshrole.review.waivers import DESCRIBED


def rules(found: Iterable[str]) -> tuple[Help, ...]:
    """Every check that there is, by id; one of `found` that nobody describes has its id for a title and no more."""
    described = {each.id: each for each in (*every_help(), *DESCRIBED)}
    return tuple(described.get(check) or Help(check, check, "", "", "", "", "") for check in sorted({*described, *found}))
