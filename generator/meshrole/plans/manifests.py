"""Manifests of Kubernetes among the files that are rendered, as plain values. Not for files of strangers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from meshrole.errors import BuildError, Problem


@dataclass(frozen=True)
class Manifest:
    """An object of a file of `cluster`: what it is, and what it is called."""

    file: str
    cluster: str
    value: Mapping[str, Any]

    @property
    def kind(self) -> str:
        """What it is."""
        return str(self.value.get("kind"))

    @property
    def namespace(self) -> str:
        """Where it is; empty where it does not say."""
        return str(self._metadata.get("namespace", ""))

    @property
    def name(self) -> str:
        """What it is called."""
        return str(self._metadata.get("name", ""))

    @property
    def _metadata(self) -> Mapping[str, Any]:
        found = self.value.get("metadata")
        return found if isinstance(found, Mapping) else {}


def manifests(files: Mapping[str, bytes], root: str, modules: Sequence[str]) -> Iterator[Manifest]:
    """Every object in the manifests of a root's modules. Raises BuildError for what is no YAML, or no object."""
    heads = [f"{root}/{module}/istio/" for module in modules]
    for path, content in files.items():
        head = next((head for head in heads if path.startswith(head)), None)
        if head is None or not path.endswith(".yaml"):
            continue
        rest = path.removeprefix(head)
        try:
            values = list(yaml.load_all(content, Loader=yaml.CSafeLoader))
        except yaml.YAMLError as error:
            raise BuildError(Problem(f"{path}: no YAML: {error}")) from None
        for value in values:
            if not isinstance(value, Mapping):
                raise BuildError(Problem(f"{path}: this is no object of Kubernetes"))
            yield Manifest(path, rest.partition("/")[0], value)
