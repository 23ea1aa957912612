"""For a comment on a pull request: a headline, what changes, the findings, and the rest folded.

The first line is a hidden marker that is the same for every review of the same plan file: by it a comment is found again and
updated. A string of the plan stands in a code span, in which GitHub makes no mention, link, emoji or HTML of anything
(https://github.github.com/gfm/#code-spans); the two characters that could end a span or a table's cell are spelt out.
"""

import re
from collections.abc import Iterable, Sequence
from hashlib import sha256

from meshrole.review.model import Finding, Review
from meshrole.review.reports.words import (
    Given,
    Prose,
    accepted,
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
LONGEST = 300
_SPELT_OUT = {ord("`"): "\\x60", ord("|"): "\\x7c"}
_ORDINARY = re.compile(r"[A-Za-z]{1,30}(?:['-][A-Za-z]{1,30})*[!?]?|[0-9]{1,4}(?:,[0-9]{3})?%?|[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TOKEN = re.compile(r"(\(?)(.*?)([.,;:)]*)", re.DOTALL)


def markdown(review: Review) -> str:
    """The review as GitHub's Markdown, cut to what a comment holds."""
    rows = [f"| {code(fact.identity)} | {fact.mark} | {_parts(fact.parts)} |" for fact in facts(review.changes)]
    findings = [_finding(finding) for finding in review.findings if is_open(finding)]
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
    for title, lines in _folded(review):
        kept, lost, left = take(lines, left)
        blocks += [f"<details><summary>{title}</summary>", "\n".join(kept), *_left_out(lost, "line"), "</details>"]
    return "\n\n".join(blocks) + "\n"


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


def _finding(finding: Finding) -> str:
    remarks = [code(place(where)) for where in places(finding)]
    remarks += [prose(remark) for remark in (sureness(finding), accepted(finding)) if remark]
    told = f"- **{finding.severity.name}** {code(finding.check)} {code(finding.address)}: {prose(finding.message)}"
    return told + (f" ({', '.join(remarks)})" if remarks else "") + (f"<br>_Fix:_ {prose(finding.fix)}" if finding.fix else "")


def _folded(review: Review) -> Iterable[tuple[str, Sequence[str]]]:
    """What is folded: the title of each part and its lines."""
    settled = [_finding(finding) for finding in review.findings if not is_open(finding)]
    unknown = [f"- {code(item.address)}: {prose(item.what)}" for item in review.unknown]
    if unknown:
        yield f"{counted(len(unknown), 'value')} known only after apply", unknown
    if settled:
        yield f"{counted(len(settled), 'finding')} waived or in the baseline", settled
    if review.notes:
        yield counted(len(review.notes), "note"), [f"- {prose(note)}" for note in review.notes]


def _left_out(count: int, what: str) -> list[str]:
    return [f"_{counted(count, f'more {what}')} left out: a comment holds no more._"] if count else []
