"""The review as plain JSON values, and JSON that is safe in the log of a CI job: ASCII, and no command to its runner."""

import json
from typing import Any

from meshrole.review.model import Change, Finding, Review, Severity, Where
from meshrole.review.reports.words import is_open


def document(review: Review) -> dict[str, Any]:
    """Everything, as the format `json` has it. Keys that may be missing: plan, code, inventory, waiver, in_baseline."""
    return {
        "version": 1,
        "findings": [finding_value(finding) for finding in review.findings],
        "changes": [change_value(change) for change in review.changes],
        "unknown": [{"address": item.address, "what": item.what} | _plan(item.plan) for item in review.unknown],
        "summary": summary(review),
        "notes": list(review.notes),
    }


def finding_value(finding: Finding) -> dict[str, Any]:
    """One finding."""
    value: dict[str, Any] = {
        "check": finding.check,
        "severity": finding.severity.name,
        "confidence": finding.confidence.name,
        "address": finding.address,
        "message": finding.message,
        "fix": finding.fix,
        "waived": finding.waiver is not None,
    } | _plan(finding.plan)
    if finding.code:
        value["code"] = _place(finding.code)
    if finding.inventory:
        value["inventory"] = _place(finding.inventory)
    if finding.waiver:
        value["waiver"] = {field: getattr(finding.waiver, field) for field in ("owner", "reason", "expires")}
    if finding.in_baseline:
        value["in_baseline"] = True
    return value


def change_value(change: Change) -> dict[str, Any]:
    """What one identity gains and loses."""
    permission, trusted = ("action", "resource", "condition", "level"), ("principal", "action", "condition", "words")
    return {
        "identity": change.identity,
        "address": change.address,
        "action": change.action,
        "gained": [_fields(item, permission) for item in change.gained],
        "lost": [_fields(item, permission) for item in change.lost],
        "trust_gained": [_fields(item, trusted) for item in change.trust_gained],
        "trust_lost": [_fields(item, trusted) for item in change.trust_lost],
        "notes": list(change.notes),
    } | _plan(change.plan)


def summary(review: Review) -> dict[str, Any]:
    """Counts: open findings by severity, those that were accepted, and what changes."""
    found = [finding.severity for finding in review.findings if is_open(finding)]
    return {
        "findings": len(found),
        "by_severity": {severity.name: found.count(severity) for severity in reversed(Severity)},
        "waived": sum(finding.waiver is not None for finding in review.findings),
        "in_baseline": sum(finding.in_baseline and finding.waiver is None for finding in review.findings),
        "changes": len(review.changes),
        "gained": sum(len(change.gained) for change in review.changes),
        "lost": sum(len(change.lost) for change in review.changes),
        "trust_gained": sum(len(change.trust_gained) for change in review.changes),
        "trust_lost": sum(len(change.trust_lost) for change in review.changes),
        "unknown": len(review.unknown),
    }


def as_json(value: Any) -> str:
    """JSON in ASCII; `##[`, which GitHub's and Azure's runners look for anywhere in a line, is spelt otherwise."""
    written = json.dumps(value, indent=2, ensure_ascii=True, allow_nan=False)
    return written.replace("##", "#\\u0023") + "\n"


def _fields(item: object, names: tuple[str, ...]) -> dict[str, str]:
    return {name: getattr(item, name) for name in names}


def _plan(name: str) -> dict[str, Any]:
    """The plan, where there are several."""
    return {"plan": name} if name else {}


def _place(where: Where) -> dict[str, Any]:
    return {"file": where.file, "line": where.line}
