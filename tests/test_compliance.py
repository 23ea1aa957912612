"""What is generated complies with the AWS Config rules that are generated beside it, and a breach of each is found.

The organization's story is planned; each managed rule's condition, written here from its page, is put to the plan, and each rule
of our own goes through AWS's Guard, over configuration items made of the planned roles.
"""

import copy
import json
from pathlib import Path

import hcl2
import pytest

import guard
import plans
from meshrole.blueprint.audit import places, rules
from modules.configuration_items import Role, item
from planned import plan_values

ROOT = Path(__file__).parent.parent
MODULE = ROOT / "modules" / "config-recorder"
PAGES = "https://docs.aws.amazon.com/config/latest/developerguide"


@pytest.fixture(scope="module")
def planned(shared_folder):
    """The plans of the audit account's root and of the environment's."""
    every = plan_values(shared_folder)
    return {name: every[f"organization-audit.{name}"] for name in ("audit", "prod")}


def trails(plan):
    """Every planned trail, with what is only known after apply as True."""
    return [
        change["change"]["after"] | {key: True for key, value in change["change"]["after_unknown"].items() if value is True}
        for change in plan["resource_changes"]
        if change["type"] == "aws_cloudtrail"
    ]


def manages_everything(trail):
    """Management events, read and write, none left out."""
    fields = [{field["field"]: field for field in each["field_selector"]} for each in trail["advanced_event_selector"]]
    management = [each for each in fields if each["eventCategory"]["equals"] == ["Management"]]
    return len(management) == 1 and set(management[0]) == {"eventCategory"}


def policies(plan):
    """Customer managed policies that are no boundary, as these rules take them with excludePermissionBoundaryPolicy."""
    boundaries = {role["values"].get("permissions_boundary") for role in plans.resources(plan) if role["type"] == "aws_iam_role"}
    found = [resource["values"] for resource in plans.resources(plan) if resource["type"] == "aws_iam_policy"]
    return [value for value in found if not any((arn or "").endswith(f"{value['path']}{value['name']}") for arn in boundaries)]


def grants_all(value, is_all):
    listed = json.loads(value["policy"])["Statement"]
    actions = [action for each in listed if each["Effect"] == "Allow" for action in each["Action"]]
    return any(is_all(action) for action in actions)


# Identifier → (its page, what it asks of (the trails that record the account, the account's plan)).
MANAGED = {
    "CLOUD_TRAIL_ENABLED": ("cloudtrail-enabled", lambda found, _: bool(found) and all(each["enable_logging"] for each in found)),
    "MULTI_REGION_CLOUD_TRAIL_ENABLED": (
        "multi-region-cloudtrail-enabled",
        lambda found, _: any(each["is_multi_region_trail"] and manages_everything(each) for each in found),
    ),
    "CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED": (
        "cloud-trail-log-file-validation-enabled",
        lambda found, _: bool(found) and all(each["enable_log_file_validation"] for each in found),
    ),
    "CLOUD_TRAIL_ENCRYPTION_ENABLED": (
        "cloud-trail-encryption-enabled",
        lambda found, _: bool(found) and all(each["kms_key_id"] for each in found),
    ),
    "CLOUDTRAIL_SECURITY_TRAIL_ENABLED": (
        "cloudtrail-security-trail-enabled",
        lambda found, _: any(
            each["include_global_service_events"]
            and each["is_multi_region_trail"]
            and each["enable_log_file_validation"]
            and each["kms_key_id"]
            and manages_everything(each)
            for each in found
        ),
    ),
    "IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS": (
        "iam-policy-no-statements-with-admin-access",
        lambda _, plan: not any(grants_all(each, lambda action: action == "*") for each in policies(plan)),
    ),
    "IAM_POLICY_NO_STATEMENTS_WITH_FULL_ACCESS": (
        "iam-policy-no-statements-with-full-access",
        lambda _, plan: not any(grants_all(each, lambda action: action.endswith(":*")) for each in policies(plan)),
    ),
}


def managed(plan):
    found = [each["values"]["source"][0] for each in plans.resources(plan) if each["type"] == "aws_config_config_rule"]
    return sorted(source["source_identifier"] for source in found if source["owner"] == "AWS")


@pytest.mark.terraform
def test_every_managed_rule_is_one_whose_condition_is_written_here(planned):
    assert managed(planned["prod"]) == sorted(MANAGED)
    assert managed(planned["audit"]) == sorted(MANAGED)


@pytest.mark.terraform
@pytest.mark.parametrize("root", ["audit", "prod"])
@pytest.mark.parametrize("identifier", MANAGED)
def test_the_plan_complies(planned, root, identifier):
    """The organization's trail, made in the audit account, records both accounts."""
    _, complies = MANAGED[identifier]
    assert complies(trails(planned["audit"]), planned[root])


