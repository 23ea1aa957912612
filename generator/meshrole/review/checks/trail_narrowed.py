"""A trail records less than before.

What: a trail that loses its other regions, the other accounts of its organization, global services' events, or events by its
selectors; and, less bad, one of a single region where no other trail has all.
Why: what is done in the part that is left out leaves no record:
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/receive-cloudtrail-log-files-from-multiple-regions.html
Bad: is_multi_region_trail = false
Good: is_multi_region_trail = true
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from meshrole.review.checks.common.made import found
from meshrole.review.facts import Facts, Text, Trail, pairs
from meshrole.review.model import Confidence, Finding, Severity

FIX = "keep what was recorded, or show in the pull request what records it now"
LEFT_OUT = "exclude_management_event_sources"
# What a basic selector records when it does not say so.
# https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_EventSelector.html
ALL_EVENTS = {"read_write_type": "All", "include_management_events": True}


def check(facts: Facts) -> Iterator[Finding]:
    """A finding for each way in which a trail records less."""
    for old, new in pairs(facts.before.trails, facts.after.trails):
        if new is not None:
            losses = list(_losses(old, new)) if old is not None else []
            for loss in losses:
                yield found(__name__, Severity.high, new.address, f"no longer records {loss}", FIX)
            if old is None or not losses:
                yield from _by_itself(facts, new)


def _losses(old: Trail, new: Trail) -> Iterator[str]:
    flags = (
        ("the other regions", old.is_multi_region, new.is_multi_region),
        ("the other accounts of the organization", old.is_organization, new.is_organization),
        ("events of global services such as IAM", old.has_global_events is not False, new.has_global_events is not False),
    )
    yield from (what for what, was, will in flags if was is True and will is False)
    if old.selectors != new.selectors and isinstance(new.selectors, str) and _is_less(old.selectors, new.selectors):
        yield "all the events that it did (its selectors)"


def _is_less(old: Text, new: str) -> bool:
    """Whether the new selectors leave something out. Without any, a trail records all management events."""
    after = _selectors(new)
    if not isinstance(old, str):
        return not any(_has_management(each) and each.get("read_write_type", "All") == "All" for each in after)
    before = _selectors(old)
    return any(not any(_covers(wide, each) for wide in after) for each in before)


def _selectors(text: str) -> list[Mapping[str, Any]]:
    value = json.loads(text)
    return [*_rows(value, "event_selector"), *_rows(value, "advanced_event_selector")]


def _rows(value: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    rows = value.get(name)
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []


def _texts(value: Mapping[str, Any], name: str) -> set[str]:
    texts = value.get(name)
    return {text for text in texts if isinstance(text, str)} if isinstance(texts, list) else set()


def _has_management(selector: Mapping[str, Any]) -> bool:
    fields = _rows(selector, "field_selector")
    if fields:
        return any(each.get("field") == "eventCategory" and "Management" in _texts(each, "equals") for each in fields)
    return selector.get("include_management_events", True) is not False


def _covers(wide: Mapping[str, Any], old: Mapping[str, Any]) -> bool:
    """Whether the one selector records all that the other did; fields that limit may go, not come."""
    before, after = _rows(old, "field_selector"), _rows(wide, "field_selector")
    if before or after:
        return bool(before) and bool(after) and all(field in before for field in after)
    one, other = {**ALL_EVENTS, **wide}, {**ALL_EVENTS, **old}
    kinds = one["read_write_type"] in ("All", other["read_write_type"])
    management = bool(one["include_management_events"]) or not other["include_management_events"]
    left_out = _texts(one, LEFT_OUT) <= _texts(other, LEFT_OUT)
    return kinds and management and left_out and all(_has_data(one, item) for item in _rows(other, "data_resource"))


def _has_data(selector: Mapping[str, Any], item: Mapping[str, Any]) -> bool:
    rows = (each for each in _rows(selector, "data_resource") if each.get("type") == item.get("type"))
    return any(_texts(item, "values") <= _texts(each, "values") for each in rows)


def _by_itself(facts: Facts, trail: Trail) -> Iterator[Finding]:
    if trail.is_multi_region is False and not any(each.is_multi_region is not False for each in facts.after.trails):
        message = "records one region, and no other trail of the plan records all"
        yield found(__name__, Severity.low, trail.address, message, "set is_multi_region_trail = true", Confidence.medium)
