"""The Guard rules of config-recorder, as Terraform renders them, on configuration items of every example's roles and of broken ones."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from guard import COMPLIANT, NON_COMPLIANT, NOT_APPLICABLE, evaluate
from meshrole import pipeline
from modules.broken_roles import EC2, ECS, EXAMPLES, IRSA, POD, RIGHT, TAGS, TOO_MUCH, TRUST, UNBOUND, UNTAGGED
from modules.configuration_items import BOUNDARY, ROLES, SPELLINGS, Document, Role, item, policy_item
from modules.terraform_cli import copied

STORIES = sorted(path.parent.name for path in EXAMPLES.glob("*/terraform"))
RULES = ("mesh-role-one-workload", "mesh-role-tags", "mesh-role-one-node", "mesh-role-boundary")
# https://github.com/aws-cloudformation/cloudformation-guard/blob/main/docs/FUNCTIONS.md
FUNCTIONS_OF_GUARD_3 = [
    "count",
    "join",
    "json_parse",
    "now",
    "parse_boolean",
    "parse_char",
    "parse_epoch",
    "parse_float",
    "parse_int",
    "parse_string",
    "regex_replace",
    "substring",
    "to_lower",
    "to_upper",
    "url_decode",
]
LOOK_AROUND_OR_BACK_REFERENCE = r"\(\?<?[=!]|\\[1-9]"

pytestmark = pytest.mark.terraform


@pytest.fixture(scope="session")
def planned(tmp_path_factory, attaching) -> Document:
    """The plan of the module's example."""
    terraform = copied(tmp_path_factory.mktemp("guard"), attaching)
    root = terraform.modules / "config-recorder" / "examples" / "complete"
    terraform.prepare(root)
    for command in (("plan", "-input=false", "-no-color", "-out=plan"), ("show", "-json", "-no-color", "plan")):
        outcome = terraform(root, *command)
        assert outcome.code == 0, outcome.errors
    return json.loads(outcome.output)["planned_values"]


@pytest.fixture(scope="session")
def rules(planned) -> dict[str, str]:
    """The text of each rule, as the module renders it for its example."""
    return planned["outputs"]["guard_rules"]["value"]


def generated(story: str) -> Iterator[tuple[str, Role]]:
    """Every role of a story's workloads with its module, and its documents as the committed files have them."""
    for root in pipeline.check([str(EXAMPLES / story / "inventory.yaml")]).blueprint.roots:
        for module in root.modules:
            folder = EXAMPLES / story / "terraform" / root.environment.name / module.name
            for role in (role for identity in module.identities for role in identity.roles):
                trust, policy = (folder / kind / f"{role.label}.json" for kind in ("trust", "policies"))
                boundary = (
                    {"permissionsBoundaryType": "Policy", "permissionsBoundaryArn": role.boundary} if role.boundary else None
                )
                texts = (policy.read_text(),) if policy.exists() else ()
                yield module.name, Role(trust.read_text(), texts, dict(role.tags), boundary, name=role.name)


@pytest.mark.parametrize("story", STORIES)
def test_every_generated_mesh_role_is_compliant(story, rules):
    """With the names of the story's own roles and boundaries in the places of the example's patterns."""
    roles = [role for module, role in generated(story) if module not in ("people", "pipelines")]
    assert roles
    items = [item(role) for role in roles]
    names = "^(" + "|".join(role.name for role in roles) + ")"
    for rule in RULES[:3]:
        found = evaluate(rules[rule].replace(ROLES.removesuffix("$"), names), items)
        # What calls nobody may have a role without any policy, which there is nothing to say of.
        wanted = [COMPLIANT if role.policies or rule != "mesh-role-one-node" else NOT_APPLICABLE for role in roles]
        assert [role.name for role, *each in zip(roles, found, wanted, strict=True) if each[0] != each[1]] == [], rule
    arns = {role.boundary["permissionsBoundaryArn"] for role in roles if role.boundary}
    text = rules[RULES[3]].replace(ROLES.removesuffix("$"), names)
    text = text.replace(BOUNDARY.replace("/", r"\/"), "|".join(arn.replace("/", r"\/") for arn in arns) or "none")
    assert evaluate(text, items) == [COMPLIANT if role.boundary else NON_COMPLIANT for role in roles]


@pytest.mark.parametrize("rule", RULES)
def test_people_and_pipelines_are_not_its_business(rule, rules):
    others = [role for story in STORIES for module, role in generated(story) if module in ("people", "pipelines")]
    assert len(others) > 10
    assert set(evaluate(rules[rule], [item(role) for role in others])) == {NOT_APPLICABLE}


def spelled(roles: dict[str, Role]) -> dict[str, Document]:
    """Every role in every spelling."""
    return {f"{name}, {how}": item(role, spell) for name, role in roles.items() for how, spell in SPELLINGS.items()}


def judged(rule: str, items: dict[str, Document], wanted: str) -> None:
    """All of them are that, and the one that is not is named."""
    found = evaluate(rule, list(items.values()))
    assert [name for name, each in zip(items, found, strict=True) if each != wanted] == []


def attached(*arns: str) -> Role:
    return replace(ECS, attached=arns)


