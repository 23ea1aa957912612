"""`meshrole review` on plans of 10 to 5,000 roles, of which one in ten changes by one action.

The plans are made of the pieces of a real one: `tests/review/plans/edits.json`, made by terraform.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from measure import MESHROLE, cost, interleaved, scratch, table

SIZES = (10, 100, 500, 5_000)
ROUNDS = 3
CHANGED_ONE_IN = 10
PLAN = Path(__file__).parents[1] / "tests" / "review" / "plans" / "edits.json"
KINDS = ("aws_iam_role", "aws_iam_role_policy")
# The one that changes is a role of this name; the other one stays.
CHANGED, STAYS = "checkout", "tagged"


def plan(size: int) -> dict[str, Any]:
    """A plan of so many roles with a policy each."""
    real = json.loads(PLAN.read_text())
    made = [piece for number in range(size) for piece in _pieces(real, number)]
    changes, planned, blocks, prior = (list(each) for each in zip(*made, strict=True))
    return real | {
        "resource_changes": changes,
        "planned_values": {"root_module": {"resources": planned}},
        "prior_state": {"format_version": "1.0", "values": {"root_module": {"resources": prior}}},
        "configuration": {"root_module": {"resources": blocks}},
    }


def _pieces(real: Any, number: int) -> Iterator[tuple[Any, Any, Any, Any]]:
    """Of each resource of a role: its change, its planned values, its block, its state."""
    name = CHANGED if number % CHANGED_ONE_IN == 0 else STAYS
    for kind in KINDS:
        address = f"{kind}.{name}"
        root = real["planned_values"]["root_module"]["resources"]
        change = _one(real["resource_changes"], address)
        if name == STAYS:
            change = change | {"change": change["change"] | {"actions": ["no-op"], "after": change["change"]["before"]}}
        blocks = real["configuration"]["root_module"]["resources"]
        prior = real["prior_state"]["values"]["root_module"]["resources"]
        found = (change, _one(root, address), _one(blocks, address), _one(prior, address))
        text = json.dumps(found).replace(name, f"{name}-{number}")
        yield tuple(json.loads(text))


def _one(items: Any, address: str) -> Any:
    return next(item for item in items if item["address"] == address)


def main() -> None:
    """Measure and print. Each plan is written by a process of its own, whose memory is not counted on what is measured."""
    if len(sys.argv) > 2:
        Path(sys.argv[1]).write_text(json.dumps(plan(int(sys.argv[2]))))
        return
    with scratch() as temporary:
        tasks = {}
        for size in SIZES:
            path = Path(temporary) / f"{size}.json"
            subprocess.run([sys.executable, __file__, path, str(size)], check=True)
            command = [*MESHROLE, "review", path, "--fail-on", "never"]
            tasks[f"{size:,} roles, {path.stat().st_size / 1e6:.1f} MB of plan"] = lambda command=command: cost(command)
        rows = list(interleaved(ROUNDS, **tasks).items())
    table("review of a plan", rows)


if __name__ == "__main__":
    main()
