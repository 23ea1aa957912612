"""A baseline: the findings that a team starts with. They are reported as such and fail nothing; whatever is new does.

A finding is known again by its check, address and message, and by its plan where several are reviewed: one that got worse says
something else, and is new.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256

from meshrole.errors import InputError, Place, Problem
from meshrole.review.model import Finding

VERSION = 1


def digest(*parts: str) -> str:
    """A short name for strings that together are one thing."""
    return sha256(json.dumps(parts).encode()).hexdigest()[:32]


def fingerprints(findings: Sequence[Finding]) -> Iterator[str]:
    """What each finding is known by in the next run; two that are alike are counted."""
    seen: Counter[tuple[str, ...]] = Counter()
    for finding in findings:
        key = (finding.check, finding.address, finding.message, *([finding.plan] if finding.plan else []))
        yield digest(*key, str(seen[key]))
        seen[key] += 1


def written(findings: Sequence[Finding]) -> str:
    """The baseline file that accepts `findings`, but for those that a waiver accepts already."""
    rows = [
        {"check": finding.check, "address": finding.address, "message": finding.message}
        | ({"plan": finding.plan} if finding.plan else {})
        | {"fingerprint": fingerprint}
        for finding, fingerprint in zip(findings, fingerprints(findings), strict=True)
        if finding.waiver is None
    ]
    rows.sort(key=lambda row: (row["check"], row["address"], row["message"], row["fingerprint"]))
    return json.dumps({"version": VERSION, "findings": rows}, indent=2) + "\n"


def read(content: bytes, name: str) -> frozenset[str]:
    """The fingerprints in the baseline file `name`. Raises InputError for one that `written` has not written."""
    try:
        value = json.loads(content)
    except json.JSONDecodeError as error:
        raise InputError(Problem(f"not JSON: {error.msg}", Place(name, error.lineno, error.colno))) from None
    except (UnicodeDecodeError, RecursionError):
        raise InputError(Problem("not JSON", Place(name, 1, 1))) from None
    if not isinstance(value, Mapping) or value.get("version") != VERSION or not isinstance(value.get("findings"), list):
        raise InputError(
            Problem(f"not a baseline of version {VERSION}", Place(name, 1, 1), help="write it anew: --write-baseline")
        )
    return frozenset(_fingerprint(row, index, name) for index, row in enumerate(value["findings"]))


def known(findings: Sequence[Finding], baseline: Iterable[str], plan: str = "") -> tuple[Finding, ...]:
    """The findings, those of the baseline marked. `plan` is that of findings that name none: a baseline of several has them."""
    accepted = frozenset(baseline)
    placed = [replace(finding, plan=finding.plan or plan) for finding in findings]
    return tuple(
        replace(finding, in_baseline=not accepted.isdisjoint(names))
        for finding, *names in zip(findings, fingerprints(findings), fingerprints(placed), strict=True)
    )


def _fingerprint(row: object, index: int, name: str) -> str:
    found = row.get("fingerprint") if isinstance(row, Mapping) else None
    if not isinstance(found, str):
        raise InputError(Problem("a finding of a baseline has a fingerprint", Place(name, 1, 1), ("findings", index)))
    return found
