"""What a plan leaves open until it is applied: the configuration in it says of which other values that will be made.

https://developer.hashicorp.com/terraform/internals/json-format#configuration-representation
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from meshrole.importers.tf.computed import ACCOUNT, ARNS, IDS, PARTITION, PIECE, REGION
from meshrole.importers.tf.data import Encoded, Hole, as_text
from meshrole.importers.tf.documents import policy_document
from meshrole.importers.tf.resource import Resource
from meshrole.importers.values import Value, joined

INDEX = re.compile(r"\[(?:\"[^\"]*\"|[^\]]*)\]")
PARTS = re.compile(r"^(?:data\.)?([a-z0-9_]+)\.([A-Za-z0-9_-]+)(?:\[[^\]]*\])?\.([a-z_]+)$")
MAX_STEPS = 20
DOCUMENT = "aws_iam_policy_document"
JSON_TEXTS = ("policy", "assume_role_policy", "container_definitions")


@dataclass(frozen=True, slots=True)
class Configured:
    """A resource's expressions in its module (the names of the calls that lead there)."""

    module: tuple[str, ...]
    expressions: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """The resources of a plan by their addresses without indexes, and what the configuration says of them."""

    resources: Mapping[str, Resource]
    configured: Mapping[str, Configured]
    calls: Mapping[tuple[str, ...], Mapping[str, Any]]


def filled(resources: Sequence[Resource], data: Mapping[str, Any]) -> list[Resource]:
    """The resources with something in place of each value that is not known before the apply."""
    configuration = data.get("configuration")
    root = configuration.get("root_module") if isinstance(configuration, dict) else None
    configured: dict[str, Configured] = {}
    calls: dict[tuple[str, ...], Mapping[str, Any]] = {}
    for path, module in _modules(root):
        for each in _dicts(module.get("resources")):
            expressions = each.get("expressions")
            address = "".join(f"module.{name}." for name in path) + str(each.get("address"))
            configured[address] = Configured(path, expressions if isinstance(expressions, dict) else {})
        for name, call in _items(module.get("module_calls")):
            calls[(*path, name)] = dict(_items(call.get("expressions")))
    plan = Plan({_plain(each.address): each for each in resources}, configured, calls)
    region = _region(configuration)
    documents = {
        address: replace(
            each, attributes={**each.attributes, "json": Encoded(policy_document(_filled(each, plan, region).attributes))}
        )
        for address, each in plan.resources.items()
        if each.type == DOCUMENT
    }
    complete = replace(plan, resources={**plan.resources, **documents})
    return [_filled(each, complete, region) for each in resources if each.type != DOCUMENT]


def _modules(root: Any) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    waiting: list[tuple[tuple[str, ...], Any]] = [((), root)]
    while waiting:
        path, module = waiting.pop()
        if isinstance(module, dict) and len(path) < MAX_STEPS:
            yield path, module
            waiting += [((*path, name), call.get("module")) for name, call in _items(module.get("module_calls"))]


def _filled(resource: Resource, plan: Plan, region: str | None) -> Resource:
    configured = plan.configured.get(_plain(resource.address))
    attributes = dict(resource.attributes)
    for name, expression in configured.expressions.items() if configured else ():
        if configured is not None:
            made = _merged(attributes.get(name), expression, configured.module, plan, f"{resource.address}.{name}")
            # A JSON text that refers to something is more than that.
            attributes[name] = Hole(f"{resource.address}.{name}") if name in JSON_TEXTS and isinstance(made, Value) else made
    for name in ("name", "arn", "id"):
        if attributes.get(name) is None and (
            name != "name" or name in resource.attributes or resource.type.startswith("aws_iam_")
        ):
            attributes[name] = _computed(resource, name, attributes)
    return replace(resource, attributes=attributes, region=region)


def _with_holes(value: Any, expression: Any) -> Any:
    """A value with its unknown items as what the expression refers to: what else is in them, a plan does not say."""
    if not isinstance(value, list) or None not in value or not isinstance(expression, dict):
        return value
    references = expression.get("references")
    text = ", ".join(_whole(references)) or "its items"
    return [Hole(text) if item is None else item for item in value]


