"""`meshrole check`."""

import json
from typing import Annotated

import typer

from meshrole.cli.shared import Format, Inventories, NoColor, Quiet, warn


def check(
    inventory: Inventories,
    output: Annotated[Format, typer.Option("--format", help="json prints the resolved inventory.")] = Format.text,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Is the inventory well-formed, consistent and within AWS's limits?

    Reads INVENTORY (several files or a folder are one inventory) and prints every error at its file, line and column.
    Exit 0: all is well; 3: the inventory is wrong; 4: AWS would refuse it.
    """
    from meshrole import pipeline

    checked = pipeline.check(inventory)
    if output is Format.json:
        print(json.dumps(checked.summary(), indent=2, ensure_ascii=False))
        if checked.error:
            raise typer.Exit(checked.error.exit_code)
        return
    warn(checked.warnings, quiet=quiet, no_color=no_color)
    if checked.error:
        raise checked.error
    if not quiet and checked.blueprint:
        for root in checked.blueprint.roots:
            counts = [f"{module.name} {len(module.identities)}" for module in root.modules]
            parts = [*counts, *root.audit.parts, *(policy.label.replace("_", " ") + " policy" for policy in root.policies)]
            account = root.environment.account or "management account"
            print(f"{root.environment.name} ({account}, {root.environment.region}): {', '.join(parts) or 'nothing'}")
