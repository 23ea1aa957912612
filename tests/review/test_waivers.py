"""Waivers, the baseline, and when a review fails."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshrole.errors import InputError
from meshrole.inventory import document
from meshrole.review import baseline, waivers
from meshrole.review.fail import FAIL_ON, Threshold, failing, fails, threshold
from meshrole.review.model import Confidence, Finding, Review, Severity, Unknown, Waiver
from review.sample import LOOSE, OLD, REVIEW, WAIVED, WILDCARD

CHECKS = {"oidc-loose-sub", "wildcard-action"}
TODAY = date(2026, 11, 25)
GOOD = """\
- id: wildcard-action
  address: aws_iam_role_policy.*
  owner: platform
  reason: the pipeline makes what it may touch
  expires: 2026-11-25
"""


def read(text: str, name: str = "waivers.yaml") -> tuple[waivers.Entry, ...]:
    root, problems = document.parse(text.encode(), name, is_list=True)
    assert root is not None, problems
    built, problems = document.build(root)
    assert problems == []
    return waivers.read(built.value, built.place, CHECKS)


def refused(text: str) -> list[str]:
    with pytest.raises(InputError) as error:
        read(text)
    assert error.value.exit_code == 3
    return [f"{problem.place}: {problem.message}" for problem in error.value.problems]


# Waivers.


def test_a_waiver_says_who_why_and_until_when():
    loose, wildcard = waivers.applied((LOOSE, WILDCARD), read(GOOD), TODAY)
    assert loose.waiver is None
    assert wildcard.waiver == Waiver("platform", "the pipeline makes what it may touch", "2026-11-25")


def test_json_is_read_like_yaml():
    as_json = json.dumps([{"id": "oidc-loose-sub", "address": "*", "owner": "a", "reason": "b", "expires": "2027-01-01"}])
    (loose,) = waivers.applied((LOOSE,), read(as_json), TODAY)
    assert loose.waiver == Waiver("a", "b", "2027-01-01")


def test_a_waiver_counts_on_its_last_day_and_not_on_the_next():
    entries = read(GOOD)
    (kept,) = waivers.applied((WILDCARD,), entries, date(2026, 11, 25))
    assert kept.waiver is not None
    open_again, expired = waivers.applied((WILDCARD,), entries, date(2026, 11, 26))
    assert open_again.waiver is None
    assert (expired.check, expired.severity, expired.address) == ("waiver-expired", Severity.medium, "aws_iam_role_policy.*")
    assert expired.message == "platform waived wildcard-action here until 2026-11-25, which is over"
    assert (expired.code.file, expired.code.line) == ("waivers.yaml", 1)


@pytest.mark.parametrize("address", ["aws_iam_role_policy.CI", "aws_iam_role_policy", "aws_iam_role_policy.c"])
def test_a_waiver_that_matches_nothing_is_a_finding(address):
    kept, unmatched = waivers.applied((WILDCARD,), read(GOOD.replace("aws_iam_role_policy.*", address)), TODAY)
    assert kept.waiver is None
    assert (unmatched.check, unmatched.severity, unmatched.address) == ("waiver-unmatched", Severity.low, address)


def test_a_waiver_of_another_check_is_none():
    kept, unmatched = waivers.applied((LOOSE,), read(GOOD.replace("aws_iam_role_policy.*", "'*'")), TODAY)
    assert kept.waiver is None
    assert unmatched.check == "waiver-unmatched"


def test_brackets_of_an_address_are_no_pattern():
    text = GOOD.replace("wildcard-action", "oidc-loose-sub").replace("aws_iam_role_policy.*", "'aws_iam_role.release[\"eu\"]'")
    (loose,) = waivers.applied((LOOSE,), read(text), TODAY)
    assert loose.waiver is not None


def test_everything_wrong_is_told_with_its_place():
    text = """\
- id: no-such-check
  address: x
  owner: ""
  reason: 5
  expires: 2026-02-30
  until: 2026-01-01
