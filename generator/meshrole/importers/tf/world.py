"""All the given files of a configuration: its folders, and the texts that expressions may name."""

import posixpath
from collections.abc import Mapping
from typing import TYPE_CHECKING

from meshrole.importers.tf.config import Config
from meshrole.importers.tf.evaluate import Meter
from meshrole.importers.tf.syntax import Expression, Literal
from meshrole.importers.tf.templates import Parse, template

if TYPE_CHECKING:
    from meshrole.importers.tf.module import Module

STEPS, STEPS_OF_A_BYTE = 500_000, 10


class World:
    """What the modules of one configuration share. `called` are the folders that some module calls."""

    def __init__(self, contents: Mapping[str, bytes], configs: Mapping[str, Config], parse: Parse) -> None:
        self.contents, self.configs, self.parse = contents, configs, parse
        self.meter = Meter(STEPS + STEPS_OF_A_BYTE * sum(len(content) for content in contents.values()))
        self.called: set[str] = set()
        self.roots: list[Module] = []
        self.templates: dict[str, Expression] = {}

    def text(self, path: str) -> str | None:
        """The text of a given file; no other is looked at."""
        content = self.contents.get(path)
        return None if content is None else content.decode("utf-8-sig", errors="replace")

    def parse_template(self, text: str) -> Expression:
        """A template of a given file."""
        if text not in self.templates:
            self.templates[text] = template(text, self.parse) if "${" in text or "%{" in text else Literal(text)
        return self.templates[text]

    def folder(self, base: str, source: str) -> Config | None:
        """The folder that a call in `base` names, if it is among the given ones."""
        if "://" in source or "::" in source:
            return None
        return self.configs.get(posixpath.normpath(posixpath.join(base, source)))
