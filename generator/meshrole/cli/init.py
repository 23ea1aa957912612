"""`meshrole init`."""

from pathlib import Path
from typing import Annotated

import typer

from meshrole.cli.shared import Quiet, say


def init(
    directory: Annotated[Path, typer.Argument(metavar="[DIR]", help="Where to begin; it is made if it is not there.")] = Path(),
    quiet: Quiet = False,
) -> None:
    """Write a starting inventory, a Makefile and a CI workflow. Exit 5: one of these files is there already."""
    from meshrole import pipeline

    for path in pipeline.begin(directory):
        say(f"wrote {directory / path}", quiet=quiet)
    say("next: edit inventory.yaml, then `make check generate validate plan`", quiet=quiet)
