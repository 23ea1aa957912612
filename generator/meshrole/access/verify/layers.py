"""Proof: an identity with a level of access has that level and every one before it, and nothing of the next."""

from collections import defaultdict
from collections.abc import Iterator

from meshrole.access.verify import cells
from meshrole.access.verify.cells import Cell, Except
from meshrole.access.verify.compare import Side
from meshrole.access.verify.declared import Declared, Levels, levels
from meshrole.access.verify.estate import Estate, Subject, tried, unreadable
from meshrole.access.verify.finding import CounterExample, Finding, Proof, counted
from meshrole.access.verify.reach import requests, speaking
from meshrole.iam import wildcard

NAME = "layers"
CLAIM = "each level of access contains the one before it and nothing of the next"


def prove(estate: Estate) -> Proof:
    """Every group of people and pipeline that has a level of access."""
    if not estate.has_inventory:
        return Proof(NAME, CLAIM, "", (), skipped="it needs an inventory that says who has which level")
    members = [(subject, declared, levels(declared.found)) for subject, declared in estate.declared]
    members = [member for member in members if member[2]]
    findings = [each for member in members for each in tried(member[0], _of(*member))]
    number = len({name for _, _, reached in members for name, _ in reached})
    over = f"{counted(len(members), 'identity', 'identities')} with access, {counted(number, 'level')}"
    return Proof(NAME, CLAIM, over, tuple(findings))


def _of(subject: Subject, declared: Declared, reached: Levels) -> Iterator[Finding]:
    yield from unreadable(subject, subject.role.policies)
    if not subject.hides_any:
        yield from _within(subject, declared, reached)
    yield from _beyond(subject, declared)


def _within(subject: Subject, declared: Declared, reached: Levels) -> Iterator[Finding]:
    """What a level that it has allows and it may not do."""
    for level, document in reached:
        for cell in sorted(cells.of_value(document) - subject.policies.cells, key=str):
            if not _is_covered(cell, subject.policies):
                example = CounterExample(subject.role.arn, str(cell.action), str(cell.resource), {}, False)
                message = f"{subject.name} has the access {level} and may not do {cell.action} on {cell.resource}"
                yield Finding(message, subject.name, example, declared.source, subject.role.address)
                return


def _beyond(subject: Subject, declared: Declared) -> Iterator[Finding]:
    """What only a level after its own allows, and it may do though no permission of its own says so."""
    own = cells.of_value(declared.policy)
    if own == subject.policies.cells:
        return
    for level, document in levels(declared.found, beyond=True):
        by_action: dict[str, list[str]] = defaultdict(list)
        for cell in sorted(cells.of_value(document) - own, key=str):
            by_action[str(cell.action)].append(str(cell.resource))
        for action, resources in by_action.items():
            about = speaking(own, action)
            if about != speaking(subject.policies.cells, action):
                for example in requests(subject, action, resources):
                    if not any(_matches(each, example.resource) for each in about):
                        message = f"{subject.name} may do {example.action}, which only the access {level} allows"
                        yield Finding(message, subject.name, example, declared.source, subject.role.address)
                        return


def _is_covered(cell: Cell, side: Side) -> bool:
    """Whether one statement without conditions allows the whole of it, and none denies any of it."""
    about = speaking(side.cells, str(cell.action))
    if any(each.effect == "Deny" and _meets(each, str(cell.resource)) for each in about):
        return False
    return any(
        each.effect == "Allow" and not each.conditions - cell.conditions and _covers(each, str(cell.resource)) for each in about
    )


def _covers(cell: Cell, resource: str) -> bool:
    if isinstance(cell.resource, Except):
        return not any(wildcard.overlaps(name, resource) for name in cell.resource.names)
    return wildcard.covers(cell.resource, resource)


def _meets(cell: Cell, resource: str) -> bool:
    if isinstance(cell.resource, Except):
        return not any(wildcard.covers(name, resource) for name in cell.resource.names)
    return wildcard.overlaps(cell.resource, resource)


def _matches(cell: Cell, resource: str) -> bool:
    return not isinstance(cell.resource, Except) and wildcard.matches(cell.resource, resource)
