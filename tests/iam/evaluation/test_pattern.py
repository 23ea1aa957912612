"""Patterns: the same as the wildcards of the rest of the house, and never slow."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshrole.iam import wildcard
from meshrole.iam.evaluation import matcher, pattern
from meshrole.iam.evaluation.matcher import Wild
from meshrole.iam.evaluation.pattern import Patterns, Variable

TEXTS = st.text("ab:/*?.\n", max_size=8)
PATTERNS = st.text("ab:/*?.\n", max_size=8)


def plain(text):
    return pattern.read(text, wildcards=True, variables=False)


def nothing(_):
    return None


@given(PATTERNS, TEXTS)
def test_a_pattern_is_a_wildcard(text, value):
    assert matcher.whole(plain(text))(value) == wildcard.matches(text, value)


@given(st.lists(PATTERNS, max_size=4), TEXTS)
def test_several_match_when_one_does(texts, value):
    found = Patterns(map(plain, texts)).match(value, nothing)
    assert found == any(wildcard.matches(text, value) for text in texts)


@given(st.lists(PATTERNS, min_size=6, max_size=6), st.lists(st.text("ab/*.", max_size=4), min_size=6, max_size=6))
def test_an_arn_matches_part_by_part(parts, values):
    parts = [part.replace(":", "") for part in parts]
    if [*"".join(parts[1:])] == ["*"] and not parts[0]:
        return
    expected = all(wildcard.matches(part, value) for part, value in zip(parts, values, strict=True))
    assert matcher.arn(plain(":".join(parts)))(":".join(values)) == expected


def test_the_last_part_of_an_arn_may_have_colons():
    test = matcher.arn(plain("arn:aws:logs:*:*:log-group:*:log-stream:x"))
    assert test("arn:aws:logs:eu-west-1:111122223333:log-group:a:b:log-stream:x")
    assert not test("arn:aws:logs:eu-west-1:111122223333:log-group:a")


@pytest.mark.parametrize("text", ["*a" * 40, "a*" * 40 + "b", "?*" * 40 + "b", "*a?" * 30 + "c"])
def test_no_pattern_takes_long(text):
    values = ["a" * 20_000, "ab" * 10_000]
    tests = [matcher.whole(plain(text)), matcher.arn(plain(f"arn:aws:s3:::{text}"))]
    start = time.process_time()
    for test in tests:
        for value in values:
            test(value)
            test(f"arn:aws:s3:::{value}")
    assert time.process_time() - start < 2


def test_a_variable_has_a_name_and_perhaps_a_default():
    read = pattern.read("a/${aws:UserName}/${aws:PrincipalTag/team, 'no one'}*", wildcards=True, variables=True)
    assert read == (
        "a/",
        Variable("aws:UserName", "aws:username", None),
        "/",
        Variable("aws:PrincipalTag/team", "aws:principaltag/team", "no one"),
        Wild.MANY,
    )


def test_the_characters_of_wildcards_can_be_written():
    assert pattern.read("${*}${?}${$}{x}*", wildcards=True, variables=True) == ("*?${x}", Wild.MANY)


def test_an_older_policy_has_no_variables():
    assert pattern.read("${aws:username}", wildcards=True, variables=False) == ("${aws:username}",)
    assert plain("${*}") == ("${", Wild.MANY, "}")


def test_a_value_of_the_request_is_text_and_no_pattern():
    pieces = pattern.read("${aws:username}", wildcards=True, variables=True)
    match = Patterns([pieces]).match
    assert match("*", lambda _: ("*",)) is True
    assert match("ana", lambda _: ("*",)) is False


def test_a_key_with_several_values_or_none_fills_no_variable():
    pieces = pattern.read("${aws:TagKeys}", wildcards=True, variables=True)
    for values in ((), None, ("a", "b")):
        assert Patterns([pieces]).match("a", lambda _, values=values: values) is False
