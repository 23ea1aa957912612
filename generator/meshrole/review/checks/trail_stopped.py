"""A trail that records nothing.

What: a trail that is there with enable_logging = false; that it stops by this plan is worse than that it never ran.
Why: what happens meanwhile can never be looked up:
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-turning-off-logging.html
Bad: enable_logging = false
Good: the line removed: a trail records by itself
"""

from collections.abc import Iterator

from meshrole.review.checks.common.made import found
from meshrole.review.facts import REPLACE, Facts, pairs
from meshrole.review.model import Confidence, Finding, Severity


def check(facts: Facts) -> Iterator[Finding]:
    """A finding for each trail or event data store that does not record, and each that has a gap."""
    for old, new in pairs(facts.before.trails, facts.after.trails):
        if new is None:
            continue
        if new.is_logging is False:
            was_on = old is not None and old.is_logging is not False
            message = "the trail stops recording" if was_on else "the trail does not record"
            severity = Severity.critical if was_on else Severity.high
            yield found(__name__, severity, new.address, message, "remove enable_logging = false")
        elif old is not None and new.action == REPLACE:
            message = "the trail is replaced: nothing is recorded in between"
            yield found(
                __name__, Severity.low, new.address, message, "make the new trail first, then remove the old", Confidence.medium
            )
    for before, after in pairs(facts.before.event_stores, facts.after.event_stores):
        if after is not None and after.is_suspended is True and not (before and before.is_suspended):
            yield found(__name__, Severity.high, after.address, "the event data store takes no events", "remove suspend")
