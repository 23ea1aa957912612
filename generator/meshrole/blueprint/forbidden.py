"""Grants that the permissions boundary would not let through: they look granted and are not.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
"""

from collections.abc import Iterator

from meshrole.blueprint.model import Blueprint, Role, Root
from meshrole.errors import Problem
from meshrole.iam import boundary
from meshrole.iam.policy import Document

SHOWN = 3


def dead_grants(blueprint: Blueprint) -> Iterator[Problem]:
    """A problem for each grant of a role that its boundary forbids, where the content of that boundary is known."""
    for root in blueprint.roots:
        given = root.environment.boundary
        for module in root.modules:
            limits = module.boundary.document if module.boundary else given.statements if given else ()
            for identity in module.identities if limits else ():
                for role in identity.roles:
                    yield from _of_role(role, limits, root)


def _of_role(role: Role, limits: Document, root: Root) -> Iterator[Problem]:
    documents = (role.policy, *(part.document for part in role.parts))
    dead = [item for document in documents for item in boundary.forbidden(document, limits)]
    if dead:
        shown = [f"{action} on {resource}" for action, resource, _ in dead[:SHOWN]]
        more = f" and {len(dead) - SHOWN} more" if len(dead) > SHOWN else ""
        given = root.environment.boundary
        place = f"environments.{root.environment.name}.permissions_boundary" if given else "guardrails.permissions_boundary"
        yield Problem(
            f"role {role.name} asks for what its permissions boundary forbids",
            path=role.source,
            found=", ".join(shown) + more,
            help=f"{dead[0][2]}; change the permission, or {place}",
        )
