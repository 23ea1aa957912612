"""Every check on plans that terraform made: `plans/checks/table` and `plans/checks/faults`, made anew by `plans/checks/make.py`."""

import gzip
import json
import os
import re
from collections import defaultdict
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from meshrole.plans.read import parse
from meshrole.review.checks import CHECKS, findings
from meshrole.review.facts import Expected
from meshrole.review.model import Confidence, Severity
from meshrole.review.reading.sides import facts as facts_of
from meshrole.review.reports.rules import every_help, explained, page
from review.plans.checks.seeded import seeded

ROOT = Path(__file__).parents[2]
PLANS = Path(__file__).parent / "plans" / "checks"
# `resource "…" "wildcard_action"` with a key `bad_service`, or a name or key `trail_deleted_bad_gone`.
LABEL = re.compile(r"([a-z_]+?)(?:\[\"|_)((?:bad|fine|unknown)_[a-z_]+)")
# An inventory is no Terraform: they have tests of their own.
ELSEWHERE = {"not-in-inventory", "missing-from-plan"}
# No value is what these look at, so that none can be unknown.
ALWAYS_KNOWN = {
    "access-key-for-machine": "that there is a key is enough",
    "trail-deleted": "what a plan destroys is known",
    "user-for-machine": "whose name is not known is a user without a person's name: the row bad_unnamed",
}


@cache
def plan(name):
    return gzip.decompress((PLANS / f"{name}.json.gz").read_bytes())


@cache
def facts(name):
    return facts_of(parse(plan(name), name), name)


@cache
def labels():
    """The keys of each check, from the addresses of the plan: {check: {key}}."""
    found = defaultdict(set)
    for change in json.loads(plan("table-after"))["resource_changes"]:
        label = label_of(change["address"])
        if label:
            found[label[0]].add(label[1])
    return found


def label_of(address):
    _, _, name = address.partition(".")
    match = LABEL.search(name.removeprefix('all["'))
    return (match[1].replace("_", "-"), match[2]) if match else None


def flagged(check_id):
    every = (label_of(finding.address) for finding in CHECKS[check_id].check(facts("table-after")))
    return {label[1] for label in every if label and label[0] == check_id}


@pytest.mark.parametrize("check_id", [each for each in CHECKS if each not in ELSEWHERE])
def test_each_check_finds_what_is_bad_and_nothing_else(check_id):
    keys = labels()[check_id]
    bad = {key for key in keys if key.startswith("bad_")}
    assert bad, "a check needs a configuration that is flagged"
    assert any(key.startswith("fine_") for key in keys), "and one that is not"
    assert any(key.startswith("unknown_") for key in keys) or check_id in ALWAYS_KNOWN, "and one that nobody can read"
    assert flagged(check_id) == bad


def test_what_nobody_can_read_is_told_and_is_no_pass():
    told = {each.address for each in facts("table-after").after.unknown}
    changes = json.loads(plan("table-after"))["resource_changes"]
    hidden = {
        change["address"]
        for change in changes
        for name in ("policy", "assume_role_policy")
        if change["type"].startswith("aws_iam_") and change["change"]["after_unknown"].get(name) is True
    }
    assert len(hidden) >= 10
    assert hidden <= told
    known = {change["address"] for change in changes if change["type"] in ("aws_iam_policy", "aws_iam_role")} - hidden
    assert known
    boundaries = {'aws_iam_role.boundary_removed["unknown_policy"]', 'aws_iam_role.boundary_missing["unknown_new"]'}
    assert told & known == boundaries


@pytest.mark.parametrize("check_id", [each for each in CHECKS if each not in {*ELSEWHERE, *ALWAYS_KNOWN}])
def test_each_value_that_is_unknown_is_told(check_id):
    """Of each row that begins with unknown_, something is told; of those that are fine or bad, nothing is.

    But for policies of AWS's, whose content no plan has.
    """
    told = {label for each in facts("table-after").after.unknown if (label := label_of(each.address)) and label[0] == check_id}
    rows = {key for key in labels()[check_id] if key.startswith("unknown_")}
    assert rows
    assert {key for _, key in told if check_id != "broad-managed-policy" or key in rows} == rows


def test_forty_seeded_faults_are_found():
    faults = list(seeded())
    assert len(set(faults)) == len(faults) == 40
    found = {(finding.check, finding.address) for finding in findings(facts("faults-faults"))}
    assert [fault for fault in faults if fault not in found] == []


def test_nothing_is_found_on_the_repaired_twin():
    assert [(each.check, each.address, each.message) for each in findings(facts("faults-repaired"))] == []


def test_the_seeded_faults_are_of_every_check_but_those_about_an_inventory():
    assert {check for check, _ in seeded()} | ELSEWHERE == set(CHECKS)


def test_a_recorder_is_found_stopped_and_narrowed():
    side = facts("faults-faults")
    (stopped,) = CHECKS["recorder-stopped"].check(side)
    (narrowed,) = CHECKS["recorder-narrowed"].check(side)
    assert (stopped.message, narrowed.message) == ("the recorder is switched off", "no longer records all types of resources")


