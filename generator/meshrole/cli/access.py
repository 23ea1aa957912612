"""`meshrole access`."""

import os
import sys
from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated

import typer

from meshrole.cli.shared import Inventories, NoColor, stop_writing


class Layout(StrEnum):
    """How the matrix is printed."""

    table = "table"
    json = "json"
    csv = "csv"


class Section(StrEnum):
    """A part of the matrix."""

    grants = "grants"
    trust = "trust"
    calls = "calls"


def access(
    inventory: Inventories,
    output: Annotated[Layout, typer.Option("--format", help="csv has all sections in one table.")] = Layout.table,
    show: Annotated[
        list[Section] | None, typer.Option("--show", help="Only these: grants, trust (who may assume a role), calls of the mesh.")
    ] = None,
    identity: Annotated[
        list[str] | None,
        typer.Option("--identity", metavar="NAME", help="Only this identity, named as for `can`; may be repeated."),
    ] = None,
    resource: Annotated[
        list[str] | None,
        typer.Option("--resource", metavar="PATTERN", help="Only what reaches this ARN or pattern; without arn:, what ends so."),
    ] = None,
    environment: Annotated[
        list[str] | None, typer.Option("--environment", "-e", metavar="NAME", help="Only there; may be repeated.")
    ] = None,
    no_color: NoColor = False,
) -> None:
    """Who can do what, on which resource; who may assume which role; who calls whom in the mesh.

    Each grant comes with its conditions, what the boundary and the organization's policies leave of it (yes, partly, no,
    depends on a condition, unknown) and the line of the inventory that it comes from. Exit 3: the inventory, or a name that
    nothing has.
    """
    from meshrole import pipeline

    listing = pipeline.access(inventory, identity or (), resource or (), environment or (), [item.value for item in show or ()])
    lines = {Layout.table: listing.table, Layout.json: listing.json, Layout.csv: listing.csv}[output]()
    is_bold = output is Layout.table and sys.stdout.isatty() and not no_color and not os.environ.get("NO_COLOR")
    try:
        _write(lines, is_bold=is_bold)
    except BrokenPipeError:
        stop_writing()  # Typer would end with 1 here


def _write(lines: Iterable[str], *, is_bold: bool) -> None:
    for line in lines:
        print(f"\x1b[1m{line}\x1b[0m" if is_bold and line and not line.startswith(" ") else line)
    sys.stdout.flush()