# What breaks each rule: a change of the planned trail, or a policy that appears.
BREACHES = {
    "CLOUD_TRAIL_ENABLED": {"enable_logging": False},
    "MULTI_REGION_CLOUD_TRAIL_ENABLED": {"is_multi_region_trail": False},
    "CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED": {"enable_log_file_validation": False},
    "CLOUD_TRAIL_ENCRYPTION_ENABLED": {"kms_key_id": None},
    "CLOUDTRAIL_SECURITY_TRAIL_ENABLED": {"include_global_service_events": False},
    "IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS": "*",
    "IAM_POLICY_NO_STATEMENTS_WITH_FULL_ACCESS": "s3:*",
}


@pytest.mark.terraform
@pytest.mark.parametrize("identifier", MANAGED)
def test_a_breach_is_found(planned, identifier):
    _, complies = MANAGED[identifier]
    found, plan, breach = trails(planned["audit"]), copy.deepcopy(planned["prod"]), BREACHES[identifier]
    if isinstance(breach, dict):
        found = [found[0] | breach]
    else:
        document = json.dumps({"Statement": [{"Effect": "Allow", "Action": [breach], "Resource": ["*"]}]})
        values = {"path": "/", "name": "broad", "policy": document}
        plan["planned_values"]["root_module"].setdefault("resources", []).append({"type": "aws_iam_policy", "values": values})
    assert not complies(found, plan)


def ours(plan):
    """The rules of our own: name → text."""
    found = [each["values"] for each in plans.resources(plan) if each["type"] == "aws_config_config_rule"]
    custom = [each for each in found if each["source"][0]["owner"] == "CUSTOM_POLICY"]
    return {each["name"]: each["source"][0]["custom_policy_details"][0]["policy_text"] for each in custom}


def workloads(plan):
    """The planned roles of the mesh as AWS Config will show them, documents as they are sent."""
    inline = {
        each["values"]["role"]: each["values"]["policy"]
        for each in plans.identities(plan)
        if each["type"] == "aws_iam_role_policy"
    }
    for each in plans.identities(plan):
        values = each["values"]
        if each["type"] == "aws_iam_role" and each["address"].startswith("module.shop."):
            boundary = {"permissionsBoundaryType": "Policy", "permissionsBoundaryArn": values["permissions_boundary"]}
            documents = tuple(inline[name] for name in [values["name"]] if name in inline)
            yield Role(values["assume_role_policy"], documents, values["tags"], boundary, name=values["name"])


@pytest.mark.terraform
def test_every_planned_workload_complies_with_every_rule_of_our_own(planned):
    found = ours(planned["prod"])
    assert set(found) == {f"initech-audit-mesh-role-{name}" for name in ("boundary", "one-node", "one-workload", "tags")}
    roles = list(workloads(planned["prod"]))
    assert len(roles) == 6
    for name, text in found.items():
        assert guard.evaluate(text, [item(role) for role in roles]) == [guard.COMPLIANT] * 6, name


@pytest.mark.terraform
def test_a_breach_of_each_rule_of_our_own_is_found(planned):
    import dataclasses

    found = ours(planned["prod"])
    role = next(each for each in workloads(planned["prod"]) if each.name == "initech-shop-checkout-prod")
    wide = role.policies[0].replace("virtualNode/checkout", "virtualNode/*")
    trust = role.trust.replace('"ecs-tasks.amazonaws.com"', '"ecs-tasks.amazonaws.com", "ec2.amazonaws.com"')
    assert wide != role.policies[0] and trust != role.trust
    breaches = {
        "boundary": dataclasses.replace(role, boundary=None),
        "one-node": dataclasses.replace(role, policies=(wide,)),
        "one-workload": dataclasses.replace(role, trust=trust),
        "tags": dataclasses.replace(role, tags={"meshrole:mesh": "shop"}),
    }
    for name, broken in breaches.items():
        assert guard.evaluate(found[f"initech-audit-mesh-role-{name}"], [item(broken)]) == [guard.NON_COMPLIANT], name


def test_the_module_and_the_generator_know_the_same_rules_and_regions():
    """The module is usable alone, so it has these lists too."""
    local = {}
    for file in ("main.tf", "rules.tf"):
        for block in hcl2.loads((MODULE / file).read_text()).get("locals", ()):
            local |= block
    text = (MODULE / "rules.tf").read_text()
    identifiers = [rule.identifier for rule in (*rules.TRAIL_RULES.values(), *rules.POLICY_RULES.values())]
    assert all(f'identifier = "{identifier}"' in text for identifier in identifiers)
    assert text.count("identifier = ") - text.count("identifier = string") >= len(identifiers)
    assert [region.strip('"') for region in local["regions_without_iam"]] == list(places.WITHOUT_IAM)
