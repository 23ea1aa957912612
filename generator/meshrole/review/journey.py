"""From plans to a review: facts, what changes, what every check finds, what is accepted."""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date

from meshrole.plans import read
from meshrole.review import baseline, checks, code, difference, waivers
from meshrole.review.facts import Expected, Facts
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
    expected: Expected | None = None,
    accepted: Accepted = NOTHING,
    sources: code.Sources = (),
) -> Review:
    """The review of all plans together. Raises PlanError for one that cannot be read."""
    with collector_off():
        every = _expecting([facts_of(read.parse(content, name), name) for name, content in plans], expected)
        found = [_placed(finding, facts, sources) for facts in every for finding in checks.findings(facts)]
    found.sort(key=_order)
    marked = baseline.known(waivers.applied(found, accepted.waivers, today), accepted.baseline)
    return Review(
        plan=", ".join(facts.name for facts in every),
        findings=tuple(sorted(marked, key=_order)),
        changes=tuple(change for facts in every for change in difference.changes(facts)),
        unknown=tuple(unknown for facts in every for unknown in facts.after.unknown),
        notes=tuple(note for facts in every for note in facts.notes),
    )


def ids() -> tuple[str, ...]:
    """Every check that a waiver may name."""
    return tuple(checks.CHECKS)


def _expecting(every: Sequence[Facts], expected: Expected | None) -> list[Facts]:
    """Each plan with the roles that it must have: what none of them has is missing in the first one, and in no other."""
    if expected is None:
        return list(every)
    held = [{role.name.lower() for role in facts.after.roles if isinstance(role.name, str)} for facts in every]
    nowhere = {row[0].lower() for row in expected.roles} - set().union(*held)
    wanted = [names | (nowhere if number == 0 else set()) for number, names in enumerate(held)]
    return [
        replace(facts, expected=Expected(tuple(row for row in expected.roles if row[0].lower() in names)))
        for facts, names in zip(every, wanted, strict=True)
    ]


def _placed(finding: Finding, facts: Facts, sources: code.Sources) -> Finding:
    """A finding with the line of the code, and the inventory's where it is of a role that is declared there."""
    lines = {name.lower(): Where(file, line) for name, file, line in facts.expected.roles} if facts.expected else {}
    names = {role.address: role.name for role in facts.after.roles} if lines else {}
    name = names.get(finding.address)
    inventory = finding.inventory or (lines.get(name.lower()) if isinstance(name, str) else None)
    return replace(finding, code=finding.code or code.where(finding.address, sources), inventory=inventory)


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
