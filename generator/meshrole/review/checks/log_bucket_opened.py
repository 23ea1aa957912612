"""The bucket of the logs is opened.

What: a bucket that CloudTrail, Config or another service writes logs to, and that becomes public, loses its public access
block, or lets somebody delete.
Why: logs tell an attacker where to go, and who can delete them leaves no trace:
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/best-practices-security.html
Bad: block_public_policy = false
Good: all four settings true, and no statement that allows s3:Delete*
"""

from collections.abc import Iterator

from meshrole.review.checks.common import logs
from meshrole.review.checks.common.conditions import narrows_caller
from meshrole.review.checks.common.made import found, some
from meshrole.review.checks.common.principals import allows, is_everybody
from meshrole.review.checks.common.reaching import overlap
from meshrole.review.documents import Policy
from meshrole.review.facts import Bucket, Facts, pairs
from meshrole.review.model import Finding, Severity

PUBLIC = frozenset(("public-read", "public-read-write", "authenticated-read"))
DELETES = ("s3:deleteobject", "s3:deleteobjectversion", "s3:deletebucket", "s3:putlifecycleconfiguration", "s3:putbucketpolicy")
FIX = "keep the bucket closed: all four public access blocks, no public ACL, and nobody in its policy who may delete"


def check(facts: Facts) -> Iterator[Finding]:
    """A finding for each way in which a log bucket is open."""
    names, addresses = logs.names(facts), logs.addresses(facts)
    buckets = set()
    for old, new in pairs(facts.before.buckets, facts.after.buckets):
        if new is not None and logs.is_log_bucket(new, names, addresses):
            buckets |= {new.address, new.name}
            for what in _openings(old, new):
                yield found(__name__, Severity.high, new.address, what, FIX)
    for item in facts.after.resource_policies:
        if item.type == "aws_s3_bucket_policy" and (item.on.address in buckets or item.on.text in buckets):
            for what in _said(item.policy):
                yield found(__name__, Severity.high, item.address, what, FIX)


def _openings(old: Bucket | None, new: Bucket) -> Iterator[str]:
    if new.blocks is not None and False in new.blocks:
        yield "a log bucket without all four public access blocks"
    elif old is not None and old.blocks is not None and new.blocks is None:
        yield "a log bucket loses its public access block"
    if new.acl in PUBLIC:
        yield f"a log bucket with the ACL {new.acl}"


def _said(policy: Policy) -> Iterator[str]:
    for statement in allows(policy):
        if is_everybody(statement) and not narrows_caller(statement):
            yield f"anybody may do {some(statement.actions)} on a log bucket"
        deletes = [action for action in statement.actions if any(overlap(action, each) for each in DELETES)]
        if deletes:
            who = some(name for _, name in statement.principals)
            yield f"{who} may do {some(deletes)} on a log bucket"
