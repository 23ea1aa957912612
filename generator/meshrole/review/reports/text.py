"""For a terminal: one line a fact, findings grouped by check, a summary at the end."""

from collections.abc import Iterator
from itertools import groupby

from meshrole.review.model import Finding, Review
from meshrole.review.reports.words import accepted, at, facts, headline, is_open, line, place, places, plain, sureness


def text(review: Review) -> str:
    """The review for a person at a terminal."""
    changed = [f"{plain(fact.identity)}  {line(fact)}" for fact in facts(review.changes)]
    opened = [finding for finding in review.findings if is_open(finding)]
    unknown = [f"unknown  {plain(at(item))}  {plain(item.what)}" for item in review.unknown]
    settled = [f"accepted  {plain(item.check)}  {_subject(item)}" for item in review.findings if not is_open(item)]
    notes = [f"note  {plain(note)}" for note in review.notes]
    blocks = [changed, list(_groups(opened)), [*unknown, *settled, *notes], [headline(review)]]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _groups(findings: list[Finding]) -> Iterator[str]:
    """A line for each check and severity, a line for each finding, and each fix once."""
    for (severity, check), alike in groupby(findings, key=lambda finding: (finding.severity, finding.check)):
        yield f"{severity.name}  {plain(check)}"
        for fix, same in groupby(alike, key=lambda finding: finding.fix):
            yield from (f"  {_subject(finding)}" for finding in same)
            if fix:
                yield f"    fix: {plain(fix)}"


def _subject(finding: Finding) -> str:
    remarks = [plain(remark) for remark in (*map(place, places(finding)), sureness(finding), accepted(finding)) if remark]
    return f"{plain(at(finding))}: {plain(finding.message)}" + (f" [{', '.join(remarks)}]" if remarks else "")
