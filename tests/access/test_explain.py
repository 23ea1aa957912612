"""What an inventory says of a denial: the verdict, the exact line, what to write there. The inventory is inventory.yaml."""

import json
from pathlib import Path

import pytest

HERE = Path(__file__).parent
INVENTORY = HERE / "inventory.yaml"
LINES = INVENTORY.read_text(encoding="utf-8").splitlines()
PROD, DEV = "111122223333", "222233334444"


def at(line, fragment):
    """Where `fragment` begins in a line of the inventory."""
    return f"{line}:{LINES[line - 1].index(fragment) + 1}"


def denied(role, action, resource=None, why="", account=PROD):
    on = f" on resource: {resource}" if resource else ""
    return f"User: arn:aws:sts::{account}:assumed-role/{role}/x is not authorized to perform: {action}{on}{why}"


def missing(action):
    return f" because no identity-based policy allows the {action} action"


def table(name):
    return f"arn:aws:dynamodb:us-east-1:{PROD}:table/{name}"


def queue(name):
    return f"arn:aws:sqs:us-east-1:{PROD}:{name}"


def mesh(rest, region="us-east-1", account=PROD):
    return f"arn:aws:appmesh:{region}:{account}:mesh/{rest}"


@pytest.fixture
def finding(meshrole):
    """`finding(message)`: the answer of the inventory as JSON values, and where it is."""

    def ask(*arguments, inventory=INVENTORY):
        outcome = meshrole("explain", *arguments, "--inventory", inventory, "--format", "json")
        assert outcome.code == 0, outcome.errors
        (explanation,) = json.loads(outcome.output)["explanations"]
        found = explanation["inventory"]
        assert found["file"] == str(inventory)
        return found, f"{found['line']}:{found['column']}"

    return ask


PERMISSION = '- actions: [{}]\n  resources: ["{}"]'
NEW_PERMISSION = 'permissions:\n  - actions: [{}]\n    resources: ["{}"]'
NOT_ALLOWED = {
    "a workload without permissions": (
        denied("acme-shop-payments-prod", "sqs:SendMessage", queue("payments"), missing("sqs:SendMessage")),
        at(43, "payments:"),
        NEW_PERMISSION.format("sqs:SendMessage", "arn:{partition}:sqs:{region}:{account}:payments"),
    ),
    "one permission more": (
        denied("acme-shop-checkout-blue-prod", "dynamodb:Query", table("orders"), missing("dynamodb:Query")),
        at(38, "- actions"),
        PERMISSION.format("dynamodb:Query", "arn:{partition}:dynamodb:{region}:{account}:table/orders"),
    ),
    "one resource more": (
        denied("acme-shop-checkout-blue-prod", "dynamodb:GetItem", table("carts")),
        at(39, '["arn'),
        '"arn:{partition}:dynamodb:{region}:{account}:table/carts"',
    ),
    "a permission of the other version": (
        denied("acme-shop-checkout-blue-prod", "sqs:SendMessage", queue("late")),
        at(38, "- actions"),
        PERMISSION.format("sqs:SendMessage", "arn:{partition}:sqs:{region}:{account}:late"),
    ),
    "an action without a resource in the message": (
        denied("acme-shop-payments-prod", "sqs:SendMessage"),
        at(43, "payments:"),
        NEW_PERMISSION.format("sqs:SendMessage", "arn:{partition}:sqs:{region}:{account}:${QueueName}"),
    ),
    "an action that has no resource type": (
        denied("acme-shop-payments-prod", "sqs:ListQueues", "*"),
        at(43, "payments:"),
        NEW_PERMISSION.format("sqs:ListQueues", "*"),
    ),
    "an image of the execution role": (
        denied("acme-shop-checkout-blue-prod-execution", "ecr:BatchGetImage", f"arn:aws:ecr:us-east-1:{PROD}:repository/envoy"),
        at(30, '["arn'),
        '"arn:{partition}:ecr:{region}:{account}:repository/envoy"',
    ),
    "a secret of the execution role": (
        denied(
            "acme-shop-checkout-blue-prod-execution",
            "secretsmanager:GetSecretValue",
            f"arn:aws:secretsmanager:us-east-1:{PROD}:secret:a-abcdef",
        ),
        at(28, "runs_on"),
        'secrets: ["arn:{partition}:secretsmanager:{region}:{account}:secret:a-abcdef"]',
    ),
    "a certificate": (
        denied("acme-shop-payments-prod", "acm:ExportCertificate", f"arn:aws:acm:us-east-1:{PROD}:certificate/c"),
        at(43, "payments:"),
        'tls: {certificate: "arn:{partition}:acm:{region}:{account}:certificate/c"}',
    ),
    "traces": (
        denied("acme-shop-payments-prod", "xray:PutTraceSegments", "*"),
        at(43, "payments:"),
        "telemetry: {xray: true}",
    ),
    "a higher level of access": (
        denied("acme-readers-prod", "appmesh:UpdateRoute", mesh("shop/virtualRouter/checkout/route/r")),
        at(68, "observe"),
        "access: route",
    ),
    "the highest level of access": (
        denied("acme-release-prod", "appmesh:DeleteMesh", mesh("shop")),
        at(71, "route"),
        "access: own",
    ),
    "one service more": (
        denied("acme-release-prod", "appmesh:UpdateRoute", mesh("shop/virtualRouter/payments/route/r")),
        at(73, "[checkout]"),
        "payments",
    ),
    "what no level of access gives": (
        denied("acme-readers-prod", "s3:GetObject", "arn:aws:s3:::b/k"),
        at(68, "readers"),
        NEW_PERMISSION.format("s3:GetObject", "arn:{partition}:s3:::b/k"),
    ),
}


