"""The files of an inventory as text with the places of their keys and values.

PyYAML's marks count characters behind a byte order mark; where a block ends they are of no use: they stand at the next token.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from meshrole.errors import InputError, Place, Problem
from meshrole.inventory.document import MERGE_KEY, parse
from meshrole.inventory.values import Path

ALIAS = re.compile(r"\s*:\s*(\*[^\s,\]}]+)")
BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class Entry:
    """One key of a mapping with its value, by number among its siblings.

    `is_own` says whether it stands where its path says, and not in an anchor that an alias or a merge brings there.
    """

    name: str
    number: int
    siblings: tuple[tuple[yaml.Node, yaml.Node], ...]
    is_flow: bool
    is_own: bool = True

    @property
    def key(self) -> yaml.Node:
        """The node of the key."""
        return self.siblings[self.number][0]

    @property
    def value(self) -> yaml.Node:
        """The node of the value; where an alias stands for it, the one that has the anchor."""
        return self.siblings[self.number][1]

    @property
    def start(self) -> int:
        """Where the key begins."""
        return int(self.key.start_mark.index)

    @property
    def place(self) -> Place:
        """Where the key stands, for people."""
        mark = self.key.start_mark
        return Place(mark.name, mark.line + 1, mark.column + 1)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file of an inventory: its name, its text without byte order mark, its root node."""

    name: str
    text: str
    root: yaml.MappingNode
    has_mark: bool = False

    def find(self, path: Path) -> Entry | None:
        """The entry at `path`, None where this file has it not."""
        node: yaml.Node = self.root
        entry, is_own = None, True
        for step in path:
            if isinstance(step, int):
                items = node.value if isinstance(node, yaml.SequenceNode) else ()
                node = items[step] if step < len(items) else self.root
                continue
            entry = next((each for each in _entries(node, is_own) if each.name == step), None)
            if entry is None:
                return None
            node, is_own = entry.value, entry.is_own and not is_alias(entry)
        return entry

    def value_span(self, entry: Entry) -> tuple[int, int]:
        """From where to where the value of an entry stands; of an alias, the alias."""
        return self.span(entry.siblings, entry.number)

    def span(self, siblings: tuple[tuple[yaml.Node, yaml.Node], ...], number: int) -> tuple[int, int]:
        """The same, of one of several siblings."""
        key, value = siblings[number]
        if _is_behind(key, value):
            return int(value.start_mark.index), self.end(value)
        found = ALIAS.match(self.text, int(key.end_mark.index))
        return found.span(1) if found else (int(key.end_mark.index),) * 2

    def end(self, node: yaml.Node) -> int:
        """Where a node ends: behind the last character that is of it, no comment and no empty line behind it."""
        start, end = int(node.start_mark.index), int(node.end_mark.index)
        if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
            last = node.value[-1]
            if isinstance(last, tuple):
                return self.span(tuple(node.value), len(node.value) - 1)[1]
            return self.end(last) if last.start_mark.index >= start else end
        return start + len(self.text[start:end].rstrip()) if isinstance(node, yaml.ScalarNode) else end


def sheets(texts: list[tuple[str, bytes]]) -> tuple[Sheet, ...]:
    """The files as sheets. Raises InputError for one that is no YAML."""
    made, problems = [], []
    for name, content in texts:
        root, found = parse(content, name)
        problems += found
        if root is not None:
            text = content.decode("utf-8")
            made.append(Sheet(name, text.removeprefix(BOM), root, text.startswith(BOM)))
    if problems:
        raise InputError(problems)
    return tuple(made)


def is_alias(entry: Entry) -> bool:
    """Whether an alias stands for the value of an entry."""
    return not _is_behind(entry.key, entry.value)


def located(files: tuple[Sheet, ...], path: Path) -> tuple[Sheet, Entry] | None:
    """The entry at `path` in whichever file has it."""
    return next(((sheet, entry) for sheet in files if (entry := sheet.find(path))), None)


def refused(entry: Entry, why: str, path: Path) -> InputError:
    """The error about an entry whose text cannot be edited."""
    problem = Problem(f"`{entry.name}` {why}", entry.place, path, help="write it out where it belongs, then migrate")
    return InputError(problem)


def _is_behind(key: yaml.Node, value: yaml.Node) -> bool:
    return int(value.start_mark.index) >= int(key.end_mark.index)


def _entries(node: yaml.Node, is_own: bool) -> Iterator[Entry]:
    """The own entries of a mapping before those that are merged into it."""
    if not isinstance(node, yaml.MappingNode):
        return
    pairs = tuple(node.value)
    for number, (key, _) in enumerate(pairs):
        if key.tag != MERGE_KEY and isinstance(key, yaml.ScalarNode):
            yield Entry(key.value, number, pairs, bool(node.flow_style), is_own)
    for key, value in pairs:
        if key.tag == MERGE_KEY:
            for source in value.value if isinstance(value, yaml.SequenceNode) else [value]:
                yield from _entries(source, is_own=False)
