"""Every proof about an inventory of 100, 1,000 and 10,000 workloads, beside only checking and only generating it."""

import shutil
import sys
from pathlib import Path

from inventories import inventory
from measure import MESHROLE, Cost, cost, interleaved, scratch, table

ROUNDS = {100: 5, 1_000: 5, 10_000: 3}
CPU_LIMITS = {1_000: 5.0, 10_000: 60.0}
MEMORY_LIMIT = 2_048


def main() -> None:
    """Print a table for each size, whether it is within its limits, and whether the cost of a workload grows."""
    found: dict[int, Cost] = {}
    with scratch() as name:
        folder = Path(name)
        for size, rounds in ROUNDS.items():
            path = folder / f"{size}.yaml"
            path.write_text(inventory(size))
            tasks = {
                "meshrole check": lambda path=path: cost([*MESHROLE, "check", "-q", path]),
                "meshrole generate": lambda path=path: generated(folder, path),
                "meshrole verify": lambda path=path: cost([*MESHROLE, "verify", path]),
            }
            costs = interleaved(rounds, **tasks)
            found[size] = costs["meshrole verify"]
            table(f"verify, {size:,} workloads", list(costs.items()), "meshrole check")
    for size, limit in CPU_LIMITS.items():
        state = "within" if found[size].cpu <= limit and found[size].memory <= MEMORY_LIMIT else "OVER"
        print(f"{size:,} workloads: {state} {limit:.0f} s of CPU and {MEMORY_LIMIT:,} MB")
    small, large = found[1_000].cpu / 1_000, found[10_000].cpu / 10_000
    print(f"CPU of one workload at 10,000 against 1,000: {large / small:.2f}")


def generated(folder: Path, path: Path) -> Cost:
    """The cost of a first run of generate, into an empty place."""
    shutil.rmtree(folder / "out", ignore_errors=True)
    return cost([*MESHROLE, "generate", "-q", path, "--out", folder / "out"])


if __name__ == "__main__":
    sys.exit(main())
