"""A trail whose files nobody can check.

What: enable_log_file_validation false, or left out, which is the same.
Why: without digests nobody can tell whether a log was changed or deleted after it was delivered:
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-intro.html
Bad: enable_log_file_validation = false
Good: enable_log_file_validation = true
"""

from collections.abc import Iterator

from meshrole.review.checks.common.made import found
from meshrole.review.facts import UNKNOWN, Facts, pairs
from meshrole.review.model import Finding, Severity

FIX = "set enable_log_file_validation = true"


def check(facts: Facts) -> Iterator[Finding]:
    """A finding for each trail without validation; one that loses it is worse."""
    for old, new in pairs(facts.before.trails, facts.after.trails):
        if new is not None and new.validates_files is not UNKNOWN and not new.validates_files:
            had = old is not None and old.validates_files is True
            message = "its log files are no longer validated" if had else "its log files are not validated"
            yield found(__name__, Severity.high if had else Severity.medium, new.address, message, FIX)
