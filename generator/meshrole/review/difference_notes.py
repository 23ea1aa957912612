"""What changes around identities beside permissions and trust: boundaries, keys, groups, and who is handed which role."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from meshrole.review import difference_cells, difference_conditions
from meshrole.review.difference_cells import Cell
from meshrole.review.difference_sets import Cells, Power, is_small
from meshrole.review.facts import FORGET, IMPORT, Attached, Facts, Identity, Side, User
from meshrole.review.model import Trusted

# Of what is kept, so much is named.
MAX_KEPT = 4
PODS = "aws_eks_pod_identity_association"
HOLDERS = {
    "aws_ecs_task_definition": "task definition",
    "aws_iam_instance_profile": "instance profile",
    "aws_lambda_function": "function",
}
PURPOSES = {"task": "task role", "execution": "execution role"}
POD_IDENTITY = "Service:pods.eks.amazonaws.com"


@dataclass(frozen=True, slots=True)
class Sets:
    """What an identity may do before and after, and the difference."""

    before: Power
    after: Power
    more: tuple[Cell, ...]
    less: tuple[Cell, ...]


def of_identities(facts: Facts) -> Mapping[str, tuple[str, ...]]:
    """Which workloads an identity is newly handed to or taken from, by the address that it has after the plan."""
    before, after = dict(_holders(facts.before)), dict(_holders(facts.after))
    moved = {role.was: role.address for role in facts.after.roles}
    found: dict[str, list[str]] = defaultdict(list)
    old = {(moved.get(address, address), who) for address, who in before}
    new = set(after)
    for address, who in sorted(new - old):
        found[address].append(f"is now {who}")
    for address, who in sorted(old - new):
        found[address].append(f"is no longer {who}")
    return {address: tuple(notes) for address, notes in found.items()}


def pods(side: Side) -> dict[str, tuple[Trusted, ...]]:
    """Which pods may have which role through EKS Pod Identity, by the role's address."""
    found: dict[str, list[Trusted]] = defaultdict(list)
    for workload in side.workloads:
        for _, role in workload.roles if workload.type == PODS and isinstance(workload.name, str) else ():
            cluster, namespace, account = [*str(workload.name).split("/", 2), "", ""][:3]
            words = f"pods of service account {account} in namespace {namespace} of cluster {cluster}"
            found[role.address].append(Trusted(POD_IDENTITY, "eks-auth:AssumeRoleForPodIdentity", str(workload.name), words))
    return {address: tuple(sorted(each)) for address, each in found.items() if address}


def of_one(old: Identity | None, new: Identity | None, sides: Sets) -> Iterator[str]:
    """What is to be said of one identity."""
    if new is not None and new.action == IMPORT:
        yield "is imported: it is in AWS already"
    if new is not None and new.action == FORGET:
        yield "is let go of by Terraform: it stays in AWS as it is"
    if old is not None and new is not None:
        yield from _boundary(old.boundary, new.boundary)
    if isinstance(new, User) or isinstance(old, User):
        yield from _user(old if isinstance(old, User) else None, new if isinstance(new, User) else None)
    if sides.more and is_small(sides.more, sides.before.allows):
        yield from _dropped(sides.more, sides.before.allows)
    if sides.less and new is not None and is_small(sides.less, sides.after.allows):
        yield from _kept(sides.less, sides.after.allows)


def _holders(side: Side) -> Iterator[tuple[tuple[str, str], bool]]:
    for workload in side.workloads:
        if workload.type != PODS:
            name = workload.name if isinstance(workload.name, str) else workload.address
            for purpose, role in workload.roles:
                if role.address:
                    yield (role.address, f"the {PURPOSES.get(purpose, 'role')} of {HOLDERS[workload.type]} {name}"), True


def _boundary(old: Attached | None, new: Attached | None) -> Iterator[str]:
    if old is None and new is not None:
        yield f"is now within the boundary {_shown(new)}"
    elif old is not None and new is None:
        yield f"is no longer within the boundary {_shown(old)}"
    elif old is not None and new is not None and _shown(old) != _shown(new):
        yield f"is within the boundary {_shown(new)} instead of {_shown(old)}"


def _shown(attached: Attached) -> str:
    """A policy's name, which is the same before and after it is made."""
    return attached.arn.rpartition("/")[2] if isinstance(attached.arn, str) else "that is known only after the apply"


def _user(old: User | None, new: User | None) -> Iterator[str]:
    for what, name in (("access key", "keys"), ("console password", "console")):
        held = [len(getattr(each, name)) if each else 0 for each in (old, new)]
        if held[1] > held[0]:
            yield f"has a new {what}"
        elif held[1] < held[0] and new is not None:
            yield f"loses its {what}"
    groups = [{name for name in each.groups if isinstance(name, str)} if each else set() for each in (old, new)]
    yield from (f"joins the group {name}" for name in sorted(groups[1] - groups[0]))
    yield from (f"leaves the group {name}" for name in sorted(groups[0] - groups[1]) if new is not None)


def _dropped(more: Iterable[Cell], known: Cells) -> Iterator[str]:
    """A gain that was there under stricter conditions: the edit looks alike, and widens."""
    for cell in sorted(more, key=str):
        stricter = sorted(
            difference_conditions.text(each.conditions)
            for each in known
            if (each.action, each.resource) == (cell.action, cell.resource)
            and difference_conditions.implies(each.conditions, cell.conditions)
        )
        if stricter:
            what = f"{difference_cells.text(cell.action)} on {difference_cells.text(cell.resource)}"
            yield f"could do {what} before only if {' or '.join(stricter)}"


def _kept(less: Iterable[Cell], known: Cells) -> Iterator[str]:
    """A loss of which a part stays: it is narrowed, not gone."""
    for cell in sorted(less, key=str):
        kept = sorted(_said(each) for each in known if difference_cells.covers(cell, each))
        if kept:
            more = f" and {len(kept) - MAX_KEPT} more" if len(kept) > MAX_KEPT else ""
            yield f"keeps, of {_said(cell)}: {', '.join(kept[:MAX_KEPT])}{more}"


def _said(cell: Cell) -> str:
    when = f" if {difference_conditions.text(cell.conditions)}" if cell.conditions else ""
    return f"{difference_cells.text(cell.action)} on {difference_cells.text(cell.resource)}{when}"
