"""What all reports say alike: one line a fact, in one order, and no string of a plan that could steer who shows it."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from meshrole.review.model import Change, Confidence, Finding, Permission, Review, Severity, Trusted, Unknown, Where

# Runners of CI take lines that begin with :: or hold ##[ or ##vso[ for commands to them.
# https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
_COMMAND = re.compile(r"^\s*::|##(?=\[|vso\[)")
_ARN = re.compile(r"arn:[^:*?]*:[^:*?]+:(?P<region>[^:*?]*):(?P<account>[^:*?]*):(?P<name>[^*?].*)", re.DOTALL)
_BECAME = {"create": "is new", "delete": "is deleted", "replace": "is replaced"}


class Given(str):
    """A string of the plan, as it is: a name, an action, a pattern."""

    __slots__ = ()


class Prose(str):
    """A sentence of ours with strings of the plan in it."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """One line: who, whether it is more (+), less (-) or neither, and what, in our own words and strings of the plan."""

    identity: str
    mark: str
    parts: tuple[str, ...]


def plain(text: str) -> str:
    """`text` on one line in which every character is seen, and which no terminal or CI takes for a command."""
    if not text.isprintable():
        text = "".join(character if character.isprintable() else _escape(character) for character in text)
    return _COMMAND.sub(_command_escaped, text)


def line(fact: Fact) -> str:
    """A fact as text, without its identity."""
    mark = f"{fact.mark} " if fact.mark else ""
    return plain(mark + "".join(plain(part) for part in fact.parts))


def facts(changes: Sequence[Change]) -> Iterator[Fact]:
    """What changes, one fact a line: first what the identity gains, then what it loses."""
    names = Counter((change.identity, change.plan) for change in changes)
    short = _short_names(changes)
    for change in changes:
        more = ([change.address] if names[change.identity, change.plan] > 1 else []) + ([change.plan] if change.plan else [])
        label = f"{change.identity} ({' in '.join(more)})" if more else change.identity
        if change.action in _BECAME:
            yield Fact(label, "", (_BECAME[change.action],))
        yield from (Fact(label, "+", parts) for parts in _permissions(change.gained, short))
        yield from (Fact(label, "-", parts) for parts in _permissions(change.lost, short))
        yield from (Fact(label, "", ("can now be assumed by ", *_trusted(by))) for by in change.trust_gained)
        yield from (Fact(label, "", ("can no longer be assumed by ", *_trusted(by))) for by in change.trust_lost)
        yield from (Fact(label, "", (Prose(note),)) for note in change.notes)


def at(item: Finding | Unknown) -> str:
    """The address that something is about, and in which of several plans."""
    return f"{item.address} in {item.plan}" if item.plan else item.address


def is_open(finding: Finding) -> bool:
    """Whether nobody has accepted it yet."""
    return finding.waiver is None and not finding.in_baseline


def accepted(finding: Finding) -> str:
    """Why a finding is not open: who waived it, or the baseline; "" for one that is open."""
    if finding.waiver:
        return f"waived by {finding.waiver.owner} until {finding.waiver.expires}: {finding.waiver.reason}"
    return "in the baseline" if finding.in_baseline else ""


def sureness(finding: Finding) -> str:
    """How sure a finding is, where it is not quite."""
    return "" if finding.confidence is Confidence.high else f"{finding.confidence.name} confidence"


def places(finding: Finding) -> tuple[Where, ...]:
    """Where it stands: in the generated code, then in the inventory."""
    return tuple(where for where in (finding.code, finding.inventory) if where is not None)


def where_at(finding: Finding, review: Review) -> Where:
    """The one place of a finding, for a format that must have one: without any other it is its plan, or the (first) one."""
    return (places(finding) or (Where(finding.plan) if finding.plan else plan_of(review),))[0]


def plan_of(review: Review) -> Where:
    """The plan file, the first one of several."""
    return Where(review.plan.partition(", ")[0])


def place(where: Where) -> str:
    """`file:line`, or the file alone."""
    return f"{where.file}:{where.line}" if where.line > 0 else where.file


def headline(review: Review) -> str:
    """Everything in one line, of our own words alone."""
    found = [finding for finding in review.findings if is_open(finding)]
    by_severity = Counter(finding.severity for finding in found)
    counts = ", ".join(f"{by_severity[severity]} {severity.name}" for severity in reversed(Severity) if by_severity[severity])
    parts = [f"{counted(len(found), 'finding')} ({counts})" if found else "no findings"]
    parts.append(f"{counted(len(review.changes), 'identity', 'identities')} changed" if review.changes else "no access changed")
    if review.unknown:
        parts.append(f"{counted(len(review.unknown), 'value')} known only after apply")
    settled = len(review.findings) - len(found)
    return ", ".join([*parts, f"{settled} waived or in the baseline"] if settled else parts)


def counted(count: int, one: str, many: str = "") -> str:
    """A number with its noun."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def take(rows: Iterable[str], room: int) -> tuple[list[str], int, int]:
    """The first rows that fit into `room` bytes with a line end each, how many are left out, and the room that is left."""
    kept: list[str] = []
    left_out = 0
    for row in rows:
        size = len(row.encode()) + 1
        if left_out or size > room:
            left_out += 1
        else:
            kept.append(row)
            room -= size
    return kept, left_out, room


def _escape(character: str) -> str:
    number = ord(character)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def _command_escaped(found: re.Match[str]) -> str:
    text = found.group()
    return f"{text[:-2]}\\x3a:" if text.endswith("::") else "#\\x23"


def _short_names(changes: Sequence[Change]) -> dict[str, str]:
    """ARNs of the region and the account that most are of, by what the reader knows them by (`table/orders`).

    Those of another region or account stay whole, and so do patterns of them and two resources that would read alike.
    """
    full = sorted({permission.resource for change in changes for permission in (*change.gained, *change.lost)})
    parsed = {resource: found for resource in full if (found := _ARN.fullmatch(resource))}
    home = {field: {"", _most([found[field] for found in parsed.values()])} for field in ("region", "account")}
    short = {
        resource: found["name"] if found and all(found[field] in home[field] for field in home) else resource
        for resource in full
        for found in [parsed.get(resource)]
    }
    uses = Counter(short.values())
    return {resource: name if uses[name] == 1 else resource for resource, name in short.items()}


def _most(values: Iterable[str]) -> str:
    """The value that is there most often; "" where there is none or more than one."""
    ranked = Counter(value for value in values if value).most_common(2)
    return "" if not ranked or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]) else ranked[0][0]


def _permissions(permissions: Iterable[Permission], short: dict[str, str]) -> Iterator[tuple[str, ...]]:
    """Permissions in words, those that differ in nothing but the action together."""
    alike: dict[tuple[str, str, str], list[str]] = {}
    for permission in permissions:
        if permission.policy:
            yield ("everything that the policy ", Given(permission.policy), " allows")
            continue
        alike.setdefault((permission.resource, permission.condition, permission.level), []).append(permission.action)
    for (resource, condition, level), actions in alike.items():
        listed = [part for action in actions for part in (", ", Given(action))][1:]
        when = (" if ", Given(condition)) if condition else ()
        yield (*listed, " on ", Given(short[resource]), *when, *((" (", Prose(level.lower()), ")") if level else ()))


def _trusted(by: Trusted) -> tuple[str, ...]:
    if by.words:
        return (Prose(by.words),)
    return (Given(by.principal), *((" if ", Given(by.condition)) if by.condition else ()))
