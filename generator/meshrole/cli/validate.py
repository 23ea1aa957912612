"""`meshrole validate`."""

from pathlib import Path
from typing import Annotated

import typer

from meshrole.cli.shared import Binary, Jobs, PluginDir, Quiet


def validate(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that `generate` wrote.")],
    terraform: Binary = None,
    plugin_dir: PluginDir = None,
    jobs: Jobs = None,
    quiet: Quiet = False,
) -> None:
    """Run terraform init and validate in every root of DIR, in a temporary copy: DIR stays as it is.

    Exit 3: no roots in DIR; 6: terraform is missing or found something wrong.
    """
    from meshrole import pipeline
    from meshrole.cli import runs

    run = pipeline.validate(directory, runs.settings(terraform, plugin_dir, jobs), runs.progress(quiet=quiet))
    runs.finish(run, quiet=quiet)
