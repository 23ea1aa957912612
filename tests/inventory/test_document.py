"""The YAML reader: plain values, and the place of each."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshrole.inventory import document


def read(text: str) -> document.Document:
    root, problems = document.parse(text.encode(), "a.yaml")
    assert problems == []
    built, problems = document.build(root)
    assert problems == []
    return built


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("012345670123", "012345670123"),
        ("089", "089"),
        ("111122223333", 111122223333),
        ("2012-10-17", "2012-10-17"),
        ("yes", "yes"),
        ("on", "on"),
        ("1:30", "1:30"),
        ("0x10", "0x10"),
        ("1_000", "1_000"),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("1.5", 1.5),
        ("-3", -3),
        ('"true"', "true"),
        ("9" * 40, "9" * 40),
    ],
)
def test_scalars_are_yaml_1_2_and_never_guessed(text, value):
    assert read(f"a: {text}\n").value == {"a": value}


def test_places():
    built = read("a:\n  - b: 1\n    c: {d: x}\n")
    assert str(built.place(("a", 0, "b"))) == "a.yaml:2:8"
    assert str(built.place(("a", 0, "c", "d"))) == "a.yaml:3:12"
    assert str(built.place(("a", 0, "c", "d"), of_key=True)) == "a.yaml:3:9"
    assert str(built.place(("a", 0, "c"))) == "a.yaml:3:5"
    assert str(built.place(("a", 7, "x"))) == "a.yaml:2:3"
    assert str(built.place(())) == "a.yaml:1:1"


def test_merge_keys_are_merged_and_an_own_key_wins():
    built = read("x: &x {a: 1, b: 2}\ny:\n  <<: *x\n  b: 3\n")
    assert built.value["y"] == {"a": 1, "b": 3}
    assert str(built.place(("y", "b"))) == "a.yaml:4:6"
    assert str(built.place(("y", "a"))) == "a.yaml:1:11"


@given(st.binary(max_size=60) | st.text("{}[]&*:-! a\n\"'|>#%@", max_size=40).map(str.encode))
def test_no_bytes_crash_the_reader(text):
    root, problems = document.parse(text, "a.yaml")
    assert (root is None) == bool(problems)
    if root is not None:
        document.build(root)
