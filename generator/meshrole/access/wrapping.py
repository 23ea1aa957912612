"""What tools print around AWS's message: the error code, the operation, the service, the request's id.

The forms are those of the AWS CLI and boto3, the SDKs for Go (1 and 2), Java (1 and 2) and JavaScript, and S3's XML.
"""

import re
from typing import NamedTuple

from meshrole.access.plain import phrase
from meshrole.iam import actions

# Codes that say "denied"; what a service calls it is its own:
# https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
DENIAL = re.compile(
    r"(?:Client\.)?(?:Vpce)?(?:AccessDenied(?:Exception|Fault)?|UnauthorizedOperation|UnauthorizedAccess|Unauthorized"
    r"|ForbiddenException|Forbidden|AuthorizationError(?:Exception)?|NotAuthorized(?:Exception)?|OperationNotPermitted)|403"
)
CODE = rf"(?P<code>{DENIAL.pattern.removesuffix('|403')})"
WRAPPERS = tuple(
    re.compile(pattern)
    for pattern in (
        # An error occurred (AccessDenied) when calling the CreateRole operation: …
        rf"{phrase('An error occurred')}\s+\((?P<code>[\w.]+)\)\s+{phrase('when calling the')}\s+(?P<operation>\w+)\s",
        # operation error IAM: CreateRole, https response error StatusCode: 403, RequestID: …, api error AccessDenied: …
        rf"{phrase('operation error')}\s+(?P<service>[A-Z][\w ]{{0,60}}?)\n?:\s+(?P<operation>\w+)",
        rf"{phrase('api error')}\s+(?P<code>[\w.]+)\n?:",
        r"RequestID\n?:\s*(?P<request>[\w+/=-]+)",
        # (Service: AmazonIdentityManagement; Status Code: 403; Error Code: AccessDenied; Request ID: …)
        r"Service:\s*(?P<service>[\w ]{1,60}?)[;,]\s*Status\s+Code:\s*\d+",
        r"Error\s+Code:\s*(?P<code>[\w.]+)",
        r"Request\s+ID:\s*(?P<request>[\w+/=-]+)",
        # status code: 403, request id: …
        r"status\s+code:\s*\d+,\s+request\s+id:\s*(?P<request>[\w+/=-]+)",
        r"<Code>(?P<code>[\w.]+)\s*</Code>",
        r"<RequestId>(?P<request>[\w+/=-]+)\s*</RequestId>",
        r"'?requestId'?:\s*'(?P<request>[\w-]+)'",
        rf"(?<![\w.#]){CODE}(?=:\s)",
    )
)
# IAM's prefix where a service has another name: in an SDK's error, in the source of an event.
PREFIXES = {
    "amazonidentitymanagement": "iam",
    "securitytokenservice": "sts",
    "awssecuritytokenservice": "sts",
    "elasticloadbalancingv2": "elasticloadbalancing",
    "cloudwatchlogs": "logs",
    "monitoring": "cloudwatch",
    "eventbridge": "events",
    "sfn": "states",
    "costexplorer": "ce",
    "resourcegroupstaggingapi": "tag",
    "acmpca": "acm-pca",
    "vpclattice": "vpc-lattice",
    "awsappmesh": "appmesh",
}
# Operations whose permission has another name:
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
PERMISSIONS = {
    "s3:HeadBucket": "s3:ListBucket",
    "s3:HeadObject": "s3:GetObject",
    "s3:ListBuckets": "s3:ListAllMyBuckets",
    "s3:ListObjects": "s3:ListBucket",
    "s3:ListObjectsV2": "s3:ListBucket",
    "lambda:Invoke": "lambda:InvokeFunction",
}


class Wrapping(NamedTuple):
    """What a tool says of the call, each part None where it does not."""

    code: str | None = None
    operation: str | None = None
    service: str | None = None
    request: str | None = None

    @property
    def denies(self) -> bool:
        """Whether the error code is one that says "denied"."""
        return self.code is not None and is_denial(self.code)


def is_denial(code: str) -> bool:
    """Whether an error code says "denied": `AccessDenied`, `Client.UnauthorizedOperation` and their like."""
    return DENIAL.fullmatch(code.rpartition("#")[2]) is not None


def read(text: str, code: str | None = None) -> Wrapping:
    """The first of each part in `text`; `code` is one that stood beside it."""
    found: dict[str, str] = {}
    for pattern in WRAPPERS:
        match = pattern.search(text)
        for name, value in (match.groupdict() if match else {}).items():
            if value:
                found.setdefault(name, value)
    if "code" not in found and code is not None and is_denial(code):
        found["code"] = code.rpartition("#")[2]
    return Wrapping(**found)


def action(service: str | None, operation: str | None) -> str | None:
    """The action that permits an operation of a service, if AWS's reference has it."""
    if not service or not operation:
        return None
    plain = re.sub(r"[^a-z0-9-]", "", service.lower().removesuffix(".amazonaws.com"))
    for prefix in (PREFIXES.get(plain), plain, plain.removeprefix("amazon"), plain.removeprefix("aws")):
        known = actions.find(PERMISSIONS.get(f"{prefix}:{operation}", f"{prefix}:{operation}")) if prefix else None
        if known is not None:
            return known.name
    return None
