"""One resource, of whichever form of Terraform: what everything below reads."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from meshrole.importers.origin import Origin
from meshrole.importers.tf.attributes import text
from meshrole.importers.tf.data import Hole
from meshrole.importers.values import Value


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource (`mode` managed) or a data source with its attributes.

    `written` are the expressions of a configuration's attributes, `notes` say what of it is not the whole truth.
    """

    type: str
    address: str
    attributes: Mapping[str, Any]
    origin: Origin
    mode: str = "managed"
    notes: tuple[str, ...] = ()
    account: str | None = None
    region: str | None = None
    written: Mapping[str, str] = field(default_factory=dict)

    def named(self, attribute: str) -> Value | None:
        """An attribute that has to be there: its expression, where that is nothing by default; None where it is absent."""
        found = text(self.attributes, attribute)
        return Hole(self.written[attribute]).value if found is None and self.written.get(attribute) else found
