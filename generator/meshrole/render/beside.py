"""The files of what an engine needs beside the identities of a mesh."""

from collections.abc import Iterator

from meshrole.blueprint.model import Module
from meshrole.render.istio import istio_files
from meshrole.render.lattice import lattice_files


def beside_files(module: Module) -> Iterator[tuple[str, str]]:
    """(path in the module, text) of every file that is not about an identity."""
    yield from lattice_files(module)
    yield from istio_files(module)
