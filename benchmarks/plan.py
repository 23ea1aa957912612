"""`terraform plan` of 500 generated identities against the same resources written flat by hand in one file."""

import json
import shutil
from pathlib import Path

from inventories import inventory
from measure import MESHROLE, cost, interleaved, scratch, table

from meshrole.terraform import environment, find, workspace
from meshrole.terraform.settings import Settings

IDENTITIES = 500


def main() -> None:
    """Print CPU seconds of both plans; the binary is run for itself, with the same provider and configuration."""
    binary = find.binary(Settings(), prefers_embedded=False)
    if binary == find.EMBEDDED:
        print("\nplan of 500 identities: not measured, it needs a terraform binary on PATH")
        return
    with scratch() as name:
        folder = Path(name)
        (folder / "inventory.yaml").write_text(inventory(IDENTITIES))
        cost([*MESHROLE, "generate", "-q", folder / "inventory.yaml", "--out", folder / "out"])
        (folder / "copy").mkdir()
        generated = workspace.copy(folder / "out" / "e0", folder / "copy", offline=True)
        flat = shutil.copytree(generated, folder / "flat", symlinks=True, ignore=shutil.ignore_patterns("m*"))
        (flat / "main.tf").write_text("\n".join(flattened(folder / "out" / "e0")))
        mirror = find.plugin_dir(Settings())
        config, needs_no_init = environment.write_config(folder, mirror) if mirror else (None, False)
        variables = environment.prepared(offline=True, config=config)
        for root in (generated, flat):
            cost([binary, "get" if needs_no_init else "init"], root, variables)
        command = [binary, "plan", "-input=false", "-out=p"]
        costs = interleaved(
            3,
            **{
                "hand-written flat resources": lambda: cost(command, flat, variables),
                "meshrole's output": lambda: cost(command, generated, variables),
            },
        )
    table(
        f"terraform plan, {IDENTITIES} identities (with their helper roles)", list(costs.items()), "hand-written flat resources"
    )


def flattened(root: Path) -> list[str]:
    """The generated resources as a person would write them: in one file, with the documents as jsonencode."""
    text = []
    for module in sorted(path for path in root.iterdir() if path.is_dir()):
        lines = (module / "identities.tf").read_text().splitlines()
        for line in lines:
            before, mark, rest = line.partition('file("${path.module}/')
            text.append(f"{before}jsonencode({as_hcl(json.loads((module / rest[:-2]).read_text()))})" if mark else line)
    return text


def as_hcl(value: object) -> str:
    """JSON values as an HCL expression on one line."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(key)} = {as_hcl(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(as_hcl, value)) + "]"
    return json.dumps(value)


if __name__ == "__main__":
    main()
