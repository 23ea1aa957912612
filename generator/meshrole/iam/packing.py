"""A policy that is too long, as several that are not: the same grants, none wider, and parts that stay as they are when
something elsewhere changes.

Grants lie in a row by the hash of their statement and then by their own, and the row is halved where the hashes of two
neighbours differ first, as long as a part is too long. No place in the row depends on what else is in it, so a new grant
changes the part it falls in, and now and then that part's neighbour. A part is named after its first grant.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from meshrole.iam.policy import Document, Statement, size

SUFFIX_LENGTH = 8
HASH_BITS = 64
# A statement up to this share of a part is moved as a whole.
PIECE = 0.1
# Neither side of a cut is smaller than this share of a part.
SMALLEST = 0.4
# Actions that take more than this share of what a part has beside them are divided; below it, each part repeats them.
REPEATED = 2 / 3
EMPTY = size(())


@dataclass(frozen=True, slots=True)
class Atom:
    """What is never divided: `resources` of a statement that is `template` without them.

    A part pays `header` characters once for all its atoms of one template, and `cost` for each.
    """

    order: int
    template: Statement
    resources: tuple[str, ...]
    header: int
    cost: int


def pack(document: Document, limit: int, *, max_parts: int | None = None) -> tuple[tuple[str, Document], ...]:
    """(name suffix, document) of each part, sorted; each has at most `limit` counted characters.

    Where the stable way needs more than `max_parts`, the parts are filled to the brim one after the other, and numbered:
    any change may then change all of them. Raises ValueError when one action on one resource is too long by itself.
    """
    atoms = sorted(_atoms(document, limit), key=lambda atom: atom.order)
    if not atoms:
        return ()
    if size(document) <= limit:
        return ((_name(atoms[0]), tuple(sorted(document, key=lambda statement: statement.sid))),)
    bounds = list(_halved(_row(atoms), 0, len(atoms), limit))
    if max_parts is not None and len(bounds) > max_parts:
        return _filled(sorted(atoms, key=_alphabetical), limit)
    return tuple(sorted((_name(atoms[low]), _joined(atoms[low:high])) for low, high in bounds))


@dataclass(frozen=True, slots=True)
class Row:
    """Atoms in a row: their order, the characters before each place, and the header that a part begun there pays again."""

    order: tuple[int, ...]
    before: tuple[int, ...]
    again: tuple[int, ...]

    def size(self, low: int, high: int) -> int:
        """The characters of a document of the atoms from `low` up to `high`."""
        return EMPTY - 1 + self.before[high] - self.before[low] + self.again[low]

    def common(self, place: int) -> int:
        """How many first bits of their order the atoms before and after `place` have in common."""
        return 2 * HASH_BITS - (self.order[place - 1] ^ self.order[place]).bit_length()


def _row(atoms: Sequence[Atom]) -> Row:
    opens = [True, *(one.template != other.template for one, other in pairwise(atoms))]
    headers = [atom.header if is_open else 0 for atom, is_open in zip(atoms, opens, strict=True)]
    return Row(
        order=tuple(atom.order for atom in atoms),
        before=tuple(accumulate((header + atom.cost for header, atom in zip(headers, atoms, strict=True)), initial=0)),
        again=tuple(atom.header - header for header, atom in zip(headers, atoms, strict=True)),
    )


def _halved(row: Row, low: int, high: int, limit: int) -> Iterator[tuple[int, int]]:
    if row.size(low, high) <= limit or high == low + 1:
        yield low, high
        return
    places = range(low + 1, high)
    smaller = {place: min(row.size(low, place), row.size(place, high)) for place in places}
    good = [place for place in places if smaller[place] >= SMALLEST * limit]
    cut = min(good, key=row.common) if good else max(places, key=smaller.__getitem__)
    yield from _halved(row, low, cut, limit)
    yield from _halved(row, cut, high, limit)


def _filled(atoms: Sequence[Atom], limit: int) -> tuple[tuple[str, Document], ...]:
    row = _row(atoms)
    bounds = [0]
    for index in range(1, len(atoms)):
        if row.size(bounds[-1], index + 1) > limit:
            bounds.append(index)
    stretches = pairwise([*bounds, len(atoms)])
    return tuple((f"{number:02}", _joined(atoms[low:high])) for number, (low, high) in enumerate(stretches, start=1))


def _atoms(document: Document, limit: int) -> Iterator[Atom]:
    for statement in document:
        resources = tuple(sorted(set(statement.resources)))
        whole = size((statement,)) - EMPTY + 1
        if whole <= limit * PIECE or not resources:
            _must_fit(statement, whole + EMPTY - 1, limit)
            yield Atom(_order(statement.sid), replace(statement, resources=()), resources, 0, whole)
        else:
            for template in _templates(statement, max(map(_cost, resources)), limit):
                yield from _by_resource(template, resources)


def _by_resource(template: Statement, resources: tuple[str, ...]) -> Iterator[Atom]:
    first = size((replace(template, resources=resources[:1]),)) - EMPTY + 1
    header = first - _cost(resources[0])
    for resource in resources:
        yield Atom(_order(template.sid, resource), template, (resource,), header, _cost(resource))


def _templates(statement: Statement, longest_resource: int, limit: int) -> Iterator[Statement]:
    """The statement without its resources, its actions divided where there are too many to repeat in each part."""
    template = replace(statement, resources=())
    actions = tuple(sorted(set(statement.actions)))
    fixed = size((replace(template, actions=(), resources=("",)),)) - _cost("") + longest_resource
    _must_fit(statement, fixed + SUFFIX_LENGTH + max(map(_cost, actions), default=0), limit)
    room = limit - fixed - SUFFIX_LENGTH
    if sum(map(_cost, actions)) <= room * REPEATED:
        yield template
        return
    atoms = sorted((Atom(_order(each), template, (each,), 0, _cost(each)) for each in actions), key=lambda atom: atom.order)
    for low, high in _halved(_row(atoms), 0, len(atoms), room // 2):
        some = tuple(sorted(action for atom in atoms[low:high] for action in atom.resources))
        yield replace(template, actions=some, sid=statement.sid + _digest(atoms[low].resources[0]))


def _must_fit(statement: Statement, length: int, limit: int) -> None:
    if length > limit:
        raise ValueError(f"statement {statement.sid} has {length:,} characters for one action, AWS allows {limit:,}")


def _joined(atoms: Iterable[Atom]) -> Document:
    """The atoms as statements again, one for each template."""
    resources: dict[Statement, set[str]] = {}
    for atom in atoms:
        resources.setdefault(atom.template, set()).update(atom.resources)
    statements = (replace(template, resources=tuple(sorted(names))) for template, names in resources.items())
    return tuple(sorted(statements, key=lambda statement: statement.sid))


def _alphabetical(atom: Atom) -> tuple[str, tuple[str, ...]]:
    return atom.template.sid, atom.resources


def _name(atom: Atom) -> str:
    return _digest(json.dumps([atom.template.sid, *(atom.resources if atom.header else ())]))


def _order(statement: str, own: str = "") -> int:
    return _hash(statement) << HASH_BITS | (_hash(own) if own else 0)


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[: HASH_BITS // 8])


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:SUFFIX_LENGTH]


def _cost(text: str) -> int:
    return len(json.dumps(text, ensure_ascii=False)) + 1
