"""CloudFormation's functions, one each. What the template does not hold becomes a placeholder with the function as written.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

import base64
import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from meshrole.importers.aws_calls.reading import Either, each, plain
from meshrole.importers.cfn.conditions import holds
from meshrole.importers.marked import List, line_of
from meshrole.importers.values import Unknown, Value, joined, value

if TYPE_CHECKING:
    from meshrole.importers.cfn.scope import Scope

VARIABLE = re.compile(r"\$\{([^${}]*)\}")
# Longer values than any property takes: they come of templates that are made to explode.
Tree = dict[str, Any]
MAX_PARTS, MAX_TEXT = 1_000, 100_000


def ref(scope: "Scope", argument: Any, node: Tree) -> Any:
    """`!Ref Name`."""
    return scope.reference(argument) if isinstance(argument, str) else scope.unresolved(node)


def get_att(scope: "Scope", argument: Any, node: Tree) -> Any:
    """`!GetAtt Logical.Attribute`, as a text or a list."""
    parts = argument.split(".", 1) if isinstance(argument, str) else argument
    texts = [scope.inside(part) for part in parts] if isinstance(parts, list) else []
    if len(texts) < 2 or not all(isinstance(part, Value) and part.is_known for part in texts):
        return scope.unresolved(node)
    return scope.attribute(texts[0].text, ".".join(part.text for part in texts[1:]))


def sub(scope: "Scope", argument: Any, node: Tree) -> Any:
    """`!Sub text`, or `!Sub [text, {Variable: …}]`; `${!Name}` is `${Name}`."""
    text, variables = (argument[0], argument[1]) if isinstance(argument, list) and len(argument) == 2 else (argument, None)
    text = text[0] if isinstance(text, list) and len(text) == 1 else text
    if not isinstance(text, str):
        return scope.unresolved(node)
    known = variables if isinstance(variables, dict) else {}
    return _bounded(_substituted(scope, text, known), scope, node)


def _substituted(scope: "Scope", text: str, known: dict[str, Any]) -> Iterator[str | Value]:
    for index, piece in enumerate(VARIABLE.split(text)):
        name = piece.strip()
        if not index % 2:
            found: Any = scope.inside(piece)
        elif name.startswith("!"):
            found = value(f"${{{name[1:]}}}")
        elif name in known:
            found = scope.inside(known[name])
        else:
            found = scope.attribute(*name.split(".", 1)) if "." in name else scope.reference(name)
        yield _one(scope, found)


def join(scope: "Scope", argument: Any, node: Tree) -> Any:
    """`!Join [delimiter, list]`."""
    if not (isinstance(argument, list) and len(argument) == 2):
        return scope.unresolved(node)
    delimiter = _one(scope, scope.inside(argument[0]))
    return _bounded(_between(delimiter, (_one(scope, item) for item in each(scope, argument[1]))), scope, node)


def _between(delimiter: Value, items: Iterable[Value]) -> Iterator[Value]:
    for index, item in enumerate(items):
        if index:
            yield delimiter
        yield item


def split(scope: "Scope", argument: Any, node: Tree) -> Any:
    """`!Split [delimiter, text]`: an unknown piece is taken to hold no delimiter, unless it is the whole text."""
    if not (isinstance(argument, list) and len(argument) == 2):
        return scope.unresolved(node)
    delimiter, text = scope.inside(argument[0]), scope.inside(argument[1])
    if not (isinstance(delimiter, Value) and delimiter.text and isinstance(text, Value)) or _is_one_unknown(text):
        return scope.unresolved(node)
    parts: list[list[str | Unknown]] = [[]]
    for part in text.parts:
        known = part if isinstance(part, str) else part.default
        if known is None or delimiter.text not in known:
            parts[-1].append(part)
            continue
        first, *others = known.split(delimiter.text)
        parts[-1].append(first)
        parts += [[other] for other in others]
    return _listed(joined(part) for part in parts)


def select(scope: "Scope", argument: Any, node: Tree) -> Any:
    """`!Select [index, list]`."""
    if not (isinstance(argument, list) and len(argument) == 2):
        return scope.unresolved(node)
    index, items = scope.inside(argument[0]), scope.inside(argument[1])
    number = index.text if isinstance(index, Value) else ""
    if not (isinstance(items, list) and not isinstance(items, Either) and re.fullmatch("[0-9]{1,4}", number)):
        return scope.unresolved(node)
    return scope.inside(items[int(number)]) if int(number) < len(items) else scope.unresolved(node)


def find_in_map(scope: "Scope", argument: Any, node: Tree) -> Any:
    """`!FindInMap [map, first, second]`, and `DefaultValue` where the map has no such keys."""
    if not (isinstance(argument, list) and len(argument) in (3, 4)):
        return scope.unresolved(node)
    keys = [scope.inside(part) for part in argument[:3]]
    if not all(isinstance(key, Value) and key.is_known for key in keys):
        return scope.unresolved(node)
    found: Any = scope.template.section("Mappings")
    for key in keys:
        found = found.get(key.text) if isinstance(found, dict) else None
    options = argument[3] if len(argument) == 4 else None
    if found is None and isinstance(options, dict) and "DefaultValue" in options:
        return scope.inside(options["DefaultValue"])
    return scope.unresolved(node) if found is None else scope.inside(found)


def if_(scope: "Scope", argument: Any, node: Tree) -> Any:
    """`!If [condition, then, else]`. Undecided: a placeholder for two texts, else all that there may be."""
    if not (isinstance(argument, list) and len(argument) == 3 and isinstance(argument[0], str)):
        return scope.unresolved(node)
    decided = holds(scope, argument[0])
    if decided is not None:
        return scope.inside(argument[1 if decided else 2])
    both = [found for found in (scope.inside(argument[1]), scope.inside(argument[2])) if found is not None]
    if len(both) == 1 and isinstance(both[0], Value):
        return both[0]
    if both and not any(isinstance(found, dict | list) for found in both):
        return both[0] if both[0] == both[-1] else scope.unresolved(node, argument[0])
    either = Either(line_of(node))
    either += both
    return either if both else None


def import_value(scope: "Scope", argument: Any, node: Tree) -> Any:
    """`!ImportValue name`: what another of the given templates exports under that name."""
    name = scope.inside(argument)
    if not isinstance(name, Value):
        return scope.unresolved(node)
    found = scope.outside.exported(name)
    return scope.unresolved(node, _words(name)) if found is None else found


def encoded(scope: "Scope", argument: Any, node: Tree) -> Any:
    """`Fn::Base64`."""
    found = scope.inside(argument)
    if not (isinstance(found, Value) and found.is_known):
        return scope.unresolved(node)
    return value(base64.b64encode(found.text.encode()).decode())


def length(scope: "Scope", argument: Any, node: Tree) -> Any:
    """`Fn::Length`."""
    found = scope.inside(argument)
    return value(str(len(found))) if isinstance(found, list) and not isinstance(found, Either) else scope.unresolved(node)


def to_json(scope: "Scope", argument: Any, node: Tree) -> Any:
    """`Fn::ToJsonString`."""
    text = json.dumps(plain(scope, argument), default=str)
    return value(text) if len(text) <= MAX_TEXT else scope.unresolved(node)


def only_aws(scope: "Scope", _argument: Any, node: Tree) -> Any:
    """Functions of which nothing is known before AWS runs them, or of which no name is made."""
    return scope.unresolved(node)


def _one(scope: "Scope", found: Any) -> Value:
    """A piece of a text; a list's items are put together as CloudFormation shows them."""
    if isinstance(found, bool):
        return value("true" if found else "false")
    if isinstance(found, list) and not isinstance(found, Either):
        return joined(_between(value(","), (item for item in each(scope, found) if isinstance(item, Value))))
    return found if isinstance(found, Value) else Value(()) if found is None else scope.unresolved(found)


