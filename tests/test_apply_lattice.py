"""A mesh of which VPC Lattice has nothing yet, applied for real to a moto server: what is made, and the plan that follows."""

import json
import re

import pytest

import cloud
from meshrole import pipeline

ACCOUNT = "111122223333"
INVENTORY = """
version: 1
organization: {name: acme, role_path: /mesh/}
accounts: {shop: "111122223333"}
environments: {prod: {account: shop, region: us-east-1}}
meshes:
  shop:
    engine: vpc-lattice
    gateways:
      ingress: {runs_on: {platform: ecs}, routes_to: [checkout-api]}
    services:
      checkout-api:
        runs_on: {platform: lambda}
        calls: [{service: payments, methods: [POST], paths: [/charges], headers: {x-tenant: [web]}}]
        statements:
          - {Sid: OwnFolder, Effect: Deny, Action: "s3:DeleteObject", Resource: "arn:aws:s3:::receipts/${aws:PrincipalTag/team}/*"}
      payments: {runs_on: {platform: ec2}}
identity_providers:
  github: {type: github-actions}
pipelines:
  network: {through: github, repository: acme/network, branch: main, access: own, meshes: [shop]}
audit: {}
guardrails: {permissions_boundary: true}
"""


@pytest.fixture(scope="module")
def aws():
    with cloud.moto(ACCOUNT) as address:
        yield address


@pytest.fixture(scope="module")
def applied(aws, tmp_path_factory):
    """(what the apply said, what the second plan said, that plan's JSON, the path of the inventory)"""
    folder = tmp_path_factory.mktemp("lattice")
    inventory = folder / "inventory.yaml"
    inventory.write_text(INVENTORY)
    pipeline.save(pipeline.generate([str(inventory)]), folder / "out", prune=False)
    with cloud.standing(folder / "out" / "prod", folder, aws) as terraform:
        first = terraform("apply", "-auto-approve", "-no-color", "-input=false")
        assert first.code == 0, first.errors
        again = terraform("plan", "-detailed-exitcode", "-no-color", "-input=false", "-out=again.tfplan")
        return first, again, terraform("show", "-json", "-no-color", "again.tfplan").output, inventory


@pytest.fixture(scope="module")
def ids(aws, applied):
    """The ids that were made up, by name in VPC Lattice."""
    assert applied
    lattice = cloud.client("vpc-lattice", aws)
    items = [*lattice.list_services()["items"], *lattice.list_service_networks()["items"]]
    return {item["name"]: item["id"] for item in items}


@pytest.mark.terraform
def test_it_applies_and_the_second_plan_is_empty(applied):
    first, again, _, _ = applied
    assert re.search(r"Apply complete! Resources: 23 added, 0 changed, 0 destroyed", first.output), first.output[-500:]
    assert again.code == 0, again.output + again.errors


@pytest.mark.terraform
def test_what_is_made_is_called_as_the_inventory_says(ids):
    assert set(ids) == {"shop", "shop-checkout-api", "shop-payments"}


@pytest.mark.terraform
def test_policies_name_the_ids_that_aws_made_up(aws, ids):
    iam = cloud.client("iam", aws)
    found = iam.get_role_policy(RoleName="acme-shop-checkout-api-prod", PolicyName="permissions")["PolicyDocument"]
    statements = {item["Sid"]: item for item in found["Statement"]}
    payments = f"arn:aws:vpc-lattice:us-east-1:{ACCOUNT}:service/{ids['shop-payments']}"
    assert statements["CallPayments"]["Resource"] == [f"{payments}/charges"]
    # A variable of IAM comes through the template as it is.
    assert statements["OwnFolder"]["Resource"] == ["arn:aws:s3:::receipts/${aws:PrincipalTag/team}/*"]

    policy = json.loads(cloud.client("vpc-lattice", aws).get_auth_policy(resourceIdentifier=ids["shop-payments"])["policy"])
    assert policy["Statement"] == [
        {
            "Action": ["vpc-lattice-svcs:Invoke"],
            "Condition": {
                "StringEquals": {
                    "vpc-lattice-svcs:RequestHeader/x-tenant": ["web"],
                    "vpc-lattice-svcs:RequestMethod": ["POST"],
                }
            },
            "Effect": "Allow",
            "Principal": {"AWS": [f"arn:aws:iam::{ACCOUNT}:role/mesh/acme-shop-checkout-api-prod"]},
            "Resource": [f"{payments}/charges"],
            "Sid": "Callers",
        }
    ]


@pytest.mark.terraform
def test_the_network_is_for_the_accounts_and_its_requests_are_logged(aws, ids):
    lattice = cloud.client("vpc-lattice", aws)
    (statement,) = json.loads(lattice.get_auth_policy(resourceIdentifier=ids["shop"])["policy"])["Statement"]
    assert statement["Condition"] == {
        "StringEquals": {"aws:PrincipalAccount": [ACCOUNT]},
        "StringNotEquals": {"aws:PrincipalType": ["Anonymous"]},
    }
    (logs,) = lattice.list_access_log_subscriptions(resourceIdentifier=ids["shop"])["items"]
    assert ":log-group:/aws/vendedlogs/vpc-lattice/acme-shop-prod" in logs["destinationArn"]


@pytest.mark.terraform
def test_the_second_plan_is_proved_though_the_inventory_knows_no_id(applied):
    _, _, plan, inventory = applied
    result = pipeline.verify([str(inventory)], [("plan.json", plan.encode())])
    assert result.holds, result.text()
    assert "callers: proved over 3 auth policies" in result.text()
