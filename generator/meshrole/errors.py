"""What can go wrong, and the exit code of each.

    MeshroleError                        exit
    ├── InputError      the input is wrong       3
    ├── BuildError      AWS would refuse it      4
    ├── OutputError     the folder is not ours   5
    ├── TerraformError  the binary failed        6
    └── PlanError       the plan is unreadable   7

Exit 0 is done, 1 a bug in meshrole, 2 wrong usage of the command line, 10 findings. One place catches: `cli`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

FINDINGS = 10
# What an inventory says is shown on terminals and in logs; control characters of it must not steer them.
VISIBLE = {number: f"\\x{number:02x}" for number in (*range(9), *range(11, 32), *range(0x7F, 0xA0))}


@dataclass(frozen=True)
class Place:
    """A position in a file: `line` and `column` count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where it is, what was found, what would have been right."""

    message: str
    place: Place | None = None
    path: tuple[str | int, ...] = ()
    found: str | None = None
    allowed: tuple[str, ...] = ()
    help: str | None = None

    def __str__(self) -> str:
        lines = [f"{self.place}: {self.message}" if self.place else self.message]
        if self.path:
            lines.append(f"  at {' > '.join(str(step) for step in self.path)}")
        if self.found is not None:
            lines.append(f"  found: {self.found}")
        if self.allowed:
            lines.append(f"  allowed: {', '.join(self.allowed)}")
        if self.help:
            lines.append(f"  help: {self.help}")
        return "\n".join(lines).translate(VISIBLE)


class MeshroleError(Exception):
    """Anything that meshrole refuses to go on with. `problems` is never empty."""

    exit_code = 1

    def __init__(self, problems: Iterable[Problem] | Problem | str) -> None:
        if isinstance(problems, str):
            problems = Problem(problems)
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class InputError(MeshroleError):
    """The inventory, or another file given to us, is wrong."""

    exit_code = 3


class BuildError(MeshroleError):
    """What the inventory asks for cannot exist in AWS: a quota, a name, a size."""

    exit_code = 4


class OutputError(MeshroleError):
    """The output folder holds something that is not ours to change."""

    exit_code = 5


class TerraformError(MeshroleError):
    """The terraform binary is missing or failed."""

    exit_code = 6


class PlanError(MeshroleError):
    """A plan file cannot be read."""

    exit_code = 7
