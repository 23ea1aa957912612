"""Logs are kept for a shorter time.

What: a log bucket whose objects expire sooner, whose object lock or versioning is cut, that may be destroyed with what is in it,
or that is destroyed; an event data store that keeps less; a log group of CloudWatch, above all one that a trail writes to.
Why: an incident is often found months later, and what is deleted cannot be asked:
https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/sec_detect_investigate_events_app_service_logging.html
Bad: expiration { days = 30 }, where it was 400
Good: a transition to a cheaper storage class
"""

from collections.abc import Iterator

from meshrole.review.checks.common import logs
from meshrole.review.checks.common.made import found
from meshrole.review.facts import REPLACE, Bucket, Facts, LogGroup, Number, pairs
from meshrole.review.model import Confidence, Finding, Severity

FIX = "keep the logs as long as before, or have who answers for them agree"


def check(facts: Facts) -> Iterator[Finding]:
    """A finding for each way in which logs are kept for a shorter time."""
    names, addresses = logs.names(facts), logs.addresses(facts)
    for old, new in pairs(facts.before.buckets, facts.after.buckets):
        if any(each is not None and logs.is_log_bucket(each, names, addresses) for each in (old, new)):
            yield from _of(old, new)
    trails = logs.log_groups(facts)
    for group, kept in pairs(facts.before.log_groups, facts.after.log_groups):
        if group is not None:
            yield from _of_group(group, kept, is_trails=bool(trails.intersection((group.address, kept.address if kept else ""))))
    for before, after in pairs(facts.before.event_stores, facts.after.event_stores):
        if before and after and _is_cut(before.retention_days, after.retention_days):
            message = f"events are kept for {after.retention_days} days instead of {before.retention_days}"
            yield found(__name__, Severity.high, after.address, message, FIX)
        if before and after and before.is_protected is True and after.is_protected is False:
            yield found(__name__, Severity.medium, after.address, "the event data store may be deleted by accident", FIX)


def _of(old: Bucket | None, new: Bucket | None) -> Iterator[Finding]:
    if new is None or new.action == REPLACE:
        if old is not None:
            yield found(__name__, Severity.high, old.address, "a log bucket is destroyed", FIX)
        return
    for message in _cuts(old, new) if old is not None else ():
        yield found(__name__, Severity.high, new.address, message, FIX)
    if new.force_destroy is True:
        severity = Severity.medium if old is None or old.force_destroy is not True else Severity.low
        yield found(__name__, severity, new.address, "a log bucket that is destroyed with what is in it (force_destroy)", FIX)


def _of_group(old: LogGroup, new: LogGroup | None, *, is_trails: bool) -> Iterator[Finding]:
    severity, confidence = (Severity.high, Confidence.high) if is_trails else (Severity.low, Confidence.medium)
    if new is None or new.action == REPLACE:
        if not old.is_kept:
            yield found(__name__, severity, old.address, "a log group is destroyed", FIX, confidence)
    elif isinstance(new.retention_days, int) and (old.retention_days is None or _is_cut(old.retention_days, new.retention_days)):
        message = f"logs are deleted after {new.retention_days} days instead of {old.retention_days or 'never'}"
        yield found(__name__, severity, new.address, message, FIX, confidence)


def _cuts(old: Bucket, new: Bucket) -> Iterator[str]:
    was, will = _expires(old), _expires(new)
    if will is not None and (was is None or will < was):
        yield f"logs are deleted after {will} days instead of {'never' if was is None else was}"
    if old.lock_mode == "COMPLIANCE" and new.lock_mode != "COMPLIANCE" and isinstance(new.lock_mode, str | None):
        yield "the object lock no longer holds for everybody"
    if _is_cut(old.lock_days, new.lock_days if new.lock_days is not None else 0):
        yield f"logs are locked for {new.lock_days or 0} days instead of {old.lock_days}"
    if old.versioning == "Enabled" and new.versioning in ("Suspended", "Disabled", None):
        yield "older versions of logs are no longer kept"


def _expires(bucket: Bucket) -> int | None:
    days = [rule.days for rule in bucket.expiries if rule.is_enabled and isinstance(rule.days, int)]
    return min(days, default=None)


def _is_cut(was: Number, will: Number) -> bool:
    return isinstance(was, int) and isinstance(will, int) and will < was
