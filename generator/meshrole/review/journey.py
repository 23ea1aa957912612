"""From plans to a review: facts, what changes, what every check finds, what is accepted."""

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from meshrole.plans import read
from meshrole.review import checks, difference
from meshrole.review.facts import Facts
from meshrole.review.model import Change, Finding, Review, Unknown, Where
from meshrole.review.reading.sides import facts as facts_of

if TYPE_CHECKING:
    from meshrole.review.code import Sources
    from meshrole.review.expecting import Root
    from meshrole.review.waivers import Entry

Named = tuple[str, bytes]
Of = TypeVar("Of", Finding, Change, Unknown)


@dataclass(frozen=True, slots=True)
class Accepted:
    """What a team has accepted: its waivers, and the fingerprints of its baseline."""

    waivers: "tuple[Entry, ...]" = ()
    baseline: frozenset[str] = frozenset()


NOTHING = Accepted()


def review(
    plans: Sequence[Named],
    today: date,
    roots: "Sequence[Root] | None" = None,
    accepted: Accepted = NOTHING,
    sources: "Sources" = (),
) -> Review:
    """The review of all plans together. Raises PlanError for one that cannot be read."""
    with collector_off():
        every = [facts_of(read.parse(content, name), name) for name, content in plans]
        remarks: tuple[str, ...] = ()
        if roots is not None:
            every, remarks = _expecting(every, roots)
        found = sorted((finding for facts in every for finding in _of(facts, _found(facts, sources), every)), key=_order)
    name = ", ".join(facts.name for facts in every)
    return Review(
        plan=name,
        findings=tuple(sorted(_marked(found, accepted, name, today), key=_order)),
        changes=tuple(change for facts in every for change in _of(facts, difference.changes(facts), every)),
        unknown=tuple(unknown for facts in every for unknown in _of(facts, facts.after.unknown, every)),
        notes=(*(note for facts in every for note in facts.notes), *remarks),
    )


def _of(facts: Facts, items: Iterable[Of], every: Sequence[Facts]) -> Iterable[Of]:
    """What is said of one plan says so where there are several: two of them may have the same addresses."""
    return (replace(item, plan=facts.name) for item in items) if len(every) > 1 else items


def _expecting(every: Sequence[Facts], roots: "Sequence[Root]") -> "tuple[list[Facts], tuple[str, ...]]":
    from meshrole.review.expecting import expecting

    return expecting(every, roots)


def _marked(findings: Sequence[Finding], accepted: Accepted, plan: str, today: date) -> Sequence[Finding]:
    """The findings, those that are accepted marked so. What a team does not use is not loaded."""
    if accepted.waivers:
        from meshrole.review import waivers

        findings = waivers.applied(findings, accepted.waivers, today)
    if accepted.baseline:
        from meshrole.review import baseline

        findings = baseline.known(findings, accepted.baseline, plan)
    return findings


def _found(facts: Facts, sources: "Sources") -> Iterator[Finding]:
    """Every finding, with the line of the code, and the inventory's where it is of a role that is declared there."""
    lines = {name.lower(): Where(file, line) for name, file, line in facts.expected.roles if line} if facts.expected else {}
    declared = {role.address: lines.get(role.name.lower()) for role in facts.after.roles if isinstance(role.name, str)}
    for finding in checks.findings(facts):
        place = _where(finding, sources) if sources else None
        line = declared.get(finding.address)
        yield replace(finding, code=finding.code or place, inventory=finding.inventory or line) if place or line else finding


def _where(finding: Finding, sources: "Sources") -> Where | None:
    from meshrole.review import code

    return code.where(finding.address, sources)


def _order(finding: Finding) -> tuple[int, str, str, str, str]:
    return -finding.severity, finding.check, finding.address, finding.message, finding.plan


@contextmanager
def collector_off() -> Iterator[None]:
    """No garbage collection inside: a plan is a million objects, none of which is dropped before the end."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
