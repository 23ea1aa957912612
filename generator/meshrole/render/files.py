"""A blueprint to {path: bytes}: one template for each kind of Terraform file, policies as JSON beside them."""

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import jinja2

from meshrole.blueprint import paths
from meshrole.blueprint.audit.places import GLOBAL_REGION
from meshrole.blueprint.model import Blueprint, Module, Role, Root, text
from meshrole.render import blocks, hcl
from meshrole.render.audit_files import audit_documents, audit_templates, call_arguments, output_name, readme_values
from meshrole.render.beside import beside_files
from meshrole.render.hcl import Expression
from meshrole.render.lattice import document_text, lattice_values, makes_ids, retired, waits_for

# What a retired identity may have had; Terraform forgets what is in its state and passes over the rest.
RETIRED_TYPES = ("aws_iam_role", "aws_iam_role_policy")
RETIRED_HELPERS = ("", "-execution")
RETIRED_EXTRAS = ("aws_iam_instance_profile", "aws_eks_pod_identity_association")


class Move(NamedTuple):
    """A `moved` block."""

    old: Expression
    new: Expression


class Adoption(NamedTuple):
    """An `import` block: the address of a role and its name in AWS."""

    address: Expression
    id: str


def render(blueprint: Blueprint, module_source: str | None = None) -> dict[str, bytes]:
    """The path of every file (with / between folders) and its content.

    `module_source` is a Terraform source that has the hand-written modules; None: they lie beside the roots, in `modules/`.
    """
    return {path: content.encode() for root in blueprint.roots for path, content in _root_files(root, blueprint, module_source)}


def _root_files(root: Root, blueprint: Blueprint, module_source: str | None) -> Iterator[tuple[str, str]]:
    name = root.environment.name
    environment = {
        "region": root.environment.region,
        "account": root.environment.account,
        "tags": {**dict(root.environment.tags), "meshrole:environment": name},
    }
    for file in ("terraform.tf", "providers.tf"):
        yield f"{name}/{file}", _text(file, environment=environment)
    moved = [Move(Expression(f"module.{item.was}"), Expression(f"module.{item.name}")) for item in root.modules if item.was]
    yield f"{name}/main.tf", _text("main.tf", calls=list(map(_call, root.modules)), moved=moved, adopted=list(_adoptions(root)))
    for module in root.modules:
        for path, content in _module_files(module):
            yield f"{name}/{module.name}/{path}", content
    for path, template, values in audit_templates(root, module_source):
        yield f"{name}/{path}", _text(template, **values)
    for path, content in audit_documents(root):
        yield f"{name}/{path}", content
    if any(alarms.is_global for alarms in root.audit.alarms):
        there = {**environment, "region": GLOBAL_REGION[root.environment.partition]}
        yield f"{name}/providers-global.tf", _text("providers-global.tf", environment=there)
    about = readme_values(root, blueprint)
    if about:
        yield f"{name}/README.md", _text("README.md", **about)


def _call(module: Module) -> tuple[str, dict[str, object]]:
    """The name and the arguments of a call of a generated module."""
    waiting = waits_for(module)
    return module.name, {"source": f"./{module.name}", **({"lattice": waiting} if waiting else {})}


def _module_files(module: Module) -> Iterator[tuple[str, str]]:
    identities = [(identity.title, list(blocks.identity_blocks(identity, module))) for identity in module.identities]
    yield (
        "identities.tf",
        _text(
            "identities.tf",
            providers=[blocks.provider_block(provider) for provider in module.providers],
            identities=identities,
            moved=list(_moves(module)),
            removed=[Expression(address) for name in module.retired for address in _retired(name, module)],
        ),
    )
    if module.boundary:
        yield "boundary.tf", _text("boundary.tf", block=blocks.boundary_block(module.boundary, module))
        yield paths.boundary_path(), document_text(module.boundary.document)
    yield "outputs.tf", _text("outputs.tf", outputs=_outputs(module))
    for provider in module.providers:
        if provider.type == "saml":
            yield blocks.metadata_path(provider), provider.metadata
    for identity in module.identities:
        for role in identity.roles:
            yield from _documents(role)
    lattice = lattice_values(module)
    if lattice:
        yield "lattice.tf", _text("lattice.tf", **lattice)
    yield from beside_files(module)


def _documents(role: Role) -> Iterator[tuple[str, str]]:
    yield paths.trust_path(role.label), text(role.trust)
    if role.policy:
        yield paths.policy_path(role.label), document_text(role.policy)
    for part in role.parts:
        yield paths.policy_path(part.label), document_text(part.document)


def _adoptions(root: Root) -> Iterator[Adoption]:
    for module in root.modules:
        for identity in module.identities:
            for role in identity.roles:
                if role.adopt:
                    yield Adoption(Expression(f"module.{module.name}.aws_iam_role.{role.label}"), role.adopt)


def _moves(module: Module) -> Iterator[Move]:
    """Every resource of a renamed identity, so that Terraform follows it instead of making it anew."""
    for identity in module.identities:
        if identity.was is None:
            continue
        for block in blocks.identity_blocks(identity, module):
            old = identity.was + block.label.removeprefix(identity.label)
            yield Move(Expression(f"{block.type}.{old}"), Expression(block.address))


def _retired(name: str, module: Module) -> Iterator[str]:
    """What a retired identity may have had: the helpers that an engine gives the others of its mesh, too."""
    others = {role.label.removeprefix(identity.label) for identity in module.identities for role in identity.roles}
    for helper in (*RETIRED_HELPERS, *sorted(others.difference(RETIRED_HELPERS))):
        yield from (f"{kind}.{name}{helper}" for kind in RETIRED_TYPES)
    yield from (f"{kind}.{name}" for kind in RETIRED_EXTRAS)
    clusters = {entry.cluster for identity in module.identities for entry in identity.entries}
    yield from (f"{blocks.ACCESS_ENTRY}.{name}-{cluster}" for cluster in sorted(clusters))
    yield from retired(name, module)


def _outputs(module: Module) -> dict[str, tuple[str, dict[str, Expression] | Expression]]:
    """The ARN of every role, and the name of every instance profile, by label."""
    roles = [role for identity in module.identities for role in identity.roles]
    outputs: dict[str, tuple[str, dict[str, Expression] | Expression]] = {
        "role_arns": (
            "The ARN of each role, by identity.",
            {role.label: Expression(f"aws_iam_role.{role.label}.arn") for role in roles},
        )
    }
    profiled = [identity.label for identity in module.identities if identity.has_instance_profile]
    if profiled:
        outputs["instance_profile_names"] = (
            "The name of each instance profile, by identity.",
            {label: Expression(f"aws_iam_instance_profile.{label}.name") for label in profiled},
        )
    if makes_ids(module):
        about = "The ids of the service network and of the services that are made here."
        outputs["lattice"] = (about, Expression(f"local.lattice.{module.name}"))
    return outputs


def _text(template: str, **values: Any) -> str:
    return _templates().get_template(f"{template}.jinja").render(**values)


@cache
def _templates() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("meshrole.render"),
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
        # HCL is not HTML: `hcl` and `body` do the quoting.
        autoescape=False,
    )
    environment.filters |= {
        "hcl": hcl.literal,
        "body": hcl.body,
        "expression": Expression,
        "comment": _comment,
        "arguments": call_arguments,
        "output": output_name,
    }
    return environment


def _comment(text: str) -> str:
    """One line of comment, whatever is in it."""
    return "# " + " ".join(str(text).split())