@pytest.mark.parametrize("name", NOT_ALLOWED)
def test_what_the_inventory_does_not_allow_gets_the_line_to_change(name, finding):
    message, place, add = NOT_ALLOWED[name]
    found, where = finding(message)
    assert (found["verdict"], where, found["add"]) == ("missing", place, add)


ALLOWED = {
    "a permission": (
        denied("acme-shop-checkout-blue-prod", "dynamodb:GetItem", table("orders")),
        at(38, "actions"),
        "AppDynamodb",
    ),
    "of the other version as well": (
        denied("acme-shop-checkout-green-prod", "dynamodb:PutItem", table("orders")),
        at(38, "actions"),
        "AppDynamodb",
    ),
    "a version's own": (denied("acme-shop-checkout-green-prod", "sqs:SendMessage", queue("late")), at(35, "{actions"), "AppSqs"),
    "in whatever case": (denied("acme-shop-checkout-green-prod", "SQS:SendMessage", queue("late")), at(35, "{actions"), "AppSqs"),
    "a statement": (denied("acme-shop-payments-prod", "sqs:ReceiveMessage", queue("payments")), at(46, "{Sid"), "Queue"),
    "a level of access": (
        denied("acme-release-prod", "appmesh:UpdateRoute", mesh("shop/virtualRouter/checkout/route/r")),
        at(71, "route"),
        "ShopShiftTraffic",
    ),
    "an image": (
        denied(
            "acme-shop-checkout-blue-prod-execution", "ecr:BatchGetImage", f"arn:aws:ecr:us-east-1:{PROD}:repository/checkout"
        ),
        at(30, '["arn'),
        "PullImages",
    ),
    "Envoy's own node": (
        denied("acme-shop-checkout-blue-prod", "appmesh:StreamAggregatedResources", mesh("shop/virtualNode/checkout-blue")),
        at(32, "blue"),
        "Envoy",
    ),
}


@pytest.mark.parametrize("name", ALLOWED)
def test_what_the_inventory_allows_means_that_aws_has_something_else(name, finding):
    message, place, sid = ALLOWED[name]
    found, where = finding(message)
    assert (found["verdict"], where, found["statement"]["sid"], found["add"]) == ("allowed", place, sid, None)
    assert "not applied yet, or edited by hand" in found["help"]


