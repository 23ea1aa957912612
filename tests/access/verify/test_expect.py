"""A team's own expectations: what holds, what does not with its counter-example, and tables that are wrong with their places."""

import json
from pathlib import Path

import pytest

from meshrole import pipeline

ROOT = Path(__file__).parents[3]
SHOP = str(ROOT / "examples" / "ecs-shop" / "inventory.yaml")
INDEX = "arn:aws:dynamodb:us-east-1:111122223333:table/orders/index/by-customer"
ORDERS = '"arn:{partition}:dynamodb:{region}:{account}:table/orders"'


def table(meshrole, tmp_path, *rows: str):
    file = tmp_path / "expect.yaml"
    file.write_text("\n".join(f"- {row}" for row in rows) + "\n")
    return meshrole("verify", SHOP, "--expect", file)


HOLDS = [
    f"{{identity: checkout, must: [dynamodb:GetItem, dynamodb:PutItem], on: {ORDERS}}}",
    f"{{identity: shop/checkout-blue, environment: prod, must: [dynamodb:GetItem], on: [{ORDERS}]}}",
    f"{{identity: checkout, must: [dynamodb:Query], on: {INDEX}, context: {{'dynamodb:Select': SPECIFIC_ATTRIBUTES}}}}",
    "{identity: acme-shop-payments-prod, must: [sqs:ReceiveMessage], on: 'arn:aws:sqs:us-east-1:111122223333:payments'}",
    "{identity: 'arn:aws:iam::111122223333:role/mesh/acme-shop-payments-prod', must_not: ['iam:*', 'sts:AssumeRole']}",
    "{identity: checkout, must_not: [dynamodb:DeleteTable, 'sqs:*'], on: ['arn:*', '*']}",
    f"{{identity: checkout, must_not: [dynamodb:Query], on: {ORDERS}}}",
    "{identity: ingress, must_not: ['dynamodb:*'], on: 'arn:*'}",
    "{identity: checkout-execution, must: [ecr:GetAuthorizationToken], must_not: ['dynamodb:*']}",
]


@pytest.mark.parametrize("row", HOLDS)
def test_what_is_so_is_proved(row, meshrole, tmp_path):
    outcome = table(meshrole, tmp_path, row)
    assert outcome.code == 0, outcome.output + outcome.errors
    assert "expectations: proved over 1 row" in outcome.output


REFUTED = [
    (
        f"{{identity: payments, must: [dynamodb:GetItem], on: {ORDERS}}}",
        "acme-shop-payments-prod must be able to do dynamodb:GetItem on arn:aws:dynamodb:us-east-1:111122223333:table/orders",
        "table/orders: not allowed",
    ),
    (
        "{identity: checkout, must_not: ['dynamodb:*Item'], on: 'arn:*'}",
        "acme-shop-checkout-blue-prod must not be able to do dynamodb:GetItem on arn:aws:dynamodb:us-east-1:111122223333:table/orders",
        "table/orders: allowed",
    ),
    # A pattern that is more than what is granted is not granted whole.
    (
        "{identity: checkout, must: [dynamodb:GetItem], on: 'arn:aws:dynamodb:us-east-1:111122223333:table/*'}",
        "must be able to do dynamodb:GetItem on arn:aws:dynamodb:us-east-1:111122223333:table/",
        ": not allowed",
    ),
    # Without the context that the grant asks for.
    (
        "{identity: checkout, must: [dynamodb:Query], on: 'arn:aws:dynamodb:us-east-1:111122223333:table/orders/index/by-customer'}",
        "must be able to do dynamodb:Query",
        "index/by-customer: not allowed",
    ),
    # Whatever context anybody may choose.
    (
        "{identity: checkout, must_not: [dynamodb:Query], on: 'arn:aws:dynamodb:us-east-1:111122223333:table/orders/index/*'}",
        "must not be able to do dynamodb:Query",
        "where dynamodb:select = SPECIFIC_ATTRIBUTES: allowed",
    ),
]


