"""`meshrole schema`."""

import json


def schema() -> None:
    """Print the JSON Schema of the inventory, for editors."""
    from meshrole import pipeline

    print(json.dumps(pipeline.schema(), indent=2))
