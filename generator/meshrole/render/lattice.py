"""What is made in VPC Lattice and who may call it, as Terraform; and how policies refer to ids that are not known yet.

A policy with such ids is a template: `templatefile` puts in the ids of resources of the same root, so that no provider has to
look one up while planning. All other policies are plain JSON.
https://developer.hashicorp.com/terraform/language/functions/templatefile
"""

from collections.abc import Iterator, Mapping
from typing import Any

from meshrole.blueprint.lattice import NETWORK_LABEL, AuthPolicy, Document, LatticeParts, is_open, open_meshes, templated
from meshrole.blueprint.model import Module, text
from meshrole.blueprint.paths import auth_path
from meshrole.render.hcl import Block, Expression

NETWORK, SERVICE = "aws_vpclattice_service_network", "aws_vpclattice_service"
ASSOCIATION, AUTH_POLICY = "aws_vpclattice_service_network_service_association", "aws_vpclattice_auth_policy"
# Without it VPC Lattice passes over every auth policy: https://docs.aws.amazon.com/vpc-lattice/latest/ug/auth-policies.html
SIGNED = {"auth_type": "AWS_IAM"}


def document_text(document: Document) -> str:
    """What is in the file of a policy: its JSON, or a template of it."""
    content = text(document)
    return templated(content.replace("${", "$${").replace("%{", "%%{"), _place) if is_open(document) else content


def document_source(path: str, document: Document, module: Module) -> Expression:
    """The expression that reads a policy's file."""
    if not is_open(document):
        return Expression(f'file("${{path.module}}/{path}")')
    whose = "local" if module.beside.lattice else "var"
    return Expression(f'templatefile("${{path.module}}/{path}", {whose}.lattice)')


def waits_for(module: Module) -> Mapping[str, Expression]:
    """The meshes whose ids a module gets from others: it makes none of them itself."""
    if module.beside.lattice:
        return {}
    roles = [role for identity in module.identities for role in identity.roles]
    documents = [document for role in roles for document in (role.policy, *(part.document for part in role.parts))]
    documents += [module.boundary.document] if module.boundary else []
    return {mesh: Expression(f"module.{mesh}.lattice") for mesh in open_meshes(documents)}


def lattice_files(module: Module) -> Iterator[tuple[str, str]]:
    """(path in the module, text) of the auth policies."""
    for policy in module.beside.lattice.policies if module.beside.lattice else ():
        yield auth_path(policy.label), document_text(policy.document)


def lattice_values(module: Module) -> Mapping[str, Any] | None:
    """What the template needs; None for a module that has nothing to do with VPC Lattice."""
    parts = module.beside.lattice
    if parts is None:
        return {"blocks": (), "ids": {}, "is_waiting": True} if waits_for(module) else None
    made = {service.name for service in parts.lattice.services if service.is_made}
    blocks = [*_made(parts), *(_auth_policy(policy, policy.label in made, parts, module) for policy in parts.policies)]
    return {"blocks": blocks, "ids": _ids(parts), "is_waiting": False}


def retired(name: str, module: Module) -> Iterator[str]:
    """What a retired workload's service may have had here: AWS keeps it with the role. A service that stays is none of it."""
    parts = module.beside.lattice
    if parts and name not in {service.name for service in parts.lattice.services}:
        yield from (f"{kind}.{name}" for kind in (ASSOCIATION, AUTH_POLICY, SERVICE))


def makes_ids(module: Module) -> bool:
    """Whether other modules may wait for ids of this one."""
    return module.beside.lattice is not None and module.beside.lattice.makes_any


def _place(mesh: str, service: str | None) -> str:
    return f"${{{mesh}.services.{service}}}" if service else f"${{{mesh}.network}}"


def _made(parts: LatticeParts) -> Iterator[Block]:
    lattice, tags = parts.lattice, {"tags": dict(parts.tags)}
    if lattice.is_made:
        yield Block(NETWORK, parts.mesh, {"name": lattice.aws_name, **SIGNED, **tags})
    for service in lattice.services:
        if service.is_made:
            yield Block(SERVICE, service.name, {"name": service.aws_name, **SIGNED, **tags})
            joined = {
                "service_identifier": _made_here(SERVICE, service.name, "id"),
                "service_network_identifier": _network(parts, "id"),
            }
            yield Block(ASSOCIATION, service.name, {**joined, **tags})


def _auth_policy(policy: AuthPolicy, is_of_made: bool, parts: LatticeParts, module: Module) -> Block:
    """One line without newlines is what VPC Lattice takes, and `jsonencode` writes.

    https://docs.aws.amazon.com/vpc-lattice/latest/APIReference/API_PutAuthPolicy.html
    """
    own: object = _made_here(SERVICE, policy.label, "arn") if is_of_made else policy.of
    attributes: dict[str, object] = {
        "resource_identifier": _network(parts, "arn") if policy.label == NETWORK_LABEL else own,
        "policy": Expression(f"jsonencode(jsondecode({document_source(auth_path(policy.label), policy.document, module)}))"),
    }
    if policy.roles:
        # A principal that is not there yet would be refused.
        attributes["depends_on"] = [Expression(f"aws_iam_role.{label}") for label in policy.roles]
    return Block(AUTH_POLICY, policy.label, attributes)


def _network(parts: LatticeParts, attribute: str) -> object:
    """One that exists by its ARN: that of another account is known by nothing else."""
    return _made_here(NETWORK, parts.mesh, attribute) if parts.lattice.is_made else parts.network_arn


def _ids(parts: LatticeParts) -> Mapping[str, object]:
    if not parts.makes_any:
        return {}
    lattice = parts.lattice
    services = {item.name: _made_here(SERVICE, item.name, "id") for item in lattice.services if item.is_made}
    network = _made_here(NETWORK, parts.mesh, "id") if lattice.is_made else lattice.network
    return {parts.mesh: {"network": network, "services": services}}


def _made_here(kind: str, label: str, attribute: str) -> Expression:
    return Expression(f"{kind}.{label}.{attribute}")
