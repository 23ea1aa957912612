"""A policy that is too long, as several that are not: the same grants, none wider, and parts that stay as they are when
something elsewhere changes.

The grants are put in one order; a part ends where a grant's own hash says so, or where the next grant would not fit. A
change moves the ends near it and no others, and a part is named after its first grant, so the other parts keep their names.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace

from meshrole.iam.policy import Document, Statement, size

# A part may end once it is this full, and then ends after one grant in so many.
FULL_ENOUGH = 0.6
ONE_IN = 8
SUFFIX_LENGTH = 8
PIECE = 0.1


def pack(document: Document, limit: int, *, max_parts: int | None = None) -> tuple[tuple[str, Document], ...]:
    """(name suffix, document) of each part, sorted; each has at most `limit` counted characters.

    Where the stable way needs more than `max_parts`, the parts are filled to the brim instead. Raises ValueError when one
    action on one resource is too long by itself.
    """
    atoms = sorted(_atoms(document, limit), key=_key)
    parts = list(_cut(atoms, limit, is_stable=True))
    if max_parts is not None and len(parts) > max_parts:
        parts = list(_cut(atoms, limit, is_stable=False))
    return tuple(sorted((_digest(_key(part[0])), _joined(part)) for part in parts))


def _atoms(document: Document, limit: int) -> Iterator[Statement]:
    """Statements small enough to be moved about: split by resource, then by action."""
    for statement in document:
        yield from _halves(statement, limit)


def _halves(statement: Statement, limit: int) -> Iterator[Statement]:
    if size((statement,)) <= limit * PIECE:
        yield statement
    elif len(statement.resources) > 1:
        for resource in statement.resources:
            yield from _halves(replace(statement, resources=(resource,)), limit)
    elif len(statement.actions) > 1:
        for action in statement.actions:
            yield replace(statement, actions=(action,))
    elif size((statement,)) > limit:
        raise ValueError(f"statement {statement.sid} has {size((statement,)):,} characters for one action, AWS allows {limit:,}")
    else:
        yield statement


def _key(statement: Statement) -> str:
    return json.dumps([statement.sid, statement.effect, statement.resources, statement.actions, statement.conditions])


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:SUFFIX_LENGTH]


def _cut(atoms: Iterable[Statement], limit: int, *, is_stable: bool) -> Iterator[list[Statement]]:
    part: list[Statement] = []
    for atom in atoms:
        if part and size(_joined([*part, atom])) > limit:
            yield part
            part = []
        part.append(atom)
        is_end = is_stable and int(_digest(_key(atom)), 16) % ONE_IN == 0
        if is_end and size(_joined(part)) >= limit * FULL_ENOUGH:
            yield part
            part = []
    if part:
        yield part


def _joined(atoms: Iterable[Statement]) -> Document:
    """The atoms as statements again: those that differ in their resources only, or in their actions only, are one."""
    by_actions: dict[tuple[object, ...], Statement] = {}
    for atom in atoms:
        same = (atom.sid, atom.effect, atom.actions, atom.conditions)
        known = by_actions.get(same)
        resources = {*known.resources, *atom.resources} if known else set(atom.resources)
        by_actions[same] = replace(atom, resources=tuple(sorted(resources)))
    by_resources: dict[tuple[object, ...], Statement] = {}
    for statement in by_actions.values():
        same = (statement.sid, statement.effect, statement.resources, statement.conditions)
        known = by_resources.get(same)
        actions = {*known.actions, *statement.actions} if known else set(statement.actions)
        by_resources[same] = replace(statement, actions=tuple(sorted(actions)))
    return tuple(_numbered(by_resources.values()))


def _numbered(statements: Iterable[Statement]) -> Iterator[Statement]:
    counts: dict[str, int] = {}
    for statement in sorted(statements, key=lambda item: (item.sid, item.resources, item.actions)):
        counts[statement.sid] = counts.get(statement.sid, 0) + 1
        number = counts[statement.sid]
        yield statement if number == 1 else replace(statement, sid=f"{statement.sid}Part{number}")
