"""Conditions, as far as parameters decide them: true, false, or None for what is not known here.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html
"""

from typing import TYPE_CHECKING, Any

from meshrole.importers.values import Value

MAX_NESTED = 20

if TYPE_CHECKING:
    from meshrole.importers.cfn.scope import Scope


def holds(scope: "Scope", name: str, by_defaults: bool = True) -> bool | None:
    """Whether a condition holds; `by_defaults`: taking every parameter for its default, rather than only what was said."""
    body = scope.template.section("Conditions").get(name)
    return scope.once(("condition", name, by_defaults), lambda: _decided(scope, body, by_defaults, 0), None)  # type: ignore[no-any-return]


def _decided(scope: "Scope", node: Any, by_defaults: bool, depth: int) -> bool | None:
    if isinstance(node, bool):
        return node
    if not isinstance(node, dict) or len(node) != 1 or depth > MAX_NESTED:
        return None
    name, argument = next(iter(node.items()))
    if name == "Condition":
        return holds(scope, argument, by_defaults) if isinstance(argument, str) else None
    items = argument if isinstance(argument, list) else [argument]
    if name == "Fn::Equals":
        return _equal(scope, items, by_defaults)
    parts = [_decided(scope, item, by_defaults, depth + 1) for item in items]
    if name == "Fn::Not" and len(parts) == 1:
        return None if parts[0] is None else not parts[0]
    if name == "Fn::And":
        return False if False in parts else None if None in parts else True
    if name == "Fn::Or":
        return True if True in parts else None if None in parts else False
    return None


def _equal(scope: "Scope", items: list[Any], by_defaults: bool) -> bool | None:
    if len(items) != 2:
        return None
    one, other = (_text(scope, item, by_defaults) for item in items)
    return None if one is None or other is None else one == other


def _text(scope: "Scope", node: Any, by_defaults: bool) -> str | None:
    found = scope.inside(node)
    if isinstance(found, bool):
        return "true" if found else "false"
    if not isinstance(found, Value) or not found.is_known:
        return None
    return found.text if by_defaults or all(isinstance(part, str) for part in found.parts) else None
