"""Reading the Terraform that meshrole writes: the one place that imports pyhcl."""

from pathlib import Path
from typing import Any

import hcl


def load(path: Path) -> dict[str, Any]:
    """The blocks of a file that meshrole wrote. Raises ValueError, with the file's name, for what pyhcl cannot read.

    pyhcl reads HCL1 and the literal part of HCL2, which is all that is generated. References come back as plain text.
    """
    try:
        return dict(hcl.loads(path.read_text(encoding="utf-8")))
    except (ValueError, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: {error}") from error


def local_modules(root: Path) -> tuple[str, ...] | None:
    """The local sources (`./shop`, `../modules/audit`) that a root calls; None when a file of it is not literal HCL."""
    sources: set[str] = set()
    for path in sorted(root.glob("*.tf")):
        try:
            calls = load(path).get("module", {})
        except ValueError:
            return None
        for call in calls.values() if isinstance(calls, dict) else ():
            source = call.get("source", "") if isinstance(call, dict) else ""
            if source.startswith(("./", "../")):
                sources.add(source)
    return tuple(sorted(sources))
