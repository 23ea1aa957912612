"""`meshrole explain` as a person types it."""

import io
import json
import sys
from pathlib import Path

import pytest

from meshrole.errors import VISIBLE

INVENTORY = Path(__file__).with_name("inventory.yaml")
MESSAGE = (
    "User: arn:aws:sts::111122223333:assumed-role/acme-shop-payments-prod/i-0abc is not authorized to perform: sqs:SendMessage on "
    "resource: arn:aws:sqs:us-east-1:111122223333:payments because no identity-based policy allows the sqs:SendMessage action"
)
TEXT = f"""\
denied    sqs:SendMessage
who       role acme-shop-payments-prod, of account 111122223333, session i-0abc
on        arn:aws:sqs:us-east-1:111122223333:payments
layer     identity-based policy, implicit
means     No identity-based policy that applies to this call allows the action.
to do     allow the action on the resource in a policy of the principal (whoever manages the principal's own policies)
page      https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_identity-vs-resource.html

{INVENTORY}:43:7: the inventory does not allow acme-shop-payments-prod to do sqs:SendMessage on \
arn:aws:sqs:us-east-1:111122223333:payments: no permission of this identity has the action
  at meshes > shop > services > payments
  write:
    permissions:
      - actions: [sqs:SendMessage]
        resources: ["arn:{{partition}}:sqs:{{region}}:{{account}}:payments"]
  help: then `meshrole generate`, and apply the plan
"""


def test_an_explanation_reads_like_this(meshrole):
    outcome = meshrole("explain", MESSAGE, "--inventory", INVENTORY)
    assert (outcome.code, outcome.output, outcome.errors) == (0, TEXT, "")


def test_without_an_inventory_it_explains_the_message_alone(meshrole):
    outcome = meshrole("explain", MESSAGE)
    assert (outcome.code, outcome.output) == (0, TEXT.partition("\n\n")[0] + "\n")


def test_json_has_a_version_and_everything(meshrole):
    value = json.loads(meshrole("explain", MESSAGE, "--format", "json").output)
    assert (value["version"], value["skipped"]) == (1, 0)
    (explanation,) = value["explanations"]
    assert explanation["principal"]["role"] == "acme-shop-payments-prod"
    assert (explanation["layer"], explanation["kind"], explanation["inventory"]) == ("identity", "implicit", None)
    assert explanation["page"].startswith("https://docs.aws.amazon.com/")


def test_an_event_given_as_the_message_is_read_as_an_event(meshrole):
    record = {"eventName": "ListMeshes", "eventSource": "appmesh.amazonaws.com", "errorCode": "ForbiddenException"}
    assert "denied    appmesh:ListMeshes" in meshrole("explain", json.dumps(record)).output


@pytest.mark.parametrize("arguments", [("-",), ("--event", "-")])
def test_a_dash_reads_standard_input(arguments, meshrole, monkeypatch):
    record = {"eventName": "x", "eventSource": "sqs.amazonaws.com", "errorCode": "AccessDenied", "errorMessage": MESSAGE}
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps(record).encode())))
    outcome = meshrole("explain", *arguments)
    assert (outcome.code, outcome.output.splitlines()[0]) == (0, "denied    sqs:SendMessage")


def test_several_denials_are_several_blocks_and_the_rest_is_counted(meshrole, tmp_path):
    record = {"eventName": "x", "eventSource": "sqs.amazonaws.com"}
    denied = {**record, "errorCode": "AccessDenied", "errorMessage": MESSAGE}
    file = tmp_path / "log.json"
    file.write_text(json.dumps({"Records": [denied, record, {**denied, "errorMessage": "Access Denied"}]}))
    output = meshrole("explain", "--event", file).output
    assert [line for line in output.splitlines() if line.startswith("denied")] == [
        "denied    sqs:SendMessage",
        "denied    the operation x",
    ]
    assert output.endswith("\n\n1 other record: no denial\n")


@pytest.mark.parametrize("arguments", [(), (MESSAGE, "--event", "x.json"), (MESSAGE, "--format", "xml"), (MESSAGE, "more")])
def test_wrong_usage_is_exit_2(arguments, meshrole):
    assert meshrole("explain", *arguments).code == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("hello there",), "I don't know this form of message"),
        (("envoy-wildcard",), "no such check"),
        (("--event", "not-there.json"), "not-there.json:1:1: cannot be read: No such file or directory"),
        (("--event", "."), ".:1:1: cannot be read: Is a directory"),
        ((MESSAGE, "--inventory", "not-there.yaml"), "not-there.yaml:1:1: cannot be read"),
        (("x" * 1_000_001,), "a message of more than 1,000,000 characters"),
    ],
)
def test_what_is_not_understood_is_exit_3(arguments, words, meshrole):
    outcome = meshrole("explain", *arguments)
    assert (outcome.code, outcome.output) == (3, "")
    assert words in outcome.errors


def test_a_wrong_inventory_is_refused_as_every_command_does(meshrole, tmp_path):
    file = tmp_path / "inventory.yaml"
    file.write_text("version: 2\n")
    outcome = meshrole("explain", MESSAGE, "--inventory", file)
    assert outcome.code == 3
    assert str(file) in outcome.errors


def test_no_event_steers_the_terminal(meshrole, tmp_path):
    strange = "".join(map(chr, VISIBLE)) + "\nforged: line"
    record = {
        "eventName": strange,
        "eventSource": strange,
        "eventTime": strange,
        "errorCode": "AccessDenied",
        "errorMessage": f"An {strange}",
        "userIdentity": {"arn": f"arn:aws:iam::1:user/{strange}"},
        "requestParameters": {"roleArn": strange},
    }
    file = tmp_path / "event.json"
    file.write_text(json.dumps(record))
    for form in ("text", "json"):
        output = meshrole("explain", "--event", file, "--inventory", INVENTORY, "--format", form).output
        assert not [letter for letter in output if ord(letter) in VISIBLE]
        assert not [line for line in output.splitlines() if line.startswith("forged")]
