"""Where something was read."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something was read: a file (or an API call), a line (0: none) and what it is called there."""

    file: str
    line: int = 0
    name: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place} {self.name}".rstrip()
