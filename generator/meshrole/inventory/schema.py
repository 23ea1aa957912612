"""The JSON Schema of the inventory, for editors: made from the model that reads it, so that the two cannot differ."""

from typing import Any

from meshrole.inventory.descriptions import describe
from meshrole.inventory.model import InventoryFile

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of inventory format version 1, with a description of each key."""
    made = _closed(InventoryFile.model_json_schema(mode="validation"))
    for name, model in [(InventoryFile.__name__, made), *made["$defs"].items()]:
        for key, value in model.get("properties", {}).items():
            value |= {"description": describe(name, key)}
    return {"$schema": DIALECT, "title": "meshrole inventory", **made}


def _closed(node: Any) -> Any:
    """Names that match no pattern are wrong, as they are for the model; titles that only repeat a key's name go."""
    if isinstance(node, list):
        return [_closed(item) for item in node]
    if not isinstance(node, dict):
        return node
    closed = {key: _closed(value) for key, value in node.items() if not (key == "title" and isinstance(value, str))}
    if "patternProperties" in closed:
        closed["additionalProperties"] = False
    return closed
