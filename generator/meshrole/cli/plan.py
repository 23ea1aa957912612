"""`meshrole plan`."""

from pathlib import Path
from typing import Annotated

import typer

from meshrole.cli.shared import Binary, Jobs, PluginDir, Quiet


def plan(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that `generate` wrote.")],
    offline: Annotated[
        bool,
        typer.Option("--offline", help="Need no credentials, no state and no AWS: plan a copy as if nothing existed."),
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FOLDER", help="Write each root's plan to FOLDER/<environment>.json."),
    ] = None,
    terraform: Binary = None,
    plugin_dir: PluginDir = None,
    jobs: Jobs = None,
    quiet: Quiet = False,
) -> None:
    """Run terraform plan and show -json in every root of DIR.

    Without --offline it runs in DIR itself, with your backend and your credentials. Exit 3: no roots in DIR; 6: terraform
    is missing or failed.
    """
    from meshrole import pipeline
    from meshrole.cli import runs

    run = pipeline.plan(
        directory, runs.settings(terraform, plugin_dir, jobs), runs.progress(quiet=quiet), offline=offline, out=out
    )
    runs.finish(run, quiet=quiet)
