"""What a run of terraform is asked and what it answers."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """`binary` is a path, a name on PATH or `embedded`; `jobs` is how many roots run at a time (None: one for each core)."""

    binary: str | None = None
    plugin_dir: Path | None = None
    jobs: int | None = None


@dataclass(frozen=True)
class Event:
    """A step of a root that begins or (`done`) ends, after so many seconds."""

    root: str
    step: str
    index: int
    total: int
    done: bool
    seconds: float


Listener = Callable[[Event], None]


@dataclass(frozen=True)
class Step:
    """One terraform command: its name, its options and arguments, and the exit codes that are no failure."""

    command: str
    arguments: tuple[str, ...] = ()
    accepted: tuple[int, ...] = (0,)


@dataclass(frozen=True)
class Job:
    """The steps of one root, run in `folder` until one fails."""

    root: str
    folder: Path
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class StepResult:
    """What a step printed and how it ended."""

    step: Step
    code: int
    output: str
    errors: str


@dataclass(frozen=True)
class RootResult:
    """What a run says of one root; `plan_file` is where its plan was written as JSON."""

    root: str
    warnings: tuple[str, ...]
    summary: str
    plan_file: Path | None = None


@dataclass(frozen=True)
class Run:
    """`tool` is what ran, with its version."""

    tool: str
    results: tuple[RootResult, ...]
