"""Waivers: findings that somebody accepted, with a reason and until a day. The file is a list in YAML or JSON:

- id: wildcard-action
  address: module.ci.aws_iam_role_policy.*
  owner: platform
  reason: the pipeline makes the services that it may touch
  expires: 2027-03-31

`id` is a check; `address` is a resource's address, in which `*` stands for any text and `?` for any character. A waiver
counts up to and on the day it expires. One that is past it, or that matches nothing, is a finding itself.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from meshrole.errors import InputError, Place, Problem
from meshrole.iam.wildcard import matches
from meshrole.review.checks.docs import Help
from meshrole.review.model import Confidence, Finding, Severity, Waiver, Where

EXPIRED, UNMATCHED = "waiver-expired", "waiver-unmatched"
_REDUCE = "https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/sec_permissions_continuous_reduction.html"
# The two checks of this file.
DESCRIBED = (
    Help(
        id=EXPIRED,
        title="A waiver whose last day is over",
        what="An entry of the file of waivers with a day in `expires` that has passed. It accepts nothing any more.",
        why="What was accepted for a time is to be repaired or agreed upon again, not to stay.",
        source=_REDUCE,
        bad="expires: 2020-01-31",
        good="expires: a day to come, or no entry",
    ),
    Help(
        id=UNMATCHED,
        title="A waiver that matches no finding",
        what="An entry of the file of waivers whose check finds nothing at its address.",
        why="It would silently accept the same mistake when somebody makes it again.",
        source=_REDUCE,
        bad="an entry for a resource that was repaired, renamed or removed",
        good="no entry",
    ),
)
KEYS = ("id", "address", "owner", "reason", "expires")
Placed = Callable[[tuple[str | int, ...]], Place]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the file: which findings it accepts, and where it stands."""

    check: str
    address: str
    waiver: Waiver
    where: Where

    def covers(self, finding: Finding) -> bool:
        """Whether this is about `finding`."""
        return finding.check == self.check and matches(self.address, finding.address)


def read(value: Any, place: Placed, checks: Collection[str]) -> tuple[Entry, ...]:
    """The entries of a parsed file; `place` tells where a path of it stands. Raises InputError with all that is wrong."""
    if not isinstance(value, list):
        raise InputError(Problem("a file of waivers is a list", place(()), found=_shown(value)))
    problems = [problem for index, item in enumerate(value) for problem in _problems(index, item, place, checks)]
    if problems:
        raise InputError(problems)
    return tuple(_entry(item, place((index,))) for index, item in enumerate(value))


def applied(findings: Sequence[Finding], entries: Sequence[Entry], today: date) -> tuple[Finding, ...]:
    """The findings, those that are waived marked, and after them one for each waiver that is of no use."""
    in_force = [entry for entry in entries if date.fromisoformat(entry.waiver.expires) >= today]
    marked = tuple(_marked(finding, in_force) for finding in findings)
    return (*marked, *_useless(findings, entries, in_force))


def _marked(finding: Finding, entries: Iterable[Entry]) -> Finding:
    waiver = next((entry.waiver for entry in entries if entry.covers(finding)), None)
    return replace(finding, waiver=waiver) if waiver else finding


def _useless(findings: Sequence[Finding], entries: Iterable[Entry], in_force: Sequence[Entry]) -> Iterator[Finding]:
    for entry in entries:
        if entry not in in_force:
            message = f"{entry.waiver.owner} waived {entry.check} here until {entry.waiver.expires}, which is over"
            yield _finding(EXPIRED, Severity.medium, entry, message, "repair what it waives, or agree on a new day")
        elif not any(entry.covers(finding) for finding in findings):
            message = f"{entry.waiver.owner} waived {entry.check} here, where it finds nothing"
            yield _finding(UNMATCHED, Severity.low, entry, message, "remove the waiver, or correct its address")


def _finding(check: str, severity: Severity, entry: Entry, message: str, fix: str) -> Finding:
    return Finding(check, severity, Confidence.high, entry.address, message, fix, code=entry.where)


def _entry(item: dict[str, str], place: Place) -> Entry:
    waiver = Waiver(owner=item["owner"], reason=item["reason"], expires=item["expires"])
    return Entry(item["id"], item["address"], waiver, Where(place.file, place.line))


def _problems(index: int, item: Any, place: Placed, checks: Collection[str]) -> Iterator[Problem]:
    if not isinstance(item, dict):
        yield Problem("a waiver is a mapping", place((index,)), (index,), found=_shown(item), allowed=KEYS)
        return
    for key in item:
        if key not in KEYS:
            yield Problem(f'a waiver has no "{key}"', place((index, key)), (index, key), allowed=KEYS)
    for key in KEYS:
        if key not in item:
            yield Problem(f'a waiver needs "{key}"', place((index,)), (index,))
        elif not isinstance(item[key], str) or not item[key].strip():
            yield Problem("this is text", place((index, key)), (index, key), found=_shown(item[key]))
        else:
            yield from _wrong(key, item[key], place((index, key)), (index, key), checks)


def _wrong(key: str, text: str, place: Place, path: tuple[str | int, ...], checks: Collection[str]) -> Iterator[Problem]:
    if key == "id" and text not in checks:
        yield Problem("there is no such check", place, path, found=text, allowed=tuple(sorted(checks)))
    if key == "expires" and not _is_day(text):
        yield Problem("not a day", place, path, found=text, help="write it as 2027-03-31")


def _is_day(text: str) -> bool:
    try:
        return re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) is not None and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _shown(value: Any) -> str:
    return "nothing" if value is None else f"a {type(value).__name__}" if isinstance(value, dict | list) else str(value)
