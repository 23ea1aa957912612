"""The flat attributes of old states: `spec.0.listener.#`, `spec.0.listener.123.port`.

https://github.com/hashicorp/terraform/blob/v0.11.15/flatmap/expand.go
"""

from typing import Any

MAX_DEPTH = 60


def expanded(flat: Any) -> dict[str, Any]:
    """Flat attributes as nested ones."""
    tree: dict[str, Any] = {}
    for key, value in flat.items() if isinstance(flat, dict) else ():
        *path, last = str(key).split(".", MAX_DEPTH)
        inner: Any = tree
        for part in path:
            inner = inner.setdefault(part, {}) if isinstance(inner, dict) else {}
        if isinstance(inner, dict) and not isinstance(inner.get(last), dict):
            inner[last] = value
    return {name: _listed(value) for name, value in tree.items()}


def _listed(value: Any) -> Any:
    """A list or a set has its length under `#`, a map under `%`; the keys of a list are its places, those of a set hashes."""
    if not isinstance(value, dict):
        return value
    if "#" in value:
        inner = {key: each for key, each in value.items() if key != "#"}
        return [_listed(inner[key]) for key in sorted(inner, key=lambda key: (len(key), key))]
    return {key: _listed(each) for key, each in value.items() if key != "%"}
