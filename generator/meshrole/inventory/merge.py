"""Several inventory files as one: sections are joined by name, the same key twice is an error naming both places."""

from collections.abc import Sequence

import yaml

from meshrole.errors import Place, Problem

# The mappings whose entries may come from several files; anything below them belongs to one file.
SHARED_SECTIONS = {
    (),
    ("accounts",),
    ("environments",),
    ("identity_providers",),
    ("meshes",),
    ("meshes", "*"),
    ("meshes", "*", "gateways"),
    ("meshes", "*", "services"),
    ("people",),
    ("pipelines",),
    ("placeholders",),
}


def merge(roots: Sequence[yaml.MappingNode]) -> tuple[yaml.MappingNode, list[Problem]]:
    """One root node that holds what all `roots` hold, and every key that two of them define."""
    problems: list[Problem] = []
    merged = roots[0]
    for other in roots[1:]:
        merged = _join(merged, other, (), problems)
    return merged, problems


def _join(one: yaml.MappingNode, other: yaml.MappingNode, path: tuple[str, ...], problems: list[Problem]) -> yaml.MappingNode:
    pairs = list(one.value)
    index = {key.value: position for position, (key, _) in enumerate(pairs) if isinstance(key, yaml.ScalarNode)}
    for key, value in other.value:
        position = index.get(key.value) if isinstance(key, yaml.ScalarNode) else None
        if position is None:
            pairs.append((key, value))
            continue
        first_key, first = pairs[position]
        step = (*path, key.value)
        if _shared(step) and isinstance(first, yaml.MappingNode) and isinstance(value, yaml.MappingNode):
            pairs[position] = (first_key, _join(first, value, step, problems))
        elif not (step == ("version",) and first.value == value.value):
            message = f'"{key.value}" is defined in two files'
            problems.append(Problem(message, _place(key), path=step, help=f"first defined at {_place(first_key)}"))
    return yaml.MappingNode(one.tag, pairs, one.start_mark, one.end_mark)


def _shared(path: tuple[str, ...]) -> bool:
    return (path if path[0] != "meshes" else (path[0], *("*" for _ in path[1:2]), *path[2:])) in SHARED_SECTIONS


def _place(node: yaml.Node) -> Place:
    return Place(node.start_mark.name, node.start_mark.line + 1, node.start_mark.column + 1)
