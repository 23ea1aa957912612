"""What the commands have in common: their arguments, and how they speak."""

import os
import signal
import sys
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from meshrole.errors import Problem

Inventories = Annotated[
    list[str], typer.Argument(metavar="INVENTORY...", help="Inventory files, folders of them, or - for standard input.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print errors only.")]
NoColor = Annotated[bool, typer.Option("--no-color", help="Never colour; NO_COLOR does the same.")]
Binary = Annotated[
    str | None,
    typer.Option("--terraform", metavar="PATH", help="The terraform or tofu binary, or `embedded` (also TERRAFORM_BIN)."),
]
PluginDir = Annotated[
    Path | None,
    typer.Option("--plugin-dir", metavar="DIR", help="A mirror of Terraform providers (also MESHROLE_PLUGIN_DIR)."),
]
Jobs = Annotated[int | None, typer.Option("--jobs", "-j", min=1, help="Roots at a time; default: the number of cores.")]


class Format(StrEnum):
    """How a command prints what it found."""

    text = "text"
    json = "json"


def say(text: str, *, quiet: bool = False) -> None:
    """A line for the person at the terminal, on stderr: standard output is for results."""
    if not quiet:
        print(text, file=sys.stderr)


def warn(problems: Iterable[Problem], *, quiet: bool = False, no_color: bool = False) -> None:
    """Warnings on stderr, one block each."""
    for problem in problems:
        where, _, rest = str(problem).partition(problem.message)
        say(f"{where}{coloured('warning', '33', no_color=no_color)}: {problem.message}{rest}", quiet=quiet)


def coloured(text: str, code: str, *, no_color: bool) -> str:
    """`text` in a colour, where stderr is a terminal and nobody asked for none (https://no-color.org)."""
    if no_color or os.environ.get("NO_COLOR") or not sys.stderr.isatty():
        return text
    return f"\x1b[{code}m{text}\x1b[0m"


def stop_writing() -> NoReturn:
    """End when the reader of our output has enough (`| head`): that is not an error of ours."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(128 + signal.SIGPIPE)
