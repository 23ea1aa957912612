"""The decision procedure against brute force: on small universes every request is tried, and the two must agree."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meshrole.access.verify import cells
from meshrole.access.verify.compare import Requests, Side, allows, differences
from meshrole.access.verify.language import classes, shape
from meshrole.iam.evaluation import PolicySet, Request
from meshrole.iam.evaluation.matcher import Wild
from meshrole.iam.evaluation.pattern import read

ROLE = "arn:aws:iam::111122223333:role/r"
ACTIONS = ("sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage")
# Every resource that can be written with two more letters, of two that matter and one that does not.
TEXTS = ["".join(letters) for size in range(4) for letters in product("abz", repeat=size)]
RESOURCES = [f"arn:aws:sqs:::{text}" for text in TEXTS]
PATTERNS = [
    "*",
    "arn:aws:sqs:::a",
    "arn:aws:sqs:::b*",
    "arn:aws:sqs:::a?",
    "arn:aws:sqs:::*b",
    "arn:aws:sqs:::?*",
    "arn:aws:sqs:::*a*",
]
KEY = "aws:UserAgent"
VALUES = [None, "", "a", "b", "ab", "abc", "A", "z"]
CONDITIONS = [
    {},
    {"StringEquals": {KEY: "a"}},
    {"StringLike": {KEY: "a*"}},
    {"StringNotEquals": {KEY: ["a", "b"]}},
    {"StringEqualsIfExists": {KEY: "b"}},
    {"StringEqualsIgnoreCase": {KEY: "a"}},
    {"Null": {KEY: "true"}},
    {"StringLike": {KEY: "?b*"}},
]
UNIVERSE = [
    Request(ROLE, action, resource, context={} if value is None else {KEY: value})
    for action, resource, value in product(ACTIONS, RESOURCES, VALUES)
]
PLACES = st.one_of(
    st.lists(st.sampled_from(PATTERNS), min_size=1, max_size=2).map(lambda names: {"Resource": names}),
    st.lists(st.sampled_from(PATTERNS[1:]), min_size=1, max_size=2).map(lambda names: {"NotResource": names}),
)
CALLS = st.sampled_from(
    [{"Action": "sqs:SendMessage"}, {"Action": "sqs:*Message"}, {"NotAction": "sqs:Receive*"}, {"Action": ["*"]}]
)
STATEMENT = st.builds(
    lambda effect, calls, places, when: {"Effect": effect, **calls, **places, **({"Condition": when} if when else {})},
    st.sampled_from(["Allow", "Allow", "Deny"]),
    CALLS,
    PLACES,
    st.sampled_from(CONDITIONS),
)
POLICY = st.lists(STATEMENT, min_size=1, max_size=3).map(lambda items: {"Version": "2012-10-17", "Statement": items})


def side(document: dict) -> Side:
    return Side(cells.of_value(document), (document,))


def brute(one: dict, other: dict) -> set[tuple[str, bool]]:
    """(action, whether the first allows) of every request of the universe that the two decide differently."""
    layers = [PolicySet(identity=[document]).layers.identity for document in (one, other)]
    found = set()
    for request in UNIVERSE:
        first, second = (allows(layer, request) for layer in layers)
        if first != second:
            found.add((request.action, first))
    return found


@given(POLICY, POLICY)
@settings(max_examples=50, deadline=None)
def test_a_difference_of_the_universe_is_found_and_every_one_that_is_found_is_one(one, other):
    found = differences(side(one), side(other), ROLE)
    assert all(item.decided for item in found)
    said = {(action, item.is_allowed) for item in found for action in item.actions if action in ACTIONS}
    assert brute(one, other) <= said
    layers = [PolicySet(identity=[document]).layers.identity for document in (one, other)]
    for item in found:
        request = Request(ROLE, item.action, item.resource, context=dict(item.context))
        assert [allows(layer, request) for layer in layers] == [item.is_allowed, not item.is_allowed]


@given(POLICY)
@settings(max_examples=20, deadline=None)
def test_a_policy_does_not_differ_from_itself_however_it_is_ordered(document):
    turned = {**document, "Statement": document["Statement"][::-1]}
    assert differences(side(document), side(turned), ROLE) == ()


@given(st.lists(st.sampled_from(["a*", "*b", "a?b", "??", "ab", "*a*b*", "b*a", "?"]), min_size=1, max_size=4, unique=True))
def test_the_classes_of_patterns_are_those_of_every_text(texts):
    """All texts of up to five letters of the patterns' alphabet and one more."""
    shapes = [shape(read(text, wildcards=True, variables=False)) for text in texts]
    found = classes(shapes, [])
    every = ("".join(letters) for size in range(6) for letters in product("abx", repeat=size))
    wanted = {tuple(matches(pattern, text) for pattern in texts) for text in every}
    assert found.complete
    assert set(found.texts) == wanted
    assert all(tuple(matches(pattern, text) for pattern in texts) == key for key, text in found.texts.items())


