"""What conditions leave out, and what they leave open."""

from collections.abc import Iterator

from meshrole.importers.cfn.conditions import holds
from meshrole.importers.cfn.scope import Resource
from meshrole.importers.found import Miss
from meshrole.importers.marked import line_of
from meshrole.importers.origin import Origin


def is_read(resource: Resource) -> bool:
    """Whether a resource is made, or may be: a default is not a fact, and leaves nothing out."""
    condition = resource.body.get("Condition")
    return not isinstance(condition, str) or holds(resource.scope, condition, by_defaults=False) is not False


def undecided(resource: Resource) -> Iterator[Miss]:
    """A Miss for a resource that its condition leaves out, and for each part of which a condition leaves open whether it is."""
    what = f"{resource.type} {resource.logical}"
    condition = resource.body.get("Condition")
    if isinstance(condition, str) and holds(resource.scope, condition) is False:
        yield Miss(
            resource.origin, what, f"its condition {condition} does not hold{' by the defaults' if is_read(resource) else ''}"
        )
    waiting = [(resource.body.get("Properties"), resource.origin.line)]
    while waiting:
        node, line = waiting.pop()
        if isinstance(node, list):
            waiting += [(item, line_of(node, index, line)) for index, item in enumerate(node)]
        elif isinstance(node, dict):
            waiting += [(item, line_of(node, key, line)) for key, item in node.items()]
            yield from _branches(resource, node, line)


def _branches(resource: Resource, node: dict[str, object], line: int) -> Iterator[Miss]:
    branches = node.get("Fn::If") if len(node) == 1 else None
    if not (isinstance(branches, list) and len(branches) == 3 and isinstance(branches[0], str)):
        return
    sides = [resource.scope.inside(branch) for branch in branches[1:]] if holds(resource.scope, branches[0]) is None else []
    if any(isinstance(side, dict | list) for side in sides) or sides.count(None) == 1:
        place = Origin(resource.origin.file, line, resource.logical)
        yield Miss(place, f"a part of {resource.type}", f"condition {branches[0]} is not decided: both of its sides are read")
