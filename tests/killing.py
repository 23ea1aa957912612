"""Processes that are killed while they work, by the dozen: each is a fork of one that has everything imported already."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

# A line of arguments on standard input is one fork more. It tells its process id, and `ended` is told once it is gone.
SERVER = """
{code}
import json, os, sys
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        print(os.getpid(), flush=True)
        work(*json.loads(line))
        os._exit(1)
    os.waitpid(child, 0)
    print("ended", flush=True)
"""


@dataclass(frozen=True)
class Forks:
    """The process that forks: what it is asked, and what it and its forks tell."""

    asked: IO[str]
    told: IO[str]

    def begun(self, *arguments: str | Path) -> int:
        """The id of one more process, at `work(*arguments)`, once it has told something about that."""
        print(json.dumps([*map(str, arguments)]), file=self.asked, flush=True)
        child = int(self.told.readline())
        assert self.told.readline().strip() not in ("", "ended")
        return child

    def kill(self, child: int) -> None:
        """End it at once, and wait until it is gone. Raises ProcessLookupError when it has ended by itself."""
        os.kill(child, signal.SIGKILL)
        while (line := self.told.readline().strip()) != "ended":
            assert line


@contextmanager
def forks(code: str, *path: Path) -> Iterator[Forks]:
    """Forks of a process that has run `code`, which defines `work`; it finds modules in `path` too."""
    found = os.pathsep.join([*map(str, path), *filter(None, [os.environ.get("PYTHONPATH")])])
    command = [sys.executable, "-c", SERVER.format(code=code)]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": found},
        text=True,
        start_new_session=True,
    ) as server:
        assert server.stdin
        assert server.stdout
        try:
            yield Forks(server.stdin, server.stdout)
        finally:
            os.killpg(server.pid, signal.SIGKILL)
