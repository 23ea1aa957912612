"""`AWS::IAM::*`: roles with all that is attached to them, wherever in the stacks it is.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_IAM.html
"""

from collections.abc import Iterable, Iterator
from typing import Any

from meshrole.importers.aws_calls.policies import document
from meshrole.importers.aws_calls.reading import Reading, at, each, text, texts
from meshrole.importers.cfn.attributes import named
from meshrole.importers.cfn.index import Index
from meshrole.importers.cfn.scope import Resource
from meshrole.importers.found import Miss
from meshrole.importers.origin import Origin
from meshrole.importers.running import Policy, Role
from meshrole.importers.values import Value

ATTACHING = {
    "AWS::IAM::Policy": "PolicyName",
    "AWS::IAM::RolePolicy": "PolicyName",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
}

Attached = dict[Value, list[Policy]]


def attached(resources: Iterable[Resource], index: Index) -> Attached:
    """Policies that name the roles that they are for, by the role's name."""
    found: Attached = {}
    for resource in resources:
        if resource.type in ATTACHING:
            for role in _attached_to(resource):
                meant = index.get(role)
                name = named(meant, "RoleName") if meant is not None and meant.type == "AWS::IAM::Role" else role
                found.setdefault(name, []).append(_policy_of(resource))
    return found


def roles(resource: Resource, index: Index, more: Attached) -> Iterator[Role | Miss]:
    """A role with its inline, managed and attached policies; what is attached is taken out of `more`."""
    scope, properties = resource.scope, resource.properties
    name, path = named(resource, "RoleName"), text(scope, properties, "path")
    trust = document(scope, at(scope, properties, "assumerolepolicydocument"))
    policies = [
        *inline(scope, properties, resource.origin),
        *managed(scope, properties, resource.origin, index),
        *more.pop(name, []),
    ]
    yield Role(
        key=resource.key,
        name=name,
        origin=resource.origin,
        arn=scope.attribute(resource.logical, "Arn"),
        trust=trust,
        policies=tuple(_once(policies)),
        boundary=text(scope, properties, "permissionsboundary"),
        path=path.text if path else "/",
    )
    if trust is None:
        yield Miss(resource.origin, "AssumeRolePolicyDocument", "not a policy document")
    yield from unread(policies)


def elsewhere(more: Attached) -> Iterator[Role | Miss]:
    """The roles that policies name and that no given template has."""
    for name, policies in more.items():
        yield Role(key=name.text, name=name, origin=policies[0].origin, policies=tuple(policies))
        yield from unread(policies)


def loose(resources: Iterable[Resource], index: Index) -> Iterator[Miss]:
    """A Miss for each policy that no role in the templates has, and that names none."""
    held: set[str] = set()
    policies: list[Resource] = []
    for resource in resources:
        if resource.type in ATTACHING:
            policies.append(resource)
        else:
            named_by = (*texts(resource.scope, resource.properties, "managedpolicyarns"), *_of_function(resource))
            held |= {index[arn].key for arn in named_by if arn in index}
    for policy in policies:
        if policy.key not in held and not _attached_to(policy):
            yield Miss(policy.origin, f"{policy.type} {policy.logical}", "no role here has it: who does is not known")


def _of_function(resource: Resource) -> tuple[Value, ...]:
    is_function = resource.type == "AWS::Serverless::Function"
    return texts(resource.scope, resource.properties, "policies") if is_function else ()


def inline(source: Reading, properties: Any, origin: Origin) -> Iterator[Policy]:
    """The policies inside of a role."""
    for item in each(source, properties, "policies"):
        if isinstance(item, dict):
            name = text(source, item, "policyname")
            yield Policy(str(name or "inline"), origin, document(source, at(source, item, "policydocument")))


def managed(source: Reading, properties: Any, origin: Origin, index: Index) -> Iterator[Policy]:
    """The managed policies of a role, with their documents where a template has them."""
    for arn in texts(source, properties, "managedpolicyarns"):
        meant = index.get(arn)
        yield Policy(arn.text, origin, managed=arn) if meant is None else _policy_of(meant)


def unread(policies: Iterable[Policy]) -> Iterator[Miss]:
    """A Miss for each policy with neither an ARN nor a document."""
    for policy in policies:
        if policy.document is None and policy.managed is None:
            yield Miss(policy.origin, f"policy {policy.name}", "not a policy document")


def _policy_of(resource: Resource) -> Policy:
    scope, properties = resource.scope, resource.properties
    body = document(scope, at(scope, properties, "policydocument"))
    name = named(resource, ATTACHING[resource.type]) if resource.type in ATTACHING else None
    arn = scope.attribute(resource.logical, "Arn") if resource.type == "AWS::IAM::ManagedPolicy" else None
    return Policy(str(name or resource.logical), resource.origin, body, arn)


def _attached_to(resource: Resource) -> tuple[Value, ...]:
    scope, properties = resource.scope, resource.properties
    name = text(scope, properties, "rolename")
    return (name,) if name is not None else texts(scope, properties, "roles")


def _once(policies: Iterable[Policy]) -> Iterator[Policy]:
    """Each once: a managed policy may name a role that names it too."""
    seen: set[Value] = set()
    for policy in policies:
        if policy.managed is None or policy.managed not in seen:
            yield policy
        if policy.managed is not None:
            seen.add(policy.managed)
