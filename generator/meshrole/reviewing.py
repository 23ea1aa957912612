"""The journey of a review, with all that a team brings to it: an inventory, waivers, a baseline, the Terraform code.

It is apart from `pipeline`, whose imports cost more than most reviews.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from meshrole.errors import InputError, Problem
from meshrole.review import fail
from meshrole.review.inputs import Inputs, Named
from meshrole.review.model import Review

if TYPE_CHECKING:
    from meshrole.review.expecting import Root
    from meshrole.review.waivers import Entry

__all__ = ["Inputs", "Reviewed", "explained", "review"]

# A folder of code that is larger is none of one team's roots.
MAX_FILES = 5_000
MAX_BYTES = 2_000_000


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A review, and what can be made of it."""

    review: Review

    def report(self, name: str) -> str:
        """The report in a format."""
        from meshrole.review.reports import FORMATS

        return FORMATS[name](self.review)

    def fails(self, fail_on: str, *, on_unknown: bool = False) -> bool:
        """Whether anything open is as bad as `fail_on`, a severity or never."""
        return fail.fails(self.review, fail.threshold(fail_on, unknown=on_unknown))

    def baseline(self) -> str:
        """The file that accepts everything that is found now."""
        from meshrole.review import baseline

        return baseline.written(self.review.findings)


def review(plans: Sequence[Named], paths: Sequence[str], inputs: Inputs) -> Reviewed:
    """The review of plans (names and contents), against the inventory in `paths` where there is one.

    Raises PlanError, InputError, and whatever is wrong with the inventory.
    """
    from meshrole.review import journey

    entries = _waivers(*inputs.waivers) if inputs.waivers else ()
    known = _baseline(*inputs.baseline) if inputs.baseline else frozenset()
    sources = tuple(_sources(inputs.code)) if inputs.code else ()
    roots = _roots(paths) if paths else None
    return Reviewed(journey.review(plans, inputs.today, roots, journey.Accepted(entries, known), sources))


def explained(check_id: str) -> str:
    """What a check says of itself, as Markdown. Raises InputError where there is none of this id."""
    from meshrole.review.reports.rules import explained, rules

    found = explained(check_id)
    if found is None:
        raise InputError(Problem("no such check", found=check_id, allowed=tuple(each.id for each in rules(()))))
    return f"# {check_id}\n\n{found.markdown}"


def _roots(paths: Sequence[str]) -> "list[Root]":
    """The roots that follow from an inventory, with the names and lines of their roles."""
    from meshrole import pipeline
    from meshrole.render.calls import calls
    from meshrole.review.expecting import Root

    checked = pipeline.check(paths)
    if checked.error:
        raise checked.error
    assert checked.blueprint and checked.loaded
    place = checked.loaded.document.place
    found = []
    for root in checked.blueprint.roots:
        roles = [role for module in root.modules for identity in module.identities for role in identity.roles]
        rows = tuple((role.name, place(role.source).file, place(role.source).line) for role in roles)
        found.append(Root(root.environment.name, rows, frozenset(call.label for call in calls(root))))
    return found


def _baseline(name: str, content: bytes) -> frozenset[str]:
    from meshrole.review import baseline

    return baseline.read(content, name)


def _waivers(name: str, content: bytes) -> "tuple[Entry, ...]":
    from meshrole.inventory import document
    from meshrole.review import checks, waivers

    root, problems = document.parse(content, name, is_list=True)
    if root is None:
        raise InputError(problems)
    built, problems = document.build(root)
    if problems:
        raise InputError(problems)
    return waivers.read(built.value, built.place, checks.CHECKS)


def _sources(folder: Path) -> Iterator[tuple[str, str]]:
    """The Terraform files in a folder and below it, but for what Terraform itself put there."""
    if not folder.is_dir():
        raise InputError(Problem("there is no such folder of code", found=str(folder)))
    files = (path for path in sorted(folder.rglob("*.tf")) if ".terraform" not in path.parts and path.is_file())
    for path in islice(files, MAX_FILES):
        if path.stat().st_size <= MAX_BYTES:
            yield path.as_posix(), path.read_text(encoding="utf-8", errors="replace")
