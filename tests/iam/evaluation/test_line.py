"""A line is read as JSON says, however it is written and whatever was read before it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshrole.errors import InputError
from meshrole.iam import simulate
from meshrole.iam.evaluation.line import read

REQUEST = {"principal": "arn:aws:iam::111122223333:user/ana", "action": "s3:GetObject", "resource": "*", "context": {}}
POLICIES = {"identity": [{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}]}
CASE = {"id": "a } b", "request": REQUEST, "policies": POLICIES}
LINE = json.dumps(CASE)
WRITTEN = {
    "as json.dumps does": LINE,
    "without spaces": json.dumps(CASE, separators=(",", ":")),
    "with many": json.dumps(CASE, separators=("\t ,\t ", " :\r ")) + " \r\n",
    "with spaces inside": LINE.removesuffix("}") + "  }  ",
    "with spaces before": f"  {LINE}",
    "policies first": json.dumps({"policies": POLICIES, "id": "a } b", "request": REQUEST}),
    "policies between": json.dumps({"id": "a } b", "policies": POLICIES, "request": REQUEST}),
    "a note behind": json.dumps({**CASE, "note": {"policies": {}}}),
    "an escaped name": LINE.replace('"policies"', '"polici\\u0065s"'),
}


@pytest.mark.parametrize("line", WRITTEN.values(), ids=WRITTEN)
@pytest.mark.parametrize("before", [LINE, WRITTEN["policies first"]], ids=["last", "first"])
def test_a_case_is_the_same_however_it_is_written(line, before):
    first, again, other = (each.as_object() for each in simulate(text.encode() for text in (before, line, line)))
    assert first["decision"] == "allow"
    assert first == again == other


def test_other_policies_are_others_also_where_the_text_begins_alike():
    denied = json.dumps({**CASE, "policies": {"identity": []}})
    more = json.dumps({**CASE, "policies": {**POLICIES, "scp": [[]]}})
    found = [each.decision.decision for each in simulate(text.encode() for text in (LINE, denied, more, LINE, denied, more))]
    assert found == ["allow", "deny", "deny"] * 2


@pytest.mark.parametrize("end", range(1, len(LINE)))
def test_a_line_that_ends_early_is_no_json(end):
    _, cut = simulate([LINE.encode(), LINE[:end].encode()])
    assert cut.as_object()["error"].startswith("line 2 is not JSON")


@pytest.mark.parametrize("more", ["}", "]", "x", ", ", '"', "\u00a0", "\u2028", '{"id": 1}'])
def test_nothing_may_follow_the_case(more):
    _, longer = simulate([LINE.encode(), f"{LINE}{more}".encode()])
    assert longer.as_object()["error"].startswith("line 2 is not JSON")


@given(
    st.integers(0, len(LINE) - 1),
    st.integers(0, 2),
    st.sampled_from(['"', "\\", "{", "}", "[", "]", ",", ":", " ", "\x00", "1", ""]),
)
def test_a_line_with_a_mistake_is_read_as_json_reads_it(place, removed, added):
    text = LINE[:place] + added + LINE[place + removed :]
    try:
        wanted = json.loads(text, object_pairs_hook=_without_twins)
    except ValueError:
        wanted = None
    try:
        found = read(text.encode(), 1, {json.dumps(POLICIES): POLICIES}).members
    except InputError:
        found = None
    assert found == (wanted if isinstance(wanted, dict) else None)


def _without_twins(pairs):
    if len(dict(pairs)) < len(pairs):
        raise ValueError
    return dict(pairs)


def test_many_members_take_no_longer_each_than_few():
    members = {f"note {number}": number for number in range(200_000)}
    assert len(read(json.dumps(members).encode(), 1, {}).members) == len(members)


def test_a_line_says_what_its_object_is():
    names = ["x", None, 0.5, "\u2028", {"y": ['"']}]
    lines = [json.dumps({**CASE, "id": name}).encode() for name in names]
    every = [*simulate([*lines, b"{", json.dumps({"id": 7}).encode()])]
    assert [json.loads(each.as_line()) for each in every] == [each.as_object() for each in every]
    assert [each.as_line() for each in every] == [json.dumps(each.as_object()) for each in every]
