"""Stacks of the given templates: what parameters they get, what they export, and the stacks nested in them."""

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from meshrole.importers.aws_calls.reading import at, text
from meshrole.importers.base import Options
from meshrole.importers.cfn.scope import Outside, Parameter, Resource, Scope
from meshrole.importers.cfn.template import Template
from meshrole.importers.found import Miss
from meshrole.importers.marked import List, Map
from meshrole.importers.values import Unknown, Value, value

# Types that nest a stack, and the property with the place of its template.
NESTED = {"AWS::CloudFormation::Stack": "templateurl", "AWS::Serverless::Application": "location"}
MAX_STACKS, MAX_NESTING = 500, 5


class Stacks:
    """Every stack that the templates make: a template that another one nests is a stack only there."""

    def __init__(self, templates: Sequence[Template], options: Options) -> None:
        self.scopes: list[Scope] = []
        self.misses: list[Miss] = []
        self._homes: dict[tuple[str, str], list[Template]] = {}
        for template in templates:
            for logical in template.resources:
                self._homes.setdefault((posixpath.dirname(template.file), logical), []).append(template)
        self._files = {posixpath.normpath(template.file): template for template in templates}
        self._said: dict[str, Parameter] = {name: value(said) if said else Value(()) for name, said in options.parameters.items()}
        self._children: dict[tuple[int, str], Scope] = {}
        self._imported: dict[Any, Any] = {}
        self._exports: dict[Any, list[tuple[Scope, Any]]] = {}
        # Twice: what a nested stack is given may be exported by another, which is known only when all are.
        for _ in range(2):
            self._make(templates)

    def _make(self, templates: Sequence[Template]) -> None:
        self.scopes, self.misses, self._children = [], [], {}
        inner = {id(nested) for template in templates for nested in self._nested_in(self._scope(template, {}))}
        for template in [item for item in templates if id(item) not in inner] or templates:
            self._add(self._scope(template, {}), 0)
        self._exports, self._imported = {}, {}
        for scope in self.scopes:
            self._export(scope)
        self._imported = {}

    def _scope(self, template: Template, given: Mapping[str, Parameter]) -> Scope:
        def output(logical: str, name: str) -> Any:
            return self._output(scope, logical, name)

        def beside(logical: str) -> Scope | None:
            return self._beside(template, logical)

        scope = Scope(template, {**self._said, **given}, Outside(self._exported, output, beside))
        return scope

    def _beside(self, template: Template, logical: str) -> Scope | None:
        """The stack of another template of the folder: what a template has not, one that is merged with it has.

        https://github.com/aws/copilot-cli/issues/646
        """
        homes = self._homes.get((posixpath.dirname(template.file), logical), [])
        found = [scope for scope in self.scopes if len(homes) == 1 and scope.template is homes[0]]
        return found[0] if len(found) == 1 else None

    def _nested_in(self, scope: Scope) -> Iterator[Template]:
        for resource in scope.resources():
            nested = self._template(resource) if resource.type in NESTED else None
            if nested is not None and nested is not scope.template:
                yield nested

    def _template(self, resource: Resource) -> Template | None:
        """The given template that a nested stack names by a path beside its parent."""
        url = text(resource.scope, resource.properties, NESTED[resource.type])
        if url is None or not url.is_known or "://" in url.text:
            return None
        return self._files.get(posixpath.normpath(posixpath.join(posixpath.dirname(resource.scope.template.file), url.text)))

    def _add(self, scope: Scope, depth: int) -> None:
        """Takes a stack up, and those nested in it."""
        self.scopes.append(scope)
        for resource in [item for item in scope.resources() if item.type in NESTED]:
            nested = self._template(resource)
            if nested is None or depth >= MAX_NESTING or len(self.scopes) >= MAX_STACKS:
                self.misses.append(_not_nested(resource, nested))
                continue
            child = self._scope(nested, _given(resource))
            self._children[id(scope), resource.logical] = child
            self._add(child, depth + 1)

    def _output(self, scope: Scope, logical: str, name: str) -> Any:
        child = self._children.get((id(scope), logical))
        output = None if child is None else child.template.section("Outputs").get(name)
        if child is None or not isinstance(output, dict):
            return None
        return child.once(("output", name), lambda: child.inside(output.get("Value")), None)

    def _export(self, scope: Scope) -> None:
        for output in scope.template.section("Outputs").values():
            name = text(scope, output, "export", "name")
            if name is not None:
                self._exports.setdefault(_shape(name), []).append((scope, output.get("Value")))

    def _exported(self, name: Value) -> Any:
        """What is exported under a name: nothing if several templates export different things under it."""
        shape = _shape(name)
        if shape not in self._imported:
            # Until it is known: an export may be made of what it exports.
            self._imported[shape] = None
            values = [scope.inside(node) for scope, node in self._exports.get(shape, [])]
            self._imported[shape] = values[0] if values and all(item == values[0] for item in values) else None
        return self._imported[shape]


def _given(resource: Resource) -> dict[str, Parameter]:
    """The parameters that a nested stack gets."""
    scope, written = resource.scope, at(resource.scope, resource.properties, "parameters")
    found = {name: scope.inside(node) for name, node in written.items()} if isinstance(written, Map) else {}
    return {name: item for name, item in found.items() if isinstance(item, Value | List)}


def _not_nested(resource: Resource, template: Template | None) -> Miss:
    url = text(resource.scope, resource.properties, NESTED[resource.type])
    why = "too many stacks are nested" if template else f"its template {url or '(none)'} is none of the given files"
    return Miss(resource.origin, f"nested stack {resource.logical}", why)


def _shape(name: Value) -> tuple[str, ...]:
    """A name of an export with its functions as they are written: two stacks of one project write them alike."""
    return tuple(part.expression if isinstance(part, Unknown) else part for part in name.parts)
