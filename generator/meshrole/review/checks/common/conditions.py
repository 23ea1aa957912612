"""Which conditions make a statement that allows hold for fewer requests, whatever the request brings along.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from collections.abc import Iterable, Iterator

from meshrole.review.documents import Condition, Statement

# With IfExists, or ForAllValues, a condition also holds where the request has no such key.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
IF_EXISTS, FOR_ALL, FOR_ANY = "ifexists", "forallvalues:", "foranyvalue:"
POSITIVE = frozenset(
    [
        "stringequals",
        "stringequalsignorecase",
        "stringlike",
        "arnequals",
        "arnlike",
        "ipaddress",
        "bool",
        "binaryequals",
        "numericequals",
    ]
)
ANYTHING = frozenset(("*", "**", "arn:*", "arn:aws:*", "arn:*:*", "0.0.0.0/0", "::/0"))
# Who asks, and from where.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
CALLER = (
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:principalaccount",
    "aws:principalarn",
    "aws:userid",
    "aws:username",
    "aws:principaltag/",
    "aws:principalservicename",
    "aws:principalservicenameslist",
    "aws:sourcearn",
    "aws:sourceaccount",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:sourceip",
    "aws:vpcsourceip",
    "kms:calleraccount",
    "s3:dataaccesspointaccount",
    "s3:dataaccesspointarn",
    "s3:accesspointnetworkorigin",
    "lambda:eventsourcetoken",
    "vpc-lattice-svcs:sourcevpc",
    "vpc-lattice-svcs:sourcevpcowneraccount",
    "sns:endpoint",
    "sts:externalid",
    "elasticfilesystem:accessedviamounttarget",
    "elasticfilesystem:accesspointarn",
)
# Which service was asked for on whose behalf.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
SOURCE = ("aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths")
# Which resources, or which part of what is asked: a grant on `*` with one of these is not a grant on everything.
RESOURCE_WORDS = ("resourcetag/", "requesttag/", "resourceaccount", "resourceorgid", "resourceorgpaths", "passedtoservice")
RESOURCE = (
    "iam:associatedresourcearn",
    "iam:permissionsboundary",
    "kms:viaservice",
    "kms:grantisforawsresource",
    "kms:encryptioncontext:",
    "kms:resourcealiases",
    "cloudwatch:namespace",
    "s3:prefix",
    "s3:dataaccesspointarn",
    "secretsmanager:secretid",
    "ec2:vpc",
    "ec2:createaction",
    "ecs:cluster",
    "ecs:service",
    "aws:calledvia",
    "aws:viaawsservice",
    "dynamodb:leadingkeys",
    "iam:awsservicename",
    "logs:loggeneratingresourcearns",
)


def holding(statement: Statement, keys: Iterable[str]) -> Iterator[Condition]:
    """The conditions that ask for some value of one of these keys (in lower case; `x/` and `x:` begin one)."""
    wanted = tuple(keys)
    for condition in statement.conditions:
        operator, key, values = condition
        if is_positive(operator) and values and any(_is(key.lower(), each) for each in wanted):
            yield condition


def narrows(statement: Statement, keys: Iterable[str]) -> bool:
    """Whether one of those conditions leaves somebody or something out."""
    return any(not any(value in ANYTHING for value in values) for _, _, values in holding(statement, keys))


def narrows_caller(statement: Statement) -> bool:
    """Whether a condition limits who may ask, or from where."""
    return narrows(statement, CALLER)


def narrows_resource(statement: Statement) -> bool:
    """Whether a condition limits what is acted on."""
    words = [key.lower() for _, key, _ in statement.conditions if any(word in key.lower() for word in RESOURCE_WORDS)]
    return narrows(statement, (*RESOURCE, *words))


def is_positive(operator: str) -> bool:
    """Whether a condition with this operator holds only for a request that has the key."""
    name = operator.lower().removeprefix(FOR_ANY)
    return not name.startswith(FOR_ALL) and not name.endswith(IF_EXISTS) and name in POSITIVE


def _is(key: str, wanted: str) -> bool:
    return key.startswith(wanted) if wanted.endswith(("/", ":")) else key == wanted
