"""What `!Ref` and `!GetAtt` are: parameters, and names and ARNs of resources of the same template."""

import re
from typing import TYPE_CHECKING, Any

from meshrole.importers.aws_calls.reading import name_of, text
from meshrole.importers.cfn.names import ARNS, ATTRIBUTES, DEFAULTS, PSEUDO, REF_IS_ARN, REF_IS_PROPERTY, URL_SUFFIX
from meshrole.importers.cfn.written import written
from meshrole.importers.marked import List, Map
from meshrole.importers.values import Value, unknown, value

if TYPE_CHECKING:
    from meshrole.importers.cfn.scope import Resource, Scope

PIECE = re.compile(r"\$\{([^}]+)\}")
NO_VALUE = "AWS::NoValue"


def reference(scope: "Scope", name: str) -> Any:
    """A pseudo parameter, parameter or resource by its name; a placeholder for what is none of them."""
    if name.startswith("AWS::"):
        return _pseudo(name)
    if name in scope.given:
        return scope.given[name]
    body = scope.template.section("Parameters").get(name)
    if isinstance(body, Map):
        return _parameter(name, body)
    resource = scope.resource(name)
    if resource is None:
        other = scope.outside.beside(name)
        return other.reference(name) if other else unknown(f"!Ref {name}", name)
    return _of_resource(scope, resource)


def attribute(scope: "Scope", logical: str, name: str) -> Any:
    """An attribute of a resource, or an output of a nested stack."""
    otherwise = unknown(f"!GetAtt {logical}.{name}", f"{scope.template.word(logical)}.{name}")
    resource = scope.resource(logical)
    if resource is None:
        other = scope.outside.beside(logical)
        return other.attribute(logical, name) if other else otherwise
    if name.startswith("Outputs."):
        found = scope.outside.output(logical, name.partition(".")[2])
        return otherwise if found is None else found
    if name == "Arn" and resource.type in ARNS:
        return _made(scope, resource, ARNS[resource.type])
    if (resource.type, name) in ATTRIBUTES:
        return _made(scope, resource, ATTRIBUTES[resource.type, name])
    if name.endswith("Name"):
        return named(resource, name) if resource.type.startswith("AWS::AppMesh::") else _property(resource, name) or otherwise
    return otherwise


def named(resource: "Resource", name: str) -> Value:
    """A naming property of a resource: as written, or what CloudFormation will make up."""
    return _property(resource, name) or unknown(_made_up(resource, name), resource.key)


def _made_up(resource: "Resource", name: str) -> str:
    """How the template would refer to a name that only CloudFormation knows; the file's name tells apart what is called alike."""
    refers = f"!Ref {resource.logical}" if REF_IS_PROPERTY.get(resource.type) == name else f"!GetAtt {resource.logical}.{name}"
    return refers if resource.key == resource.logical else f"{refers} ({resource.scope.template.file})"


def _property(resource: "Resource", name: str) -> Value | None:
    found = text(resource.scope, resource.properties, name.lower())
    return name_of(found) if resource.type.startswith("AWS::AppMesh::") and name.endswith("Name") else found


def _of_resource(scope: "Scope", resource: "Resource") -> Any:
    if resource.type in REF_IS_ARN:
        return scope.attribute(resource.logical, "Arn")
    if resource.type in REF_IS_PROPERTY:
        return named(resource, REF_IS_PROPERTY[resource.type])
    return unknown(f"!Ref {resource.logical}", resource.key)


def _made(scope: "Scope", resource: "Resource", pattern: str) -> Value:
    """A text of the properties of a resource."""
    pieces = PIECE.split(pattern)
    return value(*(_piece(scope, resource, piece) if index % 2 else piece for index, piece in enumerate(pieces)))


def _piece(scope: "Scope", resource: "Resource", piece: str) -> Value:
    if piece.startswith("AWS::"):
        return _pseudo(piece) or Value(())
    if piece.startswith("."):
        return unknown(f"!GetAtt {resource.logical}{piece}", resource.key)
    found = _property(resource, piece)
    if found is None and piece == "MeshOwner":
        return scope.reference("AWS::AccountId")  # type: ignore[no-any-return]
    if found is None and piece in DEFAULTS:
        return value(DEFAULTS[piece])
    return found or named(resource, piece)


def _pseudo(name: str) -> Value | None:
    if name == NO_VALUE:
        return None
    default = URL_SUFFIX if name == "AWS::URLSuffix" else None
    return unknown(f"!Ref {name}", PSEUDO.get(name, name.removeprefix("AWS::")), default)


def _parameter(name: str, body: Map) -> Any:
    """A parameter by its default. That of a parameter of Systems Manager is where its value lies, not the value."""
    kind, default = str(body.get("Type", "String")), body.get("Default")
    expression = f"!Ref {name}"
    if isinstance(default, bool):
        default = str(default).lower()
    if not isinstance(default, str) or kind.startswith("AWS::SSM::Parameter::Value"):
        return unknown(expression, name)
    if not (kind.startswith("List<") or kind == "CommaDelimitedList"):
        return unknown(expression, name, default)
    items = List(body.line)
    items += [
        unknown(written({"Fn::Select": [index, {"Ref": name}]}), name, item.strip())
        for index, item in enumerate(default.split(","))
    ]
    return items
