"""Plans that are reviewed together, and have the same addresses: each line says of which it is."""

import json
from datetime import date
from xml.etree import ElementTree as ET

import pytest
from test_facts import made, plan, resource, role

from meshrole.review import baseline
from meshrole.review.journey import Accepted, review
from meshrole.review.reports import FORMATS

TODAY = date(2026, 11, 25)
WIDE = json.dumps({"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]})
NARROW = json.dumps({"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::logs/*"}]})


def given(name, policy, unknown=None):
    """A plan that gives the role `app` a policy, under the same addresses whatever the plan."""
    values = {"name": "given", "role": "app", "policy": policy}
    parts = (made(role()), resource("aws_iam_role_policy.given", None, values, unknown=unknown))
    return name, json.dumps(plan(*parts)).encode()


DEV, PROD = given("plans/dev.json", NARROW), given("plans/prod.json", WIDE)
LATE = given("plans/late.json", None, unknown={"policy": True})


def test_each_change_and_finding_is_of_its_plan():
    both = review((DEV, PROD), TODAY)
    permissions = {change.plan: [each.action for each in change.gained] for change in both.changes}
    assert permissions == {"plans/dev.json": ["s3:GetObject"], "plans/prod.json": ["s3:*"]}
    assert {finding.plan for finding in both.findings if finding.check == "wildcard-action"} == {"plans/prod.json"}
    assert [each.plan for each in review((DEV, LATE), TODAY).unknown] == ["plans/late.json"]


def test_one_plan_is_not_named():
    alone = review((PROD,), TODAY)
    assert {item.plan for item in (*alone.changes, *alone.findings)} == {""}
    assert "plan" not in json.loads(FORMATS["json"](alone))["findings"][0]


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_says_which(name):
    shown = FORMATS[name](review((DEV, PROD, LATE), TODAY))
    assert "aws_iam_role_policy.given in plans/prod.json" in shown or name == "json"
    assert "app (plans/dev.json)" in shown.replace("`", "") or name in ("json", "sarif")
    assert "plans/late.json" in shown


def test_json_names_the_plan_of_everything():
    value = json.loads(FORMATS["json"](review((DEV, PROD, LATE), TODAY)))
    assert all(each["plan"] for key in ("findings", "changes", "unknown") for each in value[key])


def test_a_finding_without_code_is_at_its_own_plan():
    both = review((DEV, PROD), TODAY)
    (run,) = json.loads(FORMATS["sarif"](both))["runs"]
    place = {result["ruleId"]: result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in run["results"]}
    assert place["wildcard-action"] == "plans/prod.json"
    issues = {each["check_name"]: each["location"]["path"] for each in json.loads(FORMATS["gitlab"](both))}
    assert issues["wildcard-action"] == "plans/prod.json"
    names = [case.get("name") for case in ET.fromstring(FORMATS["junit"](both)).iter("testcase")]
    assert len(names) == len(set(names))


def accepted(plans, findings):
    """Which findings of a review of `plans` are in the baseline that was written of `findings`."""
    known = baseline.read(baseline.written(findings).encode(), "baseline.json")
    return [finding.in_baseline for finding in review(plans, TODAY, accepted=Accepted((), known)).findings]


def test_what_one_plan_may_another_may_not():
    same = given("plans/dev.json", WIDE)
    both = review((same, PROD), TODAY)
    dev = [finding for finding in both.findings if finding.plan == "plans/dev.json"]
    assert dev
    marked = accepted((same, PROD), dev)
    assert marked == [finding.plan == "plans/dev.json" for finding in both.findings]
    assert all(accepted((same, PROD), both.findings))


def test_a_baseline_of_several_plans_holds_for_one_of_them():
    both = review((DEV, PROD), TODAY)
    assert all(accepted((PROD,), both.findings))
    assert not any(accepted((given("plans/other.json", WIDE),), both.findings))
