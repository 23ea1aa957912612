"""`meshrole review`."""

import sys
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from meshrole.errors import FINDINGS, InputError, OutputError, Place, PlanError, Problem

STDIN = "-"
# One more than the largest plan that is taken: what is longer is refused without being held whole.
LONGEST = 150_000_001


class ReviewFormat(StrEnum):
    """The reports."""

    text = "text"
    json = "json"
    sarif = "sarif"
    markdown = "markdown"
    github = "github"
    junit = "junit"
    gitlab = "gitlab"


class FailOn(StrEnum):
    """The severity from which on a finding fails."""

    info = "info"
    low = "low"
    medium = "medium"
    high = "high"
    critical = "critical"
    never = "never"


Plans = Annotated[
    list[str], typer.Argument(metavar="PLAN.json...", help="What `terraform show -json PLAN` prints; - for standard input.")
]
Inventories = Annotated[
    list[str] | None, typer.Option("--inventory", "-i", metavar="FILE", help="An inventory file or folder; may be repeated.")
]
FailOnUnknown = Annotated[
    bool, typer.Option("--fail-on-unknown", help="Also exit with 10 for a value that is known only after the apply.")
]
Waivers = Annotated[
    str | None, typer.Option("--waivers", metavar="FILE", help="Findings that are accepted: by whom, why, until when.")
]
Baseline = Annotated[str | None, typer.Option("--baseline", metavar="FILE", help="Findings that were there to begin with.")]
NewBaseline = Annotated[
    Path | None, typer.Option("--write-baseline", metavar="FILE", help="Accept what is found now, in a new baseline.")
]
Code = Annotated[Path | None, typer.Option("--code", metavar="DIR", help="The Terraform that was planned, to name its lines.")]


def review(
    plans: Plans,
    inventory: Inventories = None,
    output: Annotated[ReviewFormat, typer.Option("--format", help="How to report.")] = ReviewFormat.text,
    fail_on: Annotated[FailOn, typer.Option("--fail-on", help="The severity from which on to exit with 10.")] = FailOn.high,
    fail_on_unknown: FailOnUnknown = False,
    waivers: Waivers = None,
    baseline: Baseline = None,
    write_baseline: NewBaseline = None,
    code: Code = None,
) -> None:
    """What do these plans change in who can do what, and is any of it wrong?

    Says which identities gain and lose which permissions, who can newly assume what, and what happens to the audit trail; then
    what breaks a rule (`meshrole explain CHECK-ID` says more of each). Plans of Terraform and OpenTofu, of any configuration.
    With --inventory also: what is in a plan and not in the inventory, and the reverse. Exit 0: nothing as bad as --fail-on;
    10: something is; 3: the inventory, the waivers or the baseline is wrong; 7: a plan cannot be read.
    """
    from meshrole import reviewing

    if plans.count(STDIN) > 1:
        raise typer.BadParameter("standard input can be read once", param_hint="PLAN.json")
    accepted, known = (_read(name, InputError) if name is not None else None for name in (waivers, baseline))
    inputs = reviewing.Inputs(datetime.now(tz=UTC).date(), accepted, known, code)
    reviewed = reviewing.review([_read(name, PlanError) for name in plans], inventory or (), inputs)
    if write_baseline is not None:
        _write(write_baseline, reviewed.baseline())
    print(reviewed.report(output.value), end="")
    if reviewed.fails(fail_on.value, on_unknown=fail_on_unknown):
        raise typer.Exit(FINDINGS)


def _read(name: str, error: type[InputError | PlanError]) -> tuple[str, bytes]:
    """The content of a file with its name, as problems name it."""
    if name == STDIN:
        return "<stdin>", sys.stdin.buffer.read(LONGEST)
    try:
        with Path(name).open("rb") as file:
            return name, file.read(LONGEST)
    except OSError as fault:
        raise error(Problem(f"cannot be read: {fault.strerror or fault}", Place(name, 1, 1))) from None


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as fault:
        raise OutputError(Problem(f"{path}: cannot be written: {fault.strerror or fault}")) from None
