"""What a plan changes in who can do what: identities matched across it, and their permissions and trust compared as sets."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from functools import lru_cache
from typing import TypeVar

from meshrole.review import difference_notes, difference_others
from meshrole.review.difference_powers import power_of, trust_of
from meshrole.review.difference_sets import gained
from meshrole.review.difference_values import permissions, trusted
from meshrole.review.facts import CREATE, DELETE, FORGET, IMPORT, Facts, Identity, pairs
from meshrole.review.model import Change, Trusted

FAMILIES = ("roles", "users", "groups", "outside")
# What a thing has beside what it may do.
FRAME = frozenset({"address", "moved_from", "action", "module", "tags", "arn", "name"})
T = TypeVar("T", bound=Identity)
# Who may assume a role through an association of EKS, before and after.
Pods = tuple[tuple[Trusted, ...], tuple[Trusted, ...]]


@lru_cache(maxsize=8)
def changes(facts: Facts) -> tuple[Change, ...]:
    """Everything that changes, by address. What only moves, is renamed or is spelled otherwise is no change."""
    found = (*_identities(facts), *difference_others.changes(facts))
    return tuple(sorted(found, key=lambda change: (change.address, change.identity)))


def matched(before: Sequence[T], after: Sequence[T]) -> Iterator[tuple[T | None, T | None]]:
    """Identities with themselves: by address, through moves, and those that are left by name."""
    alone: dict[object, T] = {}
    rest: list[T] = []
    for old, new in pairs(before, after):
        if old is not None and new is not None:
            yield old, new
        elif new is not None:
            rest.append(new)
        elif old is not None:
            alone[_key(old)] = old
    for new in rest:
        yield alone.pop(_key(new), None), new
    for gone in alone.values():
        yield gone, None


def _identities(facts: Facts) -> Iterator[Change]:
    notes = difference_notes.of_identities(facts)
    pods = difference_notes.pods(facts.before), difference_notes.pods(facts.after)
    for family in FAMILIES:
        for old, new in matched(getattr(facts.before, family), getattr(facts.after, family)):
            found = _identity(old, new, notes, (_pods(pods[0], old), _pods(pods[1], new)))
            if found:
                yield found


def _identity(old: Identity | None, new: Identity | None, around: Mapping[str, tuple[str, ...]], pods: Pods) -> Change | None:
    thing = new or old
    assert thing
    said = around.get(thing.address, ())
    if not said and pods[0] == pods[1] and _is_same(old, new):
        return None
    left, right = power_of(old, new), power_of(new, old)
    trust = trust_of(old, new), trust_of(new, old)
    more, less = gained(left, right), gained(right, left)
    kept = trust[1].allows if new else ()
    change = Change(
        identity=thing.name if isinstance(thing.name, str) else thing.address,
        address=thing.address,
        action=difference_others.action(old, new),
        gained=permissions(more),
        lost=permissions(less),
        trust_gained=(*trusted(gained(*trust)), *_only(pods[1], pods[0])),
        trust_lost=(*trusted(gained(trust[1], trust[0]), kept), *_only(pods[0], pods[1])),
        notes=(*said, *difference_notes.of_one(old, new, difference_notes.Sets(left, right, more, less))),
    )
    says = change.gained or change.lost or change.trust_gained or change.trust_lost or change.notes
    return change if says or _comes_or_goes(old, new) else None


def _is_same(old: Identity | None, new: Identity | None) -> bool:
    """Whether nothing can differ; what only Terraform does with it is no difference, but for what it takes or lets go."""
    if old is None or new is None or type(old) is not type(new) or new.action in (IMPORT, FORGET):
        return False
    return all(getattr(old, each.name) == getattr(new, each.name) for each in fields(old) if each.name not in FRAME)


def _comes_or_goes(old: Identity | None, new: Identity | None) -> bool:
    """Whether an identity as such is made or destroyed, whatever it may do."""
    thing = new or old
    return (old is None or new is None) and thing is not None and thing.action in (CREATE, DELETE)


def _key(identity: Identity) -> object:
    return identity.type, identity.path, identity.name if isinstance(identity.name, str) else identity.address


def _pods(pods: Mapping[str, tuple[Trusted, ...]], identity: Identity | None) -> tuple[Trusted, ...]:
    return pods.get(identity.address, ()) if identity else ()


def _only(these: Iterable[Trusted], those: Sequence[Trusted]) -> tuple[Trusted, ...]:
    return tuple(each for each in these if each not in those)
