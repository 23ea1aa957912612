"""How a check says what it found."""

from collections.abc import Iterable, Sequence

from meshrole.review.model import Confidence, Finding, Severity

SHOWN = 3


def check_id(module: str) -> str:
    """The id of a check: the name of its file, with dashes."""
    return module.rpartition(".")[2].replace("_", "-")


def found(
    module: str, severity: Severity, address: str, message: str, fix: str, confidence: Confidence = Confidence.high
) -> Finding:
    """A finding of the check in `module` (its `__name__`)."""
    return Finding(check_id(module), severity, confidence, address, message, fix)


def some(names: Iterable[str], shown: int = SHOWN) -> str:
    """The first names of some, each once, and how many more there are."""
    row: Sequence[str] = tuple(dict.fromkeys(names))
    rest = f" and {len(row) - shown} more" if len(row) > shown else ""
    return ", ".join(row[:shown]) + rest
