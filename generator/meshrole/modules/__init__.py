"""The hand-written Terraform modules, as files that are copied beside the generated roots which call them."""

from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

NOT_COPIED = ("examples", "tests")


def module_files(names: Iterable[str]) -> dict[str, bytes]:
    """The files of the modules called `names`, by their path below `modules/`; without their examples and tests."""
    folder = _folder()
    found: dict[str, bytes] = {}
    for name in sorted(set(names)):
        for path in sorted((folder / name).rglob("*")):
            inside = path.relative_to(folder / name)
            if path.is_file() and inside.parts[0] not in NOT_COPIED and not inside.parts[0].startswith("."):
                found[f"{name}/{inside.as_posix()}"] = path.read_bytes()
    return found


def _folder() -> Path:
    """In an installed package they lie beside this file, in a clone at its top."""
    packaged = Path(str(files("meshrole.modules"))) / "files"
    return packaged if packaged.is_dir() else Path(__file__).parents[3] / "modules"