- just text
- {id: wildcard-action}
"""
    assert refused(text) == [
        'waivers.yaml:6:10: a waiver has no "until"',
        "waivers.yaml:1:7: there is no such check",
        "waivers.yaml:3:10: this is text",
        "waivers.yaml:4:11: this is text",
        "waivers.yaml:5:12: not a day",
        "waivers.yaml:7:3: a waiver is a mapping",
        'waivers.yaml:8:3: a waiver needs "address"',
        'waivers.yaml:8:3: a waiver needs "owner"',
        'waivers.yaml:8:3: a waiver needs "reason"',
        'waivers.yaml:8:3: a waiver needs "expires"',
    ]


@pytest.mark.parametrize("day", ["2026-13-01", "20260101", "2026-W01-1", "soon", "2026-01-01T00:00:00", "\uff12026-01-01"])
def test_a_day_is_written_in_one_way(day):
    assert refused(GOOD.replace("2026-11-25", f'"{day}"')) == ["waivers.yaml:5:12: not a day"]


# The baseline.


def test_what_is_in_the_baseline_is_marked_and_what_got_worse_is_new():
    kept = baseline.read(baseline.written((LOOSE, WILDCARD)).encode(), "baseline.json")
    worse = replace(WILDCARD, message="allows * on *")
    found = baseline.known((LOOSE, worse, OLD), kept)
    assert [finding.in_baseline for finding in found] == [True, False, False]


def test_a_second_finding_that_reads_alike_is_new():
    kept = baseline.read(baseline.written((LOOSE,)).encode(), "baseline.json")
    assert [finding.in_baseline for finding in baseline.known((LOOSE, LOOSE), kept)] == [True, False]


def test_the_baseline_leaves_out_what_is_waived_and_depends_on_no_order():
    rows = json.loads(baseline.written((WAIVED, LOOSE)))["findings"]
    assert [row["check"] for row in rows] == ["oidc-loose-sub"]
    assert baseline.written((LOOSE, WILDCARD, OLD)) == baseline.written((OLD, WILDCARD, LOOSE))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"{", "b.json:1:2: not JSON: Expecting property name enclosed in double quotes"),
        (b"\xff\xfe\xfd", "b.json:1:1: not JSON"),
        (b"[" * 100_000, "b.json:1:1: not JSON"),
        (b"[]", "b.json:1:1: not a baseline of version 1"),
        (b'{"version": 2, "findings": []}', "b.json:1:1: not a baseline of version 1"),
        (b'{"version": 1, "findings": [{"fingerprint": 5}]}', "b.json:1:1: a finding of a baseline has a fingerprint"),
    ],
)
def test_a_file_that_is_no_baseline_is_refused(content, message):
    with pytest.raises(InputError) as error:
        baseline.read(content, "b.json")
    assert error.value.exit_code == 3
    assert str(error.value).splitlines()[0] == message


@given(st.binary(max_size=60))
def test_no_bytes_make_the_reader_fall_over(content):
    try:
        baseline.read(content, "b.json")
    except InputError:
        pass


# The threshold.


@pytest.mark.parametrize(
    ("fail_on", "count"), [("info", 4), ("low", 4), ("medium", 3), ("high", 2), ("critical", 1), ("never", 0)]
)
def test_a_review_fails_from_its_threshold_on(fail_on, count):
    findings = (LOOSE, WILDCARD, replace(WAIVED, waiver=None), replace(OLD, in_baseline=False))
    assert len(failing(findings, threshold(fail_on))) == count
    assert fails(Review("p", findings, (), ()), threshold(fail_on)) is (count > 0)


def test_every_word_of_fail_on_is_one():
    assert FAIL_ON == ("info", "low", "medium", "high", "critical", "never")
    assert threshold("never").severity is None


def test_what_is_waived_or_in_the_baseline_fails_nothing():
    assert failing(REVIEW.findings, threshold("info")) == (LOOSE, WILDCARD)


def test_confidence_is_asked_apart_from_severity():
    unsure = Finding("x", Severity.critical, Confidence.low, "a", "m", "f")
    assert failing((unsure,), threshold("low")) == (unsure,)
    assert failing((unsure,), threshold("low", "medium")) == ()


def test_an_unknown_value_fails_where_that_is_asked():
    review = Review("p", (), (), (Unknown("a", "the policy"),))
    assert not fails(review, Threshold())
    assert fails(review, Threshold(unknown=True))
    assert fails(review, threshold("never", unknown=True))


# On the command line.


PLAN = str(Path(__file__).parent / "plans" / "edits.json")


def test_a_bad_file_of_waivers_is_told_with_its_place(meshrole, tmp_path):
    (tmp_path / "waivers.yaml").write_text(GOOD.replace("platform", "[platform]"))
    outcome = meshrole("review", PLAN, "--waivers", tmp_path / "waivers.yaml")
    assert outcome.code == 3
    assert f"{tmp_path}/waivers.yaml:3:10: this is text" in outcome.errors


def test_a_team_starts_with_its_debt_and_fails_on_what_is_new(meshrole, tmp_path):
    kept = tmp_path / "baseline.json"
    assert meshrole("review", PLAN, "--write-baseline", kept).code == 10
    assert meshrole("review", PLAN, "--baseline", kept, "--fail-on", "info").code == 0
    rows = json.loads(kept.read_text())
    rows["findings"] = [row for row in rows["findings"] if row["check"] != "boundary-removed"]
    kept.write_text(json.dumps(rows))
    outcome = meshrole("review", PLAN, "--baseline", kept, "--format", "json")
    assert outcome.code == 10
    new = [finding for finding in json.loads(outcome.output)["findings"] if not finding.get("in_baseline")]
    assert [finding["check"] for finding in new] == ["boundary-removed"]


def test_an_expired_waiver_is_reported(meshrole, tmp_path):
    (tmp_path / "waivers.yaml").write_text(GOOD.replace("2026-11-25", "2020-01-01"))
    outcome = meshrole("review", PLAN, "--waivers", tmp_path / "waivers.yaml")
    assert "waiver-expired\n  aws_iam_role_policy.*: platform waived wildcard-action here until 2020-01-01" in outcome.output
    assert f"[{tmp_path}/waivers.yaml:1]" in outcome.output
