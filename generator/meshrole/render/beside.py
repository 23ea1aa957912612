"""The files of what an engine needs beside the identities of a mesh."""

from collections.abc import Iterator

from meshrole.blueprint.model import Module


def beside_files(module: Module) -> Iterator[tuple[str, str]]:  # noqa: ARG001
    """(path in the module, text) of every file that is not about an identity."""
    return iter(())
