"""The terraform binary on a copy of the modules, with the provider of a mirror where there is one. Nothing here needs AWS."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from meshrole.errors import TerraformError
from meshrole.terraform import environment, find, run
from meshrole.terraform.settings import Settings, Step, StepResult

MODULES = Path(__file__).parent.parent.parent / "modules"


@dataclass(frozen=True)
class Terraform:
    """The binary, and the copy of modules/ that it may write in."""

    binary: str
    modules: Path
    variables: dict[str, str]
    processes: run.Processes
    needs_init: bool

    def __call__(self, root: Path, command: str, *arguments: str) -> StepResult:
        """Run one command in a folder."""
        return run.execute(self.binary, Step(command, arguments), root, self.variables, self.processes)

    def prepare(self, root: Path) -> None:
        """Install what the root, its tests included, calls: modules, and providers where they are not named directly."""
        step = (
            self(root, "init", "-no-color", "-input=false", "-backend=false")
            if self.needs_init
            else self(root, "get", "-no-color")
        )
        assert step.code == 0, step.output + step.errors


def binary() -> str:
    """The path of a terraform or tofu binary; the test is skipped where there is none."""
    try:
        found = find.binary(Settings(), prefers_embedded=False)
    except TerraformError as error:
        pytest.skip(f"no terraform binary: {error}")
    if found == find.EMBEDDED:
        pytest.skip("no terraform binary on PATH, and the embedded one runs no tests")
    return found


def variables(folder: Path) -> dict[str, str]:
    """What terraform runs with; the folder takes the configuration of its command line."""
    mirror = find.plugin_dir(Settings())
    return {
        **environment.prepared(offline=True, config=environment.write_config(folder, mirror)[0] if mirror else None),
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def copied(folder: Path, variables: dict[str, str]) -> Terraform:
    """A copy of modules/ in the folder, ready for commands with these variables."""
    found = binary()
    modules = shutil.copytree(MODULES, folder / "modules", ignore=shutil.ignore_patterns(".terraform*"))
    mirror = find.plugin_dir(Settings())
    needs_init = mirror is None or find.unpacked_provider(mirror) is None
    return Terraform(found, modules, variables, run.Processes(), needs_init)
