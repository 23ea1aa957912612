"""The other stories of App Mesh, taken to each engine and through to its end: sound at every step, and no comment lost."""

import shutil
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
STORIES = ("ecs-shop", "organization-audit", "eks-github-okta")
ENGINES = ("vpc-lattice", "ecs-service-connect", "istio")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("story", STORIES)
def test_a_story_is_sound_on_the_way_and_at_the_end(story, engine, tmp_path, monkeypatch, meshrole):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795600000")
    for path in (EXAMPLES / story).glob("*.*"):
        shutil.copy(path, tmp_path)
    made = meshrole("migrate", "inventory.yaml", "--to", engine, "--until", "2027-03-31", "-o", "new.yaml")
    assert made.code == 0, made.errors
    assert meshrole("verify", "new.yaml").code == 0
    done = meshrole("migrate", "new.yaml", "--finish", "-o", "done.yaml")
    assert done.code == 0, done.errors
    assert meshrole("verify", "done.yaml").code == 0
    comments = {line.strip() for line in Path("inventory.yaml").read_text().splitlines() if line.strip().startswith("#")}
    assert comments <= {line.strip() for line in Path("done.yaml").read_text().splitlines()}
    assert "app-mesh" not in Path("done.yaml").read_text().partition("\nmeshes:")[2].partition("identity_providers")[0]
