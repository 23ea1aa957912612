"""Any plan is reviewed and told in every format, or refused: nothing that it holds ends in anything else. See also `make fuzz`."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from review.hostile import VALUES, plan, put, reviewed

NUMBERS = st.integers(0, 10_000)
PATHS = st.lists(st.integers(0, 40), min_size=1, max_size=12)
ANYTHING = st.recursive(
    st.sampled_from(VALUES) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["references", "address", "Statement", "true", "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(numbers=st.lists(NUMBERS, min_size=1, max_size=4), edits=st.lists(st.tuples(PATHS, ANYTHING), max_size=4))
@settings(max_examples=300, deadline=None)
def test_a_plan_with_anything_anywhere_is_reviewed_or_refused(numbers, edits):
    value = plan(numbers)
    for path, new in edits:
        put(value, path, new)
    reviewed(json.dumps(value).encode())


@given(st.binary(max_size=200))
def test_bytes_are_refused(content):
    assert not reviewed(content)


def test_what_is_left_alone_is_reviewed():
    assert all(reviewed(json.dumps(plan([number])).encode()) for number in range(0, 200, 7))
