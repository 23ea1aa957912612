"""ARNs: what is one, and what to say of what is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshrole.iam.arn import parse


@pytest.mark.parametrize(
    "text",
    [
        "arn:aws:s3:::bucket",
        "arn:aws:s3:::bucket/*",
        "arn:aws-cn:dynamodb:cn-north-1:111122223333:table/orders",
        "arn:aws-us-gov:iam::111122223333:role/mesh/x",
        "arn:aws:iam::aws:policy/ReadOnlyAccess",
        "arn:*:logs:*:*:log-group:/ecs/x:log-stream:*",
        "arn:aws:ecs:eu-west-1:1111222233??:cluster/x",
    ],
)
def test_an_arn_is_its_parts_and_back(text):
    assert str(parse(text)) == text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("bucket", 'it does not begin with "arn:"'),
        ("arn:aws:s3", "it has 3 parts of 6"),
        ("arn:amazon:s3:::b", 'its partition is "amazon"'),
        ("arn:aws:S3:::b", 'its service is "S3"'),
        ("arn:aws:sqs:EU:111122223333:q", 'its region is "EU"'),
        ("arn:aws:sqs:eu-west-1:11112222333:q", 'its account is "11112222333", which must be 12 digits or empty'),
        ("arn:aws:s3:::", "its resource is empty"),
        ("arn:aws:s3:::a b", "it has white space in it"),
    ],
)
def test_the_first_thing_that_is_wrong_is_said(text, reason):
    with pytest.raises(ValueError, match=reason):
        parse(text)


@given(st.text(max_size=40))
def test_anything_else_is_a_sentence_and_no_crash(text):
    try:
        assert str(parse(text)) == text
    except ValueError as error:
        assert str(error)
