"""`meshrole explain`."""

import re
import sys
from pathlib import Path
from typing import Annotated

import typer

from meshrole.cli.shared import Format
from meshrole.errors import InputError, Place, Problem

CHECK_ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)+")
STDIN = "-"


def explain(
    message: Annotated[
        str | None, typer.Argument(metavar="[MESSAGE]", help="An error as it was printed, in quotes; - reads standard input.")
    ] = None,
    event: Annotated[
        str | None, typer.Option("--event", metavar="FILE", help="CloudTrail records in JSON, JSON Lines or gzip; - for stdin.")
    ] = None,
    inventory: Annotated[
        list[str] | None, typer.Option("--inventory", "-i", metavar="FILE", help="An inventory file or folder; may be repeated.")
    ] = None,
    output: Annotated[Format, typer.Option("--format", help="json prints everything that is known.")] = Format.text,
) -> None:
    """Why was it denied? Who was refused what, by which layer of AWS's policies, and what to do about it.

    Takes an AccessDenied message, however the CLI, an SDK, terraform or a log wrapped it, Envoy's log of App Mesh, or
    CloudTrail events. With --inventory it also says whether the inventory meant to allow it, and which line to change. The id
    of a check of `review` instead of a message is explained too.
    Exit 3: the form of the message is not known, or the events cannot be read.
    """
    if (message is None) == (event is None):
        raise typer.BadParameter("give either a MESSAGE or --event FILE", param_hint="MESSAGE")
    if message is not None and CHECK_ID.fullmatch(message):
        from meshrole import reviewing

        print(reviewing.explained(message), end="")
        return
    from meshrole import pipeline

    if message == STDIN:
        message = sys.stdin.buffer.read().decode("utf-8", "replace")
    explained = pipeline.explain(message, _read(event) if event is not None else None, inventory or ())
    print(explained.json() if output is Format.json else explained.text())


def _read(name: str) -> tuple[str, bytes]:
    """The content of a file with its name, as problems name it."""
    if name == STDIN:
        return "<stdin>", sys.stdin.buffer.read()
    try:
        return name, Path(name).read_bytes()
    except OSError as error:
        raise InputError(Problem(f"cannot be read: {error.strerror or error}", Place(name, 1, 1))) from None
