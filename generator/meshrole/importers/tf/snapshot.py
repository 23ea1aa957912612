"""States and plans as resources: state files, and what `terraform show -json` writes of a state or a plan.

https://developer.hashicorp.com/terraform/internals/json-format
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from meshrole.importers.base import SourceFile
from meshrole.importers.found import Miss
from meshrole.importers.origin import Origin
from meshrole.importers.tf import flatmap
from meshrole.importers.tf.planned import DOCUMENT, filled
from meshrole.importers.tf.resource import Resource

MAX_BYTES = 50_000_000
OPENING = re.compile(rb"^(?:\xef\xbb\xbf)?\s*\{")
MARKS = re.compile(rb'"(?:terraform_version|format_version|planned_values|lineage|serial)"\s*:')
CONFIGURED = (".tf", ".tofu", ".tf.json", ".tfvars", ".tfvars.json")
# Each resource of a state begins with it.
MODE = re.compile(r'"mode":\s*"(?:managed|data)"')
CURRENT, OLD = 4, 3
Wanted = Callable[[str, str], bool]


def is_snapshot(file: SourceFile) -> bool:
    """Whether a file is a state or a plan, by its content."""
    if file.name.endswith((".tfstate", ".tfstate.backup")):
        return True
    return not file.name.endswith(CONFIGURED) and bool(OPENING.match(file.content) and MARKS.search(file.content))


def resources(file: SourceFile, is_wanted: Wanted) -> tuple[list[Resource], list[Miss]]:
    """The resources that are wanted (by mode and type) in a state or plan, and what could not be read."""
    if len(file.content) > MAX_BYTES:
        return [], [Miss(Origin(file.name), "the file", f"larger than {MAX_BYTES:,} bytes")]
    text = file.content.decode("utf-8-sig", errors="replace")
    try:
        data = json.loads(text)
    except ValueError as error:
        return [], [Miss(Origin(file.name, getattr(error, "lineno", 0)), "the file", f"not JSON: {error}")]
    except RecursionError:
        return [], [Miss(Origin(file.name), "the file", "nested too deeply")]
    if not isinstance(data, dict):
        return [], [Miss(Origin(file.name), "the file", "not an object")]
    return _resources(file.name, data, text, is_wanted)


def _resources(name: str, data: Mapping[str, Any], text: str, is_wanted: Wanted) -> tuple[list[Resource], list[Miss]]:
    if "planned_values" in data or "configuration" in data:
        return filled(list(_plan(name, data, lambda mode, kind: kind == DOCUMENT or is_wanted(mode, kind))), data), []
    if "values" in data:
        return list(_values(name, data.get("values"), is_wanted)), []
    if isinstance(data.get("resources"), list):
        return list(_state(name, data, text, is_wanted)), []
    if data.get("version") in (1, 2, OLD) or isinstance(data.get("modules"), list):
        return list(_old_state(name, data, is_wanted)), []
    if data.get("format_version") or data.get("version") == CURRENT:
        return [], []
    why = "it is encrypted" if "encrypted_data" in data else "neither a state nor a plan"
    return [], [Miss(Origin(name), "the file", why)]


def _plan(name: str, data: Mapping[str, Any], is_wanted: Wanted) -> Iterator[Resource]:
    """What is planned, and what data sources said before."""
    planned = list(_values(name, data.get("planned_values"), is_wanted))
    addresses = {resource.address for resource in planned}
    prior = data.get("prior_state")
    before = _values(name, prior.get("values") if isinstance(prior, dict) else None, is_wanted)
    yield from planned
    yield from (resource for resource in before if resource.mode == "data" and resource.address not in addresses)


def _values(name: str, values: Any, is_wanted: Wanted) -> Iterator[Resource]:
    waiting = [values.get("root_module")] if isinstance(values, dict) else []
    while waiting:
        module = waiting.pop(0)
        if not isinstance(module, dict):
            continue
        for each in _dicts(module.get("resources")):
            if is_wanted(str(each.get("mode", "managed")), str(each.get("type"))):
                address = str(each.get("address") or f"{each['type']}.{each.get('name')}")
                held = each.get("values")
                attributes = held if isinstance(held, dict) else {}
                yield Resource(str(each["type"]), address, attributes, Origin(name, 0, address), str(each.get("mode", "managed")))
        children = module.get("child_modules")
        waiting += children if isinstance(children, list) else []


def _state(name: str, data: Mapping[str, Any], text: str, is_wanted: Wanted) -> Iterator[Resource]:
    """A state as Terraform keeps it since 0.12."""
    found = data["resources"]
    lines = _lines(text, len(found))
    for place, each in enumerate(found):
        if not isinstance(each, dict) or not is_wanted(str(each.get("mode", "managed")), str(each.get("type"))):
            continue
        mode = str(each.get("mode", "managed"))
        base = ".".join(
            str(part) for part in (each.get("module"), "data" if mode == "data" else None, each["type"], each.get("name")) if part
        )
        for instance in _dicts(each.get("instances")):
            key = instance.get("index_key")
            address = base if key is None else f"{base}[{json.dumps(key)}]"
            attributes = instance.get("attributes")
            if not isinstance(attributes, dict):
                attributes = flatmap.expanded(instance.get("attributes_flat"))
            # A deposed instance is what is left of one that was replaced.
            if "deposed" not in instance:
                yield Resource(str(each["type"]), address, attributes, Origin(name, lines[place], address), mode)


def _lines(text: str, count: int) -> list[int]:
    """The line of each resource; none where their marks are not exactly as many."""
    lines: list[int] = []
    line, begin = 1, 0
    for match in MODE.finditer(text):
        line += text.count("\n", begin, match.start())
        begin = match.start()
        lines.append(line)
    return lines if len(lines) == count else [0] * count


def _old_state(name: str, data: Mapping[str, Any], is_wanted: Wanted) -> Iterator[Resource]:
    """A state of Terraform before 0.12."""
    for module in _dicts(data.get("modules")):
        path = [str(part) for part in module.get("path", ()) if part != "root"] if isinstance(module.get("path"), list) else []
        prefix = "".join(f"module.{part}." for part in path)
        held = module.get("resources")
        for key, each in held.items() if isinstance(held, dict) else ():
            mode = "data" if key.startswith("data.") else "managed"
            if isinstance(each, dict) and is_wanted(mode, str(each.get("type"))):
                primary = each.get("primary")
                attributes = flatmap.expanded(primary.get("attributes") if isinstance(primary, dict) else None)
                yield Resource(str(each["type"]), f"{prefix}{key}", attributes, Origin(name, 0, f"{prefix}{key}"), mode)


def _dicts(found: Any) -> list[dict[str, Any]]:
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
