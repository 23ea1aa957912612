"""`meshrole review` as a person types it: what it reads, prints, and how it ends."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from test_facts import made, plan, read, role

from meshrole.review.expecting import Root, expecting

HERE = Path(__file__).parent
EDITS = HERE / "plans" / "edits.json"
INVENTORY = HERE.parent / "access" / "inventory.yaml"
# Every role that the inventory's prod root has but one, read from the inventory by hand: its default names are
# organization-mesh-service-version-environment, and a role of ECS has one of its execution beside it.
PROD = [
    *(f"acme-shop-{name}-prod{end}" for name in ("ingress", "checkout-blue", "checkout-green") for end in ("", "-execution")),
    *(f"acme-{name}-prod" for name in ("readers", "release", "infra")),
]


def one_action(tmp_path):
    """The plan of the edits, of which only the role that gains one action is left."""
    value = json.loads(EDITS.read_text())
    value["resource_changes"] = [item for item in value["resource_changes"] if item["name"] == "checkout"]
    value["prior_state"] = {}
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(value))
    return path


def test_one_action_more_is_one_line_of_text_and_of_markdown(meshrole, tmp_path):
    path = one_action(tmp_path)
    text = meshrole("review", path).output
    assert [line for line in text.splitlines() if line.startswith("checkout")] == [
        "checkout  + dynamodb:PutItem on table/orders (write)"
    ]
    markdown = meshrole("review", path, "--format", "markdown").output
    (row,) = [line for line in markdown.splitlines() if "PutItem" in line and line.startswith("|")]
    assert "table/orders" in row


@pytest.mark.parametrize(("fail_on", "code"), [("high", 10), ("critical", 0), ("never", 0), ("info", 10)])
def test_the_exit_code_is_by_severity(meshrole, fail_on, code):
    assert meshrole("review", EDITS, "--fail-on", fail_on).code == code


def test_high_is_where_it_fails_by_default(meshrole, tmp_path):
    assert meshrole("review", EDITS).code == 10
    assert meshrole("review", one_action(tmp_path)).code == 0


def test_a_value_that_is_not_known_fails_where_that_is_asked(meshrole, tmp_path):
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(plan(made(({"name": "a"}, "aws_iam_role.a"), unknown={"assume_role_policy": True}))))
    assert meshrole("review", path, "--fail-on", "never").code == 0
    assert meshrole("review", path, "--fail-on", "never", "--fail-on-unknown").code == 10


def test_what_no_plan_is_ends_with_7(meshrole, tmp_path):
    path = tmp_path / "plan.json"
    path.write_text('{"format_version": "1.2"')
    outcome = meshrole("review", path)
    assert (outcome.code, outcome.output) == (7, "")
    assert str(path) in outcome.errors
    assert meshrole("review", tmp_path / "none.json").code == 7


def test_a_plan_from_standard_input(meshrole, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(EDITS.read_bytes())))
    outcome = meshrole("review", "-", "--format", "json")
    assert outcome.code == 10
    assert json.loads(outcome.output)["version"] == 1


def test_wrong_waivers_and_baselines_end_with_3(meshrole, tmp_path):
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("- {id: no-such-check}\n")
    assert meshrole("review", EDITS, "--waivers", wrong).code == 3
    assert meshrole("review", EDITS, "--baseline", wrong).code == 3
    assert meshrole("review", EDITS, "--waivers", tmp_path / "none.yaml").code == 3


def test_a_waiver_and_a_baseline_accept(meshrole, tmp_path):
    known = tmp_path / "baseline.json"
    assert meshrole("review", EDITS, "--write-baseline", known).code == 10
    assert meshrole("review", EDITS, "--baseline", known).code == 0
    waivers = tmp_path / "waivers.yaml"
    waivers.write_text(
        "- {id: no-such, address: a, owner: b, reason: c, expires: 2999-01-01}\n".replace("no-such", "boundary-removed")
    )
    assert "waiver-unmatched" in meshrole("review", EDITS, "--waivers", waivers).output


def test_a_finding_names_its_line_of_code(meshrole):
    folder = HERE / "plans" / "edits" / "after"
    findings = json.loads(meshrole("review", EDITS, "--format", "json", "--code", folder).output)["findings"]
    text = (folder / "main.tf").read_text().splitlines()
    (found,) = [each for each in findings if each["check"] == "boundary-removed"]
    assert 'resource "aws_iam_role" "bounded"' in text[found["code"]["line"] - 1]


def test_what_an_inventory_expects(meshrole, tmp_path):
    path = tmp_path / "plan.json"
    there = [made(role(name, f"aws_iam_role.r{number}")) for number, name in enumerate(PROD)]
    strange = made(role("by-hand", "aws_iam_role.by_hand"))
    audit = made(role("recorder", "module.config_recorder.aws_iam_role.recorder"), module_address="module.config_recorder")
    path.write_text(json.dumps(plan(*there, strange, audit)))
    report = json.loads(meshrole("review", path, "--inventory", INVENTORY, "--format", "json").output)
    found = {each["check"]: each for each in report["findings"] if each["check"] in ("not-in-inventory", "missing-from-plan")}
    assert [each["address"] for each in report["findings"] if each["check"] == "missing-from-plan"] == [
        "aws_iam_role acme-shop-payments-prod"
    ]
    line = INVENTORY.read_text().splitlines()[found["missing-from-plan"]["inventory"]["line"] - 1]
    assert line.strip() == "payments:"
    strangers = {each["address"] for each in report["findings"] if each["check"] == "not-in-inventory"}
    # This inventory has no audit, so that a role of the audit's module is strange too.
    assert strangers == {"aws_iam_role.by_hand", "module.config_recorder.aws_iam_role.recorder"}


def test_a_role_of_a_module_that_the_inventory_asks_for_is_expected():
    rows = (("app", "inventory.yaml", 3), ("late", "inventory.yaml", 4))
    audit = made(role("recorder", "module.config_recorder.aws_iam_role.recorder"), module_address="module.config_recorder")
    roots = [Root("prod", rows, frozenset({"config_recorder"})), Root("dev", (("else", "inventory.yaml", 9),))]
    (one, two), notes = expecting([read(made(role())), read(audit)], roots)
    assert one.expected.roles == rows
    assert two.expected.roles == (("recorder", "inventory.yaml", 0),)
    assert notes == ("no plan has a role of the inventory's root dev: it is not held to the inventory",)


@pytest.mark.parametrize("check", ["waiver-expired", "waiver-unmatched"])
def test_what_is_found_in_waivers_explains_itself(meshrole, check):
    outcome = meshrole("explain", check)
    assert (outcome.code, outcome.output.splitlines()[0]) == (0, f"# {check}")


def test_a_check_explains_itself(meshrole):
    outcome = meshrole("explain", "wildcard-action")
    assert outcome.code == 0
    assert all(part in outcome.output for part in ("# wildcard-action", "**What.**", "**Why.**", "**Bad.**", "**Good.**"))
    assert meshrole("explain", "no-such-check").code == 3


def test_a_name_steers_no_terminal(meshrole, tmp_path):
    name = "a\x1b[2J\n::error::x"
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(plan(made(role(name)))))
    output = meshrole("review", path).output
    assert "\x1b" not in output
    assert not [line for line in output.splitlines() if line.lstrip().startswith("::")]


# What costs more than most reviews, or belongs to another format. `http` and `ssl` come with what asks a network.
HEAVY = ("pydantic", "rich", "yaml", "jinja2", "ssl", "http", "xml", "meshrole.pipeline", "meshrole.review.reports.sarif")


def test_a_review_loads_nothing_that_it_does_not_use():
    script = (
        "import sys\nfrom meshrole.cli import main\nsys.argv = ['meshrole', 'review', sys.argv[1], '--fail-on', 'never']\n"
        f"try:\n    main()\nfinally:\n    print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)"
    )
    run = subprocess.run([sys.executable, "-c", script, EDITS], capture_output=True, text=True, check=True)
    assert (run.stderr.strip(), "dynamodb:PutItem" in run.stdout) == ("[]", True)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--format", "yaml"), "'yaml' is not one of 'text', 'json'"),
        (("--fail-on", "worst"), "'worst' is not one of 'info', 'low'"),
        (("--format",), "requires an argument"),
        (("--inventary", "x"), "No such option"),
    ],
)
def test_a_wrong_option_is_said(meshrole, options, told):
    outcome = meshrole("review", EDITS, *options)
    assert (outcome.code, outcome.output) == (2, "")
    assert told in " ".join(outcome.errors.split())


def test_a_review_without_a_plan_is_wrong_usage(meshrole):
    outcome = meshrole("review")
    assert outcome.code == 2
    assert "PLAN.json" in outcome.errors


def test_options_may_be_repeated_and_stand_anywhere(meshrole, tmp_path):
    path = one_action(tmp_path)
    twice = ("--inventory", INVENTORY, "--inventory", INVENTORY)
    assert meshrole("review", *twice, path).code == 3  # the same keys in two files
    assert meshrole("review", "--format", "json", "--", path).code == 0
