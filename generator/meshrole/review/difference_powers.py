"""What an identity is given, as sets of cells: its policies, its boundary, its trust.

What is hidden on one side only counts there as it was (or will be) on the other: it is reported as unknown, and makes nothing
look gained or lost.
"""

from collections.abc import Iterator

from meshrole.review import difference_cells
from meshrole.review.difference_cells import ALLOW, EVERYTHING, Cell
from meshrole.review.difference_sets import Cells, Power
from meshrole.review.facts import Attached, Identity, Inline, Policy, Role

# https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AdministratorAccess.html
ADMINISTRATOR = ":iam::aws:policy/AdministratorAccess"
NOTHING: Cells = frozenset()


def power_of(identity: Identity | None, other: Identity | None) -> Power:
    """What an identity may do. `other` is the same identity on the other side of the plan."""
    if identity is None:
        return Power(NOTHING)
    known = dict(_keyed(other)) if other else {}
    cells = {cell for key, given in _keyed(identity) for cell in _cells(given, known.get(key))}
    return Power(frozenset(cells), boundary_of(identity, other))


def boundary_of(identity: Identity, other: Identity | None) -> Cells | None:
    """What the boundary says, None where there is none or its content is not at hand."""
    if identity.boundary is None:
        return None
    there = other.boundary if other else None
    return _content(identity.boundary, there if there and there.arn == identity.boundary.arn else None)


def trust_of(identity: Identity | None, other: Identity | None) -> Power:
    """Who may assume it."""
    if not isinstance(identity, Role):
        return Power(NOTHING)
    policy = identity.trust
    if not policy.is_known and isinstance(other, Role):
        policy = other.trust
    return Power(difference_cells.of_policy(policy))


def policies_of(identity: Identity) -> Iterator[Policy]:
    """Every policy that an identity is given and whose content is at hand."""
    for _, given in _keyed(identity):
        if given.policy is not None:
            yield given.policy


def _keyed(identity: Identity) -> Iterator[tuple[object, Inline | Attached]]:
    for inline in identity.inline:
        yield ("inline", inline.name if isinstance(inline.name, str) else inline.address), inline
    for attached in identity.attached:
        yield ("attached", _name(attached)), attached


def _name(attached: Attached) -> str:
    """A policy's name: its ARN is not known before it is made."""
    return attached.arn.rpartition("/")[2] if isinstance(attached.arn, str) else attached.address


def _cells(given: Inline | Attached, there: Inline | Attached | None) -> Cells:
    if isinstance(given, Attached):
        known = _content(given, there if isinstance(there, Attached) else None)
        return frozenset({_whole(given)}) if known is None and isinstance(given.arn, str) else known or NOTHING
    if not given.policy.is_known and there is not None and there.policy is not None:
        return difference_cells.of_policy(there.policy)
    return difference_cells.of_policy(given.policy)


def _content(given: Attached, there: Attached | None) -> Cells | None:
    for each in (given, there):
        if each is not None and each.policy is not None and each.policy.is_known:
            return difference_cells.of_policy(each.policy)
    return None


def _whole(attached: Attached) -> Cell:
    """A policy whose content is not in the plan, by its ARN in the place of an action."""
    arn = str(attached.arn)
    return EVERYTHING if arn.endswith(ADMINISTRATOR) else Cell(ALLOW, arn, "*")
