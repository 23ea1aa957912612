"""GitLab's code quality report: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format

The widget knows neither changes nor waivers: what changes and what was accepted is there as `info`.
"""

from collections.abc import Iterator
from typing import Any

from meshrole.review.baseline import digest, fingerprints
from meshrole.review.model import Finding, Review, Severity, Where
from meshrole.review.reports.uri import relative
from meshrole.review.reports.values import as_json
from meshrole.review.reports.words import accepted, at, facts, is_open, line, plain, plan_of, sureness, where_at

_SEVERITIES = {
    Severity.critical: "blocker",
    Severity.high: "critical",
    Severity.medium: "major",
    Severity.low: "minor",
    Severity.info: "info",
}


def gitlab(review: Review) -> str:
    """The review as a list of issues: findings, what changes, and what is not known."""
    return as_json([*_findings(review), *_others(review)])


def _findings(review: Review) -> Iterator[dict[str, Any]]:
    for finding, fingerprint in zip(review.findings, fingerprints(review.findings), strict=True):
        severity = _SEVERITIES[finding.severity] if is_open(finding) else "info"
        yield _issue(finding.check, _described(finding), severity, where_at(finding, review), fingerprint)


def _others(review: Review) -> Iterator[dict[str, Any]]:
    rows = [("access-changed", f"{fact.identity}: {line(fact)}") for fact in facts(review.changes)]
    rows += [("known-after-apply", f"{at(item)}: {item.what}") for item in review.unknown]
    rows += [("note", note) for note in review.notes]
    for number, (check, description) in enumerate(rows):
        yield _issue(check, description, "info", plan_of(review), digest(check, description, str(number)))


def _issue(check: str, description: str, severity: str, where: Where, fingerprint: str) -> dict[str, Any]:
    return {
        "description": plain(description) or plain(check),
        "check_name": plain(check),
        "fingerprint": fingerprint,
        "severity": severity,
        "location": {"path": relative(where.file), "lines": {"begin": max(where.line, 1)}},
    }


def _described(finding: Finding) -> str:
    remarks = [remark for remark in (sureness(finding), accepted(finding)) if remark]
    fix = f". Fix: {finding.fix}" if finding.fix else ""
    return f"{at(finding)}: {finding.message}{fix}" + (f" ({', '.join(remarks)})" if remarks else "")
