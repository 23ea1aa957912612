"""YAML and JSON of strangers to plain values that know their lines.

Texts, numbers and dates stay the texts that they are in the file; only true, false and null are more. Documents of one file are
read one by one, so that a broken one takes none of the others along. Nothing is constructed from tags: CloudFormation's short
forms (`!Ref`, `!Sub`…) become the long ones, every other tag is dropped.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from meshrole.inventory.document import collector_off

MAX_DEPTH = 100
MAX_BRACKETS = 1_000
MAX_EXPANSION = 10
FREE_EXPANSION = 10_000
BRACKET = re.compile(r"[\[\]{}]")
DOCUMENT_MARK = re.compile(r"^---(?=\s|$)", re.MULTILINE)
WORDS = {"": None, "~": None, "null": None, "true": True, "false": False, "True": True, "False": False}
ARRAYS = ("Fn::GetAtt",)


@dataclass(frozen=True, slots=True)
class Repeat:
    """A key that its mapping has twice, at `line` and at `first`: parsers keep the last, and say nothing."""

    key: str
    line: int
    first: int

    @property
    def why(self) -> str:
        """What is wrong, in words."""
        return f"the same key is at line {self.first}: only this one counts"


class Map(dict[str, Any]):
    """A mapping with its line, and the line of each key. That of a whole document knows what is `repeated` in it."""

    line: int
    lines: dict[str, int]
    repeated: tuple[Repeat, ...] = ()

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line, self.lines = line, {}


class List(list[Any]):
    """A list with its line, and the line of each item. That of a whole document knows what is `repeated` in it."""

    line: int
    lines: list[int]
    repeated: tuple[Repeat, ...] = ()

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line, self.lines = line, []


class BrokenError(Exception):
    """A document that cannot be read: `line` of the file, and why. `text` is the document, for what can be said of it anyway."""

    def __init__(self, line: int, why: str, text: str) -> None:
        super().__init__(f"line {line}: {why}")
        self.line, self.why, self.text = line, why, text


def line_of(value: Any, key: str | int | None = None, default: int = 0) -> int:
    """The line of a value, or of an entry of it; `default` for what has none (a text)."""
    if key is None:
        return int(getattr(value, "line", default))
    lines = getattr(value, "lines", None)
    try:
        return int(lines[key]) if lines is not None else default
    except (KeyError, IndexError):
        return line_of(value, default=default)


def documents(content: bytes) -> Iterator[Map | List | BrokenError]:
    """Every document of a file in its order; empty ones and single texts are passed over."""
    text = content.decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
    for line, part in _parts(text):
        try:
            value = _parsed(part, line)
        except BrokenError as broken:
            yield broken
            continue
        if isinstance(value, Map | List):
            yield value


def parsed(text: str, line: int = 1) -> Any:
    """The value of one document, which begins at `line`. Raises BrokenError."""
    return _parsed(text, line)


def _parts(text: str) -> Iterator[tuple[int, str]]:
    """The documents of a text with their first lines. A `---` in an indented block text is not at the start of a line."""
    begin, line = 0, 1
    for match in DOCUMENT_MARK.finditer(text):
        part = text[begin : match.start()]
        yield line, part
        line += part.count("\n")
        begin = match.end()
    yield line, text[begin:]


def _parsed(text: str, line: int) -> Any:
    if _is_deep(text):
        raise BrokenError(line, "nested too deeply", text)
    try:
        with collector_off():
            root = yaml.compose(text, Loader=yaml.CSafeLoader)
            return _Builder(line, _count(root)).document(root) if root is not None else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        why = " ".join(str(part) for part in (error.context, error.problem) if part)
        raise BrokenError(line + (mark.line if mark else 0), why or "not YAML", text) from None
    except (yaml.YAMLError, ValueError) as error:
        raise BrokenError(line, str(error).splitlines()[0], text) from None
    except RecursionError:
        raise BrokenError(line, "nested too deeply", text) from None


def _is_deep(text: str) -> bool:
    """Whether there are brackets in brackets so deep that the parser would need the square of their number of steps."""
    depth = 0
    for match in BRACKET.finditer(text):
        depth += 1 if match.group() in "[{" else -1
        if depth > MAX_BRACKETS:
            return True
    return False


def _count(root: yaml.Node | None) -> int:
    """How many nodes a document has, an alias not counted again."""
    seen: set[int] = set()
    waiting = [root] if root is not None else []
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            waiting += [part for pair in node.value for part in pair]
        elif isinstance(node, yaml.SequenceNode):
            waiting += node.value
    return len(seen)


class _Builder:
    """Values from nodes, with an end to what aliases may multiply."""

    def __init__(self, first_line: int, nodes: int) -> None:
        self.offset = first_line
        self.left = nodes * MAX_EXPANSION + FREE_EXPANSION
        self.repeated: dict[Repeat, None] = {}

    def document(self, root: yaml.Node) -> Any:
        """The value of a whole document."""
        made = self.value(root, 0)
        if isinstance(made, Map | List):
            made.repeated = tuple(self.repeated)
        return made

    def value(self, node: yaml.Node, depth: int) -> Any:
        """The value of a node, its tag's function around it."""
        self.left -= 1
        line = node.start_mark.line + self.offset
        if self.left < 0 or depth > MAX_DEPTH:
            raise ValueError("aliases that expand without end" if self.left < 0 else "nested too deeply")
        if isinstance(node, yaml.MappingNode):
            inner: Any = self._map(node, line, depth)
        elif isinstance(node, yaml.SequenceNode):
            inner = List(line)
            for item in node.value:
                inner.append(self.value(item, depth + 1))
                inner.lines.append(item.start_mark.line + self.offset)
        else:
            is_plain = not getattr(node, "style", None)
            inner = WORDS.get(node.value, node.value) if is_plain else node.value
        return _function(node.tag, inner, line)

    def _map(self, node: yaml.MappingNode, line: int, depth: int) -> Map:
        built = Map(line)
        own: dict[str, int] = {}
        for key, item in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else str(self.value(key, depth + 1))
            value = self.value(item, depth + 1)
            if name == "<<" and isinstance(value, dict):
                for inherited, what in value.items():
                    built.setdefault(inherited, what)
                    built.lines.setdefault(inherited, key.start_mark.line + self.offset)
                continue
            built[name] = value
            built.lines[name] = key.start_mark.line + self.offset
            if name in own:
                self.repeated[Repeat(name, built.lines[name], own[name])] = None
            own[name] = built.lines[name]
        return built


def _function(tag: str, inner: Any, line: int) -> Any:
    """`!GetAtt A.B` as `{"Fn::GetAtt": ["A", "B"]}`, and so on for every tag that begins with one `!`."""
    if not tag.startswith("!") or tag == "!":
        return inner
    name = tag[1:] if tag in ("!Ref", "!Condition") else f"Fn::{tag[1:]}"
    if name in ARRAYS and isinstance(inner, str):
        parts = List(line)
        parts += inner.split(".", 1)
        parts.lines = [line] * len(parts)
        inner = parts
    built = Map(line)
    built[name], built.lines[name] = inner, line
    return built
