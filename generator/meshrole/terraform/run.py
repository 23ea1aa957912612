"""Running the binary: the one place that imports python-terraform.

python-terraform spells the command lines. Everything else of it is replaced: it takes any attribute for a command, reads the
state after each one, and knows no timeout, no environment of its own and no process group.
"""

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

from python_terraform import Terraform

from meshrole.terraform.settings import Step, StepResult

GRACE_SECONDS = 10


class CommandLine(Terraform):  # type: ignore[misc]
    """python-terraform without its surprises: only `generate_cmd_string` is left."""

    def __getattr__(self, item: str) -> Any:
        raise AttributeError(item)

    def cmd(self, *_: Any, **__: Any) -> NoReturn:
        raise NotImplementedError("run.execute runs commands")

    def read_state_file(self, file_path: str | None = None) -> None:
        """The state is no business of ours."""


class Processes:
    """The process groups that are running, so that all of them can be ended at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[str]] = set()
        self._stopped = False

    def add(self, process: subprocess.Popen[str]) -> None:
        with self._lock:
            self._running.add(process)
            if self._stopped:
                _end(process)

    def remove(self, process: subprocess.Popen[str]) -> None:
        with self._lock:
            self._running.discard(process)

    def stop(self) -> None:
        """End every process and its children: terraform's providers are processes of their own."""
        with self._lock:
            self._stopped = True
            for process in self._running:
                _end(process)


def execute(binary: str, step: Step, folder: Path, environment: Mapping[str, str], processes: Processes) -> StepResult:
    """Run one command in `folder` and wait for it; its two outputs stay apart."""
    line = CommandLine(terraform_bin_path=binary).generate_cmd_string(step.command, *step.arguments)
    process = start(line, folder, environment, processes)
    try:
        output, errors = process.communicate()
    finally:
        processes.remove(process)
    return StepResult(step, process.returncode, output, errors)


def start(line: list[str], folder: Path, environment: Mapping[str, str], processes: Processes) -> subprocess.Popen[str]:
    """A process in a group of its own, known to `processes`."""
    process = subprocess.Popen(
        line,
        cwd=folder,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
    )
    processes.add(process)
    return process


def _end(process: subprocess.Popen[str]) -> None:
    """Ask the whole group to end, and make it end when it does not."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            pass
        os.killpg(process.pid, signal.SIGKILL)
