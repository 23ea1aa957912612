"""Where people and pipelines come from, resolved. All frozen."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Provider:
    """An identity provider. `key` is its name in the inventory; the other fields are empty where its type has none."""

    key: str
    type: str
    is_created: bool
    name: str
    url: str
    audience: str
    region: str
    metadata: str
    session_tags: tuple[str, ...]
    source_identity: bool
    path: tuple[str | int, ...]
