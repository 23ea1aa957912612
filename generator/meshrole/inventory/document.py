"""YAML text to plain values, with the file, line and column of every one of them.

The reader is PyYAML's C parser with the scalar rules of YAML 1.2's core schema (https://yaml.org/spec/1.2.2/#103-core-schema):
`012345670123` stays text instead of becoming an octal number, and `on` is a word.
"""

import gc
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from meshrole.errors import Place, Problem

Step = str | int
PathSteps = tuple[Step, ...]

MAX_DEPTH = 60
MAX_EXPANSION = 10
FREE_EXPANSION = 10_000
MERGE_KEY = "tag:yaml.org,2002:merge"
_SCALARS = {
    "tag:yaml.org,2002:null": (r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    "tag:yaml.org,2002:bool": (r"^(?:true|True|TRUE|false|False|FALSE)$", list("tTfF")),
    "tag:yaml.org,2002:int": (r"^[-+]?(?:0|[1-9][0-9]*)$", list("-+0123456789")),
    "tag:yaml.org,2002:float": (r"^[-+]?(?:0|[1-9][0-9]*)\.[0-9]+(?:[eE][-+]?[0-9]+)?$", list("-+0123456789")),
    MERGE_KEY: (r"^<<$", ["<"]),
}


class _Loader(yaml.CSafeLoader):
    """The C parser without YAML 1.1's guesses (dates, octal and base-60 numbers, yes and no)."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012


for _tag, (_pattern, _first) in _SCALARS.items():
    _Loader.add_implicit_resolver(_tag, re.compile(_pattern), _first)


class _Named(io.BytesIO):
    """Bytes that tell the parser which file they are from."""

    name = ""


@dataclass(frozen=True)
class Document:
    """One YAML document: its plain `value` and the nodes that know where each part stands."""

    value: Any
    root: yaml.Node

    def place(self, path: PathSteps, *, of_key: bool = False) -> Place:
        """Where the value at `path` stands; the nearest parent for a path that does not exist.

        A mapping stands where its key does, and so does everything with `of_key`.
        """
        node, key_node = self.root, self.root
        for step in path:
            if isinstance(node, yaml.MappingNode) and isinstance(step, str):
                found = _entries(node).get(step)
                if found is None:
                    break
                key_node, node = found
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
                key_node = node = node.value[step]
            else:
                break
        return _place(key_node if of_key or isinstance(node, yaml.MappingNode) else node)


def parse(text: bytes, name: str, *, is_list: bool = False) -> tuple[Any, list[Problem]]:
    """The root node of the YAML file `name`, an inventory or a list, or what is wrong with it."""
    try:
        text.decode("utf-8")
    except UnicodeDecodeError as error:
        before = text[: error.start]
        line = before.count(b"\n") + 1
        column = error.start - (before.rfind(b"\n") + 1) + 1
        place, found = Place(name, line, column), f"byte 0x{text[error.start]:02x}"
        return None, [Problem("the file is not UTF-8", place, found=found, help="save it as UTF-8")]
    stream = _Named(text)
    stream.name = name
    try:
        with collector_off():
            root = yaml.compose(stream, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        return None, [_syntax_problem(error, name)]
    except yaml.YAMLError as error:
        return None, [Problem(f"not YAML: {str(error).splitlines()[0]}", Place(name, 1, 1))]
    if not isinstance(root, yaml.SequenceNode if is_list else yaml.MappingNode):
        wanted = "this file must be a list" if is_list else "an inventory is a mapping that starts with `version: 1`"
        return None, [Problem(wanted, _place(root) if root else Place(name, 1, 1))]
    problems = list(_shape_problems(root))
    return (None if problems else root), problems


def build(root: yaml.Node) -> tuple[Document, list[Problem]]:
    """Plain values from nodes that `parse` found sound, with every duplicate key and strange tag on the way."""
    problems: list[Problem] = []
    with collector_off():
        value = _value(root, problems, 0)
    return Document(value, root), problems


@contextmanager
def collector_off() -> Iterator[None]:
    """No garbage collection inside: parsing makes a million objects and drops none (it costs two thirds of the time)."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _value(node: yaml.Node, problems: list[Problem], depth: int) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node, problems)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, problems, depth + 1) for item in node.value]
    assert isinstance(node, yaml.MappingNode)
    pairs = list(_pairs(node))
    if len({key for key, *_ in pairs}) != len(pairs):
        problems.extend(_duplicates(pairs))
    value = {key: _value(item, problems, depth + 1) for key, (_, item) in _entries(node).items()}
    problems.extend(
        Problem("a key must be text", _place(key), help="not a list and not a mapping")
        for key, _ in node.value
        if not isinstance(key, yaml.ScalarNode)
    )
    return value


def _duplicates(pairs: list[tuple[str, yaml.Node, yaml.Node, bool]]) -> Iterator[Problem]:
    first: dict[str, yaml.Node] = {}
    for key, key_node, _, merged in pairs:
        if merged:
            continue
        if key in first:
            yield Problem(f'the key "{key}" is given twice', _place(key_node), help=f"first given at {_place(first[key])}")
        first.setdefault(key, key_node)


def _scalar(node: yaml.ScalarNode, problems: list[Problem]) -> Any:
    text: str = node.value
    match node.tag:
        case "tag:yaml.org,2002:str":
            return text
        case "tag:yaml.org,2002:int":
            return int(text) if re.fullmatch(r"[-+]?[0-9]{1,18}", text) else text
        case "tag:yaml.org,2002:bool":
            return text.lower() == "true"
        case "tag:yaml.org,2002:null":
            return None
        case "tag:yaml.org,2002:float":
            return float(text)
    problems.append(Problem(f"the YAML tag {node.tag} is not allowed", _place(node), help="write plain text"))
    return text


def _pairs(node: yaml.MappingNode) -> Iterator[tuple[str, yaml.Node, yaml.Node, bool]]:
    """(key, key node, value node, came from a `<<` merge) with merged entries first, so that the own ones win."""
    for key, value in node.value:
        if key.tag == MERGE_KEY:
            for source in value.value if isinstance(value, yaml.SequenceNode) else [value]:
                if isinstance(source, yaml.MappingNode):
                    yield from ((name, k, v, True) for name, k, v, _ in _pairs(source))
    for key, value in node.value:
        if key.tag != MERGE_KEY:
            yield str(key.value), key, value, False


def _entries(node: yaml.MappingNode) -> dict[str, tuple[yaml.Node, yaml.Node]]:
    """Each key with its nodes: an own key wins over a merged one, the first of two equal ones over the second."""
    entries: dict[str, tuple[yaml.Node, yaml.Node]] = {}
    own: set[str] = set()
    for name, key, value, is_merged in _pairs(node):
        if is_merged or name not in own:
            entries[name] = (key, value)
        if not is_merged:
            own.add(name)
    return entries


def _place(node: yaml.Node) -> Place:
    mark = node.start_mark
    return Place(mark.name, mark.line + 1, mark.column + 1)


def _syntax_problem(error: yaml.MarkedYAMLError, name: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    place = Place(name, mark.line + 1, mark.column + 1) if mark else Place(name, 1, 1)
    context = f" ({error.context})" if error.context else ""
    return Problem(f"not YAML: {error.problem or error}{context}", place)


def _shape_problems(root: yaml.Node) -> Iterator[Problem]:
    """Nesting without end and aliases that explode, found before anything is expanded."""
    sizes: dict[int, int] = {}
    open_nodes: set[int] = set()

    def size(node: yaml.Node, depth: int) -> int:
        known = sizes.get(id(node))
        if known is not None:
            return known
        if isinstance(node, yaml.ScalarNode):
            sizes[id(node)] = 1
            return 1
        if id(node) in open_nodes:
            raise _BadShapeError("an anchor contains itself", node)
        if depth > MAX_DEPTH:
            raise _BadShapeError(f"nested deeper than {MAX_DEPTH} levels", node)
        open_nodes.add(id(node))
        children = node.value if isinstance(node, yaml.SequenceNode) else [part for pair in node.value for part in pair]
        total = 1 + sum([size(child, depth + 1) for child in children])
        open_nodes.discard(id(node))
        sizes[id(node)] = total
        if total > MAX_EXPANSION * len(sizes) + FREE_EXPANSION:
            raise _BadShapeError("the anchors of this file expand to far more than it holds", node)
        return total

    try:
        size(root, 0)
    except _BadShapeError as error:
        yield Problem(error.message, _place(error.node))


class _BadShapeError(Exception):
    def __init__(self, message: str, node: yaml.Node) -> None:
        super().__init__(message)
        self.message = message
        self.node = node


def read(path: Path) -> tuple[bytes, list[Problem]]:
    """The bytes of an inventory file, or why they cannot be read."""
    try:
        return path.read_bytes(), []
    except OSError as error:
        reason = error.strerror or str(error)
        return b"", [Problem(f"cannot be read: {reason}", Place(str(path), 1, 1))]
