"""Whether a role's permissions boundary is there, and is the one that the inventory declares."""

from collections.abc import Iterator

from meshrole.access.verify import cells
from meshrole.access.verify.compare import Difference, Side, UndecidedError, differences
from meshrole.access.verify.declared import Declared
from meshrole.access.verify.estate import Estate, Subject, unreadable
from meshrole.access.verify.finding import CounterExample, Finding

ALL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
EVERYTHING = Side(cells.of_value(ALL), (ALL,))
Cache = dict[tuple[int, int], tuple[Difference, ...]]


def findings(subject: Subject, estate: Estate, cache: Cache) -> Iterator[Finding]:
    """What is wrong with the boundary of one role; many roles have the same, so what differs is kept in `cache`."""
    boundary, declared = subject.role.boundary, subject.declared
    if boundary and boundary.document:
        yield from unreadable(subject, (boundary.document,))
    if not estate.has_inventory or declared is None:
        return
    wanted = declared.found.role.boundary
    if boundary and boundary.arn is None:
        message = f"{subject.name}: which permissions boundary it has is known only after the apply"
        yield Finding(message, subject.name, path=declared.source, address=subject.role.address, kind="unknown")
    elif (boundary.arn if boundary else None) != wanted:
        yield _other(subject, declared, boundary.arn if boundary else None, wanted, cache)
    elif boundary and boundary.document and declared.limits:
        yield from _content(subject, declared, declared.limits, cache)


def _other(subject: Subject, declared: Declared, found: str | None, wanted: str | None, cache: Cache) -> Finding:
    has = f"the permissions boundary {found}" if found else "no permissions boundary"
    message = f"{subject.name} has {has}; the inventory declares {wanted or 'none'}"
    example = _unlimited(subject, declared.limits, cache) if found is None else None
    return Finding(message, subject.name, example, declared.source, subject.role.address)


def _unlimited(subject: Subject, limits: Side | None, cache: Cache) -> CounterExample | None:
    """What nothing refuses any more, should a policy ever allow it."""
    if limits is None:
        return None
    refused = sorted(_differences(EVERYTHING, limits, subject, cache), key=_weight)
    return _example(subject, refused[0]) if refused else None


def _weight(each: Difference) -> tuple[bool, str]:
    """What changes identities is the example that says most."""
    return not each.action.startswith("iam:"), each.action


def _content(subject: Subject, declared: Declared, limits: Side, cache: Cache) -> Iterator[Finding]:
    found = subject.limits
    if found is None or found.cells == limits.cells:
        return
    for each in _differences(found, limits, subject, cache):
        if not each.decided:
            raise UndecidedError
        does = "lets through" if each.is_allowed else "refuses"
        names = ", ".join(each.actions[:3]) + (f" and {len(each.actions) - 3:,} more" if len(each.actions) > 3 else "")
        message = f"the permissions boundary of {subject.name} {does} {names} on {each.resource}, unlike the inventory"
        yield Finding(message, subject.name, _example(subject, each), declared.source, subject.role.address)


def _differences(found: Side, limits: Side, subject: Subject, cache: Cache) -> tuple[Difference, ...]:
    key = id(found), id(limits)
    if key not in cache:
        cache[key] = differences(found, limits, subject.role.arn)
    return cache[key]


def _example(subject: Subject, each: Difference) -> CounterExample:
    return CounterExample(subject.role.arn, each.action, each.resource, each.context, each.is_allowed)
