"""The files that `init` writes: a starting inventory, a Makefile and a CI workflow, with the inventory's schema beside them."""

from importlib.resources import files

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
    return {place: folder.joinpath(name).read_bytes() for name, place in PLACES.items()}
