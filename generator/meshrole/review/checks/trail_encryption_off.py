"""A trail whose files are no longer encrypted with a key of yours.

What: a trail that had kms_key_id and has none after the plan; and, for information, one that never had.
Why: with a key of your own, reading a log needs a permission on the key too, and is recorded:
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/encrypting-cloudtrail-log-files-with-aws-kms.html
Bad: kms_key_id removed
Good: kms_key_id = aws_kms_key.audit.arn
"""

from collections.abc import Iterator

from meshrole.review.checks.common.made import found
from meshrole.review.facts import Facts, pairs
from meshrole.review.model import Finding, Severity

FIX = "set kms_key_id to a key whose policy lets CloudTrail encrypt"


def check(facts: Facts) -> Iterator[Finding]:
    """A finding for each trail without a key; one that loses it is worse."""
    for old, new in pairs(facts.before.trails, facts.after.trails):
        if new is not None and new.key is None:
            had = old is not None and old.key is not None
            message = "its log files are no longer encrypted with a KMS key" if had else "its log files have S3's encryption only"
            yield found(__name__, Severity.high if had else Severity.low, new.address, message, FIX)
