"""Other reviewers of plans: where each is found, how it is called, and at which addresses its report says something.

None is installed with the project. One is found on PATH, or where a variable such as MESHROLE_PEER_CHECKOV says.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# (what is said, the address that it is said of)
Said = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Peer:
    """A reviewer: its name, its options, the addresses in its report, the most roles that it is given, and what it needs."""

    name: str
    options: Callable[[Path], Sequence[str | Path]]
    said: Callable[[Any], Said]
    largest: int = 5_000
    needs: tuple[str, ...] = ()

    @property
    def binary(self) -> str | None:
        """Where it is; None where it is not installed."""
        return os.environ.get(f"MESHROLE_PEER_{self.name.upper().replace('-', '_')}") or shutil.which(self.name)

    @property
    def missing(self) -> str:
        """Why it cannot be asked here, "" where it can."""
        if self.binary is None:
            return "not installed"
        return "" if not self.needs or any(map(os.environ.get, self.needs)) else f"needs {' or '.join(self.needs)}"

    def command(self, plan: Path) -> list[str | Path]:
        """What is run."""
        return [str(self.binary), *self.options(plan)]

    def review(self, plan: Path) -> Said:
        """What it says of a plan."""
        run = subprocess.run([str(word) for word in self.command(plan)], capture_output=True, check=False)
        return self.said(json.loads(run.stdout))


def ours(report: Any) -> Said:
    """Our own findings and changes."""
    findings = {(each["check"], each["address"]) for each in report["findings"]}
    return frozenset(findings | {("change", each["address"]) for each in report["changes"]})


def _pyrrho(report: Any) -> Said:
    return frozenset((each["rule_id"], each["resource"]) for each in report["findings"])


def _checkov(report: Any) -> Said:
    failed = report["results"]["failed_checks"] if isinstance(report, dict) and "results" in report else ()
    return frozenset((each["check_id"], each["resource_address"] or each["resource"]) for each in failed)


def _validator(report: Any) -> Said:
    kinds = ("BlockingFindings", "NonBlockingFindings")
    return frozenset((each["code"], each["resourceName"]) for kind in kinds for each in report.get(kind, ()))


PEERS = (
    Peer("pyrrho", lambda plan: ["--format", "json", "--fail-on", "critical", plan], _pyrrho),
    Peer(
        "checkov",
        lambda plan: ["--framework", "terraform_plan", "--skip-download", "--soft-fail", "--quiet", "-o", "json", "-f", plan],
        _checkov,
        largest=500,
    ),
    # AWS's own validates with Access Analyzer, and so asks AWS.
    Peer(
        "tf-policy-validator",
        lambda plan: ["validate", "--template-path", plan, "--region", "us-east-1", "--config", os.devnull],
        _validator,
        largest=100,
        needs=("AWS_ACCESS_KEY_ID", "AWS_PROFILE"),
    ),
)
