"""Who is meant: resources of all stacks by what refers to them (their `!Ref`, their ARN)."""

from collections.abc import Iterable

from meshrole.importers.cfn.names import ARNS
from meshrole.importers.cfn.scope import Resource, Scope
from meshrole.importers.values import Value

REFERRED = {
    "AWS::ECS::Cluster",
    "AWS::IAM::InstanceProfile",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::Role",
    "AWS::ServiceDiscovery::HttpNamespace",
    "AWS::ServiceDiscovery::PrivateDnsNamespace",
    "AWS::ServiceDiscovery::PublicDnsNamespace",
    "AWS::VpcLattice::Service",
    "AWS::VpcLattice::ServiceNetwork",
}

Index = dict[Value, Resource]


def index(scopes: Iterable[Scope]) -> Index:
    """Every resource that others refer to, by each value that a reference to it may be."""
    found: Index = {}
    for scope in scopes:
        for resource in scope.resources():
            if resource.type in REFERRED:
                for value in _referring(resource):
                    found.setdefault(value, resource)
    return found


def _referring(resource: Resource) -> Iterable[Value]:
    scope, logical = resource.scope, resource.logical
    values = [scope.reference(logical)]
    if resource.type in ARNS:
        values.append(scope.attribute(logical, "Arn"))
    if resource.type.startswith("AWS::VpcLattice::"):
        values.append(scope.attribute(logical, "Id"))
    return [value for value in values if isinstance(value, Value)]
