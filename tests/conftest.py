"""What every test may use: the command line, run in this process or as a process of its own."""

import io
import os
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).parent.parent
# Every terraform and provider here runs for seconds: collecting garbage less often saves a sixth of their CPU time.
os.environ.setdefault("GOGC", "400")
# Hundreds of Python processes are started here: each reads what the first has compiled.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# How long an example takes is a matter of what else the machine does; tests about time measure it themselves.
settings.register_profile("tests", deadline=None)
settings.load_profile("tests")


@dataclass(frozen=True)
class Outcome:
    """How a command ended, and what it printed."""

    code: int
    output: str
    errors: str


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that all processes of a test run have in common."""
    own = tmp_path_factory.getbasetemp()
    return own if worker_id == "master" else own.parent


@pytest.fixture
def meshrole(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Outcome]:
    """`meshrole(*arguments)`: the command line as `main` runs it, in this process."""

    def run(*arguments: str | Path) -> Outcome:
        from meshrole.cli import main

        monkeypatch.setattr(sys, "argv", ["meshrole", *map(str, arguments)])
        output, errors, code = io.StringIO(), io.StringIO(), 0
        with redirect_stdout(output), redirect_stderr(errors):
            try:
                main()
            except SystemExit as end:
                code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
        return Outcome(code, output.getvalue(), errors.getvalue())

    return run
