"""A template as it lies in a file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

from meshrole.importers.aws_calls.json_text import values
from meshrole.importers.base import SourceFile
from meshrole.importers.found import Miss
from meshrole.importers.marked import Map, line_of
from meshrole.importers.origin import Origin

# Transforms that AWS hosts. What the others do is nobody's knowledge here.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-reference.html
HOSTED = {"AWS::Serverless-2016-10-31", "AWS::LanguageExtensions", "AWS::CodeDeployBlueGreen", "AWS::SecretsManager-2020-07-23"}


@dataclass(frozen=True)
class Template:
    """A template: `body` is its document, `repeated` the logical ids that other given templates have too."""

    file: str
    body: Map
    repeated: frozenset[str] = field(default=frozenset())

    @cached_property
    def resources(self) -> dict[str, Map]:
        """The resources by logical id: mappings that have a type."""
        return {name: body for name, body in self.section("Resources").items() if isinstance(body, Map) and body.get("Type")}

    def section(self, name: str) -> Map:
        """A section of the template, empty where there is none."""
        found = self.body.get(name)
        return found if isinstance(found, Map) else Map(0)

    def origin(self, section: str, logical: str) -> Origin:
        """Where an entry of a section stands."""
        return Origin(self.file, line_of(self.body.get(section), logical), logical)

    def word(self, logical: str) -> str:
        """A word for a logical id that no other given template has."""
        return f"{PurePosixPath(self.file).name.split('.')[0]}_{logical}" if logical in self.repeated else logical


def templates(files: Sequence[SourceFile]) -> tuple[list[Template], list[Miss]]:
    """The templates among `files`, and a Miss for what is none or cannot be read whole."""
    found: list[Template] = []
    misses: list[Miss] = []
    for file in files:
        for body in values(file):
            if isinstance(body, Miss):
                misses.append(body)
            elif not isinstance(body, Map) or not isinstance(body.get("Resources"), Map):
                misses.append(
                    Miss(Origin(file.name, line_of(body)), "a document", "not a CloudFormation template: it has no Resources")
                )
            else:
                found.append(Template(file.name, body))
    return _told_apart(found), misses + [miss for template in found for miss in _unexpanded(template)]


def _told_apart(found: list[Template]) -> list[Template]:
    times: dict[str, int] = {}
    for template in found:
        for logical in template.resources:
            times[logical] = times.get(logical, 0) + 1
    repeated = frozenset(logical for logical, count in times.items() if count > 1)
    return [Template(template.file, template.body, repeated) for template in found]


def _unexpanded(template: Template) -> Iterator[Miss]:
    """What only CloudFormation can expand: macros, inclusions, loops; and resources that are none."""
    transforms = template.body.get("Transform")
    for name in transforms if isinstance(transforms, list) else [transforms]:
        if isinstance(name, str) and name not in HOSTED:
            yield Miss(
                Origin(template.file, line_of(template.body, "Transform")),
                f"macro {name}",
                "what it makes of the template is not known here",
            )
    yield from _macros(template, template.body, 0)
    for logical, body in template.section("Resources").items():
        if logical not in template.resources and not logical.startswith("Fn::"):
            yield Miss(template.origin("Resources", logical), f"resource {logical}", _why_none(body))


def _why_none(body: Any) -> str:
    return "it has no Type" if isinstance(body, Map) else "not a mapping"


def _macros(template: Template, node: Any, line: int) -> Iterator[Miss]:
    waiting = [(node, line)]
    while waiting:
        node, line = waiting.pop()
        if isinstance(node, list):
            waiting += [(item, line_of(node, index, line)) for index, item in enumerate(node)]
        if not isinstance(node, dict):
            continue
        for key, item in node.items():
            place = line_of(node, key, line)
            if key.startswith("Fn::ForEach"):
                yield Miss(Origin(template.file, place), key, "a loop is not expanded: what it makes is missing")
            elif key == "Fn::Transform":
                yield Miss(Origin(template.file, place), key, "a macro or inclusion is not expanded: what it makes is missing")
            else:
                waiting.append((item, place))
