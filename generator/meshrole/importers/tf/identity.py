"""`aws_iam_*`: roles with all that is attached to them, wherever it is.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_role
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from meshrole.importers.found import Miss
from meshrole.importers.running import Policy, Role
from meshrole.importers.tf.attributes import blocks, text, texts
from meshrole.importers.tf.data import Hole, shown
from meshrole.importers.tf.documents import policy
from meshrole.importers.tf.resource import Resource
from meshrole.importers.values import Value

ROLE, POLICY, INLINE = "aws_iam_role", "aws_iam_policy", "aws_iam_role_policy"
# Type: the attributes with the roles, and with the policies' ARNs.
ATTACHING = {
    "aws_iam_role_policy_attachment": ("role", "policy_arn"),
    "aws_iam_policy_attachment": ("roles", "policy_arn"),
    "aws_iam_role_policy_attachments_exclusive": ("role_name", "policy_arns"),
}
EXCLUSIVE = "aws_iam_role_policies_exclusive"
TYPES = (ROLE, POLICY, INLINE, EXCLUSIVE, *ATTACHING)


@dataclass(frozen=True, slots=True)
class Attached:
    """A policy and the name of the role that it is for."""

    role: Value
    policy: Policy


def roles(resources: Iterable[Resource]) -> Iterator[Role | Miss]:
    """The roles, and those that policies name and that are not here."""
    found = [resource for resource in resources if resource.type in TYPES]
    managed = {_name(resource) for resource in found if resource.type == ROLE and resource.mode == "managed"}
    own = [each for each in found if each.type == ROLE and (each.mode == "managed" or _name(each) not in managed)]
    documents = {arn: each for each in found if each.type == POLICY and (arn := text(each.attributes, "arn"))}
    more: dict[Value, list[Policy]] = {}
    by_arn = {arn: _name(each) for each in own if (arn := text(each.attributes, "arn"))}
    for attached in _attached(found, documents):
        more.setdefault(by_arn.get(attached.role, attached.role), []).append(attached.policy)
    for resource in own:
        yield from _role(resource, more.pop(_name(resource), []), documents)
    for name, policies in more.items():
        yield Role(name.text, name, policies[0].origin, policies=tuple(_once(policies)))
        yield from _unread(policies)
    unread = [
        each for each in found if each.type == POLICY and each.mode == "managed" and policy(each.attributes.get("policy")) is None
    ]
    yield from (Miss(each.origin, f"{each.address}: its document", _why(each.attributes.get("policy"))) for each in unread)
    inline = {(text(each.attributes, "role"), str(text(each.attributes, "name"))) for each in found if each.type == INLINE}
    yield from _named_only(found, inline)


def _name(resource: Resource) -> Value:
    return text(resource.attributes, "name") or Hole(f"{resource.address}.name").value


def _role(resource: Resource, more: Sequence[Policy], documents: dict[Value, Resource]) -> Iterator[Role | Miss]:
    attributes = resource.attributes
    trust = policy(attributes.get("assume_role_policy"))
    managed = [_managed(arn, resource, documents) for arn in texts(attributes.get("managed_policy_arns"))]
    policies = tuple(_once([*more, *_inline(resource), *managed]))
    path = text(attributes, "path")
    yield Role(
        key=resource.address,
        name=_name(resource),
        origin=resource.origin,
        arn=text(attributes, "arn"),
        trust=trust,
        policies=policies,
        boundary=text(attributes, "permissions_boundary"),
        path=path.text if path else "/",
    )
    if trust is None and resource.mode == "managed":
        yield Miss(resource.origin, f"{resource.address}: its trust policy", _why(attributes.get("assume_role_policy")))
    yield from _unread(policies)


def _inline(resource: Resource) -> Iterator[Policy]:
    for number, each in enumerate(blocks(resource.attributes, "inline_policy"), 1):
        if each.get("policy"):
            name = text(each, "name")
            yield Policy(name.text if name else f"inline {number}", resource.origin, policy(each["policy"]))


def _attached(resources: Sequence[Resource], documents: dict[Value, Resource]) -> Iterator[Attached]:
    for resource in resources:
        attributes = resource.attributes
        if resource.type == INLINE:
            role, name = text(attributes, "role"), text(attributes, "name")
            # An id of the provider's is `role:name`.
            if role is not None:
                made = Policy(name.text if name else resource.address, resource.origin, policy(attributes.get("policy")))
                yield Attached(role, made)
        elif resource.type in ATTACHING:
            to, what = ATTACHING[resource.type]
            for role in texts(attributes.get(to)):
                for arn in texts(attributes.get(what)):
                    yield Attached(role, _managed(arn, resource, documents))


def _managed(arn: Value, by: Resource, documents: dict[Value, Resource]) -> Policy:
    """A managed policy with its document, where that is here."""
    own = documents.get(arn)
    if own is None:
        return Policy(arn.text.rpartition("/")[2] or arn.text, by.origin, managed=arn)
    name = text(own.attributes, "name")
    return Policy(name.text if name else own.address, own.origin, policy(own.attributes.get("policy")), arn)


def _named_only(resources: Iterable[Resource], known: set[tuple[Value | None, str]]) -> Iterator[Miss]:
    """Policies that an exclusive list names, and that are nowhere."""
    for resource in resources:
        role = text(resource.attributes, "role_name")
        for name in texts(resource.attributes.get("policy_names")) if resource.type == EXCLUSIVE else ():
            if role is not None and (role, name.text) not in known:
                yield Miss(resource.origin, f"{resource.address}: policy {name} of {role}", "its document is in no given file")


def _once(policies: Iterable[Policy]) -> list[Policy]:
    """Each once: the role of a state lists what other resources attach to it as well."""
    kept: dict[str, Policy] = {}
    for each in policies:
        key = each.managed.text if each.managed is not None else f"inline {each.name}"
        if key not in kept or kept[key].document is None:
            kept[key] = each
    return list(kept.values())


def _unread(policies: Iterable[Policy]) -> Iterator[Miss]:
    for each in policies:
        if each.document is None and each.managed is None:
            yield Miss(each.origin, f"{each.origin.name}: policy {each.name}", "its document is not known here")


def _why(found: object) -> str:
    return f"it is not known here: {shown(found.text)}" if isinstance(found, Hole) else "not a policy document"
