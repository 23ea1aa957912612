"""For a comment on a pull request: a headline, what changes, the findings, and the rest folded.

The first line is a hidden marker that is the same for every review of the same plan file: by it a comment is found again and
updated. A string of the plan stands in a code span, in which GitHub makes no mention, link, emoji or HTML of anything
(https://github.github.com/gfm/#code-spans); the two characters that could end a span or a table's cell are spelt out.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import groupby

from meshrole.review.model import Finding, Review, Severity
from meshrole.review.reports.words import (
    Given,
    Prose,
    accepted,
    at,
    counted,
    facts,
    headline,
    is_open,
    place,
    places,
    plain,
    sureness,
    take,
)

# GitHub counts characters, of which there are never more than bytes.
LIMIT = 65_536
# For everything that is not a row: headline, headings, what says how much was left out.
FRAME = 2_000
# For the heading of a folded part.
FOLD = 300
# More findings than these that differ in nothing but their place are folded.
FEW = 3
LONGEST = 300
_NO_ID = re.compile(r"[^a-z0-9-]")
_SPELT_OUT = {ord("`"): "\\x60", ord("|"): "\\x7c"}
_ORDINARY = re.compile(r"[A-Za-z]{1,30}(?:['-][A-Za-z]{1,30})*[!?]?|[0-9]{1,4}(?:,[0-9]{3})?%?|[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TOKEN = re.compile(r"(\(?)(.*?)([.,;:)]*)", re.DOTALL)


def markdown(review: Review) -> str:
    """The review as GitHub's Markdown, cut to what a comment holds."""
    rows = [f"| {code(fact.identity)} | {fact.mark} | {_parts(fact.parts)} |" for fact in facts(review.changes)]
    findings = [row for row, _ in _groups(review)]
    room = LIMIT - FRAME
    kept_free = min(room // 2, sum(len(item.encode()) + 1 for item in findings))
    rows, lost_rows, left = take(rows, room - kept_free)
    findings, lost_findings, left = take(findings, left + kept_free)
    blocks = [f"{marker(review)}\n### meshrole review: {headline(review)}"]
    if rows:
        blocks.append("\n".join(["| identity | | access |", "|---|---|---|", *rows]))
    blocks += _left_out(lost_rows, "change")
    blocks += ["\n".join(findings)] if findings else []
    blocks += _left_out(lost_findings, "finding")
    return "\n\n".join([*blocks, *_details(review, left)]) + "\n"


def marker(review: Review) -> str:
    """The hidden first line."""
    return f"<!-- meshrole-review {sha256(review.plan.encode(errors='replace')).hexdigest()[:16]} -->"


def code(text: str) -> str:
    """A string of the plan as a code span."""
    shown = plain(text)
    if len(shown) > LONGEST:
        shown = f"{shown[:LONGEST]}… ({len(shown) - LONGEST} more characters)"
    return f"`{shown.translate(_SPELT_OUT)}`" if shown.strip() else "`(empty)`"


def prose(text: str) -> str:
    """A sentence: ordinary words as they are, everything else as code."""
    shown = plain(text)
    if not shown.strip():
        return code(text)
    cut = f"{shown[: 5 * LONGEST]} … and more" if len(shown) > 6 * LONGEST else shown
    return " ".join(_token(token) for token in cut.split())


def _token(token: str) -> str:
    found = _TOKEN.fullmatch(token)
    assert found is not None
    before, core, after = found.groups()
    if "(" in core and after.startswith(")"):
        core, after = f"{core})", after[1:]
    return before + (core if not core or _ORDINARY.fullmatch(core) else code(core)) + after


def _parts(parts: Iterable[str]) -> str:
    return "".join(code(part) if isinstance(part, Given) else prose(part) if isinstance(part, Prose) else part for part in parts)


def _details(review: Review, room: int) -> Iterator[str]:
    """The folded parts, as many as there is room for."""
    missing = 0
    for title, lines in _folded(review):
        kept, lost, left = take(lines, room - FOLD)
        if kept:
            yield f"<details><summary>{title}</summary>\n\n" + "\n".join(kept) + "\n\n</details>"
            room = left
        missing += lost
    yield from _left_out(missing, "line")


def _groups(review: Review) -> Iterator[tuple[str, Sequence[Finding]]]:
    """A row for each finding to be seen at once; of many alike one for all, with those that are to be folded."""
    seen = [finding for finding in review.findings if is_open(finding) and finding.severity >= Severity.medium]
    for (severity, check, fix), group in groupby(seen, key=lambda finding: (finding.severity, finding.check, finding.fix)):
        alike = tuple(group)
        if len(alike) > FEW:
            yield f"- **{severity.name}** {code(check)}: {len(alike)} times, folded below{_fix(fix)}", alike
        else:
            yield from ((f"{_finding(finding)}{_fix(fix)}", ()) for finding in alike)


def _finding(finding: Finding) -> str:
    remarks = [code(place(where)) for where in places(finding)]
    remarks += [prose(remark) for remark in (sureness(finding), accepted(finding)) if remark]
    told = f"- **{finding.severity.name}** {code(finding.check)} {code(at(finding))}: {prose(finding.message)}"
    return told + (f" ({', '.join(remarks)})" if remarks else "")


def _fix(fix: str) -> str:
    return f"<br>_Fix:_ {prose(fix)}" if fix else ""


def _folded(review: Review) -> Iterator[tuple[str, Sequence[str]]]:
    """What is folded: the title of each part and its lines."""
    for _, alike in _groups(review):
        if alike:
            yield f"{len(alike)} findings of {_NO_ID.sub('', alike[0].check)}", [_finding(finding) for finding in alike]
    minor = [f"{_finding(item)}{_fix(item.fix)}" for item in review.findings if is_open(item) and item.severity < Severity.medium]
    unknown = [f"- {code(at(item))}: {prose(item.what)}" for item in review.unknown]
    settled = [f"{_finding(finding)}{_fix(finding.fix)}" for finding in review.findings if not is_open(finding)]
    notes = [f"- {prose(note)}" for note in review.notes]
    parts = (
        (f"{counted(len(minor), 'minor finding')}", minor),
        (f"{counted(len(unknown), 'value')} known only after apply", unknown),
        (f"{counted(len(settled), 'finding')} waived or in the baseline", settled),
        (counted(len(notes), "note"), notes),
    )
    yield from ((title, lines) for title, lines in parts if lines)


def _left_out(count: int, what: str) -> list[str]:
    return [f"_{counted(count, f'more {what}')} left out: a comment holds no more._"] if count else []
