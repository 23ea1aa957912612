"""Lambda, EKS and EC2: what runs under which role.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/eks_pod_identity_association
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from meshrole.importers.aws_calls.gathered import Entry
from meshrole.importers.running import Function, Profile, ServiceAccount
from meshrole.importers.tf.attributes import block, text, texts
from meshrole.importers.tf.data import Hole
from meshrole.importers.tf.resource import Resource
from meshrole.importers.values import Value

PROFILE = "aws_iam_instance_profile"
# Type: where it names an instance profile.
INSTANCES: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "aws_instance": (("iam_instance_profile",),),
    "aws_launch_configuration": (("iam_instance_profile",),),
    "aws_launch_template": (("iam_instance_profile", "arn"), ("iam_instance_profile", "name")),
}
# Type: its role, and what it calls itself.
NODES = {
    "aws_eks_node_group": ("node_role_arn", "node_group_name"),
    "aws_eks_fargate_profile": ("pod_execution_role_arn", "fargate_profile_name"),
}
ROLE_ANNOTATION = "eks.amazonaws.com/role-arn"
ACCOUNTS = ("kubernetes_service_account", "kubernetes_service_account_v1")
TYPES = (PROFILE, *INSTANCES, *NODES, *ACCOUNTS, "aws_lambda_function", "aws_eks_pod_identity_association")


def entries(resources: Iterable[Resource]) -> Iterator[Entry]:
    """Functions, service accounts, and instance profiles with those who use them."""
    found = [resource for resource in resources if resource.type in TYPES]
    users = _users(found)
    for resource in found:
        reader = READERS.get(resource.type)
        if reader is not None:
            yield from reader(resource)
        elif resource.type == PROFILE:
            yield _profile(resource, users)
    for written, by in users.items():
        yield Profile(written, None, by[0].origin, ", ".join(each.address for each in by))


def _users(resources: Iterable[Resource]) -> dict[Value, list[Resource]]:
    """Who uses each instance profile, by its name or ARN as it is written."""
    found: dict[Value, list[Resource]] = {}
    for resource in resources:
        for *path, attribute in INSTANCES.get(resource.type, ()):
            written = text(block(resource.attributes, *path), attribute)
            if written is not None:
                found.setdefault(written, []).append(resource)
    return found


def _profile(resource: Resource, users: dict[Value, list[Resource]]) -> Profile:
    attributes = resource.attributes
    name = text(attributes, "name") or Hole(f"{resource.address}.name").value
    by = [each for key in (name, text(attributes, "arn")) if key is not None for each in users.pop(key, [])]
    role = text(attributes, "role") or next(iter(texts(attributes.get("roles"))), None)
    return Profile(name, role, resource.origin, ", ".join(each.address for each in by))


def _function(resource: Resource) -> Iterator[Entry]:
    name = text(resource.attributes, "function_name") or Hole(f"{resource.address}.function_name").value
    yield Function(name, resource.origin, text(resource.attributes, "role"))


def _association(resource: Resource) -> Iterator[Entry]:
    attributes = resource.attributes
    yield ServiceAccount(
        namespace=text(attributes, "namespace"),
        name=text(attributes, "service_account") or Hole(f"{resource.address}.service_account").value,
        origin=resource.origin,
        role=text(attributes, "role_arn"),
        is_pod_identity=True,
        cluster=text(attributes, "cluster_name"),
    )


def _account(resource: Resource) -> Iterator[Entry]:
    metadata = block(resource.attributes, "metadata")
    annotations = metadata.get("annotations")
    role = text(annotations, ROLE_ANNOTATION) if isinstance(annotations, dict) else None
    name = text(metadata, "name") or Hole(f"{resource.address}.metadata[0].name").value
    yield ServiceAccount(text(metadata, "namespace"), name, resource.origin, role)


def _nodes(resource: Resource) -> Iterator[Entry]:
    role, name = NODES[resource.type]
    called = text(resource.attributes, name)
    cluster = text(resource.attributes, "cluster_name")
    kind = "node group" if resource.type == "aws_eks_node_group" else "Fargate profile"
    used_by = f"{kind} {called or resource.address}" + (f" of {cluster}" if cluster else "")
    yield Profile(None, text(resource.attributes, role), resource.origin, used_by)


READERS: Mapping[str, Callable[[Resource], Iterator[Entry]]] = {
    "aws_lambda_function": _function,
    "aws_eks_pod_identity_association": _association,
    **dict.fromkeys(ACCOUNTS, _account),
    **dict.fromkeys(NODES, _nodes),
}
