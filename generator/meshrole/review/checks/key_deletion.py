"""A KMS key is scheduled for deletion, or switched off.

What: an aws_kms_key that the plan destroys, replaces or disables.
Why: what it encrypted is lost when the waiting period is over, logs included:
https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html
Bad: the resource removed from the configuration
Good: a removed block that keeps the key, and its deletion when nothing needs it any more
"""

from collections.abc import Iterator

from meshrole.review.checks.common.made import found
from meshrole.review.facts import REPLACE, Facts, pairs
from meshrole.review.model import Finding, Severity

FIX = "keep the key as long as anything that it encrypted; let Terraform forget it with a removed block"


def check(facts: Facts) -> Iterator[Finding]:
    """A finding for each key that goes."""
    for old, new in pairs(facts.before.keys, facts.after.keys):
        if old is None:
            continue
        if new is None or new.action == REPLACE:
            yield found(__name__, Severity.high, old.address, "the key is scheduled for deletion", FIX)
        elif old.is_enabled is not False and new.is_enabled is False:
            yield found(__name__, Severity.high, new.address, "the key is disabled: nothing can be decrypted", FIX)
