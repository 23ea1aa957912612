"""An identity as Terraform blocks: plain resources with literal values, so that a reviewer reads what AWS will hold."""

from collections.abc import Iterator

from meshrole.blueprint.model import Identity, ManagedPolicy, Module, Provider, Role
from meshrole.blueprint.paths import boundary_path, policy_path, trust_path
from meshrole.render.hcl import Block as Block
from meshrole.render.hcl import Expression
from meshrole.render.lattice import document_source

INLINE_POLICY_NAME = "permissions"
# https://docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html
ACCESS_ENTRY = "aws_eks_access_entry"


def identity_blocks(identity: Identity, module: Module) -> Iterator[Block]:
    """Everything of one identity: its roles with their policies, its instance profile, its association, its access entries."""
    for role in identity.roles:
        yield from _role_blocks(role, module, _depends_on(identity, module))
    if identity.has_instance_profile:
        attributes = {"name": identity.role.name, "path": identity.role.path, "role": _reference(identity.role, "name")}
        yield Block("aws_iam_instance_profile", identity.label, attributes | _tags(identity.role))
    if identity.association:
        place = identity.association
        attributes = {
            "cluster_name": place.cluster,
            "namespace": place.namespace,
            "service_account": place.service_account,
            "role_arn": _reference(identity.role, "arn"),
        }
        yield Block("aws_eks_pod_identity_association", identity.label, attributes | _tags(identity.role))
    for entry in identity.entries:
        known = {"cluster_name": entry.cluster, "principal_arn": _reference(identity.role, "arn")}
        groups = {"kubernetes_groups": [entry.group]}
        yield Block(ACCESS_ENTRY, f"{identity.label}-{entry.cluster}", known | groups | _tags(identity.role))


def provider_block(provider: Provider) -> Block:
    """An identity provider of the account."""
    if provider.type == "saml":
        document = Expression(f'file("${{path.module}}/{metadata_path(provider)}")')
        return Block("aws_iam_saml_provider", provider.key, {"name": provider.name, "saml_metadata_document": document})
    attributes = {"url": f"https://{provider.url}", "client_id_list": [provider.audience]}
    return Block("aws_iam_openid_connect_provider", provider.key, attributes)


def boundary_block(boundary: ManagedPolicy, module: Module) -> Block:
    """The permissions boundary that a module makes for its roles."""
    return _policy_block(boundary, boundary_path(), module)


def metadata_path(provider: Provider) -> str:
    """Where a SAML provider's metadata lies in its module."""
    return f"providers/{provider.key}.xml"


def _role_blocks(role: Role, module: Module, depends_on: list[Expression]) -> Iterator[Block]:
    attributes: dict[str, object] = {
        "name": role.name,
        "path": role.path,
        "description": role.description,
        "assume_role_policy": _file(trust_path(role.label)),
        "max_session_duration": role.max_session_hours * 3600,
    }
    if role.boundary:
        attributes["permissions_boundary"] = role.boundary
    attributes |= _tags(role)
    if depends_on:
        attributes["depends_on"] = depends_on
    yield Block("aws_iam_role", role.label, attributes)
    if role.policy:
        policy = {
            "name": INLINE_POLICY_NAME,
            "role": _reference(role, "name"),
            "policy": document_source(policy_path(role.label), role.policy, module),
        }
        yield Block("aws_iam_role_policy", role.label, policy)
    for part in role.parts:
        yield _policy_block(part, policy_path(part.label), module)
        attachment = {"role": _reference(role, "name"), "policy_arn": Expression(f"aws_iam_policy.{part.label}.arn")}
        yield Block("aws_iam_role_policy_attachment", part.label, attachment)
    if role.adopt:
        yield from _exclusive_blocks(role)


def _exclusive_blocks(role: Role) -> Iterator[Block]:
    """An adopted role loses what it was granted before: Terraform holds it to exactly these policies."""
    names = [INLINE_POLICY_NAME] if role.policy else []
    arns = [Expression(f"aws_iam_policy.{part.label}.arn") for part in role.parts]
    name = _reference(role, "name")
    yield Block("aws_iam_role_policies_exclusive", role.label, {"role_name": name, "policy_names": names})
    yield Block("aws_iam_role_policy_attachments_exclusive", role.label, {"role_name": name, "policy_arns": arns})


def _policy_block(policy: ManagedPolicy, path: str, module: Module) -> Block:
    content = document_source(path, policy.document, module)
    return Block("aws_iam_policy", policy.label, {"name": policy.name, "path": policy.path, "policy": content})


def _depends_on(identity: Identity, module: Module) -> list[Expression]:
    """A boundary and a provider are named by ARN, known before they exist; Terraform must still make them first."""
    needed = [boundary_block(module.boundary, module).address] if module.boundary else []
    if identity.depends_on:
        needed.append(provider_block(identity.depends_on).address)
    return [Expression(address) for address in needed]


def _file(path: str) -> Expression:
    return Expression(f'file("${{path.module}}/{path}")')


def _reference(role: Role, attribute: str) -> Expression:
    return Expression(f"aws_iam_role.{role.label}.{attribute}")


def _tags(role: Role) -> dict[str, object]:
    return {"tags": dict(role.tags)} if role.tags else {}