ELSEWHERE = {
    "because no service control policy allows the sqs:ReceiveMessage action": "comes from a service control policy",
    "with an explicit deny in a VPC endpoint policy": "comes from a VPC endpoint policy",
    "because no resource-based policy allows the sqs:ReceiveMessage action": "comes from a resource-based policy",
    "because no permissions boundary allows the sqs:ReceiveMessage action": "the boundary that the deployed role has differs",
    "with an explicit deny in an identity-based policy": "a Deny that the inventory does not know",
}


@pytest.mark.parametrize("why", ELSEWHERE)
def test_the_layer_says_what_differs_from_an_inventory_that_allows(why, finding):
    found, where = finding(denied("acme-shop-payments-prod", "sqs:ReceiveMessage", queue("payments"), f" {why}"))
    assert (found["verdict"], where) == ("allowed", at(46, "{Sid"))
    assert ELSEWHERE[why] in found["help"]


def test_a_denial_through_an_endpoint_is_the_other_layers(finding):
    why = " with an explicit deny in a VPC endpoint policy transitively through a service control policy"
    found, _ = finding(denied("acme-shop-payments-prod", "sqs:ReceiveMessage", queue("payments"), why))
    assert "comes from a service control policy" in found["help"]


def test_a_denial_above_is_told_beside_what_is_missing_here(finding):
    found, _ = finding(
        denied("acme-shop-payments-prod", "sqs:SendMessage", queue("p"), " with an explicit deny in a service control policy")
    )
    assert found["verdict"] == "missing"
    assert "the service control policy has to allow it as well" in found["message"]


def test_a_condition_that_the_message_does_not_show_is_named(finding):
    found, where = finding(denied("acme-shop-checkout-blue-prod", "s3:GetObject", '"arn:aws:s3:::acme-receipts/1"'))
    assert (found["verdict"], where) == ("conditional", at(40, "actions"))
    assert found["checks"] == [
        {"operator": "Bool", "key": "aws:SecureTransport", "expected": ["true"], "found": None, "state": "unknown"}
    ]


FORBIDDEN = {
    "a Deny of the role's own": (
        denied("acme-shop-payments-prod", "sqs:PurgeQueue", queue("payments")),
        at(47, "{Sid"),
        "statement NoPurge (its own) denies sqs:Purge*",
    ),
    "a Deny of the boundary": (
        denied("acme-shop-checkout-blue-prod", "dynamodb:DeleteTable", table("orders")),
        at(12, "{Sid"),
        "statement KeepTables (of the permissions boundary) denies dynamodb:DeleteTable",
    ),
    "a boundary that does not allow": (
        denied("acme-shop-checkout-blue-prod", "ec2:DescribeVpcs", "*"),
        at(11, "- {Sid"),
        "the permissions boundary of environment prod does not allow ec2:DescribeVpcs",
    ),
}


@pytest.mark.parametrize("name", FORBIDDEN)
def test_what_the_inventory_forbids_gets_the_statement(name, finding):
    message, place, words = FORBIDDEN[name]
    found, where = finding(message)
    assert (found["verdict"], where) == ("forbidden", place)
    assert words in found["message"]


DROP = denied("acme-drop-dev", "s3:PutObject", '"arn:aws:s3:::acme-drop/1"', account=DEV)


def test_a_deny_under_a_condition_that_is_not_known_may_be_it(finding):
    found, where = finding(DROP)
    assert (found["verdict"], where, found["statement"]["sid"]) == ("conditional", at(116, "{Sid"), "OnlyTls")
    assert "under conditions on aws:SecureTransport" in found["message"]


def test_it_is_not_where_aws_says_that_nothing_denies(finding):
    found, where = finding(DROP + missing("s3:PutObject"))
    assert (found["verdict"], where) == ("allowed", at(114, "{actions"))


def test_a_boundary_and_a_missing_permission_are_both_shown(finding):
    found, _ = finding(FORBIDDEN["a boundary that does not allow"][0])
    (also,) = found["see"]
    assert (f"{also['line']}:{also['column']}", also["path"][-1]) == (at(38, "- actions"), "permissions")


