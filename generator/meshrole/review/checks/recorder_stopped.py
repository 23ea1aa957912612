"""AWS Config records nothing.

What: a recorder that the plan destroys, or whose status is switched off or no longer managed.
Why: changes of resources are then in no history, and rules are not evaluated:
https://docs.aws.amazon.com/config/latest/developerguide/stop-start-recorder.html
Bad: aws_config_configuration_recorder_status with is_enabled = false
Good: is_enabled = true
"""

from collections.abc import Iterator

from meshrole.review.checks.common.made import found
from meshrole.review.facts import Facts, Recorder, pairs
from meshrole.review.model import Finding, Severity

FIX = "keep the recorder and its status on"


def check(facts: Facts) -> Iterator[Finding]:
    """A finding for each recorder that is off or goes."""
    for old, new in pairs(facts.before.recorders, facts.after.recorders):
        if new is not None:
            verdict = _verdict(old, new)
            if verdict:
                yield found(__name__, verdict[0], new.address, verdict[1], FIX)
        elif old is not None:
            yield found(__name__, Severity.high, old.address, "the recorder is deleted", FIX)


def _verdict(old: Recorder | None, new: Recorder) -> tuple[Severity, str] | None:
    was_on = old is not None and old.is_on is True
    if new.is_on is False:
        return (Severity.high, "the recorder is switched off") if was_on else (Severity.medium, "the recorder is off")
    return (Severity.high, "nothing says any more that the recorder is on") if was_on and new.is_on is None else None