@pytest.mark.parametrize(("row", "message", "example"), REFUTED)
def test_what_is_not_so_has_a_counter_example(row, message, example, meshrole, tmp_path):
    outcome = table(meshrole, tmp_path, row)
    assert outcome.code == 10
    assert message in outcome.output
    assert example in outcome.output
    assert "expect.yaml:1:" in outcome.output


WRONG = [
    (
        "{identity: chekout, must: [dynamodb:GetItem]}",
        'expect.yaml:1:14: no identity is called "chekout"',
        'did you mean "checkout"?',
    ),
    (
        "{identity: checkout, must: [dynamodb:GetItme]}",
        "expect.yaml:1:31: AWS has no such action",
        "did you mean dynamodb:GetItem",
    ),
    ("{identity: checkout, mustnt: [dynamodb:GetItem]}", 'expect.yaml:1:24: unknown key "mustnt"', 'did you mean "must_not"?'),
    ("{identity: checkout}", "expect.yaml:1:3: this expects nothing", "give `must` or `must_not`"),
    ("{must: [dynamodb:GetItem]}", 'expect.yaml:1:3: "identity" is missing', ""),
    ("{identity: checkout, must: [5]}", "expect.yaml:1:31: this must be text", "found: 5"),
    (
        "{identity: checkout, must: [dynamodb:GetItem], context: [a]}",
        "this must be a mapping of condition keys to values",
        "a list",
    ),
    ("{identity: checkout, must: [dynamodb:GetItem], environment: dev}", 'no identity is called "checkout" in dev', ""),
    ("just text", "expect.yaml:1:3: an expectation is a mapping", ""),
    ("{identity: checkout", "not YAML", ""),
]


@pytest.mark.parametrize(("row", "message", "more"), WRONG)
def test_a_table_that_is_wrong_is_refused_at_its_place(row, message, more, meshrole, tmp_path):
    outcome = table(meshrole, tmp_path, row)
    assert outcome.code == 3
    assert message in outcome.errors
    assert more in outcome.errors


def test_a_table_is_a_list(meshrole, tmp_path):
    file = tmp_path / "expect.yaml"
    file.write_text("expect: {}\n")
    outcome = meshrole("verify", SHOP, "--expect", file)
    assert (outcome.code, outcome.errors.strip()) == (3, f"{file}:1:1: this file must be a list")


def test_a_table_that_is_not_there_is_named(meshrole, tmp_path):
    outcome = meshrole("verify", SHOP, "--expect", tmp_path / "none.yaml")
    assert outcome.code == 3
    assert "none.yaml:1:1: cannot be read: No such file or directory" in outcome.errors


def test_json_has_every_proof_and_finding(meshrole, tmp_path):
    file = tmp_path / "expect.yaml"
    file.write_text("- {identity: checkout, must_not: [dynamodb:GetItem], on: 'arn:*'}\n")
    outcome = meshrole("verify", SHOP, "--expect", file, "--format", "json")
    report = json.loads(outcome.output)
    assert outcome.code == 10
    assert (report["version"], report["holds"]) == (1, False)
    assert {proof["name"]: proof["result"] for proof in report["proofs"]} == {
        "isolation": "proved",
        "nodes": "proved",
        "least privilege": "proved",
        "layers": "proved",
        "no dead grants": "proved",
        "escalation": "proved",
        "expectations": "refuted",
    }
    (blue, green) = report["proofs"][-1]["findings"]
    assert blue["counter_example"] == {
        "principal": "arn:aws:iam::111122223333:role/mesh/acme-shop-checkout-blue-prod",
        "action": "dynamodb:GetItem",
        "resource": "arn:aws:dynamodb:us-east-1:111122223333:table/orders",
        "context": {},
        "allowed": True,
    }
    assert green["identity"] == "acme-shop-checkout-green-prod"


def test_either_an_inventory_or_a_plan_is_needed(meshrole):
    assert meshrole("verify").code == 2


def test_the_library_says_the_same_as_the_command():
    assert pipeline.verify([SHOP]).holds
