"""When a review fails a pipeline."""

from collections.abc import Iterable
from dataclasses import dataclass

from meshrole.review.model import Confidence, Finding, Review, Severity

# What --fail-on takes: a severity, or never.
NEVER = "never"
FAIL_ON = (*(severity.name for severity in Severity), NEVER)


@dataclass(frozen=True, slots=True)
class Threshold:
    """From which severity (None: from none) and confidence on a finding fails, and whether a value not known yet does."""

    severity: Severity | None = Severity.high
    confidence: Confidence = Confidence.low
    unknown: bool = False


def threshold(fail_on: str, confidence: str = Confidence.low.name, *, unknown: bool = False) -> Threshold:
    """A threshold from the words of the command line. Raises KeyError for a word that is none of FAIL_ON."""
    return Threshold(None if fail_on == NEVER else Severity[fail_on], Confidence[confidence], unknown)


def failing(findings: Iterable[Finding], limit: Threshold) -> tuple[Finding, ...]:
    """The findings that fail: open, and as bad and as sure as `limit` says."""
    if limit.severity is None:
        return ()
    severity, confidence = limit.severity, limit.confidence
    return tuple(
        finding
        for finding in findings
        if finding.waiver is None
        and not finding.in_baseline
        and finding.severity >= severity
        and finding.confidence >= confidence
    )


def fails(review: Review, limit: Threshold) -> bool:
    """Whether the pipeline is to fail."""
    return bool(failing(review.findings, limit)) or (limit.unknown and bool(review.unknown))
