"""Cases of several kinds, each with a request of its own and the policies of its kind."""

import json
from collections.abc import Sequence
from itertools import chain

from differential.case import Case

ACCOUNT, OTHER = "111122223333", "444455556666"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/checkout"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/checkout/i-0123456789abcdef0"


def document(*statements: dict) -> dict:
    """A policy of today's version."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(actions: str | list[str], resources: str | list[str], **more: object) -> dict:
    """A statement that allows."""
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **more}


FULL = document(allow("*", "*"))
WORKLOAD = document(
    allow(["dynamodb:GetItem", "dynamodb:PutItem"], f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/orders"),
    allow("s3:GetObject", "arn:aws:s3:::shop-assets/${aws:PrincipalTag/team}/*"),
    allow("sqs:SendMessage", f"arn:aws:sqs:*:{ACCOUNT}:orders-*", Condition={"Bool": {"aws:SecureTransport": "true"}}),
    allow("kms:Decrypt", "*"),
    allow("sts:AssumeRole", f"arn:aws:iam::{OTHER}:role/audit-*"),
    allow("vpc-lattice-svcs:Invoke", "*"),
)
REGIONS = document(
    allow("*", "*"),
    {
        "Effect": "Deny",
        "NotAction": ["iam:*", "sts:*"],
        "Resource": "*",
        "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "eu-central-1"]}},
    },
)
BUCKET = document(
    allow("s3:GetObject", "arn:aws:s3:::shop-assets/*", Principal={"AWS": ROLE}),
    {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": "arn:aws:s3:::shop-assets/*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}, "NotIpAddressIfExists": {"aws:SourceIp": ["10.0.0.0/8"]}},
    },
)
KEY = document(allow("kms:*", "*", Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"}))
AUTH = document(
    allow(
        "vpc-lattice-svcs:Invoke",
        "*",
        Principal="*",
        Condition={"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/*"}},
    )
)
ISSUER = "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE"
TRUST = document(
    {
        "Effect": "Allow",
        "Principal": {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{ISSUER}"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": {
                f"{ISSUER}:sub": "system:serviceaccount:shop:checkout",
                f"{ISSUER}:aud": "sts.amazonaws.com",
            }
        },
    }
)
CONTEXT = {
    "aws:RequestedRegion": "eu-west-1",
    "aws:SecureTransport": True,
    "aws:SourceIp": "10.1.2.3",
    "aws:PrincipalTag/team": "shop",
}
# Each kind of case: the principal, the action, the resource with a place for a number, the owner, the policies.
KINDS: dict[str, tuple] = {
    "identity alone": (
        SESSION,
        "dynamodb:GetItem",
        f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/orders",
        None,
        {"identity": [WORKLOAD]},
    ),
    "identity, boundary, two levels of SCP": (
        SESSION,
        "sqs:SendMessage",
        f"arn:aws:sqs:eu-west-1:{ACCOUNT}:orders-{{}}",
        None,
        {"identity": [WORKLOAD], "boundary": [FULL], "scp": [[REGIONS], [FULL]]},
    ),
    "a variable, the bucket in another account": (
        SESSION,
        "s3:GetObject",
        "arn:aws:s3:::shop-assets/shop/{}.png",
        OTHER,
        {"identity": [WORKLOAD], "resource": BUCKET, "scp": [[REGIONS]]},
    ),
    "refused by every statement": (
        SESSION,
        "dynamodb:DeleteTable",
        f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/orders-{{}}",
        None,
        {"identity": [WORKLOAD], "boundary": [FULL]},
    ),
    "a key that delegates to its account": (
        SESSION,
        "kms:Decrypt",
        f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/{{}}",
        None,
        {"identity": [WORKLOAD], "resource": KEY},
    ),
    "a trust policy and OIDC claims": (
        f"arn:aws:iam::{ACCOUNT}:oidc-provider/{ISSUER}",
        "sts:AssumeRoleWithWebIdentity",
        ROLE,
        None,
        {"resource": TRUST},
    ),
    "VPC Lattice, two auth policies": (
        SESSION,
        "vpc-lattice-svcs:Invoke",
        f"arn:aws:vpc-lattice:eu-west-1:{ACCOUNT}:service/svc-0123456789abcdef0/{{}}",
        None,
        {"identity": [WORKLOAD], "resource": [AUTH, AUTH]},
    ),
}


def cases(kinds: Sequence[str], count: int) -> list[Case]:
    """So many cases of each kind in turn, as they are when they were read from JSON: nothing of one is part of another.

    Each has a resource, or a token's claims, of its own.
    """
    every = chain.from_iterable(zip(*([_case(kind, number) for number in range(count)] for kind in kinds), strict=True))
    return [Case(**json.loads(json.dumps(case))) for case in every]


def _case(kind: str, number: int) -> dict:
    principal, action, resource, owner, policies = KINDS[kind]
    claims = {f"{ISSUER}:sub": "system:serviceaccount:shop:checkout", f"{ISSUER}:aud": "sts.amazonaws.com"}
    request = {
        "principal": principal,
        "action": action,
        "resource": resource.format(number),
        "resource_account": owner,
        "context": {**(claims if "oidc" in principal else CONTEXT), "aws:userid": f"AROAEXAMPLE:{number}"},
    }
    return {"id": f"{kind} {number}", "request": request, "policies": policies}
