"""`meshrole verify`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from meshrole.cli.shared import Format
from meshrole.errors import FINDINGS, InputError, Place, PlanError, Problem

STDIN = "-"
# One more than the largest plan that is taken: what is longer is refused without being held whole.
LONGEST = 150_000_001


def verify(
    inventory: Annotated[
        list[str] | None,
        typer.Argument(metavar="[INVENTORY...]", help="Inventory files, folders of them, or - for standard input."),
    ] = None,
    plan: Annotated[
        list[str] | None,
        typer.Option("--plan", metavar="PLAN.json", help="What `terraform show -json` prints of a plan; may be repeated."),
    ] = None,
    expect: Annotated[
        str | None, typer.Option("--expect", metavar="FILE", help="A YAML table of what identities must and must not do.")
    ] = None,
    live: Annotated[bool, typer.Option("--live", help="Also ask AWS, with your credentials: reads, changes nothing.")] = False,
    output: Annotated[Format, typer.Option("--format", help="json prints every finding.")] = Format.text,
) -> None:
    """Does every role have the access that it should, and no more? Proofs, each with a counter-example where it fails.

    Proves that workloads are isolated, that no Envoy streams another's node, that each identity may do exactly what INVENTORY
    declares (over every action of AWS), that levels of access are layers, that no boundary kills a grant, and that nobody can
    escalate or chain roles. Of the Terraform that INVENTORY generates, or with --plan of a plan; a plan without INVENTORY is
    held to what needs none. Exit 0: all proved; 10: a difference, or a value that is not known yet; 3: the inventory or
    FILE is wrong; 7: the plan cannot be read.
    """
    from meshrole import pipeline

    if not inventory and not plan:
        raise typer.BadParameter("give an INVENTORY, a --plan, or both", param_hint="INVENTORY")
    plans = [_read(name, PlanError) for name in plan or ()]
    expectations = _read(expect, InputError) if expect is not None else None
    verified = pipeline.verify(inventory or (), plans, expectations, live=live)
    print(verified.json() if output is Format.json else verified.text())
    if not verified.holds:
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
