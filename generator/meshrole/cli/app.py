"""The application, and the one place that turns errors into exit codes."""

import io
import platform
import signal
import sys
import traceback
from typing import Annotated

import typer

from meshrole import __version__
from meshrole.cli import (
    access,
    can,
    check,
    explain,
    generate,
    import_,
    init,
    light,
    migrate,
    plan,
    review,
    schema,
    simulate,
    validate,
    verify,
)
from meshrole.cli.shared import stop_writing
from meshrole.errors import MeshroleError

BUG = 1
INTERRUPTED = 130

app = typer.Typer(
    name="meshrole",
    cls=light.LightGroup,
    help="Least-privilege AWS identities for a service mesh, written as Terraform.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    add_completion=True,
)
app.command()(init.init)
app.command()(check.check)
app.command("import")(import_.import_)
app.command()(migrate.migrate)
app.command()(generate.generate)
app.command()(validate.validate)
app.command()(plan.plan)
app.command()(access.access)
app.command()(can.can)
app.command()(verify.verify)
app.command(cls=light.LightCommand)(review.review)
app.command()(simulate.simulate)
app.command()(explain.explain)
app.command()(schema.schema)


def _version(value: bool) -> None:
    if value:
        print(f"meshrole {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Least-privilege AWS identities for a service mesh, written as Terraform."""


class Interrupted(BaseException):
    """Ctrl-C, under a name that no library takes for its own."""


def _interrupt(*_: object) -> None:
    raise Interrupted


def main() -> None:
    """Run the command line. Never ends in a bare traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal without UTF-8 is no reason to fail
    before = signal.signal(signal.SIGINT, _interrupt)
    try:
        _run()
    finally:
        signal.signal(signal.SIGINT, before)


def _run() -> None:
    try:
        app(prog_name="meshrole")
    except MeshroleError as error:
        print("\n".join(str(problem) for problem in error.problems), file=sys.stderr)
        sys.exit(error.exit_code)
    except Interrupted:
        print("interrupted", file=sys.stderr)
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        stop_writing()
    except Exception:
        print(_bug_report(), file=sys.stderr)
        sys.exit(BUG)


def _bug_report() -> str:
    return "\n".join(
        (
            "meshrole failed in a way that it should not. Please report this, with the inventory if you can:",
            f"  meshrole {__version__}, Python {platform.python_version()}, {platform.platform()}",
            f"  meshrole {' '.join(sys.argv[1:])}",
            *(f"  {line}" for line in traceback.format_exc().rstrip().splitlines()),
        )
    )
