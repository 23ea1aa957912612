"""`verify` on what Terraform plans: every example is proved, every mutation is caught, and other spellings are no findings."""

import json

import pytest

from access.verify.mutations import BLUE, BOOKS, EDGE, ISSUER, MUTATIONS, PERMISSIONS, SHOP, edit, resources, statement, trust
from meshrole import pipeline
from planned import EXAMPLES, ROOTS

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
    # The manifests of Istio are in no plan.
    assert [proof.name for proof in result.proofs if proof.skipped is not None] in ([], ["edges"])


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


def with_organization(plan_of, change) -> list[tuple[str, bytes]]:
    """The plan of the shop's account and that of the organization's management account, which has the policies."""
    organization = plan_of("organization-audit", "organization")
    change(organization)
    plans = {"prod.json": plan_of("organization-audit", "prod"), "organization.json": organization}
    return [(name, json.dumps(plan).encode()) for name, plan in plans.items()]


def denies(kind: str, **parts):
    item = {"Effect": "Deny", "Resource": "*", **({"Principal": "*"} if kind == "resource_control" else {}), **parts}
    return edit(f"aws_organizations_policy.{kind}", lambda document: document["Statement"].append(item), "content")


ORGANIZATION = {
    "nothing": (lambda _: None, None),
    "an SCP that kills a grant": (
        denies("service_control", Action="dynamodb:PutItem"),
        "the SCP of initech-shop-checkout-prod refuses dynamodb:putitem on arn:aws:dynamodb:eu-west-1:111122223333:table/orders",
    ),
    "an SCP for others": (
        denies(
            "service_control",
            Action="dynamodb:PutItem",
            Condition={"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/mesh/*"}},
        ),
        None,
    ),
    "an SCP where a condition leaves requests": (
        denies("service_control", Action="dynamodb:PutItem", Condition={"Bool": {"aws:SecureTransport": "false"}}),
        None,
    ),
    "an RCP that keeps services out": (
        denies("resource_control", Action="sts:AssumeRole", Condition={"Bool": {"aws:PrincipalIsAWSService": "true"}}),
        "an RCP refuses ecs-tasks.amazonaws.com the role initech-shop-checkout-prod, which its trust policy lets in",
    ),
    "an RCP of a service that it does not reach": (denies("resource_control", Action="appmesh:*"), None),
}


@pytest.mark.parametrize("case", ORGANIZATION)
def test_policies_of_the_organization_leave_grants_alive(case, plan_of):
    change, message = ORGANIZATION[case]
    result = pipeline.verify(inventory("organization-audit"), with_organization(plan_of, change))
    found = [text for text, _ in said(result, "no dead grants")]
    assert result.holds is (message is None), result.text()
    assert message is None or any(text.startswith(message) for text in found)


def test_a_policy_of_which_nobody_knows_whose_it_is_is_no_pass(plan_of):
    plan = plan_of(*SHOP)
    address = "module.shop.aws_iam_role_policy.payments"
    del resources(plan)[address]["values"]["role"]
    next(item for item in plan["resource_changes"] if item["address"] == address)["change"]["after_unknown"]["role"] = True
    assert verified(plan, "ecs-shop").holds  # the configuration says which role it is
    module = plan["configuration"]["root_module"]["module_calls"]["shop"]["module"]
    next(item for item in module["resources"] if item["address"] == "aws_iam_role_policy.payments")["expressions"].pop("role")
    messages = [text for text, _ in said(verified(plan, "ecs-shop"), "least privilege")]
    assert f"which role {address}.policy is given to is known only after the apply" in messages


def test_a_policy_of_a_declared_role_in_another_root_is_no_pass(plan_of):
    plan = plan_of(*BOOKS)
    stray = {"name": "more", "role": "acme-books-edge-staging", "policy": json.dumps({"Statement": []})}
    module = next(item for item in plan["planned_values"]["root_module"]["child_modules"] if item["address"] == "module.books")
    address = "module.books.aws_iam_role_policy.more"
    module["resources"].append(
        {"address": address, "mode": "managed", "type": "aws_iam_role_policy", "name": "more", "values": stray}
    )
    messages = [text for text, _ in said(verified(plan, "eks-github-okta"), "least privilege")]
    assert messages == [
        f"acme-books-edge-staging is given {address}.policy, and the role itself is not there: what it may do cannot be proved"
    ]
