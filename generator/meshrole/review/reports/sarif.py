"""SARIF 2.1.0 for code scanning: https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html

What GitHub reads of it: https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support-for-code-scanning
A result must have a file there: the generated code, else the inventory, else the plan itself.
"""

from collections.abc import Iterator
from typing import Any

from meshrole import __version__
from meshrole.review.baseline import fingerprints
from meshrole.review.checks.docs import Help
from meshrole.review.model import Finding, Review, Severity, Where
from meshrole.review.reports.rules import rules
from meshrole.review.reports.uri import uri
from meshrole.review.reports.values import as_json, document
from meshrole.review.reports.words import accepted, at, is_open, places, plain, where_at

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {
    Severity.critical: "error",
    Severity.high: "error",
    Severity.medium: "warning",
    Severity.low: "note",
    Severity.info: "note",
}
# GitHub's bands: over 9.0 critical, from 7.0 high, from 4.0 medium, from 0.1 low.
_SCORES = {Severity.critical: "9.5", Severity.high: "8.0", Severity.medium: "5.5", Severity.low: "2.0", Severity.info: "0.1"}


def sarif(review: Review) -> str:
    """The review as SARIF: findings are results, what is not known is a notification, what changes is in the properties."""
    listed = rules(finding.check for finding in review.findings)
    worst = {finding.check: finding.severity for finding in reversed(review.findings)}
    driver = {"name": "meshrole", "semanticVersion": __version__, "rules": [_rule(rule, worst.get(rule.id)) for rule in listed]}
    whole = document(review)
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": list(_notifications(review))}],
        "results": list(_results(review, {rule.id: index for index, rule in enumerate(listed)})),
        "properties": {"changes": whole["changes"], "summary": whole["summary"]},
    }
    return as_json({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(rule: Help, worst: Severity | None) -> dict[str, Any]:
    properties: dict[str, Any] = {"tags": ["security"]}
    if worst is not None:
        properties["security-severity"] = _SCORES[worst]
    return {
        "id": plain(rule.id),
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.what or rule.title},
        "help": {"text": _help(rule), "markdown": rule.markdown},
        "properties": properties,
    }


def _help(rule: Help) -> str:
    return f"{rule.title}.\nWhat: {rule.what}\nWhy: {rule.why} {rule.source}\nBad: {rule.bad}\nGood: {rule.good}"


def _results(review: Review, indexes: dict[str, int]) -> Iterator[dict[str, Any]]:
    for finding, fingerprint in zip(review.findings, fingerprints(review.findings), strict=True):
        yield {
            "ruleId": plain(finding.check),
            "ruleIndex": indexes[finding.check],
            "level": _LEVELS[finding.severity],
            "message": {"text": "\n".join(map(_message, _told(finding)))},
            "locations": [_location(finding, where_at(finding, review))],
            "relatedLocations": [_location(finding, where) for where in places(finding)[1:]],
            "partialFingerprints": {"primaryLocationLineHash": f"{fingerprint}:1", "meshrole/v1": fingerprint},
            "suppressions": _suppressions(finding),
            "properties": {"severity": finding.severity.name, "confidence": finding.confidence.name},
        }


def _told(finding: Finding) -> list[str]:
    return [f"{at(finding)}: {finding.message}", *([f"Fix: {finding.fix}"] if finding.fix else [])]


def _location(finding: Finding, where: Where) -> dict[str, Any]:
    physical = {"artifactLocation": {"uri": uri(where.file)}, "region": {"startLine": max(where.line, 1)}}
    logical = {"fullyQualifiedName": plain(finding.address), "kind": "resource"}
    return {"physicalLocation": physical, "logicalLocations": [logical]}


def _suppressions(finding: Finding) -> list[dict[str, Any]]:
    """None for an open finding, which SARIF wants said as soon as one result of a run says it (3.27.23)."""
    if is_open(finding):
        return []
    return [{"kind": "external", "status": "accepted", "justification": plain(accepted(finding))}]


def _notifications(review: Review) -> Iterator[dict[str, Any]]:
    for item in review.unknown:
        yield {"level": "warning", "message": {"text": _message(f"{at(item)}: known only after apply: {item.what}")}}
    for note in review.notes:
        yield {"level": "note", "message": {"text": _message(note)}}


def _message(text: str) -> str:
    """A message without placeholders (3.11.5) and embedded links (3.11.6): braces are doubled, `](` is spelt out."""
    return plain(text).replace("{", "{{").replace("}", "}}").replace("](", "]\\x28")
