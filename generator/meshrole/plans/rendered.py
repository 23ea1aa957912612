"""Terraform that the generator wrote, read back as the facts that its plan would have, without running Terraform.

It reads the HCL that the generator writes and no other: one `resource` block after the other, each value a literal, a `file(…)`
or `templatefile(…)` of the module, or a reference. What a template waits for has its stand-in.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from meshrole.errors import BuildError, Problem
from meshrole.iam import stand_ins
from meshrole.plans.facts import Facts
from meshrole.plans.resources import Resource, Resources
from meshrole.plans.roles import Place, facts_of

RESOURCE = re.compile(r'resource "([^"]+)" "([^"]+)" \{')
FILE = re.compile(
    r'(?:jsonencode\(jsondecode\()?(template)?file\("\$\{path\.module\}/([^"]+)"(?:, (?:local|var)\.lattice)?\)(?:\)\))?'
)
WAITING = re.compile(r"(?<!\$)\$\{([A-Za-z0-9_-]+)\.(?:network|services\.([A-Za-z0-9_-]+))\}")
REFERENCE = re.compile(r"[a-z_]+\.[A-Za-z0-9_.-]+")
FILES = ("identities.tf", "boundary.tf", "lattice.tf")
DECODER = json.JSONDecoder()


def facts(files: Mapping[str, bytes], root: str, modules: tuple[str, ...], place: Place) -> Facts:
    """The facts of one root; `modules` are the folders of its generated modules. Raises BuildError for what it cannot read."""
    paths = [(module, f"{root}/{module}/{name}") for module in modules for name in FILES]
    items = [item for module, path in paths if path in files for item in _resources(files, path, module)]
    return facts_of(Resources(items), place, root)


def _resources(files: Mapping[str, bytes], path: str, module: str) -> Iterator[Resource]:
    lines = iter(files[path].decode().split("\n"))
    folder = path.rpartition("/")[0]
    for line in lines:
        head = RESOURCE.fullmatch(line)
        if head:
            address = f"module.{module}"
            values, references = _body(lines, files, folder, path)
            yield Resource(
                address=f"{address}.{head[1]}.{head[2]}",
                type=head[1],
                name=head[2],
                module=address,
                index="",
                values=values,
                unknown=dict.fromkeys(references, True),
                references=references,
            )


def _body(
    lines: Iterator[str], files: Mapping[str, bytes], folder: str, path: str
) -> tuple[dict[str, Any], dict[str, tuple[str, ...]]]:
    values: dict[str, Any] = {}
    references: dict[str, tuple[str, ...]] = {}
    for line in lines:
        if line == "}":
            return values, references
        key, text = _pair(line.strip())
        file = FILE.fullmatch(text)
        found = _references(text) if file is None else ()
        if file:
            content = files[f"{folder}/{file[2]}"].decode()
            values[key] = _filled(content) if file[1] else content
        elif found:
            references[key] = found
        else:
            values[key] = _literal(text, lines, path)
    raise BuildError(Problem(f"{path}: a block does not end"))


def _filled(template: str) -> str:
    """What a template becomes, with stand-ins for the ids that are not known yet."""
    text = WAITING.sub(lambda match: stand_ins.Made(match[1], match[2]).id, template)
    return text.replace("$${", "${").replace("%%{", "%{")


def _pair(line: str) -> tuple[str, str]:
    if line.startswith('"'):
        key, end = DECODER.raw_decode(line)
        return str(key), line[end:].lstrip(" =")
    key, _, text = line.partition("=")
    return key.strip(), text.strip()


def _references(text: str) -> tuple[str, ...]:
    """The references that a value is, or is a list of."""
    if text.startswith("[") and text.endswith("]"):
        return (text[1:-1],) if REFERENCE.fullmatch(text[1:-1]) else ()
    return (text,) if REFERENCE.fullmatch(text) and text not in ("true", "false") else ()


def _literal(text: str, lines: Iterator[str], path: str) -> Any:
    if text == "{":
        pairs = (_pair(line) for line in _until("}", lines))
        return {key: _scalar(value, path) for key, value in pairs}
    if text == "[":
        return [_scalar(line.removesuffix(","), path) for line in _until("]", lines)]
    if text.startswith("["):
        return [_scalar(text[1:-1], path)] if text != "[]" else []
    return _scalar(text, path)


def _until(end: str, lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        if line.strip() == end:
            return
        yield line.strip()


def _scalar(text: str, path: str) -> Any:
    if REFERENCE.fullmatch(text) and text not in ("true", "false"):
        return None
    try:
        value = json.loads(text)
    except ValueError:
        raise BuildError(Problem(f"{path}: this is no value that the generator writes: {text}")) from None
    return value.replace("$${", "${").replace("%%{", "%{") if isinstance(value, str) else value
