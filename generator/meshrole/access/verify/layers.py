"""Proof: an identity with a level of access has that level and every one before it, and nothing of the next."""

from collections.abc import Iterator

from meshrole.access.verify import cells
from meshrole.access.verify.cells import Cell, Except
from meshrole.access.verify.compare import Side
from meshrole.access.verify.declared import Declared
from meshrole.access.verify.estate import Estate, Subject, tried
from meshrole.access.verify.finding import CounterExample, Finding, Proof, counted
from meshrole.access.verify.reach import requests, speaking
from meshrole.iam import wildcard

NAME = "layers"
CLAIM = "each level of access contains the one before it and nothing of the next"


def prove(estate: Estate) -> Proof:
    """Every group of people and pipeline that has a level of access."""
    if not estate.has_inventory:
        return Proof(NAME, CLAIM, "", (), skipped="it needs an inventory that says who has which level")
    members = [(subject, declared) for subject, declared in estate.declared if declared.levels]
    findings = [each for subject, declared in members for each in tried(subject, _of(subject, declared))]
    levels = len({name for _, declared in members for name, _ in declared.levels})
    over = f"{counted(len(members), 'identity', 'identities')} with access, {counted(levels, 'level')}"
    return Proof(NAME, CLAIM, over, tuple(findings))


def _of(subject: Subject, declared: Declared) -> Iterator[Finding]:
    yield from _within(subject, declared)
    yield from _beyond(subject, declared)


def _within(subject: Subject, declared: Declared) -> Iterator[Finding]:
    """What a level that it has allows and it may not do."""
    for level, document in declared.levels:
        for cell in sorted(cells.of_value(document) - subject.policies.cells, key=str):
            if not _is_covered(cell, subject.policies):
                example = CounterExample(subject.role.arn, str(cell.action), str(cell.resource), {}, False)
                message = f"{subject.name} has the access {level} and may not do {cell.action} on {cell.resource}"
                yield Finding(message, subject.name, example, declared.source, subject.role.address)
                return


def _beyond(subject: Subject, declared: Declared) -> Iterator[Finding]:
    """What only a level after its own allows, and it may do though no permission of its own says so."""
    declared_cells = cells.of_value(declared.policy)
    for level, document in declared.beyond:
        for cell in sorted(cells.of_value(document) - declared_cells, key=str):
            about = speaking(subject.policies.cells, str(cell.action))
            if about == speaking(declared_cells, str(cell.action)):
                continue
            for example in requests(subject, str(cell.action), (str(cell.resource),)):
                if not any(_matches(each, example.resource) for each in speaking(declared_cells, example.action)):
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
