"""Changes of the plan of the shop in Service Connect: each breaks one proof, with the counter-example that must show it.

What is expected is read off the inventory by hand.
"""

import json
from pathlib import Path

import pytest

from access.verify.mutations import Mutation, added, edit, gone, put, statement, trust
from meshrole import pipeline

pytestmark = pytest.mark.terraform
STORY = "service-connect-shop"
PROD = (STORY, "prod")
ACCOUNT, REGION = "555566667777", "eu-west-1"
CART, CATALOG, STOREFRONT = (f"module.shop.aws_iam_role.{name}" for name in ("cart", "catalog", "storefront"))
CART_POLICY = "module.shop.aws_iam_role_policy.cart"
TLS_POLICY = "module.shop.aws_iam_role_policy.cart-infrastructure"
DEPLOY = "module.pipelines.aws_iam_role_policy.deploy"
RELEASE = "module.people.aws_iam_role_policy.release-managers"
TEAM = "module.people.aws_iam_role_policy.cart-team"
SECRET = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:ecs-sc!"
OTHER_CA = f"arn:aws:acm-pca:{REGION}:{ACCOUNT}:certificate-authority/other"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/mesh/hooli-shop-"
TAGGED = {"aws:ResourceTag/AmazonECSManaged": ["true"]}
RUN = ["iam:PassRole", "ecs:RegisterTaskDefinition", "ecs:CreateService"]

