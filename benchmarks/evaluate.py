"""Decisions a second in one process: requests that are new each time, against policies that are used again."""

import statistics
import time
from collections.abc import Callable, Iterator, Sequence

from differential import iam_simulate, moto_iam
from differential.case import Case
from differential.case import ours as own_answer
from differential.documented import agreement, documented

from meshrole.iam import PolicySet, Request, evaluate

ACCOUNT, OTHER = "111122223333", "444455556666"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/checkout"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/checkout/i-0123456789abcdef0"
REQUESTS = 2_000
ROUNDS = 5


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


def cases(kind: str, count: int) -> Iterator[dict]:
    """Cases of one kind, as `meshrole simulate` reads them; each has a resource, and a token's claims, of its own."""
    principal, action, resource, owner, policies = KINDS[kind]
    claims = {f"{ISSUER}:sub": "system:serviceaccount:shop:checkout", f"{ISSUER}:aud": "sts.amazonaws.com"}
    for number in range(count):
        request = {
            "principal": principal,
            "action": action,
            "resource": resource.format(number),
            "resource_account": owner,
            "context": {**(claims if "oidc" in principal else CONTEXT), "aws:userid": f"AROAEXAMPLE:{number}"},
        }
        yield {"id": f"{kind} {number}", "request": request, "policies": policies}


def rates(kind: str) -> tuple[float, float]:
    """Requests in a second of CPU: read from plain values, and evaluated once they are read."""
    reading, evaluating = [], []
    policies = PolicySet.of(KINDS[kind][-1])
    for _ in range(ROUNDS):
        given = [case["request"] for case in cases(kind, REQUESTS)]
        start = time.process_time()
        requests = [Request.of(each) for each in given]
        read = time.process_time()
        for request in requests:
            evaluate(request, policies)
        reading.append(read - start)
        evaluating.append(time.process_time() - read)
    return REQUESTS / statistics.median(reading), REQUESTS / statistics.median(evaluating)


def together(*found: float) -> float:
    """How many a second do all steps, of which each alone has a rate."""
    return 1 / sum(1 / each for each in found)


def ours(given: Sequence[Case]) -> float:
    """CPU seconds for reading and evaluating the cases; the policies are read before, as the others have theirs."""
    sets: dict[int, PolicySet] = {}
    every = [(case.request, sets.setdefault(id(case.policies), PolicySet.of(case.policies))) for case in given]
    return _median(lambda: [evaluate(Request.of(request), policies) for request, policies in every])


def moto(given: Sequence[Case]) -> float:
    """CPU seconds of moto for the cases; it reads the policies anew for each."""
    return _median(lambda: [moto_iam.permits(moto_iam.request(case), case.request["resource"]) for case in given])


def _median(run: Callable[[], object]) -> float:
    seconds = []
    for _ in range(ROUNDS):
        start = time.process_time()
        run()
        seconds.append(time.process_time() - start)
    return statistics.median(seconds)


def compare(name: str, given: Sequence[Case], seconds: float) -> None:
    """Print a peer's rate and ours on the same cases."""
    own = ours(given)
    print(f"{name:<16}{len(given):>8,} cases{seconds:>9.2f} CPU s{len(given) / seconds:>12,.0f}/s", end="")
    print(f"   meshrole{own:>7.2f} CPU s{len(given) / own:>12,.0f}/s{seconds / own:>7.1f} times")


def peers() -> None:
    """Print how others do on those of the same cases that they read, and how often each answers as AWS documents."""
    every = [Case(case["id"], case["request"], case["policies"]) for kind in KINDS for case in cases(kind, REQUESTS)]
    tables = documented()
    print("\nreading and evaluating the same cases; the others read the policies anew for each")
    print(f"meshrole: {agreement(tables, list(map(own_answer, tables)))}")
    print(f"moto: {agreement(tables, list(map(moto_iam.answer, tables)))}")
    read = [case for case in every if moto_iam.readable(case)]
    compare("moto", read, moto(read))
    problem = iam_simulate.install()
    if problem:
        print(f"iam-simulate: not measured, {problem}")
        return
    print(f"iam-simulate: {agreement(tables, iam_simulate.run(tables).answers)}")
    for name, unchecked in (("iam-simulate", False), ("  unchecked", True)):
        said = iam_simulate.run(every, unchecked=unchecked).answers
        taken = [case for case, each in zip(every, said, strict=True) if each.answer not in ("unread", "crash")]
        compare(name, taken, statistics.median(iam_simulate.run(taken, ROUNDS, unchecked=unchecked).seconds))


def main() -> None:
    """Print a row for each kind of case, one for all of them together, and the others on the same cases."""
    found = {kind: rates(kind) for kind in KINDS}
    found["all kinds alike"] = tuple(statistics.harmonic_mean(column) for column in zip(*found.values(), strict=True))
    print(f"\nevaluate, {REQUESTS:,} requests of each kind, in a second\n{'':<44}{'evaluated':>12}{'read':>12}{'both':>12}")
    for kind, (reading, evaluating) in found.items():
        print(f"{kind:<44}{evaluating:>12,.0f}{reading:>12,.0f}{together(reading, evaluating):>12,.0f}")
    peers()


if __name__ == "__main__":
    main()
