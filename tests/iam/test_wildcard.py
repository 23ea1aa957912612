"""Wildcards against a brute force over a small alphabet."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshrole.iam.wildcard import covers, matches, overlaps

PATTERNS = st.text("ab*?", max_size=6)
TEXTS = ["".join(letters) for length in range(7) for letters in itertools.product("abc", repeat=length)]


def slow_match(pattern: str, text: str) -> bool:
    if not pattern:
        return not text
    if pattern[0] == "*":
        return slow_match(pattern[1:], text) or (bool(text) and slow_match(pattern, text[1:]))
    return bool(text) and pattern[0] in ("?", text[0]) and slow_match(pattern[1:], text[1:])


@given(PATTERNS, st.text("abc", max_size=7))
def test_matches_is_the_brute_force(pattern, text):
    assert matches(pattern, text) == slow_match(pattern, text)


@given(st.text("ab*?", max_size=3), st.text("ab*?", max_size=3))
def test_overlaps_is_the_brute_force(one, other):
    # Two patterns of 3 characters that meet do so in a text of at most 6.
    assert overlaps(one, other) == any(matches(one, text) and matches(other, text) for text in TEXTS)


@given(st.text("ab*?", max_size=4), st.text("ab*?", max_size=3))
def test_covers_is_the_brute_force(wide, narrow):
    # A counter-example, where there is one, is not longer than both patterns together.
    assert covers(wide, narrow) == all(matches(wide, text) for text in TEXTS if matches(narrow, text))


@pytest.mark.parametrize(
    ("wide", "narrow", "expected"),
    [
        ("*", "anything*", True),
        ("arn:aws:s3:::b/*", "arn:aws:s3:::b/x/*", True),
        ("arn:aws:s3:::b/x/*", "arn:aws:s3:::b/*", False),
        ("*?", "?*", True),
        ("?*", "*", False),
        ("a?c", "a*c", False),
        ("[ab]", "a", False),
        ("a.c", "abc", False),
    ],
)
def test_covers(wide, narrow, expected):
    assert covers(wide, narrow) is expected


def test_long_patterns_do_not_explode():
    assert not matches("*a" * 60 + "b", "a" * 400)
    assert covers("*a*" * 8, "a" * 30 + "*")
    assert not overlaps("*a" * 30 + "b", "*c" * 30)
