"""Lambda functions, pods and instances with the roles that they run under."""

from collections.abc import Iterable, Iterator

from meshrole.importers.aws_calls.gathered import Entry
from meshrole.importers.aws_calls.policies import document
from meshrole.importers.aws_calls.reading import at, each, text, texts
from meshrole.importers.cfn.attributes import named
from meshrole.importers.cfn.index import Index
from meshrole.importers.cfn.scope import Resource
from meshrole.importers.running import Function, Policy, Profile, Role, ServiceAccount
from meshrole.importers.values import Value, unknown, value

# Type: where it names an instance profile.
INSTANCES = {
    "AWS::AutoScaling::LaunchConfiguration": (("iaminstanceprofile",),),
    "AWS::EC2::Instance": (("iaminstanceprofile",),),
    "AWS::EC2::LaunchTemplate": (
        ("launchtemplatedata", "iaminstanceprofile", "arn"),
        ("launchtemplatedata", "iaminstanceprofile", "name"),
    ),
}
# Type: where it names the role of its nodes.
NODES = {"AWS::EKS::Nodegroup": "noderole", "AWS::EKS::FargateProfile": "podexecutionrolearn"}

Used = dict[Value, list[str]]


def used(resources: Iterable[Resource], index: Index) -> Used:
    """Who uses each instance profile (by its name, or as it is written where no template has it)."""
    found: Used = {}
    for resource in resources:
        for place in INSTANCES.get(resource.type, ()):
            written = text(resource.scope, resource.properties, *place)
            if written is not None:
                meant = index.get(written)
                name = named(meant, "InstanceProfileName") if meant is not None else written
                found.setdefault(name, []).append(f"{resource.type.rpartition(':')[2]} {resource.logical}")
    return found


def profile(resource: Resource, users: Used) -> Iterator[Profile]:
    """An instance profile with those who use it, who are taken out of `users`."""
    name = named(resource, "InstanceProfileName")
    role = next(iter(texts(resource.scope, resource.properties, "roles")), None)
    yield Profile(name, role, resource.origin, ", ".join(users.pop(name, [])))


def elsewhere(resources: Iterable[Resource], users: Used, index: Index) -> Iterator[Profile]:
    """Profiles that instances name and no template has."""
    for resource in resources:
        for place in INSTANCES.get(resource.type, ()):
            written = text(resource.scope, resource.properties, *place)
            if written is not None and index.get(written) is None and written in users:
                yield Profile(written, None, resource.origin, ", ".join(users.pop(written)))


def nodes(resource: Resource) -> Iterator[Profile]:
    """The role of a cluster's nodes."""
    role = text(resource.scope, resource.properties, NODES[resource.type])
    yield Profile(None, role, resource.origin, f"{resource.type.rpartition(':')[2]} {resource.logical}")


def association(resource: Resource) -> Iterator[ServiceAccount]:
    """EKS Pod Identity: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-association.html."""
    scope, properties = resource.scope, resource.properties
    yield ServiceAccount(
        namespace=text(scope, properties, "namespace"),
        name=text(scope, properties, "serviceaccount") or unknown(f"!GetAtt {resource.logical}.ServiceAccount", resource.key),
        origin=resource.origin,
        role=text(scope, properties, "rolearn"),
        is_pod_identity=True,
        cluster=text(scope, properties, "clustername"),
    )


def function(resource: Resource) -> Iterator[Entry]:
    """A Lambda function; one of SAM that names no role gets one of its own.

    https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html
    """
    scope, properties = resource.scope, resource.properties
    role = text(scope, properties, "role")
    if role is None and resource.type == "AWS::Serverless::Function":
        key = f"{resource.key}Role"
        role = unknown(f"!Ref {key}", key)
        yield Role(key=key, name=role, origin=resource.origin, policies=tuple(_granted(resource)))
    yield Function(named(resource, "FunctionName"), resource.origin, role)


def _granted(resource: Resource) -> Iterator[Policy]:
    """The policies of a SAM function: names of managed ones, documents, and SAM's own templates (by their names)."""
    scope, basic = resource.scope, "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
    yield Policy("AWSLambdaBasicExecutionRole", resource.origin, managed=value(basic))
    for number, item in enumerate(each(scope, resource.properties, "policies"), 1):
        if isinstance(item, Value):
            yield Policy(item.text, resource.origin, managed=item)
        elif at(scope, item, "statement") is not None:
            yield Policy(f"policy {number}", resource.origin, document(scope, item))
        else:
            name = str(next(iter(item), "")) if isinstance(item, dict) else f"policy {number}"
            yield Policy(name, resource.origin, managed=value(f"SAM policy template {name}"))
