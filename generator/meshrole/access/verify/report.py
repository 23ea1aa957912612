"""What was proved, as text for a person and as JSON for a program."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from meshrole.access.verify.finding import Finding, Proof, counted
from meshrole.errors import VISIBLE, Place
from meshrole.inventory.values import Path

Locate = Callable[[Path], Place | None]
SHOWN = 20


@dataclass(frozen=True)
class Verified:
    """Every proof. `locate` gives the place of a path of the inventory."""

    proofs: tuple[Proof, ...]
    locate: Locate

    @property
    def holds(self) -> bool:
        """Whether nothing was found: no difference, and nothing that is not known."""
        return not any(proof.findings for proof in self.proofs)

    def text(self) -> str:
        """One paragraph a proof."""
        return "\n\n".join("\n".join(self._paragraph(proof)) for proof in self.proofs).translate(VISIBLE)

    def json(self) -> str:
        """One object, of version 1."""
        return json.dumps({"version": 1, "holds": self.holds, "proofs": [self._object(each) for each in self.proofs]}, indent=2)

    def _paragraph(self, proof: Proof) -> Iterator[str]:
        if proof.skipped and not proof.findings:
            yield f"{proof.name}: not tried, {proof.skipped}"
            return
        found = proof.findings
        state = f"refuted, {counted(len(found), 'finding')}" if found else "proved"
        yield f"{proof.name}: {state}" + (f" over {proof.over}" if proof.over else "")
        yield f"  {proof.claim}"
        for finding in found[:SHOWN]:
            yield from self._finding(finding)
        if len(found) > SHOWN:
            yield f"  and {len(found) - SHOWN:,} more; --format json has all of them"

    def _finding(self, finding: Finding) -> Iterator[str]:
        place = self.locate(finding.path) if finding.path else None
        yield f"  {f'{place}: ' if place else ''}{finding.message}"
        if finding.example:
            yield f"    counter-example: {finding.example}"
        if finding.address:
            yield f"    in {finding.address}"
        if finding.help:
            yield f"    help: {finding.help}"

    def _object(self, proof: Proof) -> dict[str, Any]:
        state = "refuted" if proof.findings else "not tried" if proof.skipped else "proved"
        return {
            "name": proof.name,
            "claim": proof.claim,
            "result": state,
            "over": proof.over or None,
            "reason": proof.skipped,
            "findings": [self._values(finding) for finding in proof.findings],
        }

    def _values(self, finding: Finding) -> dict[str, Any]:
        place = self.locate(finding.path) if finding.path else None
        return {
            "kind": finding.kind,
            "message": finding.message,
            "identity": finding.identity,
            "counter_example": finding.example.as_object() if finding.example else None,
            "file": place.file if place else None,
            "line": place.line if place else None,
            "column": place.column if place else None,
            "path": list(finding.path),
            "address": finding.address,
            "help": finding.help,
        }
