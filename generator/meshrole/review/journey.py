"""From plans to a review: facts, what changes, what every check finds, what is accepted."""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date

from meshrole.plans import read
from meshrole.review import baseline, checks, code, difference, waivers
from meshrole.review.expecting import Root, expecting
from meshrole.review.facts import Facts
from meshrole.review.model import Finding, Review, Where
from meshrole.review.reading.sides import facts as facts_of
from meshrole.review.waivers import Entry

Named = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class Accepted:
    """What a team has accepted: its waivers, and the fingerprints of its baseline."""

    waivers: tuple[Entry, ...] = ()
    baseline: frozenset[str] = frozenset()


NOTHING = Accepted()


def review(
    plans: Sequence[Named],
    today: date,
    roots: Sequence[Root] | None = None,
    accepted: Accepted = NOTHING,
    sources: code.Sources = (),
) -> Review:
    """The review of all plans together. Raises PlanError for one that cannot be read."""
    with collector_off():
        every = [facts_of(read.parse(content, name), name) for name, content in plans]
        remarks: tuple[str, ...] = ()
        if roots is not None:
            every, remarks = expecting(every, roots)
        found = [finding for facts in every for finding in _found(facts, sources)]
    found.sort(key=_order)
    marked = waivers.applied(found, accepted.waivers, today)
    if accepted.baseline:
        marked = baseline.known(marked, accepted.baseline)
    return Review(
        plan=", ".join(facts.name for facts in every),
        findings=tuple(sorted(marked, key=_order)),
        changes=tuple(change for facts in every for change in difference.changes(facts)),
        unknown=tuple(unknown for facts in every for unknown in facts.after.unknown),
        notes=(*(note for facts in every for note in facts.notes), *remarks),
    )


def ids() -> tuple[str, ...]:
    """Every check that a waiver may name."""
    return tuple(checks.CHECKS)


def _found(facts: Facts, sources: code.Sources) -> Iterator[Finding]:
    """Every finding, with the line of the code, and the inventory's where it is of a role that is declared there."""
    lines = {name.lower(): Where(file, line) for name, file, line in facts.expected.roles if line} if facts.expected else {}
    declared = {role.address: lines.get(role.name.lower()) for role in facts.after.roles if isinstance(role.name, str)}
    for finding in checks.findings(facts):
        place = code.where(finding.address, sources) if sources else None
        line = declared.get(finding.address)
        yield replace(finding, code=finding.code or place, inventory=finding.inventory or line) if place or line else finding


def _order(finding: Finding) -> tuple[int, str, str, str]:
    return -finding.severity, finding.check, finding.address, finding.message


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
