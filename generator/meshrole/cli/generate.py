"""`meshrole generate`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from meshrole.cli.shared import Inventories, NoColor, Quiet, say, warn
from meshrole.errors import FINDINGS

if TYPE_CHECKING:
    from meshrole.pipeline import Changes


def generate(
    inventory: Inventories,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="The folder of the generated Terraform.")],
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit 10 when the folder is not up to date.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Write nothing; print what would change.")] = False,
    prune: Annotated[bool, typer.Option("--prune", help="Delete the files of environments that left the inventory.")] = False,
    module_source: Annotated[
        str | None,
        typer.Option("--module-source", metavar="SOURCE", help="Call the modules from here instead of copying them into DIR."),
    ] = None,
    allow_audit_loss: Annotated[
        bool, typer.Option("--allow-audit-loss", help="Let what records an environment be taken away.")
    ] = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Write the Terraform of an inventory: one folder, one root and one state for each environment.

    All files are written or none. Files that meshrole did not write are never touched; a file of its own that was edited
    by hand stops the run, and so does a change that would take an audit away. Exit 3 or 4: the inventory; 5: the folder;
    10: --check found drift.
    """
    from meshrole import pipeline

    generated = pipeline.generate(inventory, module_source)
    warn(generated.warnings, quiet=quiet, no_color=no_color)
    if diff:
        sys.stdout.write(pipeline.difference(generated, out, prune=prune))
    act = pipeline.drift if check or diff else pipeline.save
    changes = act(generated, out, prune=prune, allow_audit_loss=allow_audit_loss)
    for name in changes.kept:
        say(f'environment "{name}" left the inventory: its folder stays until you give --prune', quiet=quiet)
    counts = _counts(changes)
    if check:
        _print_drift(changes)
        say(f"{out}: {'not up to date: ' + counts if changes.any else 'up to date'}", quiet=quiet)
        if changes.any:
            raise typer.Exit(FINDINGS)
    elif not diff:
        say(f"{out}: {generated.identities} identities, files: {counts}", quiet=quiet)


def _counts(changes: "Changes") -> str:
    counted = {"added": changes.added, "changed": changes.changed, "removed": changes.removed}
    return ", ".join([*(f"{len(paths)} {word}" for word, paths in counted.items()), f"{changes.unchanged} unchanged"])


def _print_drift(changes: "Changes") -> None:
    for word, paths in (("add", changes.added), ("change", changes.changed), ("remove", changes.removed)):
        for path in paths:
            print(f"{word} {path}")
