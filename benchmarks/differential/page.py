"""The page that lists every kind of disagreement: tables whose first column is the kind."""

import re
from collections.abc import Iterable
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "differences.md"
KIND = re.compile(r"^\| `([^`]+)` \|", re.MULTILINE)
TITLE = re.compile(r"^## ", re.MULTILINE)


def listed(text: str) -> dict[str, set[str]]:
    """The kinds that each section of the page lists, by the section's title."""
    _, *sections = TITLE.split(text)
    return {section.partition("\n")[0].strip(): set(KIND.findall(section)) for section in sections}


def missing(text: str, peer: str, kinds: Iterable[str]) -> list[str]:
    """The kinds of a peer that the page does not list, in the peer's section."""
    return sorted(set(kinds) - listed(text).get(peer, set()))
