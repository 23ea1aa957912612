"""Where in the Terraform code a resource of a plan is declared: the block's line, found by its type and name."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from meshrole.review.model import Where

# Path and text of each file, of one folder and those below it.
Sources = Sequence[tuple[str, str]]
BLOCK = re.compile(r'^\s*resource\s+"([^"\n]+)"\s+"([^"\n]+)"', re.MULTILINE)
INDEX = re.compile(r"\[[^\]]*\]")
MODULE = re.compile(r"module\.([^.]+)")


def where(address: str, sources: Sources) -> Where | None:
    """The line of a resource's block, where only one is meant: of several, the one in the folder of its module's name."""
    bare = INDEX.sub("", address)
    type_, _, name = bare.rpartition(".")
    found = _blocks(tuple(sources)).get((type_.rpartition(".")[2], name), ())
    modules = MODULE.findall(bare)
    folder = modules[-1] if modules else ""
    near = [each for each in found if not folder or folder in each.file.split("/")[:-1]]
    only = near if len(near) == 1 else found
    return only[0] if len(only) == 1 else None


@lru_cache(maxsize=2)
def _blocks(sources: tuple[tuple[str, str], ...]) -> dict[tuple[str, str], tuple[Where, ...]]:
    found: dict[tuple[str, str], tuple[Where, ...]] = {}
    for path, text in sources:
        for type_, name, line in _declared(text):
            found[type_, name] = (*found.get((type_, name), ()), Where(path, line))
    return found


def _declared(text: str) -> Iterator[tuple[str, str, int]]:
    line, at = 1, 0
    for block in BLOCK.finditer(text):
        start = block.start(1)
        line += text.count("\n", at, start)
        at = start
        yield block[1], block[2], line