MUTATIONS = (
    Mutation("one role for two", PROD, put(CATALOG, name="hooli-shop-cart-prod"), "isolation", "hooli-shop-cart-prod is one role for", alone=True),
    Mutation("infrastructure role gone", PROD, gone("module.shop.aws_iam_role.cart-infrastructure"), "isolation", "hooli-shop-cart-prod-infrastructure is declared in the inventory and not there"),
    Mutation("tasks take the infrastructure role", PROD, trust("module.shop.aws_iam_role.cart-infrastructure", Principal={"Service": ["ecs.amazonaws.com", "ecs-tasks.amazonaws.com"]}), "isolation", "lets in ecs-tasks.amazonaws.com", "ecs-tasks.amazonaws.com calls sts:AssumeRole"),
    Mutation("everybody takes the infrastructure role", PROD, trust("module.shop.aws_iam_role.cart-infrastructure", Principal="*"), "isolation", "the trust policy of hooli-shop-cart-prod-infrastructure lets in", alone=True),
    Mutation("ECS takes the role of a task", PROD, trust("module.shop.aws_iam_role.cart", Principal={"Service": "ecs.amazonaws.com"}, Condition=None), "isolation", "hooli-shop-cart-prod lets in ecs.amazonaws.com", alone=True),
    Mutation("source of a task lost", PROD, trust(CART, Condition=None), "isolation", "lets in ecs-tasks.amazonaws.com", "ecs-tasks.amazonaws.com calls sts:AssumeRole"),
    Mutation("guard gone", PROD, edit("module.shop.aws_iam_role_policy.catalog", lambda document: document["Statement"].remove(next(item for item in document["Statement"] if item["Effect"] == "Deny"))), "least privilege", "hooli-shop-catalog-prod may do secretsmanager:GetSecretValue", f"calls secretsmanager:GetSecretValue on {SECRET}"),
    Mutation("every authority", PROD, statement(TLS_POLICY, "IssueCertificate", Resource="*"), "least privilege", "may do acm-pca:IssueCertificate", "calls acm-pca:IssueCertificate on arn:aws:acm-pca:"),
    Mutation("another authority", PROD, statement(TLS_POLICY, "SeeAuthority", Resource=OTHER_CA), "least privilege", f"on {OTHER_CA}, which the inventory does not declare", f"on {OTHER_CA}"),
    Mutation("any template", PROD, statement(TLS_POLICY, "IssueCertificate", Condition={"StringEquals": TAGGED}), "least privilege", "may do acm-pca:IssueCertificate", "calls acm-pca:IssueCertificate"),
    Mutation("an authority without the tag", PROD, statement(TLS_POLICY, "SeeAuthority", Condition=None), "least privilege", "may do acm-pca:", "calls acm-pca:"),
    Mutation("secrets of every service", PROD, statement(TLS_POLICY, "RotateSecret", Condition={"StringEquals": {"secretsmanager:ResourceTag/aws:secretsmanager:owningService": "ecs-sc"}}), "least privilege", "hooli-shop-cart-prod-infrastructure may do secretsmanager:GetSecretValue", f"calls secretsmanager:GetSecretValue on {SECRET}"),
    Mutation("secrets of any service", PROD, statement(TLS_POLICY, "SeeSecret", Resource="*"), "least privilege", "may do secretsmanager:DescribeSecret", "calls secretsmanager:DescribeSecret on arn:aws:secretsmanager:"),
    Mutation("a task registers an address", PROD, added(CART_POLICY, Action="servicediscovery:RegisterInstance", Resource=f"arn:aws:servicediscovery:{REGION}:{ACCOUNT}:service/srv-1"), "least privilege", "hooli-shop-cart-prod may do servicediscovery:RegisterInstance", "service/srv-1: allowed"),
    Mutation("another service's task definition", PROD, statement(RELEASE, "ShopShiftTrafficCart", Condition={"ArnEquals": {"ecs:cluster": f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/shop-prod"}}), "least privilege", "hooli-release-managers-prod may do ecs:UpdateService", f"calls ecs:UpdateService on arn:aws:ecs:{REGION}:{ACCOUNT}:service/shop-prod/cart"),
    Mutation("any service", PROD, statement(RELEASE, "ShopShiftTrafficCart", Resource=f"arn:aws:ecs:{REGION}:{ACCOUNT}:service/shop-prod/*"), "least privilege", "hooli-release-managers-prod may do ecs:UpdateService", "calls ecs:UpdateService on"),
    Mutation("passed to whatever service", PROD, statement(TEAM, "ShopPassTaskRoles", Condition=None), "least privilege", "hooli-cart-team-prod may do iam:PassRole", f"calls iam:PassRole on {ROLE}cart-prod"),
    Mutation("another task's role is passed", PROD, statement(TEAM, "ShopPassTaskRoles", Resource=[f"{ROLE}cart-prod", f"{ROLE}cart-prod-execution", f"{ROLE}payments-prod"]), "least privilege", f"hooli-cart-team-prod may do iam:PassRole on {ROLE}payments-prod", "allowed"),
    Mutation("a shift of traffic makes services", PROD, added(RELEASE, Action="ecs:CreateService", Resource=f"arn:aws:ecs:{REGION}:{ACCOUNT}:service/shop-prod/cart"), "layers", "hooli-release-managers-prod may do ecs:createservice, which only the access operate allows", "service/shop-prod/cart"),
    Mutation("readers read no more", PROD, statement("module.people.aws_iam_role_policy.readers", "ShopSeeServices", Action="ecs:DescribeServices"), "layers", "hooli-readers-prod has the access observe and may not do ecs:listservicedeployments", "not allowed"),
    Mutation("every role is passed", PROD, statement(DEPLOY, "ShopPassTaskRoles", Resource="*"), "escalation", "hooli-deploy-prod can escalate by iam:PassRole and ecs:RegisterTaskDefinition and ecs:CreateService", "calls iam:PassRole on arn:aws:iam::", alone=True),
    Mutation("an administrator is passed", PROD, added(DEPLOY, Action="iam:PassRole", Resource=f"arn:aws:iam::{ACCOUNT}:role/administrator"), "escalation", "hooli-deploy-prod can escalate by iam:PassRole", "role/administrator: allowed", alone=True),
    Mutation("a task passes a task's role", PROD, added(CART_POLICY, Action=RUN, Resource="*"), "escalation", "hooli-shop-cart-prod can escalate by iam:PassRole", "calls iam:PassRole on", alone=True),
    Mutation("one task becomes another", PROD, added(CART, "assume_role_policy", Principal={"AWS": f"{ROLE}storefront-prod"}, Action="sts:AssumeRole"), "escalation", "hooli-shop-storefront-prod can become hooli-shop-storefront-prod → hooli-shop-cart-prod", "calls sts:AssumeRole", alone=True),
)  # fmt: skip


def verified(plan, *inventory):
    story = Path(__file__).parents[3] / "examples" / STORY / "inventory.yaml"
    return pipeline.verify([str(story)] if inventory else [], [("plan.json", json.dumps(plan).encode())])


def said(result, proof):
    findings = next(item.findings for item in result.proofs if item.name == proof)
    return [(finding.message, str(finding.example or "")) for finding in findings]


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name.replace(" ", "-"))
def test_a_mutation_is_caught_with_its_counter_example(mutation, plan_of):
    plan = plan_of(*mutation.story)
    mutation.change(plan)
    result = verified(plan, STORY)
    found = said(result, mutation.proof)
    assert not result.holds
    assert any(mutation.message in message and mutation.example in example for message, example in found), found


@pytest.mark.parametrize(
    "mutation", [item for item in MUTATIONS if item.alone], ids=lambda mutation: mutation.name.replace(" ", "-")
)
def test_a_mutation_is_caught_without_an_inventory(mutation, plan_of):
    plan = plan_of(*mutation.story)
    mutation.change(plan)
    found = said(verified(plan), mutation.proof)
    assert any(mutation.message in message and mutation.example in example for message, example in found), found


@pytest.mark.parametrize("root", ["prod", "lab"])
def test_the_plan_is_proved_with_its_inventory_and_without(root, plan_of):
    assert verified(plan_of(STORY, root), STORY).holds
    assert verified(plan_of(STORY, root)).holds
