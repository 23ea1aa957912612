"""A team's first plan, of what `meshrole init` writes, has nothing in it that weighs."""

import json

import pytest


@pytest.mark.terraform
def test_the_first_review_of_a_new_team_is_quiet(meshrole, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for command in ("init .", "generate inventory.yaml --out terraform", "plan terraform --offline --out plans"):
        outcome = meshrole(*command.split())
        assert outcome.code == 0, outcome.errors
    plans = sorted((tmp_path / "plans").glob("*.json"))
    assert plans
    options = ("--inventory", "inventory.yaml", "--code", "terraform", "--format", "json", "--fail-on", "medium")
    outcome = meshrole("review", *plans, *options)
    report = json.loads(outcome.output)
    assert report["changes"]
    weighty = [each for each in report["findings"] if each["severity"] not in ("low", "info")]
    assert (outcome.code, weighty) == (0, [])
