"""What a piece of the inventory is resolved in: its environment, the words it may use, and where problems go."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from meshrole.errors import Problem
from meshrole.inventory.messages import nearest
from meshrole.inventory.values import Environment, Path, TagItems

Report = Callable[[Problem], None]
# `${aws:username}` is IAM's own variable and stays.
PLACEHOLDER = re.compile(r"(?<!\$)\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Scope:
    """An environment, the placeholders' values, the path so far, and the reporter of problems."""

    environment: Environment
    words: Mapping[str, str]
    path: Path
    report: Report

    def at(self, *steps: str | int) -> "Scope":
        """The same scope, deeper in the inventory."""
        return replace(self, path=(*self.path, *steps))

    def with_words(self, **words: str) -> "Scope":
        """The same scope with more placeholders."""
        return replace(self, words={**self.words, **words})

    def fill(self, text: str) -> str:
        """`text` with its placeholders filled in; an unknown one is reported and stays."""
        if "{" not in text:
            return text
        return PLACEHOLDER.sub(self._word, text)

    def fill_all(self, texts: Iterable[str]) -> tuple[str, ...]:
        """Each of `texts` filled in, reported at its own index."""
        return tuple(self.at(index).fill(text) if "{" in text else text for index, text in enumerate(texts))

    def problem(self, message: str, found: str | None = None, allowed: Iterable[str] = (), hint: str | None = None) -> None:
        """Report what is wrong with the value at this scope's path."""
        allowed = tuple(allowed)
        if hint is None and found is not None and allowed:
            hint = nearest(found, allowed)
        self.report(Problem(message, path=self.path, found=found, allowed=allowed, help=hint))

    def _word(self, match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in self.words:
            self.problem(f"unknown placeholder {{{name}}}", found=name, allowed=self.words)
            return match.group(0)
        return self.words[name]


def tag_items(*tags: Mapping[str, str]) -> TagItems:
    """Tags of several levels as sorted items; the later level wins."""
    merged: dict[str, str] = {}
    for level in tags:
        merged.update(level)
    return tuple(sorted(merged.items()))
