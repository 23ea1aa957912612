"""Auth policies of VPC Lattice in a plan, and the ids that its resources have, which policies are written with.

An id that AWS has made up means, to whoever has the inventory only, what stands for it there (`iam/stand_ins.py`).
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/vpclattice_auth_policy
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from meshrole.iam.stand_ins import Made
from meshrole.plans.facts import UNKNOWN, AuthPolicy, Boundary, Document, Facts, Role
from meshrole.plans.resources import Resource, Resources

NETWORK, SERVICE, AUTH_POLICY = "aws_vpclattice_service_network", "aws_vpclattice_service", "aws_vpclattice_auth_policy"
MODULE = "module."


def made_ids(resources: Resources) -> Mapping[str, str]:
    """What stands for each id of a service network or service of these resources that is known."""
    return {text: made.id for item in resources.of(NETWORK, SERVICE) if (text := item.text("id")) and (made := _made(item))}


def auth_policies(resources: Resources, environments: tuple[str, ...]) -> Iterator[AuthPolicy]:
    """Each auth policy with the id of what it is of; None where Terraform has yet to make that and nothing stands for it."""
    for item in resources.of(AUTH_POLICY):
        text = item.text("policy")
        document = Document(f"{item.address}.policy", text, "" if text is not None else UNKNOWN)
        yield AuthPolicy(item.address, _target(item, resources), document, environments)


def with_stand_ins(facts: Facts) -> Facts:
    """The facts with the inventory's word for each id that they know of something that they make."""
    ids = dict(facts.made_ids)
    if not ids:
        return facts
    return replace(
        facts,
        roles=tuple(_role(role, ids) for role in facts.roles),
        strays=tuple(replace(stray, document=_document(stray.document, ids)) for stray in facts.strays),
        auth=tuple(
            replace(each, target=ids.get(each.target or "", each.target), document=_document(each.document, ids))
            for each in facts.auth
        ),
    )


def _made(item: Resource) -> Made | None:
    """A service is called like its resource, and its mesh like the module that it is in."""
    if not item.module.startswith(MODULE):
        return None
    mesh = item.module.removeprefix(MODULE)
    return Made(mesh) if item.type == NETWORK else Made(mesh, item.name)


def _target(item: Resource, resources: Resources) -> str | None:
    text = item.text("resource_identifier")
    if text is not None:
        return text.rpartition("/")[2]
    found = [each for each in resources.referred(item, "resource_identifier") if each.type in (NETWORK, SERVICE)]
    made = _made(found[0]) if len(found) == 1 else None
    return made.id if made else None


def _role(role: Role, ids: Mapping[str, str]) -> Role:
    boundary = role.boundary
    if boundary and boundary.document:
        boundary = Boundary(boundary.arn, _document(boundary.document, ids))
    return replace(role, policies=tuple(_document(each, ids) for each in role.policies), boundary=boundary)


def _document(document: Document, ids: Mapping[str, str]) -> Document:
    text = document.text
    for known, stands_for in ids.items():
        text = text.replace(f"/{known}", f"/{stands_for}") if text else text
    return replace(document, text=text)
