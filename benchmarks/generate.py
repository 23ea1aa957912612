"""Generate at 100, 1,000 and 10,000 workloads, against plain Python that writes the same bytes, and against peers."""

import importlib.util
import shutil
import sys
from pathlib import Path

from inventories import inventory
from measure import MESHROLE, Cost, cost, interleaved, scratch, table

HERE = Path(__file__).parent
PEERS = {
    "policy_sentry (policies only)": ("policy_sentry", "peer_policy_sentry.py"),
    "cdktn (roles and policies)": ("cdktn", "peer_cdktn.py"),
}
ROUNDS = {100: 5, 1_000: 5, 10_000: 3}


def main() -> None:
    """Print a table for each size, and whether the cost of a workload grows."""
    found: dict[int, Cost] = {}
    with scratch() as name:
        folder = Path(name)
        for size, rounds in ROUNDS.items():
            path = folder / f"{size}.yaml"
            path.write_text(inventory(size))
            tasks = {
                "plain Python, same bytes": lambda path=path: fresh(
                    folder, [sys.executable, HERE / "floor.py", path, folder / "out"]
                ),
                "meshrole generate": lambda path=path: fresh(
                    folder, [*MESHROLE, "generate", "-q", path, "--out", folder / "out"]
                ),
            }
            for peer, (module, script) in PEERS.items():
                if size <= 1_000 and importlib.util.find_spec(module):
                    tasks[peer] = lambda path=path, script=script: fresh(
                        folder, [sys.executable, HERE / script, path, folder / "out"]
                    )
            costs = interleaved(rounds, **tasks)
            found[size] = costs["meshrole generate"]
            table(f"generate, {size:,} workloads", list(costs.items()), "plain Python, same bytes")
    small, large = found[1_000].cpu / 1_000, found[10_000].cpu / 10_000
    print(f"\nCPU of one workload at 10,000 against 1,000: {large / small:.2f}")
    missing = [module for module, _ in PEERS.values() if not importlib.util.find_spec(module)]
    if missing:
        print(f"not installed here, so not measured: {', '.join(missing)}")


def fresh(folder: Path, command: list) -> Cost:
    """The cost of a first run, into an empty place."""
    shutil.rmtree(folder / "out", ignore_errors=True)
    return cost(command)


if __name__ == "__main__":
    main()
