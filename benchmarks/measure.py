"""CPU seconds and peak memory of whole processes, and tables of them."""

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

MESHROLE = [sys.executable, "-c", "from meshrole.cli import main; main()"]


@dataclass(frozen=True)
class Cost:
    """User and system seconds of a process with its children, and the largest process's peak memory in MB."""

    cpu: float
    memory: float


def cost(command: Sequence[str | Path], cwd: Path | None = None, environment: Mapping[str, str] | None = None) -> Cost:
    """Run a command to its end. Raises RuntimeError with what it said when it fails."""
    process = subprocess.Popen(
        [str(word) for word in command], cwd=cwd, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    _, errors = process.stderr, process.stderr.read() if process.stderr else b""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.stderr:
        process.stderr.close()
    if process.returncode:
        raise RuntimeError(f"{command} ended with {process.returncode}: {errors.decode()[-600:]}")
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def scratch() -> tempfile.TemporaryDirectory[str]:
    """A folder in memory where there is one: flushing a disk would be counted on whoever happens to write."""
    return tempfile.TemporaryDirectory(prefix="meshrole-bench-", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None)


def median(runs: Sequence[Cost]) -> Cost:
    """The median of each figure."""
    return Cost(statistics.median(run.cpu for run in runs), max(run.memory for run in runs))


def interleaved(rounds: int, **tasks: Callable[[], Cost]) -> dict[str, Cost]:
    """Every task in turn, several rounds: what else the machine does meets all of them alike."""
    runs: dict[str, list[Cost]] = {name: [] for name in tasks}
    for _ in range(rounds):
        for name, task in tasks.items():
            runs[name].append(task())
    return {name: median(found) for name, found in runs.items()}


def table(title: str, rows: Sequence[tuple[str, Cost]], floor: str | None = None) -> None:
    """Print the costs, with each one's ratio to the row called `floor`."""
    print(f"\n{title}\n{'':<44}{'CPU s':>9}{'peak MB':>10}{'ratio':>8}")
    base = next((found.cpu for name, found in rows if name == floor), None)
    for name, found in rows:
        ratio = f"{found.cpu / base:.2f}" if base else ""
        print(f"{name:<44}{found.cpu:>9.2f}{found.memory:>10.0f}{ratio:>8}")
