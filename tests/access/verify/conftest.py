"""The offline plans of every example: what `verify` is tried on is what Terraform says, not what we think it says."""

import json

import pytest

import planned


@pytest.fixture(scope="session")
def plan_texts(shared_folder) -> dict[str, str]:
    """The JSON of each root's plan, by story and root."""
    return planned.plan_texts(shared_folder)


@pytest.fixture
def plan_of(plan_texts):
    """`plan_of(story, root)`: a plan that a test may change."""
    return lambda story, root: json.loads(plan_texts[f"{story}.{root}"])
