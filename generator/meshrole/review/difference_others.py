"""What changes for those whom a plan does not hold: holders of policies, principals of resources, an organization's members."""

from collections.abc import Iterable, Iterator, Sequence

from meshrole.review import difference_cells
from meshrole.review.difference_cells import DENY, EVERYTHING, Cell
from meshrole.review.difference_powers import policies_of
from meshrole.review.difference_sets import Cells, Power, gained
from meshrole.review.difference_values import permissions, principals
from meshrole.review.facts import (
    CREATE,
    DELETE,
    MOVE,
    NO_OP,
    UPDATE,
    Facts,
    ManagedPolicy,
    OrganizationPolicy,
    Policy,
    ResourcePolicy,
    Side,
    Thing,
    pairs,
)
from meshrole.review.model import Change

Owned = ManagedPolicy | OrganizationPolicy | ResourcePolicy
NOTHING: Cells = frozenset()


def changes(facts: Facts) -> Iterator[Change]:
    """Changes of whoever is not an identity of the plan."""
    yield from _loose_policies(facts)
    yield from _organization(facts)
    yield from _resources(facts)


def action(old: Thing | None, new: Thing | None) -> str:
    """What happens to a thing; one that stays and whose surroundings change is updated."""
    if old is None or new is None:
        return CREATE if old is None else DELETE
    return UPDATE if new.action in (NO_OP, MOVE, CREATE) else new.action


def _loose_policies(facts: Facts) -> Iterator[Change]:
    """Managed policies that nothing in the plan is given: whoever has them gains and loses."""
    given = {policy.source for side in (facts.before, facts.after) for policy in _given(side)}
    for old, new in pairs(facts.before.policies, facts.after.policies):
        thing = new or old
        assert thing
        if old != new and not any(each.policy.source in given for each in (old, new) if each):
            left, right = Power(_cells(old, new)), Power(_cells(new, old))
            yield from _change(f"whoever has the policy {_name(thing)}", thing, action(old, new), left, right)


def _organization(facts: Facts) -> Iterator[Change]:
    """Policies of the organization: what they no longer limit is gained by everybody below."""
    for old, new in pairs(facts.before.organization, facts.after.organization):
        thing = new or old
        assert thing
        if old != new:
            left, right = Power(_limits(old, new)), Power(_limits(new, old))
            yield from _change(f"whoever is below the policy {_name(thing)}", thing, action(old, new), left, right)


def _change(identity: str, thing: Thing, done: str, left: Power, right: Power) -> Iterator[Change]:
    more, less = permissions(gained(left, right)), permissions(gained(right, left))
    if more or less:
        yield Change(identity, thing.address, done, more, less)


def _resources(facts: Facts) -> Iterator[Change]:
    """Policies at resources: each principal is one who gains or loses."""
    for old, new in _same_resource(facts.before.resource_policies, facts.after.resource_policies):
        thing = new or old
        assert thing
        left, right = Power(_cells(old, new)), Power(_cells(new, old))
        more, less = gained(left, right), gained(right, left)
        on = thing.on.text if isinstance(thing.on.text, str) else thing.on.address or thing.address
        for principal in principals((*more, *less)):
            yield Change(
                identity=principal,
                address=thing.address,
                action=action(old, new),
                gained=permissions(_of(principal, more), on),
                lost=permissions(_of(principal, less), on),
            )


def _same_resource(
    before: Sequence[ResourcePolicy], after: Sequence[ResourcePolicy]
) -> Iterator[tuple[ResourcePolicy | None, ResourcePolicy | None]]:
    """By address, and those that are left by what they are about: a policy may move out of its bucket."""
    alone: dict[object, ResourcePolicy] = {}
    rest: list[ResourcePolicy] = []
    for old, new in pairs(before, after):
        if old is not None and new is not None:
            yield old, new
        elif new is not None:
            rest.append(new)
        elif old is not None:
            alone[old.on] = old
    for new in rest:
        yield alone.pop(new.on, None), new
    for gone in alone.values():
        yield gone, None


def _given(side: Side) -> Iterator[Policy]:
    for identity in (*side.roles, *side.users, *side.groups, *side.outside):
        yield from policies_of(identity)
        if identity.boundary and identity.boundary.policy:
            yield identity.boundary.policy


def _cells(thing: Owned | None, other: Owned | None) -> Cells:
    """The cells of a policy; what is hidden on this side is as on the other."""
    if thing is None:
        return NOTHING
    known = other if other is not None and not thing.policy.is_known else thing
    return difference_cells.of_policy(known.policy)


def _limits(thing: OrganizationPolicy | None, other: OrganizationPolicy | None) -> Cells:
    """What a policy of the organization leaves: one that only denies stands beside one that allows everything."""
    cells = _cells(thing, other)
    return cells if any(cell.effect != DENY for cell in cells) else cells | {EVERYTHING}


def _of(principal: str, cells: Iterable[Cell]) -> list[Cell]:
    return [cell for cell in cells if principals((cell,)) == (principal,)]


def _name(thing: ManagedPolicy | OrganizationPolicy) -> str:
    return thing.name if isinstance(thing.name, str) else thing.address
