"""What an engine needs in AWS or in a cluster beside the identities, as frozen values."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Beside:
    """Empty for an engine whose own resources are somebody else's. Each engine that makes something has a field here."""


NOTHING = Beside()
