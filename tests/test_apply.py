"""The first story applied for real, to a moto server, through the generated Terraform alone."""

import re
import shutil
from pathlib import Path

import pytest

import cloud

ROOT = Path(__file__).parent.parent
STORY = ROOT / "examples" / "ecs-shop"
ACCOUNT = "111122223333"


@pytest.fixture(scope="module")
def aws():
    """A moto server of its own that is the story's account; its address."""
    with cloud.moto(ACCOUNT) as address:
        yield address


@pytest.fixture(scope="module")
def terraform(aws, tmp_path_factory):
    """`terraform(*arguments)` in a copy of the story's root, against moto."""
    folder = tmp_path_factory.mktemp("apply")
    with cloud.standing(shutil.copytree(STORY / "terraform" / "prod", folder / "prod"), folder, aws) as terraform:
        yield terraform


@pytest.mark.terraform
def test_it_applies_and_the_second_plan_is_empty(terraform, aws):
    applied = terraform("apply", "-auto-approve", "-no-color", "-input=false")
    assert applied.code == 0, applied.errors
    assert re.search(r"Apply complete! Resources: 20 added, 0 changed, 0 destroyed", applied.output)

    again = terraform("plan", "-detailed-exitcode", "-no-color", "-input=false")
    assert again.code == 0, again.output + again.errors

    iam = cloud.client("iam", aws)
    names = {role["RoleName"] for role in iam.list_roles(PathPrefix="/mesh/")["Roles"]}
    assert names == {
        "acme-shop-ingress-prod",
        "acme-shop-ingress-prod-execution",
        "acme-shop-storefront-prod",
        "acme-shop-storefront-prod-execution",
        "acme-shop-checkout-blue-prod",
        "acme-shop-checkout-blue-prod-execution",
        "acme-shop-checkout-green-prod",
        "acme-shop-checkout-green-prod-execution",
        "acme-shop-payments-prod",
    }
    blue = iam.get_role_policy(RoleName="acme-shop-checkout-blue-prod", PolicyName="permissions")["PolicyDocument"]
    envoy = next(statement for statement in blue["Statement"] if statement["Sid"] == "Envoy")
    assert envoy["Resource"] == [f"arn:aws:appmesh:us-east-1:{ACCOUNT}:mesh/shop/virtualNode/checkout-blue"]
    profile = iam.get_instance_profile(InstanceProfileName="acme-shop-payments-prod")["InstanceProfile"]
    assert [role["RoleName"] for role in profile["Roles"]] == ["acme-shop-payments-prod"]