def _bounded(pieces: Iterable[str | Value], scope: "Scope", node: Tree) -> Value:
    """Pieces as one value, or a placeholder for all of them where it would be too long."""
    kept: list[str | Value] = []
    parts = size = 0
    for piece in pieces:
        kept.append(piece)
        parts += len(piece.parts) if isinstance(piece, Value) else 1
        size += len(piece.text if isinstance(piece, Value) else piece)
        if parts > MAX_PARTS or size > MAX_TEXT:
            return scope.unresolved(node, "too_long")
    return joined(kept)


def _is_one_unknown(text: Value) -> bool:
    return len(text.parts) == 1 and bool(text.unknown)


def _listed(items: Iterable[Value]) -> List:
    found = List(0)
    found += items
    return found


def _words(name: Value) -> str:
    return "".join(part if isinstance(part, str) else part.word for part in name.parts)


Function = Callable[["Scope", Any, Tree], Any]
FUNCTIONS: dict[str, Function] = {
    "Ref": ref,
    "Fn::Base64": encoded,
    "Fn::Cidr": only_aws,
    "Fn::FindInMap": find_in_map,
    "Fn::GetAZs": only_aws,
    "Fn::GetAtt": get_att,
    "Fn::If": if_,
    "Fn::ImportValue": import_value,
    "Fn::Join": join,
    "Fn::Length": length,
    "Fn::Select": select,
    "Fn::Split": split,
    "Fn::Sub": sub,
    "Fn::ToJsonString": to_json,
    "Fn::Transform": only_aws,
}
