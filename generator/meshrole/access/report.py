"""Explanations as text for a person and as values for a program."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from meshrole.access.denial import Denial, Principal
from meshrole.access.finding import Finding
from meshrole.access.layers import LAYERS
from meshrole.access.matching import Check
from meshrole.access.meaning import advice, meaning, page
from meshrole.errors import VISIBLE, Place

# A line break in a value would begin a line of its own.
ONE_LINE = VISIBLE | {ord(character): " " for character in "\t\n\r\u2028\u2029"}
# JSON writes the first 32 as escapes by itself.
ESCAPED = {number: f"\\u{number:04x}" for number in range(0x7F, 0xA0)}
WIDTH = 10


@dataclass(frozen=True, slots=True)
class Explanation:
    """A denial, what the inventory says of it, and where: the place of the finding and of each of its pointers."""

    denial: Denial
    finding: Finding | None = None
    place: Place | None = None
    others: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Explained:
    """Explanations, and how many records were no denial."""

    explanations: tuple[Explanation, ...]
    skipped: int = 0

    def text(self) -> str:
        """What a person reads: a block for each denial."""
        blocks = ["\n".join(_lines(explanation)) for explanation in self.explanations]
        rest = [f"{self.skipped} other record{'s' if self.skipped > 1 else ''}: no denial"] if self.skipped else []
        return "\n\n".join([*blocks, *rest])

    def json(self) -> str:
        """The same for a program; what is not known is null."""
        explanations = [_value(explanation) for explanation in self.explanations]
        values = {"version": 1, "explanations": explanations, "skipped": self.skipped}
        return json.dumps(values, indent=2, ensure_ascii=False).translate(ESCAPED)


def _lines(explanation: Explanation) -> Iterator[str]:
    denial = explanation.denial
    for label, words in _rows(denial):
        yield f"{label:<{WIDTH}}{words}".translate(ONE_LINE)
    if explanation.finding is not None:
        yield ""
        yield from _finding_lines(explanation, explanation.finding)


def _rows(denial: Denial) -> Iterator[tuple[str, str]]:
    what = denial.action or (f"the operation {denial.operation}" if denial.operation else "an action that is not named")
    yield ("denied" if denial.denied else "no denial"), what
    yield "who", _who(denial.principal)
    yield "on", denial.resource or "a resource that is not named"
    yield "layer", _layer(denial)
    if denial.policy:
        yield "policy", denial.policy
    if denial.event is not None:
        yield (
            "event",
            f"{denial.event.place}: {denial.event.name} of {denial.event.source}, {denial.event.time or 'at no time given'}",
        )
    yield "means", meaning(denial)
    for step in advice(denial):
        yield "to do", step
    yield "page", page(denial)


def _who(who: Principal | None) -> str:
    if who is None:
        return "nobody is named"
    words = f"role {who.role}" if who.role else f"{who.kind} {who.text}" if who.kind not in ("unknown", "anonymous") else who.text
    more = {"of account": who.account, "session": who.session, "source identity": who.source_identity, "for": who.in_scope_of}
    return ", ".join([words, *(f"{name} {value}" for name, value in more.items() if value)])


def _layer(denial: Denial) -> str:
    if denial.layer is None:
        return f"not said{f', {denial.kind}' if denial.kind else ''}"
    title = LAYERS[denial.layer].title
    through = f", through a {LAYERS[denial.through].title}" if denial.through else ""
    return (
        f"{title}{f', {denial.kind}' if denial.kind else ''}{through}{' (it follows from the call)' if denial.inferred else ''}"
    )


def _finding_lines(explanation: Explanation, finding: Finding) -> Iterator[str]:
    yield f"{_at(explanation.place)}{finding.message}".translate(ONE_LINE)
    if finding.path:
        yield f"  at {' > '.join(map(str, finding.path))}".translate(ONE_LINE)
    for check in finding.checks:
        if check.state == "holds":
            continue
        yield f"  {check.state}: {_check(check)}".translate(ONE_LINE)
    if finding.add:
        yield "  write:"
        yield from (f"    {line}".translate(ONE_LINE) for line in finding.add.split("\n"))
    if finding.help:
        yield f"  help: {finding.help}".translate(ONE_LINE)
    for pointer, place in zip(finding.others, explanation.others, strict=True):
        yield f"  {_at(place)}{pointer.text}".translate(ONE_LINE)


def _check(check: Check) -> str:
    found = " or ".join(check.found) if check.found else "nothing" if check.found == () else "not shown"
    return f"{' '.join(part for part in (check.key, check.operator) if part)} {' or '.join(check.expected)}; found {found}"


def _at(place: Place | None) -> str:
    return f"{place}: " if place else ""


def _value(explanation: Explanation) -> dict[str, Any]:
    denial = explanation.denial
    plain = asdict(denial)
    plain["context"] = {key: list(found) for key, found in denial.context}
    return {
        **plain,
        "meaning": meaning(denial),
        "advice": list(advice(denial)),
        "page": page(denial),
        "inventory": _finding_value(explanation, explanation.finding) if explanation.finding else None,
    }


def _finding_value(explanation: Explanation, finding: Finding) -> dict[str, Any]:
    cited = finding.cited
    return {
        "verdict": finding.verdict,
        "message": finding.message,
        **_place(explanation.place),
        "path": list(finding.path),
        "role": finding.found.role.name if finding.found else None,
        "identity": finding.found.identity.label if finding.found else None,
        "environment": finding.found.root.environment.name if finding.found else None,
        "add": finding.add,
        "help": finding.help,
        "statement": {"document": cited.document, "index": cited.number, "sid": cited.statement.sid} if cited else None,
        "checks": [_check_value(check) for check in finding.checks],
        "see": [
            {"message": pointer.text, **_place(place), "path": list(pointer.path)}
            for pointer, place in zip(finding.others, explanation.others, strict=True)
        ],
    }


def _check_value(check: Check) -> dict[str, Any]:
    found = list(check.found) if check.found is not None else None
    return {"operator": check.operator, "key": check.key, "expected": list(check.expected), "found": found, "state": check.state}


def _place(place: Place | None) -> dict[str, Any]:
    return {
        "file": place.file if place else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
    }
