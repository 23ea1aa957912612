"""`meshrole simulate`."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from meshrole.cli.shared import stop_writing
from meshrole.errors import InputError, Problem

STDIN = "-"


def simulate(
    cases: Annotated[
        str, typer.Argument(metavar="CASES.jsonl", help="A file with one JSON object a line, or - for standard input.")
    ],
) -> None:
    """Decide raw IAM requests as AWS documents it: allow, deny, or what it depends on.

    A case is {"id", "request": {"principal", "action", "resource", "resource_account", "context"}, "policies": {"identity",
    "resource", "boundary", "session", "scp", "rcp", "endpoint"}}. Prints one JSON object for each, in the same order.
    Exit 0: every case could be read; 3: some could not, and have an "error" in their place.
    """
    from meshrole import pipeline

    failed = False
    try:
        for answered in pipeline.simulate(_lines(cases)):
            failed = failed or answered.decision is None
            print(answered.as_line(), flush=cases == STDIN)
    except BrokenPipeError:
        stop_writing()  # Typer would end with 1 here
    if failed:
        raise typer.Exit(InputError.exit_code)


def _lines(path: str) -> Iterator[bytes]:
    if path == STDIN:
        yield from sys.stdin.buffer
        return
    try:
        with Path(path).open("rb") as file:
            yield from file
    except OSError as error:
        raise InputError(Problem(f"{path}: {error.strerror}")) from None
