"""Running terraform from the command line: progress on a terminal, one line for each root."""

import sys
from pathlib import Path

from meshrole.cli.shared import say
from meshrole.pipeline import Event, Listener, Run, Settings


def settings(binary: str | None, plugin_dir: Path | None, jobs: int | None) -> Settings:
    """What the options say about how to run terraform."""
    return Settings(binary=binary, plugin_dir=plugin_dir, jobs=jobs)


def progress(*, quiet: bool) -> Listener:
    """A line that is overwritten while roots run, where stderr is a terminal."""
    shows = not quiet and sys.stderr.isatty()

    def listen(event: Event) -> None:
        if shows:
            mark = f"{event.seconds:.1f} s" if event.done else "…"
            sys.stderr.write(f"\r\x1b[K[{event.index}/{event.total}] {event.root}: {event.step} {mark}")
            sys.stderr.flush()

    return listen


def finish(run: Run, *, quiet: bool) -> None:
    """What ran, and what it says of each root."""
    if not quiet and sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
    say(f"run with {run.tool}", quiet=quiet)
    for result in run.results:
        for warning in result.warnings:
            say(f"{result.root}: warning: {warning}", quiet=quiet)
        if not quiet:
            print(f"{result.root}: {result.summary}")
