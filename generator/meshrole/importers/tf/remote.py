"""Another root's outputs: `terraform_remote_state` names the state of a root, which may be among the given files.

https://developer.hashicorp.com/terraform/language/state/remote-state-data
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from meshrole.importers.tf.data import known
from meshrole.importers.tf.evaluate import evaluate

if TYPE_CHECKING:
    from meshrole.importers.tf.module import Module

# What tells one state of a backend from another one. https://developer.hashicorp.com/terraform/language/backend
TELLING = ("bucket", "key", "prefix", "container_name", "storage_account_name", "path", "organization", "workspaces", "name")


def root_of(roots: list["Module"], attributes: Mapping[str, Any]) -> "Module | None":
    """The root whose state a data source names; None where none does, or several."""
    kind, config = known(attributes.get("backend")), attributes.get("config")
    if isinstance(config, list):
        config = config[0] if config else None
    wanted = _telling(config) if isinstance(config, dict) else {}
    found = [root for root in roots if wanted and _written(root) == (kind, wanted)]
    return found[0] if len(found) == 1 else None


def _written(root: "Module") -> tuple[str | None, dict[str, str]]:
    placed = root.config.backend
    if placed is None:
        return None, {}
    attributes = {name: evaluate(each.expression, root.scope) for name, each in placed.block.attributes.items()}
    return placed.block.labels[0] if placed.block.labels else None, _telling(attributes)


def _telling(attributes: Mapping[str, Any]) -> dict[str, str]:
    return {name: text for name in TELLING if (text := known(attributes.get(name))) is not None}
