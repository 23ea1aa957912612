"""`verify` on what Terraform plans: every example is proved, every mutation is caught, and other spellings are no findings."""

import json

import pytest

from access.verify.conftest import EXAMPLES, ROOTS
from access.verify.mutations import BLUE, BOOKS, EDGE, ISSUER, MUTATIONS, PERMISSIONS, SHOP, edit, resources, statement, trust
from meshrole import pipeline

pytestmark = pytest.mark.terraform
STORIES = sorted({story for story, _ in ROOTS})


def inventory(story: str) -> list[str]:
    return [str(EXAMPLES / story / "inventory.yaml")]


def verified(plan: dict, story: str | None = None):
    return pipeline.verify(inventory(story) if story else [], [("plan.json", json.dumps(plan).encode())])


def said(result, proof: str) -> list[tuple[str, str]]:
    findings = next(item.findings for item in result.proofs if item.name == proof)
    return [(finding.message, str(finding.example or "")) for finding in findings]


@pytest.mark.parametrize(("story", "root"), ROOTS)
def test_every_plan_of_an_example_is_proved(story, root, plan_of):
    result = verified(plan_of(story, root), story)
    assert result.holds, result.text()
    assert all(proof.skipped is None for proof in result.proofs)


@pytest.mark.parametrize(("story", "root"), ROOTS)
def test_every_plan_is_proved_without_its_inventory_too(story, root, plan_of):
    result = verified(plan_of(story, root))
    assert result.holds, result.text()
    assert [proof.name for proof in result.proofs if proof.skipped] == ["least privilege", "layers"]


def test_the_plans_have_the_identities_that_were_counted(plan_of):
    assert "9 identities" in verified(plan_of(*SHOP), "ecs-shop").text()
    assert "8 identities" in verified(plan_of(*BOOKS), "eks-github-okta").text()


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name.replace(" ", "-"))
def test_a_mutation_is_caught_with_its_counter_example(mutation, plan_of):
    plan = plan_of(*mutation.story)
    mutation.change(plan)
    result = verified(plan, mutation.story[0])
    found = said(result, mutation.proof)
    assert not result.holds
    assert any(mutation.message in message and mutation.example in example for message, example in found), found


@pytest.mark.parametrize(
    "mutation", [item for item in MUTATIONS if item.alone], ids=lambda mutation: mutation.name.replace(" ", "-")
)
def test_a_mutation_is_caught_without_an_inventory(mutation, plan_of):
    plan = plan_of(*mutation.story)
    mutation.change(plan)
    result = verified(plan)
    assert said(result, mutation.proof), result.text()


def test_the_finding_names_the_line_of_the_inventory(plan_of):
    plan = plan_of(*SHOP)
    statement(PERMISSIONS, "AppDynamodb", Resource="*")(plan)
    lines = (EXAMPLES / "ecs-shop" / "inventory.yaml").read_text().splitlines()
    permission = lines.index("          - actions: [dynamodb:GetItem, dynamodb:PutItem]") + 1
    assert f"inventory.yaml:{permission}:13: acme-shop-checkout-blue-prod may do" in verified(plan, "ecs-shop").text()


def reordered(document: dict) -> None:
    document["Statement"].reverse()
    for item in document["Statement"]:
        item.pop("Sid", None)
        for name in ("Action", "Resource"):
            item[name] = item[name][0] if len(item[name]) == 1 else item[name][::-1]


def in_two(document: dict) -> None:
    """A statement of two actions as two statements."""
    item = next(each for each in document["Statement"] if each["Sid"] == "AppDynamodb")
    document["Statement"] += [{**item, "Sid": f"One{number}", "Action": action} for number, action in enumerate(item["Action"])]
    document["Statement"].remove(item)


def repeated(document: dict) -> None:
    """A grant that another covers already."""
    document["Statement"].append({**document["Statement"][0], "Sid": "Again"})


SPELLINGS = {
    "order, strings for lists, no Sids": (SHOP, edit(PERMISSIONS, reordered)),
    "two statements for one": (SHOP, edit(PERMISSIONS, in_two)),
    "a statement twice": (SHOP, edit(PERMISSIONS, repeated)),
    "actions in another case": (SHOP, statement(PERMISSIONS, "AppDynamodb", Action=["DYNAMODB:getitem", "dynamodb:PUTITEM"])),
    "a wildcard that is one action": (SHOP, statement(PERMISSIONS, "AppDynamodb", Action=["dynamodb:GetIte?", "dynamodb:PutItem"])),
    "StringLike without wildcards": (SHOP, statement(PERMISSIONS, "AppDynamodb2", Condition={"StringLike": {"DynamoDB:Select": ["SPECIFIC_ATTRIBUTES"]}})),
    "a condition twice": (SHOP, statement(PERMISSIONS, "AppDynamodb2", Condition={"StringEquals": {"dynamodb:Select": "SPECIFIC_ATTRIBUTES"}, "StringLike": {"dynamodb:Select": "SPECIFIC*"}})),
    "a Deny of what nobody allows": (SHOP, edit(PERMISSIONS, lambda document: document["Statement"].append({"Effect": "Deny", "Action": "s3:*", "Resource": "*"}))),
    "trust in strings": (BOOKS, trust(EDGE, Action="sts:AssumeRoleWithWebIdentity", Principal={"Federated": f"arn:aws:iam::333344445555:oidc-provider/{ISSUER}"})),
    "trust with StringLike": (BOOKS, trust(EDGE, Condition={"StringLike": {f"{ISSUER}:sub": "system:serviceaccount:books:edge", f"{ISSUER}:aud": "sts.amazonaws.com"}})),
    "trust in two statements": (BOOKS, edit("module.books.aws_iam_role.reviews-v1", lambda document: document.update(Statement=[{**document["Statement"][0], "Sid": f"S{number}", "Action": action} for number, action in enumerate(document["Statement"][0]["Action"])]), "assume_role_policy")),
    "ArnEquals for ArnLike": (SHOP, trust(BLUE, Condition={"ArnEquals": {"aws:SourceArn": ["arn:aws:ecs:us-east-1:111122223333:*"]}, "StringEquals": {"aws:sourceaccount": "111122223333"}})),
}  # fmt: skip


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_another_spelling_is_no_finding(spelling, plan_of):
    story, change = SPELLINGS[spelling]
    plan = plan_of(*story)
    before = json.dumps(plan)
    change(plan)
    assert json.dumps(plan) != before
    result = verified(plan, story[0])
    assert result.holds, result.text()


def test_a_role_in_aws_is_compared_with_its_own_arn(plan_of):
    plan = plan_of(*SHOP)
    resources(plan)[BLUE]["values"]["arn"] = "arn:aws:iam::999999999999:role/mesh/acme-shop-checkout-blue-prod"
    assert (
        "is arn:aws:iam::999999999999:role/mesh/acme-shop-checkout-blue-prod"
        in said(verified(plan, "ecs-shop"), "isolation")[0][0]
    )