def _whole(references: Any) -> list[str]:
    """References without those that another one begins with: `aws_appmesh_mesh.x.id` comes with `aws_appmesh_mesh.x`."""
    words = [each for each in references if isinstance(each, str)] if isinstance(references, list) else []
    return [each for each in words if not any(other != each and other.startswith((f"{each}.", f"{each}[")) for other in words)]


def _merged(value: Any, expression: Any, module: tuple[str, ...], plan: Plan, text: str) -> Any:
    """A planned value; where there is none, or a part of it is missing, what its expression refers to."""
    if expression == {}:
        return value
    if isinstance(expression, dict) and ("references" in expression or "constant_value" in expression):
        if value is not None or "references" not in expression:
            return expression.get("constant_value") if value is None else _with_holes(value, expression)
        return _referred(expression["references"], module, plan, text, 0)
    if isinstance(expression, list):
        blocks = value if isinstance(value, list) else []
        if blocks and len(blocks) != len(expression):
            return value
        pairs = zip(blocks or [{}] * len(expression), expression, strict=True)
        return [_merged(block, inner, module, plan, text) for block, inner in pairs]
    if isinstance(expression, dict):
        held = dict(value) if isinstance(value, dict) else {}
        return {
            **held,
            **{name: _merged(held.get(name), each, module, plan, f"{text}.{name}") for name, each in expression.items()},
        }
    return value


def _referred(references: Any, module: tuple[str, ...], plan: Plan, text: str, steps: int) -> Any:
    """The value of the one thing that an expression refers to; a Hole where it refers to several."""
    whole = _whole(references)
    shown = Hole(" ".join(whole[:1]) or text)
    if len(whole) != 1 or steps > MAX_STEPS:
        return Hole(", ".join(whole) or text)
    if whole[0].startswith("var.") and module:
        given = plan.calls.get(module, {}).get(whole[0][4:])
        if isinstance(given, dict):
            return given.get("constant_value") or _referred(given.get("references"), module[:-1], plan, text, steps + 1)
    match = PARTS.match(whole[0])
    if match is None:
        return shown
    kind, name, attribute = match.groups()
    data = "data." if whole[0].startswith("data.") else ""
    found = plan.resources.get("".join(f"module.{each}." for each in module) + f"{data}{kind}.{name}")
    if found is None:
        return shown
    value = found.attributes.get(attribute)
    return _computed(found, attribute, found.attributes) if value is None else value


def _computed(resource: Resource, attribute: str, attributes: Mapping[str, Any]) -> Any:
    """An id or an ARN that AWS will make of what is known."""
    if attribute == "id" and resource.type in IDS:
        attribute = IDS[resource.type]
        if attributes.get(attribute) is not None:
            return attributes[attribute]
    if attribute == "arn" and resource.type in ARNS:
        facts: dict[str, Any] = {"account": ACCOUNT.value, "region": REGION.value, "path": "/"}
        form, at = ARNS[resource.type], 0
        parts: list[str | Value] = ["arn:", PARTITION.value, ":"]
        for match in PIECE.finditer(form):
            key = match.group(1)
            known = attributes.get(key) if isinstance(attributes.get(key), str) else facts.get(key)
            if known is None and key == "name":
                known = as_text(_computed(resource, key, attributes))
            parts += [form[at : match.start()], known or Hole(f"{resource.address}.{key}").value]
            at = match.end()
        return joined((*parts, form[at:]))
    ending, prefix = Hole(f"{resource.address}.{attribute}"), attributes.get("name_prefix")
    return joined((prefix, ending.value)) if attribute == "name" and isinstance(prefix, str) else ending


def _region(configuration: Any) -> str | None:
    providers = configuration.get("provider_config") if isinstance(configuration, dict) else None
    provider = providers.get("aws") if isinstance(providers, dict) else None
    expressions = provider.get("expressions") if isinstance(provider, dict) else None
    region = expressions.get("region") if isinstance(expressions, dict) else None
    return region.get("constant_value") if isinstance(region, dict) and isinstance(region.get("constant_value"), str) else None


def _plain(address: str) -> str:
    return INDEX.sub("", address)


def _items(found: Any) -> list[tuple[str, dict[str, Any]]]:
    return [(str(name), each) for name, each in found.items() if isinstance(each, dict)] if isinstance(found, dict) else []


def _dicts(found: Any) -> list[dict[str, Any]]:
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