# What breaks each rule, and nothing but that rule.
BROKEN = {
    "mesh-role-one-workload": TRUST,
    "mesh-role-tags": {name: replace(ECS, tags=tags) for name, tags in UNTAGGED.items()},
    "mesh-role-one-node": {
        **{name: replace(ECS, policies=(policy,)) for name, policy in TOO_MUCH.items()},
        **{f"{name}, in a second policy": replace(ECS, policies=(RIGHT["no node"], policy)) for name, policy in TOO_MUCH.items()},
        "one grant in each of two policies": replace(ECS, policies=(RIGHT["one node"], RIGHT["one gateway"])),
        "AWS's policy for Envoy": attached("arn:aws:iam::aws:policy/AWSAppMeshEnvoyAccess"),
        "AWS's policy for all of App Mesh": attached("arn:aws:iam::aws:policy/AWSAppMeshFullAccess"),
        "AWS's policy for everything": attached("arn:aws:iam::aws:policy/AdministratorAccess"),
        "AWS's policy for nearly everything": attached("arn:aws-cn:iam::aws:policy/PowerUserAccess"),
    },
    "mesh-role-boundary": {
        name: replace(ECS, boundary=each if not isinstance(each, str) else {"permissionsBoundaryArn": each})
        for name, each in UNBOUND.items()
    },
}
SOUND = {
    "ecs": ECS,
    "ec2": EC2,
    "pod identity": POD,
    "irsa": IRSA,
    **{name: replace(ECS, policies=(policy,)) for name, policy in RIGHT.items()},
    "an execution role": replace(ECS, name="acme-shop-checkout-prod-execution", policies=(RIGHT["no node"],)),
    "one grant of two policies": replace(ECS, policies=(RIGHT["no node"], RIGHT["one node"])),
    "a harmless policy of AWS": attached("arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess"),
    "tags in a list": replace(ECS, tags=[{"key": key, "value": value} for key, value in TAGS.items()]),
    "tags in the configuration": replace(ECS, tags={}, more={"tags": [{"key": key, "value": TAGS[key]} for key in TAGS]}),
}


@pytest.mark.parametrize("rule", RULES)
def test_a_breach_of_the_rule_is_found_however_it_is_spelled(rule, rules):
    assert len(BROKEN[rule]) >= 8
    judged(rules[rule], spelled(BROKEN[rule]), NON_COMPLIANT)


@pytest.mark.parametrize("rule", RULES)
def test_a_breach_of_another_rule_and_of_none_is_compliant(rule, rules):
    others = {f"{other}: {name}": role for other in RULES if other != rule for name, role in BROKEN[other].items()}
    judged(rules[rule], {name: item(role) for name, role in others.items()} | spelled(SOUND), COMPLIANT)


@pytest.mark.parametrize("rule", RULES)
def test_other_roles_and_other_resources_are_not_applicable(rule, rules):
    named = {name: item(replace(role, name="acme-release-managers-prod")) for name, role in (BROKEN[rule] | SOUND).items()}
    alien = {"a user": {**item(ECS), "resourceType": "AWS::IAM::User"}, "a bucket": {"resourceType": "AWS::S3::Bucket"}}
    judged(rules[rule], named | alien, NOT_APPLICABLE)


@pytest.mark.parametrize(
    ("documents", "attachments", "wanted"), [(TOO_MUCH, 1, NON_COMPLIANT), (RIGHT, 1, COMPLIANT), (TOO_MUCH, 0, NOT_APPLICABLE)]
)
def test_a_managed_part_of_a_role_is_held_to_one_node_too(documents, attachments, wanted, rules):
    """And a boundary, which is attached to nothing, is not."""
    name = "acme-shop-checkout-prod-1a2b3c"
    items = {
        f"{each}, {how}": policy_item(document, spell, name, attachments)
        for each, document in documents.items()
        for how, spell in SPELLINGS.items()
    }
    judged(rules["mesh-role-one-node"], items, wanted)


def test_the_rules_that_are_made_are_the_rules_that_are_tested(planned, rules):
    resources = planned["root_module"]["child_modules"][0]["resources"]
    sources = {
        each["values"]["name"].removeprefix("acme-prod-"): each["values"]["source"][0]
        for each in resources
        if each["type"] == "aws_config_config_rule" and each["name"] == "guard"
    }
    assert {name: source["custom_policy_details"][0]["policy_text"] for name, source in sources.items()} == rules
    assert set(rules) == set(RULES)
    assert {source["owner"] for source in sources.values()} == {"CUSTOM_POLICY"}
    assert {source["custom_policy_details"][0]["policy_runtime"] for source in sources.values()} == {"guard-2.x.x"}
    assert max(map(len, rules.values())) <= 10_000


@pytest.mark.parametrize("rule", RULES)
def test_the_rule_is_one_of_guard_2(rule, rules):
    code = "\n".join(line for line in rules[rule].splitlines() if not line.startswith("#"))
    assert re.findall(rf"\b({'|'.join(FUNCTIONS_OF_GUARD_3)})\s*\(", code) == []
    assert re.findall(LOOK_AROUND_OR_BACK_REFERENCE, code) == []
