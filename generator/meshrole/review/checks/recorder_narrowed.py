"""AWS Config records less than before.

What: a recorder that loses types of resources, or the global ones, or that looks once a day where it looked at once.
Why: what is no longer recorded has no history, and its rules are not evaluated:
https://docs.aws.amazon.com/config/latest/developerguide/select-resources.html
Bad: all_supported = true turned to a list of types
Good: all_supported = true, include_global_resource_types = true
"""

from collections.abc import Iterator

from meshrole.review.checks.common.made import found, some
from meshrole.review.facts import Facts, Recorder, pairs
from meshrole.review.model import Finding, Severity

FIX = "keep what was recorded"
AT_ONCE, ONCE_A_DAY = "CONTINUOUS", "DAILY"


def check(facts: Facts) -> Iterator[Finding]:
    """A finding for each way in which a recorder records less."""
    for old, new in pairs(facts.before.recorders, facts.after.recorders):
        if old is not None and new is not None:
            for loss in _losses(old, new):
                yield found(__name__, Severity.high, new.address, f"no longer records {loss}", FIX)


def _losses(old: Recorder, new: Recorder) -> Iterator[str]:
    gone = {str(name) for name in old.types} - {str(name) for name in new.types}
    left_out = {str(name) for name in new.excluded} - {str(name) for name in old.excluded}
    if old.is_all is True and new.is_all is False and not new.excluded:
        yield "all types of resources"
    elif gone and new.is_all is not True:
        yield some(sorted(gone))
    if left_out:
        yield some(sorted(left_out))
    if old.has_global is True and new.has_global is False and new.is_all is not False:
        yield "global resources such as roles"
    if old.frequency in (None, AT_ONCE) and new.frequency == ONCE_A_DAY:
        yield "changes at once, but once a day"
