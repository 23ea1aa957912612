"""The files that `init` writes: a starting inventory, its schema, a Makefile and a CI workflow."""

import json
from importlib.resources import files

from meshrole.inventory.schema import schema

# Where each file of this folder goes.
PLACES = {
    "inventory.yaml": "inventory.yaml",
    "Makefile": "Makefile",
    "meshrole.yml": ".github/workflows/meshrole.yml",
}
SCHEMA = "inventory.schema.json"


def starter() -> dict[str, bytes]:
    """The path of every file (with / between folders) and its content."""
    folder = files(__name__)
    copied = {place: folder.joinpath(name).read_bytes() for name, place in PLACES.items()}
    return copied | {SCHEMA: (json.dumps(schema(), indent=2) + "\n").encode()}
