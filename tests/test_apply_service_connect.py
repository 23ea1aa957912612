"""The shop in ECS Service Connect applied for real, to a moto server: its roles, its people and its pipeline."""

import json
import re
import shutil
from pathlib import Path

import pytest

import cloud

ROOT = Path(__file__).parent.parent
STORY = ROOT / "examples" / "service-connect-shop"
ACCOUNT = "555566667777"


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
def test_it_applies_and_the_second_plan_changes_only_what_moto_forgets(terraform, aws):
    applied = terraform("apply", "-auto-approve", "-no-color", "-input=false")
    assert applied.code == 0, applied.errors
    assert re.search(r"Apply complete! Resources: \d+ added, 0 changed, 0 destroyed", applied.output)

    # moto keeps no tags of a SAML provider.
    again = terraform("plan", "-no-color", "-input=false")
    assert re.findall(r"^  # (\S+) (.*)$", again.output, re.MULTILINE) == [
        ("module.people.aws_iam_saml_provider.okta", "will be updated in-place")
    ], again.output + again.errors

    iam = cloud.client("iam", aws)
    names = {role["RoleName"] for role in iam.list_roles(PathPrefix="/mesh/")["Roles"]}
    assert {name for name in names if name.endswith("-infrastructure")} == {
        f"hooli-shop-{service}-prod-infrastructure" for service in ("storefront", "cart", "catalog", "payments")
    }
    assert len(names) == 21

    # What AWS holds of the role for TLS: one service's secrets, one authority.
    name = "hooli-shop-cart-prod-infrastructure"
    (policy,) = iam.list_role_policies(RoleName=name)["PolicyNames"]
    text = json.dumps(iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"])
    assert "service/shop-prod/cart" in text
    assert "payments" not in text

    attached = iam.list_attached_role_policies(RoleName="hooli-owners-prod")["AttachedPolicies"]
    assert len(attached) == 2
