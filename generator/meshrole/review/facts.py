"""What a plan says about who can do what and who records it: the world before it and the world after it, as frozen values.

Everything is compared by value and safe to keep: nothing of the plan itself is held. The values are in `things` (identities,
policies, workloads) and `records` (buckets, keys, trails, recorders); this is the one place to import them from.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from meshrole.review.documents import Condition, Policy, Principal, Statement
from meshrole.review.model import Unknown
from meshrole.review.records import Bucket, DeliveryChannel, EventStore, Expiry, Key, LogGroup, Recorder, Rule, Trail
from meshrole.review.things import (
    CREATE,
    DELETE,
    FORGET,
    IMPORT,
    MOVE,
    NO_OP,
    READ,
    REPLACE,
    UNKNOWN,
    UPDATE,
    AccessKey,
    Attached,
    Group,
    Hidden,
    Identity,
    Inline,
    Lattice,
    ManagedPolicy,
    Names,
    Number,
    OrganizationPolicy,
    Provider,
    Reference,
    ResourcePolicy,
    Role,
    Text,
    Thing,
    Truth,
    User,
    Workload,
)

__all__ = [
    "CREATE",
    "DELETE",
    "FORGET",
    "IMPORT",
    "MOVE",
    "NO_OP",
    "READ",
    "REPLACE",
    "UNKNOWN",
    "UPDATE",
    "AccessKey",
    "Attached",
    "Bucket",
    "Condition",
    "DeliveryChannel",
    "EventStore",
    "Expected",
    "Expiry",
    "Facts",
    "Group",
    "Hidden",
    "Identity",
    "Inline",
    "Key",
    "Lattice",
    "LogGroup",
    "ManagedPolicy",
    "Names",
    "Number",
    "OrganizationPolicy",
    "Policy",
    "Principal",
    "Provider",
    "Recorder",
    "Reference",
    "ResourcePolicy",
    "Role",
    "Rule",
    "Side",
    "Statement",
    "Text",
    "Thing",
    "Trail",
    "Truth",
    "Unknown",
    "User",
    "Workload",
    "pairs",
]

T = TypeVar("T", bound=Thing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """The world on one side of the plan, each family in the plan's order.

    `outside` are identities that are given something here, but are themselves not in the plan.
    """

    roles: tuple[Role, ...] = ()
    users: tuple[User, ...] = ()
    groups: tuple[Group, ...] = ()
    outside: tuple[Identity, ...] = ()
    keys_of_users: tuple[AccessKey, ...] = ()
    policies: tuple[ManagedPolicy, ...] = ()
    workloads: tuple[Workload, ...] = ()
    providers: tuple[Provider, ...] = ()
    resource_policies: tuple[ResourcePolicy, ...] = ()
    buckets: tuple[Bucket, ...] = ()
    keys: tuple[Key, ...] = ()
    trails: tuple[Trail, ...] = ()
    event_stores: tuple[EventStore, ...] = ()
    log_groups: tuple[LogGroup, ...] = ()
    recorders: tuple[Recorder, ...] = ()
    channels: tuple[DeliveryChannel, ...] = ()
    rules: tuple[Rule, ...] = ()
    organization: tuple[OrganizationPolicy, ...] = ()
    lattice: tuple[Lattice, ...] = ()
    unknown: tuple[Unknown, ...] = ()


@dataclass(frozen=True, slots=True)
class Expected:
    """What an inventory says must be there: its file, and the role names with the line of each."""

    roles: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """A plan; two are the same only if they are one, so that what follows from it is found again.

    `expected` is None without an inventory. `version` is Terraform's.
    """

    before: Side
    after: Side
    name: str = ""
    version: str = ""
    expected: Expected | None = None
    notes: tuple[str, ...] = ()


def pairs(before: Sequence[T], after: Sequence[T]) -> Iterator[tuple[T | None, T | None]]:
    """Each thing with itself on the other side, by address and through moves: `pairs(before.trails, after.trails)`."""
    left = {thing.address: thing for thing in before}
    for thing in after:
        yield left.pop(thing.was, None), thing
    for gone in left.values():
        yield gone, None
