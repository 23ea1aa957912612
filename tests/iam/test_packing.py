"""A policy that is too long: the same grants in parts that fit, and that stay as they are when something else changes."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meshrole.iam.packing import pack
from meshrole.iam.policy import Statement, conditions, size, text

LIMIT = 6_144


def grants(document):
    return {
        (statement.effect, action, resource, statement.conditions)
        for statement in document
        for action in statement.actions
        for resource in statement.resources
    }


def tables(numbers, statements=4):
    """Statements that each name many tables."""
    names = [f"arn:aws:dynamodb:eu-west-1:111122223333:table/table-{number:05d}" for number in numbers]
    actions = ("dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query")
    return tuple(
        Statement(sid=f"App{index}", actions=actions[: index + 1], resources=tuple(names[index::statements]))
        for index in range(statements)
        if names[index::statements]
    )


def test_every_part_fits_and_together_they_grant_the_same():
    document = tables(range(400))
    parts = pack(document, LIMIT)
    assert len(parts) > 1
    assert all(size(part) <= LIMIT for _, part in parts)
    assert len({name for name, _ in parts}) == len(parts)
    assert set().union(*(grants(part) for _, part in parts)) == grants(document)
    assert sum(size(part) for _, part in parts) / len(parts) / LIMIT >= 0.6
    for _, part in parts:
        text(part)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["Allow", "Deny"]),
            st.lists(st.sampled_from(["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]), min_size=1, max_size=3, unique=True),
            st.lists(st.integers(0, 300), min_size=1, max_size=60, unique=True),
            st.sampled_from([{}, {"Bool": {"aws:SecureTransport": "true"}}]),
        ),
        min_size=1,
        max_size=8,
    ),
    st.randoms(),
)
def test_meaning_and_size_hold_whatever_the_order(rows, chance):
    document = tuple(
        Statement(
            sid=f"S{index}",
            effect=effect,
            actions=tuple(actions),
            resources=tuple(f"arn:aws:s3:::bucket-{number}/*" for number in numbers),
            conditions=conditions(block),
        )
        for index, (effect, actions, numbers, block) in enumerate(rows)
    )
    parts = pack(document, 1_500)
    assert all(size(part) <= 1_500 for _, part in parts)
    assert set().union(*(grants(part) for _, part in parts)) == grants(document)
    shuffled = list(document)
    chance.shuffle(shuffled)
    assert pack(tuple(shuffled), 1_500) == parts


def test_removing_one_grant_leaves_the_other_parts_as_they_are():
    numbers = list(range(400))
    before = {name: text(part) for name, part in pack(tables(numbers, 1), LIMIT)}
    worst = 0
    for number in numbers[::7]:
        after = {name: text(part) for name, part in pack(tables([other for other in numbers if other != number], 1), LIMIT)}
        same = sum(after.get(name) == content for name, content in before.items())
        worst = max(worst, len(before) - same)
    assert len(before) >= 4
    assert worst <= 2


def test_adding_one_grant_leaves_the_other_parts_as_they_are():
    before = {name: text(part) for name, part in pack(tables(range(0, 800, 2), 1), LIMIT)}
    worst = 0
    for number in range(1, 800, 14):
        after = {name: text(part) for name, part in pack(tables(sorted([*range(0, 800, 2), number]), 1), LIMIT)}
        worst = max(worst, len(before) - sum(after.get(name) == content for name, content in before.items()))
    assert worst <= 2


def test_parts_are_filled_to_the_brim_when_there_may_not_be_more():
    document = tables(range(400))
    stable, full = pack(document, LIMIT), pack(document, LIMIT, max_parts=1)
    assert len(full) <= len(stable)
    assert set().union(*(grants(part) for _, part in full)) == grants(document)


def test_one_grant_that_is_too_long_by_itself_is_named():
    with pytest.raises(ValueError, match=r"statement Long has 7,1\d\d characters for one action"):
        pack((Statement(sid="Long", actions=("s3:GetObject",), resources=("arn:aws:s3:::" + "x" * 7_000,)),), LIMIT)


def test_no_wildcard_is_made_up():
    parts = pack(tables(range(300)), LIMIT)
    words = itertools.chain.from_iterable((*s.actions, *s.resources) for _, part in parts for s in part)
    assert not any("*" in word for word in words)
