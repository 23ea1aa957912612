"""The buckets that logs go to."""

from meshrole.review.facts import Bucket, Facts, Reference, Side

# CloudTrail and Config write under these prefixes, so a bucket whose policy lets them in holds logs, too.
WRITERS = frozenset(
    [
        "cloudtrail.amazonaws.com",
        "config.amazonaws.com",
        "delivery.logs.amazonaws.com",
        "logdelivery.elasticloadbalancing.amazonaws.com",
    ]
)


def names(facts: Facts) -> frozenset[str]:
    """The names of buckets that logs go to, before the plan or after it."""
    return frozenset(name for side in (facts.before, facts.after) for name in _of(side))


def is_log_bucket(bucket: Bucket, known: frozenset[str], addresses: frozenset[str]) -> bool:
    """Whether logs go to it, by its name or by what its policy lets write."""
    return bucket.name in known or bucket.address in addresses


def addresses(facts: Facts) -> frozenset[str]:
    """The addresses of buckets that a trail or channel names, or whose policy lets a service write logs."""
    named = (bucket.address for side in (facts.before, facts.after) for bucket in _buckets(side))
    return frozenset(filter(None, named)) | _written(facts)


def log_groups(facts: Facts) -> frozenset[str]:
    """The addresses of log groups that trails write to, before the plan or after it."""
    groups = (trail.log_group for side in (facts.before, facts.after) for trail in side.trails)
    return frozenset(group.address for group in groups if group and group.address)


def _written(facts: Facts) -> frozenset[str]:
    return frozenset(
        item.on.address
        for side in (facts.before, facts.after)
        for item in side.resource_policies
        for statement in item.policy.statements
        if item.on.address and any(kind == "Service" and name in WRITERS for kind, name in statement.principals)
    )


def _of(side: Side) -> list[str]:
    return [bucket.text for bucket in _buckets(side) if isinstance(bucket.text, str)]


def _buckets(side: Side) -> list[Reference]:
    return [trail.bucket for trail in side.trails] + [channel.bucket for channel in side.channels]