def test_another_workloads_node_names_the_role_that_may_stream_it(finding):
    node = mesh("shop/virtualNode/payments")
    found, where = finding(denied("acme-shop-checkout-blue-prod", "appmesh:StreamAggregatedResources", node))
    assert (found["verdict"], where, found["add"]) == ("missing", at(32, "blue"), None)
    assert f"may stream {mesh('shop/virtualNode/checkout-blue')}, and this Envoy asked for {node}" in found["message"]
    assert [(item["message"], item["line"]) for item in found["see"]] == [
        ("acme-shop-payments-prod may do appmesh:StreamAggregatedResources", 43)
    ]


NOT_OF_IT = {
    "a name that is spelled wrong": (denied("acme-shop-payment-prod", "sqs:SendMessage"), "unknown-role", at(43, "payments:")),
    "another account": (
        denied("acme-shop-payments-prod", "sqs:SendMessage", account=DEV),
        "unknown-role",
        at(43, "payments:"),
    ),
    "nothing like it": (denied("zzz", "sqs:SendMessage"), "unknown-role", at(18, "meshes")),
    "a user": (
        f"User: arn:aws:iam::{PROD}:user/jo is not authorized to perform: sqs:SendMessage",
        "not-a-role",
        at(35, "{actions"),
    ),
    "nobody": ("User: anonymous is not authorized to perform: sqs:Purge", "not-a-role", at(18, "meshes")),
    "no principal": ("gRPC config stream closed: 7, ", "nobody", at(23, "ingress")),
    "no action": ("Access Denied", "nobody", at(40, "actions")),
    "nothing at all": ("The request was denied due to a VPC endpoint policy", "nobody", at(18, "meshes")),
}


@pytest.mark.parametrize("name", NOT_OF_IT)
def test_a_principal_that_is_no_role_of_the_inventory_is_said_to_be_none(name, finding):
    message, verdict, place = NOT_OF_IT[name]
    found, where = finding(message)
    assert (found["verdict"], where) == (verdict, place)


def test_whom_a_call_without_a_principal_can_be_about_is_listed(finding):
    found, _ = finding("Not authorized to perform sts:AssumeRoleWithWebIdentity")
    assert [(item["message"].partition(":")[0], item["line"]) for item in found["see"]] == [
        ("acme-infra-prod", 86),
        ("acme-books-ratings-dev", 55),
        ("acme-auditors-dev", 80),
        ("acme-ids-dev", 92),
        ("acme-lab-dev", 100),
        ("and 1 more role", 18),
    ]
    assert "token.actions.githubusercontent.com:sub repo:acme/infra:environment:production" in found["see"][0]["message"]


def test_a_resource_that_is_not_named_leaves_it_open(finding):
    found, where = finding(denied("acme-shop-checkout-blue-prod", "dynamodb:GetItem"))
    assert (found["verdict"], where) == ("conditional", at(38, "actions"))
    assert f"allows it on {table('orders')}" in found["message"]


def test_an_action_that_aws_does_not_have_gets_no_line_to_write(finding):
    found, _ = finding(denied("acme-shop-payments-prod", "sqs:SendMesage", queue("payments")))
    assert (found["verdict"], found["add"]) == ("missing", None)
    assert "AWS's reference has no such action: sqs:SendMessage" in found["message"]


def test_the_nearest_roles_are_named_with_their_lines(finding):
    found, _ = finding(NOT_OF_IT["a name that is spelled wrong"][0])
    nearest = found["see"][0]
    assert (nearest["message"], nearest["line"]) == (f"arn:aws:iam::{PROD}:role/mesh/acme-shop-payments-prod", 43)


def test_a_role_by_its_own_arn_is_found_with_its_path(finding):
    user = f"User: arn:aws:iam::{PROD}:role/mesh/acme-shop-payments-prod is not authorized to perform: sqs:SendMessage"
    assert finding(user)[0]["role"] == "acme-shop-payments-prod"
