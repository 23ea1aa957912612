"""The faults that `faults/faults` was seeded with, as its remarks say: `# fault 12: trail-deleted (ADDRESS was here)`."""

import re
from collections.abc import Iterator
from pathlib import Path

FAULTS = Path(__file__).parent / "faults" / "faults"
FAULT = re.compile(r"# fault \d+: ([a-z-]+)(?: \((\S+) was here\))?\n")
RESOURCE = re.compile(r'resource "([^"]+)" "([^"]+)"')


def seeded() -> Iterator[tuple[str, str]]:
    """The check that must find each, and the address: of the block below the remark, or the one that is named."""
    for path in sorted(FAULTS.glob("*.tf")):
        text = path.read_text()
        for remark in FAULT.finditer(text):
            block = RESOURCE.search(text, remark.end())
            yield remark[1], remark[2] or f"{block[1]}.{block[2]}"
