"""What a step of a migration changes in who can do what: two blueprints, compared as sets of permissions.

Terraform's plans are compared by the same rules: `review/difference_sets.py`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from meshrole.blueprint.lattice import AuthPolicy
from meshrole.blueprint.model import Blueprint, Identity, Module, Role, Root, text
from meshrole.iam.policy import Document
from meshrole.review import difference_words
from meshrole.review.difference_cells import Cell, of_policy
from meshrole.review.difference_sets import Power, gained
from meshrole.review.difference_values import permissions, trusted
from meshrole.review.documents import Policy
from meshrole.review.model import Permission, Trusted


@dataclass(frozen=True, slots=True)
class RoleChange:
    """A role before and after: what it gains, loses and keeps, and who may assume it. `is_there` is before and after."""

    identity: str
    kind: str
    module: str
    environment: str
    role: str
    is_there: tuple[bool, bool]
    gained: tuple[Permission, ...]
    lost: tuple[Permission, ...]
    kept: tuple[Permission, ...]
    trust_gained: tuple[Trusted, ...]
    trust_lost: tuple[Trusted, ...]

    @property
    def is_change(self) -> bool:
        """Whether anything is not as it was."""
        return self.is_there != (True, True) or any((self.gained, self.lost, self.trust_gained, self.trust_lost))


@dataclass(frozen=True, slots=True)
class CallersChange:
    """The auth policy of a service (or of a service network): who may call it that could not, and the reverse."""

    environment: str
    module: str
    of: str
    gained: tuple[str, ...]
    lost: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StepChange:
    """One step of a migration, as of a day (None: at once)."""

    after: str | None
    roles: tuple[RoleChange, ...]
    callers: tuple[CallersChange, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _There:
    """A role, and where it is."""

    root: Root
    module: Module
    identity: Identity
    role: Role


def compared(before: Blueprint, after: Blueprint, day: str | None = None) -> StepChange:
    """What `after` has that `before` has not, and the reverse, in the order of `after`."""
    old, new = _roles(before), _roles(after)
    roles = [_role(old.get(key), new.get(key)) for key in {**new, **old}]
    ours, theirs = _policies(before), _policies(after)
    callers = [_callers(key, ours.get(key), theirs.get(key)) for key in {**theirs, **ours}]
    notes = [note for key in {**new, **old} for note in _notes(old.get(key), new.get(key))]
    return StepChange(day, tuple(roles), tuple(each for each in callers if each.gained or each.lost), tuple(dict.fromkeys(notes)))


def _roles(blueprint: Blueprint) -> dict[str, _There]:
    return {
        role.arn: _There(root, module, identity, role)
        for root in blueprint.roots
        for module in root.modules
        for identity in module.identities
        for role in identity.roles
    }


def _role(old: _There | None, new: _There | None) -> RoleChange:
    there = new or old
    assert there
    before, after = _power(old), _power(new)
    trust = _trust(old), _trust(new)
    more, less = gained(before, after), gained(after, before)
    return RoleChange(
        identity=there.identity.label,
        kind=there.identity.kind,
        module=there.module.name,
        environment=there.root.environment.name,
        role=there.role.name,
        is_there=(old is not None, new is not None),
        gained=permissions(more),
        lost=permissions(less),
        kept=permissions(after.allows - set(more)) if old and new else (),
        trust_gained=trusted(gained(*trust)),
        trust_lost=trusted(gained(trust[1], trust[0]), trust[1].allows if new else ()),
    )


def _power(there: _There | None) -> Power:
    if there is None:
        return Power(frozenset())
    documents = [there.role.policy, *(part.document for part in there.role.parts)]
    return Power(frozenset(cell for document in documents for cell in _cells(document)), _limit(there))


def _limit(there: _There) -> frozenset[Cell] | None:
    """What the boundary says, None without one or where its content is not in the inventory."""
    given = there.root.environment.boundary
    made = there.module.boundary
    document = made.document if made else given.statements if given else ()
    return _cells(document) if there.role.boundary and document else None


def _trust(there: _There | None) -> Power:
    return Power(_cells(there.role.trust) if there else frozenset())


def _cells(document: Document) -> frozenset[Cell]:
    return of_policy(Policy("", text(document))) if document else frozenset()


def _policies(blueprint: Blueprint) -> dict[tuple[str, str, str], AuthPolicy]:
    return {
        (root.environment.name, module.name, policy.label): policy
        for root in blueprint.roots
        for module in root.modules
        for policy in (module.beside.lattice.policies if module.beside.lattice else ())
    }


def _callers(key: tuple[str, str, str], old: AuthPolicy | None, new: AuthPolicy | None) -> CallersChange:
    before, after = (Power(_cells(each.document) if each else frozenset()) for each in (old, new))
    return CallersChange(
        environment=key[0],
        module=key[1],
        of=key[2],
        gained=_words(gained(before, after)),
        lost=_words(gained(after, before)),
    )


def _words(cells: Iterable[Cell]) -> tuple[str, ...]:
    """Who the cells let in, and under what conditions."""
    return tuple(sorted({difference_words.trusted(cell) for cell in cells}))


def _notes(old: _There | None, new: _There | None) -> Iterator[str]:
    """What ties an identity to a platform, where that changes."""
    before, after = (set(_ties(each)) for each in (old, new))
    there = new or old
    assert there
    where = f"{there.module.name}/{there.identity.label} in {there.root.environment.name}"
    yield from (f"{where}: {tie} is made" for tie in sorted(after - before))
    yield from (f"{where}: {tie} goes" for tie in sorted(before - after))


def _ties(there: _There | None) -> Iterator[str]:
    if there is None:
        return
    if there.identity.has_instance_profile:
        yield "its instance profile"
    association = there.identity.association
    if association:
        account = f"{association.namespace}/{association.service_account}"
        yield f"its EKS Pod Identity association ({account} of {association.cluster})"


def by_identity(roles: Sequence[RoleChange]) -> Iterator[tuple[RoleChange, ...]]:
    """The roles of one identity together, its own first."""
    alike: dict[tuple[str, str, str], list[RoleChange]] = {}
    for role in roles:
        alike.setdefault((role.environment, role.module, role.identity), []).append(role)
    yield from map(tuple, alike.values())
