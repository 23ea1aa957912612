"""Terraform inside a Python process of its own: `python -m meshrole.terraform.worker REQUEST DESCRIPTOR`.

The request is a JSON file with jobs; a line of JSON goes to the open file descriptor for each step as it ends. A process of its
own, because terraform reads its environment once, when it is loaded, and because it can then be ended as a whole.
"""

import json
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from meshrole.terraform import embedded


def main(request: Path, descriptor: int) -> None:
    """Run every job of the request; the steps of a job one after the other until one fails."""
    asked = json.loads(request.read_text(encoding="utf-8"))
    lock = threading.Lock()
    results = open(descriptor, "w", encoding="utf-8")  # noqa: SIM115

    def tell(**values: Any) -> None:
        with lock:
            results.write(json.dumps(values) + "\n")
            results.flush()

    def run(number: int, job: dict[str, Any]) -> None:
        for index, (command, arguments, accepted) in enumerate(job["steps"]):
            code, output, errors = embedded.run(command, arguments, job["folder"])
            tell(job=number, step=index, code=code, output=output, errors=errors)
            if code not in accepted:
                return

    tell(version=embedded.version())
    with ThreadPoolExecutor(asked["parallel"]) as pool:
        list(pool.map(run, range(len(asked["jobs"])), asked["jobs"]))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
