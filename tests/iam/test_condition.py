"""Condition operators, keys and values."""

import pytest

from meshrole.iam.actions import find
from meshrole.iam.condition import base, check, is_for_all_values

GET = [find("dynamodb:GetItem")]
RIGHT = [
    ("StringEquals", "aws:RequestedRegion", ["eu-west-1"]),
    ("StringEqualsIfExists", "aws:sourcevpce", ["vpce-1"]),
    ("StringLike", "aws:PrincipalTag/team", ["a*"]),
    ("ForAnyValue:StringEquals", "aws:TagKeys", ["team"]),
    ("ForAllValues:StringLike", "dynamodb:LeadingKeys", ["${aws:username}"]),
    ("StringEquals", "dynamodb:Select", ["SPECIFIC_ATTRIBUTES"]),
    ("Bool", "aws:SecureTransport", ["true"]),
    ("Null", "aws:TokenIssueTime", ["false"]),
    ("NumericLessThan", "aws:MultiFactorAuthAge", ["3600"]),
    ("DateGreaterThan", "aws:CurrentTime", ["2026-11-24T00:00:00Z"]),
    ("DateLessThan", "aws:EpochTime", ["1700000000"]),
    ("IpAddress", "aws:SourceIp", ["203.0.113.0/24", "2001:db8::/32"]),
    ("ArnLike", "aws:PrincipalArn", ["arn:aws:iam::111122223333:role/*"]),
    ("StringLike", "aws:PrincipalArn", ["arn:aws:iam::111122223333:role/*"]),
]
WRONG = [
    ("StringEqual", "aws:RequestedRegion", ["a"], (), 'did you mean "StringEquals"?'),
    ("ForSomeValues:StringEquals", "aws:TagKeys", ["a"], (), None),
    ("NullIfExists", "aws:TokenIssueTime", ["true"], (), 'did you mean "Null"?'),
    ("StringEquals", "aws:RequestRegion", ["a"], ("aws:RequestRegion",), 'did you mean "aws:RequestedRegion"?'),
    ("StringEquals", "dynamodb:LeadingKey", ["a"], ("dynamodb:LeadingKey",), 'did you mean "dynamodb:LeadingKeys"?'),
    ("StringEquals", "s3:prefix", ["a"], ("s3:prefix",), None),
    ("Bool", "aws:RequestedRegion", ["true"], ("aws:RequestedRegion",), None),
    ("Bool", "aws:SecureTransport", ["yes"], ("aws:SecureTransport", 0), None),
    ("NumericEquals", "aws:MultiFactorAuthAge", ["1", "one"], ("aws:MultiFactorAuthAge", 1), None),
    ("DateEquals", "aws:CurrentTime", ["yesterday"], ("aws:CurrentTime", 0), None),
    ("IpAddress", "aws:SourceIp", ["203.0.113.5/240"], ("aws:SourceIp", 0), None),
    ("ArnEquals", "aws:SourceArn", ["role"], ("aws:SourceArn", 0), None),
    ("StringEquals", "aws:RequestedRegion", [], ("aws:RequestedRegion",), None),
]


@pytest.mark.parametrize(("operator", "key", "values"), RIGHT)
def test_right(operator, key, values):
    assert check(operator, key, values, GET) == []


@pytest.mark.parametrize(("operator", "key", "values", "path", "help_line"), WRONG)
def test_wrong(operator, key, values, path, help_line):
    (problem,) = check(operator, key, values, GET)
    assert problem.path == path
    assert help_line is None or problem.help == help_line


def test_keys_of_the_claims_that_aws_reads_since_2026():
    assume = [find("sts:AssumeRoleWithWebIdentity")]
    assert check("StringEquals", "token.actions.githubusercontent.com:repository_id", ["1"], assume) == []
    assert check("Bool", "sts:RoleAuthorizedByIdp", ["true"], assume) == []


def test_operators():
    assert base("ForAnyValue:StringLikeIfExists") == "StringLike"
    assert is_for_all_values("ForAllValues:StringEquals")
    assert not is_for_all_values("ForAnyValue:StringEquals")
