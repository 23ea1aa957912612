"""`meshrole schema`."""

import json


def schema() -> None:
    """Print the JSON Schema of the inventory, for editors."""
    from meshrole.inventory.schema import schema as make

    print(json.dumps(make(), indent=2))
