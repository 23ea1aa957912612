"""Terraform's attributes in the shape of AWS's API, so that one place says what that means.

The provider writes the API's words in small letters, and what the API has several of as blocks of a singular name.
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/appmesh_virtual_node
"""

from typing import Any

from meshrole.importers.tf.data import MAX_DEPTH, Encoded, TooMuchError, as_text

SEVERAL = {
    "listener": "listeners",
    "backend": "backends",
    "weighted_target": "weightedtargets",
    "service": "services",
    "client_alias": "clientaliases",
}


class Terms:
    """What stands in a resource, as the readers of the API's shapes take it."""

    def inside(self, node: Any) -> Any:
        """A text as a Value; maps, lists, true, false and nothing as they are."""
        if node is None or isinstance(node, bool | dict | list):
            return node
        return self.inside(node.data) if isinstance(node, Encoded) else as_text(node)


TERMS = Terms()


def shaped(found: Any, depth: int = 0) -> Any:
    """Blocks as the API has them: those of `SEVERAL` as lists, any other as the one object that it is."""
    if depth > MAX_DEPTH:
        raise TooMuchError("nested without end")
    if not isinstance(found, dict):
        return found
    made: dict[str, Any] = {}
    for name, value in found.items():
        if name in SEVERAL and SEVERAL[name] not in found:
            made[SEVERAL[name]] = [shaped(item, depth + 1) for item in (value if isinstance(value, list) else [value])]
            continue
        inner = value[0] if _is_block(value) and name not in SEVERAL.values() else value
        if inner != []:
            made[name.replace("_", "")] = shaped(inner, depth + 1)
    return made


def _is_block(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)