def matches(pattern: str, text: str) -> bool:
    """A second opinion, by recursion."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return matches(pattern[1:], text) or (bool(text) and matches(pattern, text[1:]))
    return bool(text) and pattern[0] in ("?", text[0]) and matches(pattern[1:], text[1:])


def test_in_an_arn_no_wildcard_of_the_first_parts_takes_a_colon():
    pieces = ("arn:aws:iam::", Wild.MANY, ":role/x")
    found = classes([shape(pieces), shape(pieces, of_arn=True)], [])
    assert (True, False) in found.texts  # as text it does
    assert (False, True) not in found.texts


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ({"NumericLessThan": {"s3:max-keys": "10"}}, {"NumericLessThanEquals": {"s3:max-keys": "9"}}, True),
        ({"NumericLessThan": {"s3:max-keys": "10"}}, {"NumericLessThan": {"s3:max-keys": "10.0"}}, False),
        ({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}, {"IpAddress": {"aws:SourceIp": ["10.0.0.0/9", "10.128.0.0/9"]}}, False),
        ({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}, {"IpAddress": {"aws:SourceIp": "10.0.0.0/7"}}, True),
        (
            {"DateLessThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}},
            {"DateLessThan": {"aws:CurrentTime": "2026-01-01T00:00:01Z"}},
            True,
        ),
        ({"Bool": {"aws:SecureTransport": "true"}}, {"Bool": {"aws:SecureTransport": True}}, False),
        ({"Bool": {"aws:SecureTransport": "true"}}, {"BoolIfExists": {"aws:SecureTransport": "true"}}, True),
        ({"ForAnyValue:StringEquals": {"aws:TagKeys": "a"}}, {"ForAllValues:StringEquals": {"aws:TagKeys": "a"}}, True),
        ({"StringEquals": {"aws:UserAgent": ["a", "b"]}}, {"StringLike": {"aws:UserAgent": ["b", "a"]}}, False),
        ({"ArnLike": {"aws:SourceArn": "arn:aws:sqs:*:*:q"}}, {"ArnEquals": {"aws:SourceArn": "arn:aws:sqs:*:*:q"}}, False),
        ({"ArnLike": {"aws:SourceArn": "arn:aws:sqs:*:*:q"}}, {"StringLike": {"aws:SourceArn": "arn:aws:sqs:*:*:q"}}, True),
    ],
)
def test_conditions_are_compared_by_what_they_mean(one, other, differ):
    def policy(when):
        item = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*", "Condition": when}
        return side({"Version": "2012-10-17", "Statement": [item]})

    assert bool(differences(policy(one), policy(other), ROLE)) is differ


def test_a_variable_is_a_value_of_the_request_and_not_text():
    def policy(resource):
        return side({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": resource}]})

    own, every = "arn:aws:s3:::b/${aws:userid}", "arn:aws:s3:::b/*"
    assert differences(policy(own), policy(own), ROLE) == ()
    (found,) = differences(policy(own), policy(every), ROLE)
    assert not found.is_allowed


def test_too_many_cases_are_not_decided_and_that_is_said():
    keys = {f"aws:RequestTag/k{number}": ["a*", "b*", "c*"] for number in range(9)}

    def policy(when):
        item = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*", "Condition": {"StringLike": when}}
        return side({"Version": "2012-10-17", "Statement": [item]})

    (found,) = differences(policy(keys), policy({**keys, "aws:RequestTag/k8": ["a*", "b*", "c*", "cc*"]}), ROLE)
    assert not found.decided


def test_requests_of_an_action_without_resources_are_on_everything():
    asked = Requests(
        cells.of_value({"Statement": {"Effect": "Allow", "Action": "sqs:ListQueues", "Resource": "*"}}), "sqs:ListQueues", ROLE
    )
    assert [resource for resource, _ in asked] == ["*"]
