"""Documents: one text for one meaning, and the size that IAM counts."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshrole.iam.boundary import forbidden
from meshrole.iam.policy import Statement, as_object, conditions, sid, size, text

WORDS = st.text(max_size=8)
STATEMENTS = st.builds(
    Statement,
    sid=WORDS,
    effect=st.sampled_from(["Allow", "Deny"]),
    actions=st.lists(WORDS, min_size=1, max_size=3).map(tuple),
    resources=st.lists(WORDS, max_size=3).map(tuple),
    conditions=st.dictionaries(WORDS, st.dictionaries(WORDS, st.lists(WORDS, max_size=2), max_size=2), max_size=2).map(
        conditions
    ),
)
DOCUMENTS = st.lists(STATEMENTS, max_size=4, unique_by=lambda statement: statement.sid).map(tuple)


@given(DOCUMENTS)
def test_the_text_is_what_json_would_write(document):
    assert text(document) == json.dumps(as_object(document), indent=2, ensure_ascii=False) + "\n"
    assert size(document) == len(json.dumps(as_object(document), separators=(",", ":"), ensure_ascii=False))


@given(DOCUMENTS, st.randoms())
def test_the_order_of_writing_does_not_matter(document, chance):
    shuffled = list(document)
    chance.shuffle(shuffled)
    assert text(tuple(shuffled)) == text(document)


def test_a_document():
    document = (
        Statement(sid="B", actions=("s3:GetObject", "s3:GetObject"), resources=("b", "a")),
        Statement(
            sid="A",
            effect="Deny",
            actions=("x:Y",),
            principals=(("Service", ("z.amazonaws.com",)), ("AWS", ("1",))),
            conditions=conditions({"StringEquals": {"k": "v"}}),
        ),
    )
    assert as_object(document) == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "A",
                "Effect": "Deny",
                "Principal": {"AWS": ["1"], "Service": ["z.amazonaws.com"]},
                "Action": ["x:Y"],
                "Condition": {"StringEquals": {"k": ["v"]}},
            },
            {"Sid": "B", "Effect": "Allow", "Action": ["s3:GetObject"], "Resource": ["a", "b"]},
        ],
    }


def test_one_sid_twice_is_refused():
    with pytest.raises(ValueError, match="two statements have the Sid A"):
        text((Statement(sid="A", actions=("x:Y",)), Statement(sid="A", actions=("x:Z",))))


def test_a_sid_is_made_of_words():
    assert sid("shop-eu", "seeNodes") == "ShopEuSeeNodes"


BOUNDARY = (
    Statement(sid="Most", actions=("s3:*", "SQS:Send*"), resources=("*",)),
    Statement(sid="Keep", effect="Deny", actions=("s3:Delete*",), resources=("arn:aws:s3:::kept/*",)),
    Statement(
        sid="Maybe",
        effect="Deny",
        actions=("s3:PutObject",),
        resources=("*",),
        conditions=conditions({"Bool": {"aws:SecureTransport": "false"}}),
    ),
    Statement(
        sid="Here",
        actions=("sns:Publish",),
        resources=("arn:aws:sns:*:111122223333:*",),
        conditions=conditions({"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}),
    ),
)


@pytest.mark.parametrize(
    ("action", "resource", "reason"),
    [
        ("s3:GetObject", "arn:aws:s3:::b/*", None),
        ("S3:getobject", "arn:aws:s3:::b/*", None),
        ("sqs:SendMessage", "arn:aws:sqs:eu-west-1:111122223333:q", None),
        ("sqs:ReceiveMessage", "arn:aws:sqs:eu-west-1:111122223333:q", "none of its statements allows it"),
        ("s3:DeleteObject", "arn:aws:s3:::other/*", None),
        ("s3:DeleteObject", "arn:aws:s3:::kept/x", "its statement Keep denies it"),
        ("s3:DeleteObject", "arn:aws:s3:::k*/x", "its statement Keep denies it"),
        ("s3:PutObject", "arn:aws:s3:::b/x", None),
        ("sns:Publish", "arn:aws:sns:eu-west-1:111122223333:t", None),
        ("sns:Publish", "arn:aws:sns:eu-west-1:*:t", "none of its statements allows it"),
    ],
)
def test_what_a_boundary_does_not_let_through(action, resource, reason):
    found = forbidden((Statement(sid="A", actions=(action,), resources=(resource,)),), BOUNDARY)
    assert found == (() if reason is None else ((action, resource, reason),))


def test_a_deny_needs_nothing_of_a_boundary():
    assert forbidden((Statement(sid="A", effect="Deny", actions=("ec2:X",), resources=("*",)),), BOUNDARY) == ()
