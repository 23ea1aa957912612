"""Grants that the permissions boundary would not let through: they look granted and are not.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
"""

from collections.abc import Iterator

from meshrole.blueprint.model import Blueprint, Role, Root
from meshrole.errors import Problem
from meshrole.iam import boundary
from meshrole.iam.policy import Document


def dead_grants(blueprint: Blueprint) -> Iterator[Problem]:
    """A problem for each grant of a role that the boundary of its environment forbids, where its content is known."""
    for root in blueprint.roots:
        given = root.environment.boundary
        if given is not None and given.statements:
            for module in root.modules:
                for identity in module.identities:
                    for role in identity.roles:
                        yield from _of_role(role, given.statements, root)


def _of_role(role: Role, limits: Document, root: Root) -> Iterator[Problem]:
    where = f"environments.{root.environment.name}.permissions_boundary"
    for document in (role.policy, *(part.document for part in role.parts)):
        for action, resource, reason in boundary.forbidden(document, limits):
            yield Problem(
                f"role {role.name} asks for {action}, which its permissions boundary forbids",
                path=role.source,
                found=f"{action} on {resource}",
                help=f"{reason}; change the permission, or {where}",
            )
