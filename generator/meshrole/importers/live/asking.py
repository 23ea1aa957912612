"""What the calls below are made with. Answers are kept as the AWS CLI prints them, and read by the reader of such JSON."""

from collections.abc import Iterator, Mapping
from typing import Any, Protocol


class Asking(Protocol):
    """AWS, asked. What it refuses is kept as a miss, and its answer is nothing."""

    def each(self, service: str, operation: str, key: str, **arguments: Any) -> Iterator[Any]:
        """The items under `key` of every page of a listing, of which nothing is kept."""

    def one(self, service: str, operation: str, **arguments: Any) -> Mapping[str, Any]:
        """An answer, empty where there is none, of which nothing is kept."""

    def keep(self, call: str, answer: Mapping[str, Any]) -> None:
        """Keeps an answer as what `call` printed."""
