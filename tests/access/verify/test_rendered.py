"""What is rendered, read back without Terraform, is what Terraform plans; and every example is proved from it."""

import json

import pytest

from meshrole import pipeline
from meshrole.errors import BuildError
from meshrole.plans import lattice, read, rendered, roles
from meshrole.render.files import render
from planned import EXAMPLES, ROOTS

STORIES = sorted({story for story, _ in ROOTS})


def inventory(story: str) -> str:
    return str(EXAMPLES / story / "inventory.yaml")


@pytest.mark.parametrize("story", STORIES)
def test_every_example_is_proved(story, meshrole):
    outcome = meshrole("verify", inventory(story))
    assert outcome.code == 0, outcome.output
    # A mesh in VPC Lattice has callers to prove as well, and one in Istio edges and clusters.
    assert ("callers: proved over " in outcome.output) is story.startswith("lattice-")
    assert ("edges: proved over " in outcome.output) is story.startswith("istio-")
    assert outcome.output.count(": proved over ") == 6 + {"lattice": 1, "istio": 2}.get(story.partition("-")[0], 0)


def plain(role: roles.Role) -> tuple:
    """A role as the two must agree on it; the plan adds the provider's own tags."""
    documents = [json.loads(document.text) for document in role.policies]
    boundary = role.boundary and (role.boundary.arn, role.boundary.document and json.loads(role.boundary.document.text))
    return role.address, role.name, role.path, json.loads(role.trust.text), documents, boundary, role.users


@pytest.mark.terraform
@pytest.mark.parametrize(("story", "root"), ROOTS)
def test_what_is_read_back_is_what_terraform_plans(story, root, plan_of):
    blueprint = pipeline.check([inventory(story)]).blueprint
    (found,) = (item for item in blueprint.roots if item.environment.name == root)
    place = found.environment.partition, found.environment.account
    modules = tuple(module.name for module in found.modules)
    mine = rendered.facts(render(blueprint), root, modules, place)
    planned = lattice.with_stand_ins(roles.facts(read.parse(json.dumps(plan_of(story, root)).encode(), "plan.json")))
    generated = tuple(f"module.{name}." for name in modules)
    assert [plain(role) for role in sorted(mine.roles, key=lambda role: role.address)] == [
        plain(role) for role in sorted(planned.roles, key=lambda role: role.address) if role.address.startswith(generated)
    ]


def test_what_the_generator_does_not_write_is_not_read():
    files = {"prod/shop/identities.tf": b'resource "aws_iam_role" "x" {\n  name = upper("x")\n}\n'}
    with pytest.raises(BuildError, match="no value that the generator writes"):
        rendered.facts(files, "prod", ("shop",), ("aws", "111122223333"))


def test_a_grant_that_rendering_lost_is_found(monkeypatch):
    """The proof is about what was rendered: a template that drops a condition is caught."""
    path = "prod/shop/policies/checkout-blue.json"

    def broken(blueprint, *arguments):
        files = render(blueprint, *arguments)
        document = json.loads(files[path])
        for statement in document["Statement"]:
            statement.pop("Condition", None)
        return {**files, path: json.dumps(document).encode()}

    monkeypatch.setattr(pipeline, "render", broken)
    result = pipeline.verify([inventory("ecs-shop")])
    messages = [finding.message for proof in result.proofs for finding in proof.findings]
    assert any("acme-shop-checkout-blue-prod may do dynamodb:Query" in message for message in messages)
    assert any("acme-shop-checkout-blue-prod may do cloudwatch:PutMetricData" in message for message in messages)
