"""The offline plans of every example, made once: what `verify` is tried on is what Terraform says, not what we think it says."""

import json
import shutil
from pathlib import Path

import pytest

from meshrole.terraform.journeys import plan as plan_roots
from meshrole.terraform.settings import Settings

ROOT = Path(__file__).parents[3]
EXAMPLES = ROOT / "examples"
ROOTS = [(path.parts[-4], path.parts[-2]) for path in sorted(EXAMPLES.glob("*/terraform/*/main.tf"))]


@pytest.fixture(scope="session")
def plan_texts(tmp_path_factory) -> dict[str, str]:
    """The JSON of each root's plan, by story and root."""
    scratch = tmp_path_factory.mktemp("plans")
    shutil.copytree(ROOT / "modules", scratch / "roots" / "modules")
    for story, root in ROOTS:
        shutil.copytree(EXAMPLES / story / "terraform" / root, scratch / "roots" / f"{story}.{root}")
    plan_roots(scratch / "roots", Settings(), lambda _: None, offline=True, out=scratch / "json")
    return {path.stem: path.read_text() for path in (scratch / "json").glob("*.json")}


@pytest.fixture
def plan_of(plan_texts):
    """`plan_of(story, root)`: a plan that a test may change."""
    return lambda story, root: json.loads(plan_texts[f"{story}.{root}"])
