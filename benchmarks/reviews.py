"""`meshrole review` on plans of 10 to 5,000 roles, of which one in ten changes by one action.

The plans are made of the pieces of a real one: `tests/review/plans/edits.json`, made by terraform.
"""

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from measure import MESHROLE, cost, interleaved, scratch, table
from review_peers import PEERS, Peer, ours

SIZES = (10, 100, 500, 5_000)
ROUNDS = 3
CHANGED_ONE_IN = 10
TYPER = "the smallest program of Typer"
PLANS = Path(__file__).parents[1] / "tests" / "review" / "plans"
PLAN, CHECKS = PLANS / "edits.json", PLANS / "checks"
# The dangerous ones among the edits of PLAN, and the addresses where one may say so.
DANGERS = {
    "an action more": ("aws_iam_role.checkout", "aws_iam_role_policy.checkout"),
    "a wildcard": ("aws_iam_role.wildcard", "aws_iam_role_policy.wildcard"),
    "a condition dropped": ("aws_iam_role.dropped", "aws_iam_role_policy.dropped"),
    "a condition loosened": ("aws_iam_role.loosened", "aws_iam_role_policy.loosened"),
    "a Deny removed": ("aws_iam_role.lifted", "aws_iam_role_policy.lifted"),
    "a boundary removed": ("aws_iam_role.bounded",),
    "a branch widened": ("aws_iam_role.release_managers",),
    "a bucket opened": ("aws_s3_bucket_policy.logs",),
    "a managed policy attached": ("aws_iam_role.attached", "aws_iam_role_policy_attachment.attached"),
    "a role handed to pods": ("aws_iam_role.pods", "aws_eks_pod_identity_association.pods"),
}
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
        folder = Path(temporary)
        os.environ |= {"PYTHONPYCACHEPREFIX": temporary, "PYTHONDONTWRITEBYTECODE": ""}
        for peer in PEERS:
            if peer.missing:
                print(f"review: {peer.name}: {peer.missing}")
        _speed(folder, [peer for peer in PEERS if not peer.missing])
        _sight(folder, [peer for peer in PEERS if not peer.missing])


def _speed(folder: Path, peers: list[Peer]) -> None:
    """CPU and memory of each size, beside Python's own start and that of Typer's smallest program."""
    hello = folder / "hello.py"
    hello.write_text("import typer\ntyper.run(lambda: None)\n")
    tasks: dict[str, list[str | Path]] = {"python -c pass": [sys.executable, "-c", "pass"], TYPER: [sys.executable, hello]}
    for size in SIZES:
        path = folder / f"{size}.json"
        subprocess.run([sys.executable, __file__, path, str(size)], check=True)
        name = f"{size:,} roles, {path.stat().st_size / 1e6:.1f} MB"
        tasks[f"{name}: meshrole"] = [*MESHROLE, "review", path, "--fail-on", "never"]
        tasks |= {f"{name}: {peer.name}": peer.command(path) for peer in peers if size <= peer.largest}
    # An installed package has its bytecode: the first run of each is what writes it, and is not measured.
    for command in tasks.values():
        cost(command)
    rows = interleaved(ROUNDS, **{name: lambda command=command: cost(command) for name, command in tasks.items()})
    table("review of a plan", list(rows.items()), floor=TYPER)


def _sight(folder: Path, peers: list[Peer]) -> None:
    """How many of the seeded faults and of the dangerous changes each says anything of, at the address that they are at.

    A fault is seen by whatever is said of its address and not of the repaired twin's, whether or not it names the fault.
    """
    sys.path.append(str(CHECKS))
    from seeded import seeded

    paths = {name: folder / f"{name}.json" for name in ("faults", "repaired")}
    for name, path in paths.items():
        path.write_bytes(gzip.decompress((CHECKS / f"faults-{name}.json.gz").read_bytes()))
    faults = [address for _, address in seeded()]
    us = Peer("meshrole", lambda path: [*MESHROLE[1:], "review", path, "--format", "json", "--fail-on", "never"], ours)
    os.environ["MESHROLE_PEER_MESHROLE"] = MESHROLE[0]
    print(f"\nwhat is seen\n{'':<24}{'faults':>12}{'on the twin':>14}{'changes':>12}")
    for peer in (us, *peers):
        found, twin, edits = (peer.review(path) for path in (*paths.values(), PLAN))
        new = {address for _, address in found - twin}
        alarms = sum(rule != "change" for rule, _ in twin)
        told = {address for _, address in edits}
        seen = sum(not told.isdisjoint(addresses) for addresses in DANGERS.values())
        seen_faults = f"{sum(address in new for address in faults)}/{len(faults)}"
        print(f"{peer.name:<24}{seen_faults:>12}{alarms:>14}{f'{seen}/{len(DANGERS)}':>12}")


if __name__ == "__main__":
    main()
