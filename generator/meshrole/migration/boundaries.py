"""Permissions boundaries of the inventory that do not know the new engine's actions."""

from collections.abc import Mapping

from meshrole.blueprint.model import Blueprint
from meshrole.iam.boundary import forbidden
from meshrole.inventory.model import InventoryFile
from meshrole.inventory.values import Path
from meshrole.migration.changes import Changes

# The reason of `iam/boundary.py` for what no statement speaks of; what one denies is somebody's decision.
UNSPOKEN = "none of its statements allows it"


def lacking(blueprint: Blueprint) -> Mapping[str, tuple[str, ...]]:
    """Of each environment the actions that its roles need and that no statement of its boundary allows."""
    found: dict[str, set[str]] = {}
    for root in blueprint.roots:
        limits = root.environment.boundary.statements if root.environment.boundary else ()
        roles = [role for module in root.modules for identity in module.identities for role in identity.roles]
        for role in roles if limits else ():
            for document in (role.policy, *(part.document for part in role.parts)):
                missing = {action for action, _, reason in forbidden(document, limits) if reason == UNSPOKEN}
                found.setdefault(root.environment.name, set()).update(missing)
    return {name: tuple(sorted(actions)) for name, actions in found.items() if actions}


def widen(changes: Changes, file: InventoryFile, missing: Mapping[str, tuple[str, ...]]) -> None:
    """Add these actions to the first Allow on everything in each environment's boundary; where there is none, nothing."""
    for name, actions in missing.items():
        boundary = file.environments[name].permissions_boundary
        path: Path = ("environments", name, "permissions_boundary", "statements")
        for index, statement in enumerate(boundary.statements if boundary else ()):
            if statement.Effect == "Allow" and statement.Resource == ("*",) and not statement.Condition:
                why = f"allows {', '.join(actions)} as well, which roles of this environment need from now on"
                changes.add_items((*path, index, "Action"), actions, why)
                break
