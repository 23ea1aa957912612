"""Annotations on a GitHub pull request, as commands that a job prints to its runner.

How they are written and escaped: https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
"""

from collections.abc import Iterator

from meshrole.review.model import Finding, Review, Severity
from meshrole.review.reports.words import accepted, at, facts, headline, is_open, line, places, plain, sureness, take

# A runner keeps no more than 64 KiB of an annotation.
ROOM = 60_000
_KINDS = {
    Severity.critical: "error",
    Severity.high: "error",
    Severity.medium: "warning",
    Severity.low: "notice",
    Severity.info: "notice",
}


def github(review: Review) -> str:
    """The review as workflow commands, one a line: what changes in one notice, then every finding."""
    return "".join(f"{command}\n" for command in _commands(review))


def _commands(review: Review) -> Iterator[str]:
    rows, left_out, _ = take((f"{plain(fact.identity)}  {line(fact)}" for fact in facts(review.changes)), ROOM)
    more = [f"and {left_out} more"] if left_out else []
    yield _command("notice", {"title": f"meshrole review: {headline(review)}"}, [*rows, *more] or ["nothing changes"])
    yield from map(_annotation, review.findings)
    for item in review.unknown:
        yield _command("warning", {"title": "known only after apply"}, [f"{at(item)}: {item.what}"])
    for note in review.notes:
        yield _command("notice", {"title": "meshrole review"}, [note])


def _annotation(finding: Finding) -> str:
    where = places(finding)[:1]
    properties = {"file": where[0].file} if where else {}
    if where and where[0].line > 0:
        properties["line"] = str(where[0].line)
    remarks = [remark for remark in (finding.severity.name, sureness(finding), accepted(finding)) if remark]
    properties["title"] = f"{finding.check} ({', '.join(remarks)})"
    kind = _KINDS[finding.severity] if is_open(finding) else "notice"
    fix = [f"Fix: {finding.fix}"] if finding.fix else []
    return _command(kind, properties, [f"{at(finding)}: {finding.message}", *fix])


def _command(kind: str, properties: dict[str, str], lines: list[str]) -> str:
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{kind} {listed}::{'%0A'.join(_data(text) for text in lines)}"


def _data(text: str) -> str:
    """No line end is left by `plain`, so that only the escape character itself is to be escaped."""
    return plain(text).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
