"""YAML that our own loader reads back to the same values, whatever the texts are."""

import string

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from meshrole.importers.inventory_text import Noted, scalar, to_yaml
from meshrole.inventory import document

TEXTS = st.text(
    st.one_of(st.sampled_from(string.printable + "\x85\u2028\ufeff\x00é漢😀"), st.characters(exclude_categories=["Cs"]))
)
TREES = st.recursive(
    st.one_of(TEXTS, st.booleans(), st.none(), st.integers(-(10**9), 10**9)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXTS, inner, max_size=4)),
    max_leaves=20,
)


def read(text):
    root, problems = document.parse(text.encode(), "a.yaml")
    assert problems == []
    built, problems = document.build(root)
    assert problems == []
    return built.value


@given(st.dictionaries(TEXTS, TREES, max_size=5))
def test_every_value_reads_back_as_it_was(tree):
    text = to_yaml(tree)
    assert read(text) == tree if tree else True
    assert tree == {} or yaml.safe_load(text) == tree


@given(st.lists(TEXTS, max_size=3), TEXTS)
def test_comments_change_nothing(comments, text):
    tree = {"a": Noted({"b": Noted(["c"], tuple(comments)), "d": text}, tuple(comments)), "e": 1}
    assert read(to_yaml(tree, comments)) == {"a": {"b": ["c"], "d": text}, "e": 1}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("checkout", "checkout"),
        ("a.b/c@d-e_f", "a.b/c@d-e_f"),
        ("yes", '"yes"'),
        ("Null", '"Null"'),
        ("111122223333", '"111122223333"'),
        ("1e3", '"1e3"'),
        ("-", '"-"'),
        ("", '""'),
        ("{Project}", '"{Project}"'),
        ("a: b", '"a: b"'),
        ('"', '"\\""'),
        ("\x1b[31m\n", '"\\x1b[31m\\n"'),
        ("\u2028", '"\\u2028"'),
        ("\ud800", '"\ufffd"'),
        (True, "true"),
        (None, "null"),
        (7, "7"),
    ],
)
def test_scalars(value, expected):
    assert scalar(value) == expected


def test_what_it_looks_like():
    tree = {
        "version": 1,
        "empty": {},
        "short": {"platform": "ecs", "images": []},
        "meshes": Noted({"shop": Noted({"calls": ["a", "b"]}, ("mesh.yaml:3\n!!python",))}, ("two", "lines")),
        "permissions": [{"actions": ["s3:GetObject"], "resources": [f"arn:aws:s3:::{'x' * 90}"]}],
    }
    assert to_yaml(tree, ("head",)).splitlines() == [
        "# head",
        "version: 1",
        "empty: {}",
        "short:",
        "  platform: ecs",
        "  images: []",
        "# two",
        "# lines",
        "meshes:",
        "  # mesh.yaml:3\\n!!python",
        "  shop:",
        "    calls: [a, b]",
        "permissions:",
        '  - actions: ["s3:GetObject"]',
        "    resources:",
        f'      - "arn:aws:s3:::{"x" * 90}"',
    ]
