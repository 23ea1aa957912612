"""What a request says of a condition key: its values, that it is absent, or that nobody knows."""

from collections.abc import Callable
from enum import Enum


class Unknown(Enum):
    """A key of which it is not known whether the request has it, and with what value."""

    VALUE = "unknown"


UNKNOWN = Unknown.VALUE
# The values of a key that is there; an absent key has none.
Values = tuple[str, ...]
Found = Values | Unknown | None
# A key in lower case to what the request says of it; None is an absent key, as no values are.
Lookup = Callable[[str], Found]
