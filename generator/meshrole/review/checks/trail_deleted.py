"""A trail is deleted.

What: an aws_cloudtrail, or an event data store, that the plan destroys.
Why: nothing of the account is recorded beyond the 90 days of the event history:
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-delete-trails-console.html
Bad: the resource removed from the configuration
Good: the new trail made and seen to record, the old one removed later
"""

from collections.abc import Iterator

from meshrole.review.checks.common.made import found
from meshrole.review.facts import Facts, Trail, pairs
from meshrole.review.model import Finding, Severity

FIX = "keep it until another trail records the same"


def check(facts: Facts) -> Iterator[Finding]:
    """A finding for each trail that goes; another that records as much after the plan makes it less bad."""
    for old, new in pairs(facts.before.trails, facts.after.trails):
        if old is not None and new is None:
            others = [trail for trail in facts.after.trails if _records_as_much(trail, old)]
            severity = Severity.medium if others else Severity.critical
            rest = f"; {others[0].address} records in its place" if others else ""
            yield found(__name__, severity, old.address, f"the trail is deleted{rest}", FIX)
    for before, after in pairs(facts.before.event_stores, facts.after.event_stores):
        if before is not None and after is None:
            yield found(__name__, Severity.high, before.address, "the event data store is deleted with its events", FIX)


def _records_as_much(trail: Trail, old: Trail) -> bool:
    wide = bool(trail.is_multi_region) or not old.is_multi_region
    whole = bool(trail.is_organization) or not old.is_organization
    return trail.is_logging is not False and wide and whole and trail.selectors == old.selectors
