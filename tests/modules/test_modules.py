"""Every module under modules/: its files, its documentation, and its own tests."""

import json
import runpy
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import hcl2
import pytest

from meshrole.terraform import environment, run
from meshrole.terraform.settings import Step, StepResult
from modules.terraform_cli import MODULES, Terraform, binary, copied

DOCS = runpy.run_path(str(MODULES.parent / "scripts" / "module_docs.py"))
NAMES = sorted(folder.name for folder in MODULES.iterdir() if folder.is_dir())
FILES = ("main.tf", "variables.tf", "outputs.tf", "versions.tf", "README.md", "examples/complete/main.tf", "tests/*.tftest.hcl")
# Fewer cannot tell each option on from the option off, or a refused argument from an accepted one.
FEWEST_RUNS = 4
AT_ONCE = 2

each_module = pytest.mark.parametrize("module", NAMES)


@each_module
def test_it_has_the_standard_files(module):
    missing = [pattern for pattern in FILES if not any((MODULES / module).glob(pattern))]
    assert not missing


@each_module
def test_its_readme_says_what_its_code_says(module):
    readme = (MODULES / module / "README.md").read_text(encoding="utf-8")
    assert DOCS["documented"](readme, MODULES / module) == readme, "python scripts/module_docs.py"


@each_module
def test_every_input_and_output_is_described(module):
    folder = MODULES / module
    described = [*DOCS["variables"](folder), *DOCS["outputs"](folder)]
    assert described
    assert [each.name for each in described if not each.description.endswith(".")] == []


@each_module
def test_inputs_and_outputs_are_where_they_are_documented_from(module):
    files = [path for path in (MODULES / module).glob("*.tf") if path.name not in ("variables.tf", "outputs.tf")]
    elsewhere = [path.name for path in files for kind in ("variable", "output") if any(DOCS["blocks"](path, kind))]
    assert elsewhere == []


@each_module
def test_it_reads_nothing_from_aws(module):
    """A data source would need credentials for a plan."""
    files = [path for path in (MODULES / module).rglob("*.tf") if ".terraform" not in path.parts]
    assert [str(path) for path in files if hcl2.loads(path.read_text(encoding="utf-8")).get("data")] == []


@pytest.mark.terraform
@each_module
def test_it_is_formatted(module):
    step = Step("fmt", ("-check", "-recursive", "-diff", "-no-color"))
    outcome = run.execute(binary(), step, MODULES / module, environment.prepared(offline=True, config=None), run.Processes())
    assert outcome.code == 0, outcome.output + outcome.errors


@pytest.fixture(scope="session")
def own_tests(request, tmp_path_factory, attaching):
    """The running tests of each module that is asked for."""
    terraform = copied(tmp_path_factory.mktemp("modules"), attaching)
    asked = {
        item.callspec.params["module"] for item in request.session.items if item.originalname == test_its_own_tests_pass.__name__
    }
    pool = ThreadPoolExecutor(AT_ONCE)
    yield {module: pool.submit(run_own_tests, terraform, terraform.modules / module) for module in sorted(asked)}
    terraform.processes.stop()
    pool.shutdown(cancel_futures=True)


def run_own_tests(terraform: Terraform, module: Path) -> StepResult:
    """`terraform test` of a module, one JSON object a line."""
    terraform.prepare(module)
    return terraform(module, "test", "-json")


@pytest.mark.terraform
@each_module
def test_its_own_tests_pass(module, own_tests: dict[str, Future]):
    outcome = own_tests[module].result()
    lines = [json.loads(line) for line in outcome.output.splitlines() if line.startswith("{")]
    assert failures(lines) == []
    assert outcome.code == 0, outcome.output + outcome.errors
    assert len(statuses(lines)) >= FEWEST_RUNS


def statuses(lines: list[dict]) -> dict[tuple[str, str], str]:
    """How each run block ended: by its file and name."""
    ended = [line["test_run"] for line in lines if line["type"] == "test_run" and line["test_run"]["progress"] == "complete"]
    return {(run["path"], run["run"]): run["status"] for run in ended}


def failures(lines: list[dict]) -> list[str]:
    """Every run block that did not pass, and every error with what it is about."""
    ended = [f"{path}: run {name}: {status}" for (path, name), status in statuses(lines).items() if status != "pass"]
    errors = [line for line in lines if line["type"] == "diagnostic" and line["diagnostic"]["severity"] == "error"]
    return ended + [
        f"{line.get('@testfile', '')}: run {line.get('@testrun', '')}: {line['diagnostic']['summary']}: {line['diagnostic']['detail']}"
        for line in errors
    ]