def test_an_inventory_is_held_against_the_plan():
    name = {role.address: role.name for role in facts("faults-repaired").after.roles}
    assert name["aws_iam_role.orders"] == "orders"
    rows = [(role, "inventory.yaml", line) for line, role in enumerate(name.values(), 1) if role != "orders"]
    plan_facts = replace(facts("faults-repaired"), expected=Expected((*rows, ("Couriers", "inventory.yaml", 99))))
    (extra,) = CHECKS["not-in-inventory"].check(plan_facts)
    (missing,) = CHECKS["missing-from-plan"].check(plan_facts)
    assert extra.address == "aws_iam_role.orders"
    assert (missing.inventory.file, missing.inventory.line) == ("inventory.yaml", 99)
    whatever_case = replace(plan_facts, expected=Expected((*rows, ("ORDERS", "inventory.yaml", 1))))
    assert [*CHECKS["not-in-inventory"].check(whatever_case), *CHECKS["missing-from-plan"].check(whatever_case)] == []
    assert [*CHECKS["not-in-inventory"].check(facts("faults-repaired"))] == []


def test_a_role_without_a_known_name_may_be_of_the_inventory():
    plan_facts = facts("table-after")
    rows = tuple((role.name, "inventory.yaml", 1) for role in plan_facts.after.roles if isinstance(role.name, str))
    plan_facts = replace(plan_facts, expected=Expected((*rows, ("couriers", "inventory.yaml", 2))))
    (unnamed,) = CHECKS["not-in-inventory"].check(plan_facts)
    assert (unnamed.address, unnamed.severity) == ("aws_iam_role.not_in_inventory_unknown_name", Severity.info)
    (missing,) = CHECKS["missing-from-plan"].check(plan_facts)
    assert (missing.address, missing.confidence) == ("aws_iam_role couriers", Confidence.low)


def test_a_role_for_emergencies_is_no_alarm():
    (grant,) = [
        finding
        for finding in CHECKS["broad-managed-policy"].check(facts("table-after"))
        if finding.address == "aws_iam_role_policy_attachment.break_glass"
    ]
    assert (grant.severity, grant.confidence) == (Severity.low, Confidence.low)


@pytest.mark.parametrize(
    ("key", "severity"),
    [("bad_action", Severity.low), ("bad_condition", Severity.medium), ("bad_resource", Severity.info)],
)
def test_a_widening_that_looks_like_none_is_worse(key, severity):
    every = CHECKS["permission-widened"].check(facts("table-after"))
    (finding,) = [each for each in every if each.address == f'aws_iam_role.permission_widened["{key}"]']
    assert finding.severity == severity


def test_the_log_group_of_a_trail_weighs_more():
    found = {label_of(each.address)[1]: each for each in CHECKS["log-retention-cut"].check(facts("table-after"))}
    severities = {key: found[key].severity for key in ("bad_group", "bad_group_of_trail", "bad_group_gone")}
    assert severities == {"bad_group": Severity.low, "bad_group_of_trail": Severity.high, "bad_group_gone": Severity.low}
    assert found["bad_group_of_trail"].message == "logs are deleted after 7 days instead of never"


@pytest.mark.parametrize("key", ["bad_anybody", "bad_aws", "bad_loose", "bad_any_arn"])
def test_a_role_for_everybody_is_critical(key):
    every = CHECKS["wildcard-principal"].check(facts("table-after"))
    (finding,) = [each for each in every if each.address == f'aws_iam_role.wildcard_principal["{key}"]']
    assert (finding.severity, finding.confidence) == (Severity.critical, Confidence.high)


@pytest.mark.parametrize("check_id", CHECKS)
def test_the_id_is_the_files_name_and_the_docstring_is_help(check_id):
    module = CHECKS[check_id]
    assert Path(module.__file__).stem.replace("_", "-") == check_id
    help_text = explained(check_id)
    assert help_text.source.startswith(("https://docs.aws.amazon.com/", "https://developer.hashicorp.com/"))
    assert all(len(text) > 10 for text in (help_text.title, help_text.what, help_text.why, help_text.good))
    assert help_text.markdown.count("**") == 8


def test_there_is_no_help_for_a_check_that_is_not_there():
    assert explained("wildcard-actions") is None
    assert [each.id for each in every_help()] == [*CHECKS, "waiver-expired", "waiver-unmatched"]


def test_every_file_is_in_the_registry():
    folder = Path(CHECKS["wildcard-action"].__file__).parent
    assert {path.stem.replace("_", "-") for path in folder.glob("*.py")} - {"--init--", "docs"} == set(CHECKS)


def test_the_page_is_what_the_docstrings_say():
    path = ROOT / "docs" / "checks.md"
    if os.environ.get("MESHROLE_GOLDEN"):
        path.write_text(page())
    assert path.read_text() == page()
