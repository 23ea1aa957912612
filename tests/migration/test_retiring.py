"""The end of a move for real: both engines applied to a moto server, then the plan that takes the former one's grants away."""

import json
import shutil
from pathlib import Path

import pytest

import cloud

STORY = Path(__file__).parents[2] / "examples" / "app-mesh-ipv6" / "inventory.yaml"


@pytest.mark.terraform
def test_the_plan_takes_the_former_grants_in_place_and_review_accepts_it(tmp_path, monkeypatch, meshrole):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795600000")
    to = ("--to", "ecs-service-connect", "--until", "2027-03-31", "-o", "both.yaml")
    assert meshrole("migrate", STORY, *to).code == 0
    assert meshrole("migrate", "both.yaml", "--finish", "-o", "done.yaml").code == 0
    for name in ("both", "done"):
        assert meshrole("generate", f"{name}.yaml", "--out", name, "-q").code == 0
    root = shutil.copytree("both/demo", tmp_path / "root")
    with cloud.moto("123456789012") as aws, cloud.standing(root, tmp_path, aws) as terraform:
        applied = terraform("apply", "-auto-approve", "-no-color", "-input=false")
        assert applied.code == 0, applied.errors
        for module in ("dns", "cloud"):
            shutil.rmtree(root / module)
        shutil.copytree("done/demo", root, dirs_exist_ok=True)
        assert terraform("plan", "-out=plan", "-no-color", "-input=false").code == 0
        shown = terraform("show", "-json", "plan").output
    changes = [item for item in json.loads(shown)["resource_changes"] if item["change"]["actions"] != ["no-op"]]
    assert {tuple(item["change"]["actions"]) for item in changes} == {("update",)}
    Path("plan.json").write_text(shown)
    reviewed = meshrole("review", "plan.json", "--inventory", "done.yaml", "--format", "json", "--fail-on", "medium")
    assert reviewed.code == 0, reviewed.output
    found = json.loads(reviewed.output)["changes"]
    assert not [item for item in found if item["gained"] or item["trust_gained"] or item["trust_lost"]]
    lost = {grant["action"] for item in found for grant in item["lost"]}
    pulled = {"ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"}
    assert lost == {"appmesh:StreamAggregatedResources", *pulled}
    assert sum(grant["action"] == "appmesh:StreamAggregatedResources" for item in found for grant in item["lost"]) == 14
