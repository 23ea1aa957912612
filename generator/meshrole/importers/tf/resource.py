"""One resource, of whichever form of Terraform: what everything below reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from meshrole.importers.origin import Origin


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource (`mode` managed) or a data source with its attributes. `notes` say what of it is not the whole truth."""

    type: str
    address: str
    attributes: Mapping[str, Any]
    origin: Origin
    mode: str = "managed"
    notes: tuple[str, ...] = ()
    account: str | None = None
    region: str | None = None
