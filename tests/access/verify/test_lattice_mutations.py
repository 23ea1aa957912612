"""Changes of the plan of the shop in VPC Lattice: each breaks one proof, with the counter-example that must show it.

What is expected is read off the inventory by hand.
"""

import json
from pathlib import Path

import pytest

from access.verify.mutations import Mutation, added, both, edit, gone, put, resource, statement, trust, unknown
from meshrole import pipeline

pytestmark = pytest.mark.terraform
STORY = "lattice-shop"
PROD, BILLING = (STORY, "prod"), (STORY, "billing")
ACCOUNT, OTHER = "111122223333", "555566667777"
HERE, THERE = f"arn:aws:vpc-lattice:us-east-1:{ACCOUNT}", f"arn:aws:vpc-lattice:us-east-1:{OTHER}"
ROLE, OTHER_ROLE = f"arn:aws:iam::{ACCOUNT}:role/mesh/acme-shop-", f"arn:aws:iam::{OTHER}:role/mesh/acme-shop-"
CHECKOUT, PAYMENTS = f"{HERE}:service/svc-0a1b2c3d4e5f60002", f"{THERE}:service/svc-0b1b2c3d4e5f60009"
BLUE, GREEN = "module.shop.aws_iam_role.checkout-blue", "module.shop.aws_iam_role.checkout-green"
BLUE_POLICY = "module.shop.aws_iam_role_policy.checkout-blue"
TARGETS = "module.shop.aws_iam_role_policy.storefront-targets"
RECEIPTS = "module.shop.aws_iam_role.receipts"
RELEASE, TEAM = (f"module.people.aws_iam_role_policy.{name}" for name in ("release-managers", "checkout-team"))
READERS = "module.people.aws_iam_role_policy.mesh-readers"
NETWORK = "module.shop.aws_vpclattice_auth_policy._network"
AUTH = "module.shop.aws_vpclattice_auth_policy."
GETS = {"StringEquals": {"vpc-lattice-svcs:RequestMethod": ["GET"]}}
FOR_WEB = {"StringEquals": {"vpc-lattice-svcs:RequestMethod": ["POST"], "vpc-lattice-svcs:RequestHeader/x-tenant": ["web"]}}

MUTATIONS = (
    # The caller's half, and what else a workload may do
    Mutation("one role for two", PROD, put(GREEN, name="acme-shop-checkout-blue-prod"), "isolation", "acme-shop-checkout-blue-prod is one role for", alone=True),
    Mutation("role gone", PROD, gone(RECEIPTS), "isolation", "acme-shop-receipts-prod is declared in the inventory and not there"),
    Mutation("a function's role is a task's too", PROD, trust(RECEIPTS, Principal={"Service": ["lambda.amazonaws.com", "ecs-tasks.amazonaws.com"]}), "isolation", "lets in ecs-tasks.amazonaws.com", "ecs-tasks.amazonaws.com calls sts:AssumeRole"),
    Mutation("everybody takes a function's role", PROD, trust(RECEIPTS, Principal="*"), "isolation", "the trust policy of acme-shop-receipts-prod lets in", alone=True),
    Mutation("tasks take the role that registers targets", PROD, trust("module.shop.aws_iam_role.storefront-targets", Principal={"Service": "ecs-tasks.amazonaws.com"}), "isolation", "lets in ecs-tasks.amazonaws.com"),
    Mutation("tags of a pod lost", PROD, trust(BLUE, Condition=None), "isolation", "lets in pods.eks.amazonaws.com", "pods.eks.amazonaws.com calls sts:", alone=True),
    Mutation("every service", PROD, statement(BLUE_POLICY, "CallPayments", Resource="*"), "least privilege", "acme-shop-checkout-blue-prod may do vpc-lattice-svcs:Invoke on", "calls vpc-lattice-svcs:Invoke on arn:aws:vpc-lattice:"),
    Mutation("every path", PROD, statement(BLUE_POLICY, "CallPayments", Resource=f"{PAYMENTS}/*"), "least privilege", "acme-shop-checkout-blue-prod may do vpc-lattice-svcs:Invoke on", f"calls vpc-lattice-svcs:Invoke on {PAYMENTS}/"),
    Mutation("another service", PROD, statement(BLUE_POLICY, "CallPayments", Resource=f"{CHECKOUT}/*"), "least privilege", "acme-shop-checkout-blue-prod may do vpc-lattice-svcs:Invoke on", f"calls vpc-lattice-svcs:Invoke on {CHECKOUT}/"),
    Mutation("methods and headers lost", PROD, statement(BLUE_POLICY, "CallPayments", Condition=None), "least privilege", "acme-shop-checkout-blue-prod may do vpc-lattice-svcs:Invoke", f"calls vpc-lattice-svcs:Invoke on {PAYMENTS}/"),
    Mutation("another header's value", PROD, statement(BLUE_POLICY, "CallPayments", Condition={"StringLike": {"vpc-lattice-svcs:RequestHeader/x-tenant": "*"}, "StringEquals": {"vpc-lattice-svcs:RequestMethod": "POST"}}), "least privilege", "acme-shop-checkout-blue-prod may do vpc-lattice-svcs:Invoke", "vpc-lattice-svcs:requestheader/x-tenant ="),
    Mutation("narrower than declared", PROD, statement(BLUE_POLICY, "CallPayments", Condition=FOR_WEB), "least privilege", "acme-shop-checkout-blue-prod may not do vpc-lattice-svcs:Invoke", "vpc-lattice-svcs:requestheader/x-tenant = app"),
    Mutation("statement more", PROD, added(BLUE_POLICY, Action="vpc-lattice-svcs:Invoke", Resource=f"{CHECKOUT}/*"), "least privilege", "acme-shop-checkout-blue-prod may do vpc-lattice-svcs:Invoke", f"on {CHECKOUT}/"),
    Mutation("connections as well", PROD, added(BLUE_POLICY, Action="vpc-lattice-svcs:*", Resource=PAYMENTS), "least privilege", "acme-shop-checkout-blue-prod may do vpc-lattice-svcs:Connect", f"calls vpc-lattice-svcs:Connect on {PAYMENTS}"),
    Mutation("wrong partition", PROD, statement(BLUE_POLICY, "CallPayments", Resource=f"{PAYMENTS}/*".replace("arn:aws:", "arn:aws-cn:")), "least privilege", "acme-shop-checkout-blue-prod may not do vpc-lattice-svcs:Invoke", f"calls vpc-lattice-svcs:Invoke on {PAYMENTS}/"),
    Mutation("every target group", PROD, statement(TARGETS, "Targets", Resource=f"{HERE}:targetgroup/*"), "least privilege", "acme-shop-storefront-prod-targets may do vpc-lattice:DeregisterTargets", f"calls vpc-lattice:DeregisterTargets on {HERE}:targetgroup/"),
    Mutation("interfaces for the code too", PROD, edit("module.shop.aws_iam_role_policy.receipts", lambda document: document["Statement"].remove(next(item for item in document["Statement"] if item["Effect"] == "Deny"))), "least privilege", "acme-shop-receipts-prod may do ec2:", "where lambda:sourcefunctionarn ="),
    # Levels
    Mutation("any target", PROD, statement(RELEASE, "ShopListenersAndRulesToTargets", Condition=None), "least privilege", "acme-release-managers-prod may do vpc-lattice:UpdateListener, vpc-lattice:UpdateRule", "vpc-lattice:targetgrouparns ="),
    Mutation("any service's rules", PROD, statement(RELEASE, "ShopListenersAndRulesToTargets", Resource=f"{HERE}:service/*"), "least privilege", "acme-release-managers-prod may do vpc-lattice:UpdateListener", "calls vpc-lattice:UpdateListener on"),
    Mutation("a service without authorization", PROD, statement(TEAM, "ShopServicesStaySigned", Condition=None), "least privilege", "acme-checkout-team-prod may do vpc-lattice:UpdateService", "vpc-lattice:authtype ="),
    Mutation("associations of other networks", PROD, statement(TEAM, "ShopServiceAssociationsOfNetwork", Condition=None), "least privilege", "acme-checkout-team-prod may do vpc-lattice:DeleteServiceNetworkServiceAssociation", "servicenetworkserviceassociation/"),
    Mutation("a shift of traffic makes listeners", PROD, added(RELEASE, Action="vpc-lattice:CreateListener", Resource=f"{CHECKOUT}/listener/l"), "layers", "acme-release-managers-prod may do vpc-lattice:createlistener, which only the access operate allows", f"{CHECKOUT}/listener/l"),
    Mutation("who operates lets in", PROD, added(TEAM, Action="vpc-lattice:PutAuthPolicy", Resource=CHECKOUT), "least privilege", "acme-checkout-team-prod may do vpc-lattice:PutAuthPolicy", f"on {CHECKOUT}: allowed"),
    Mutation("readers read no more", PROD, statement(READERS, "ShopServices", Action="vpc-lattice:GetService"), "layers", "acme-mesh-readers-prod has the access observe and may not do vpc-lattice:getauthpolicy", "not allowed"),
    # Boundary, escalation
    Mutation("others' services", PROD, statement("module.shop.aws_iam_policy.boundary", "NoOtherService", Action=["vpc-lattice-svcs:Connect"]), "no dead grants", "lets through vpc-lattice-svcs:Invoke", "calls vpc-lattice-svcs:Invoke"),
    Mutation("boundary kills a call", PROD, statement("module.shop.aws_iam_policy.boundary", "NoOtherService", NotResource=[f"{CHECKOUT}/*"]), "no dead grants", "refuses vpc-lattice-svcs:invoke on", "not allowed", alone=True),
    Mutation("a function becomes a pod", PROD, both(added(BLUE, "assume_role_policy", Principal={"AWS": f"{ROLE}receipts-prod"}, Action="sts:AssumeRole"), put(RECEIPTS, permissions_boundary=None)), "escalation", "acme-shop-receipts-prod can become acme-shop-receipts-prod → acme-shop-checkout-blue-prod", "calls sts:AssumeRole", alone=True),
    # The callee's half
    Mutation("auth policy gone", PROD, gone(f"{AUTH}checkout"), "callers", "service checkout of shop has no auth policy; the inventory declares one"),
    Mutation("everybody called in", PROD, statement(f"{AUTH}checkout", "Callers", Principal="*"), "callers", "service checkout of shop lets in any-role, which the inventory does not declare", f"calls vpc-lattice-svcs:Invoke on {CHECKOUT}/"),
    Mutation("the whole account called in", PROD, statement(f"{AUTH}checkout", "Callers", Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"}), "callers", "service checkout of shop lets in any-role", f"arn:aws:iam::{ACCOUNT}:role/any-role calls"),
    Mutation("another account called in", PROD, statement(f"{AUTH}checkout", "Callers", Principal={"AWS": [f"{ROLE}storefront-prod", "999988887777"]}), "callers", "service checkout of shop lets in any-role", "arn:aws:iam::999988887777:role/any-role calls"),
    Mutation("a caller more", PROD, statement(f"{AUTH}checkout", "Callers", Principal={"AWS": [f"{ROLE}storefront-prod", f"{ROLE}ingress-prod"]}), "callers", "service checkout of shop lets in acme-shop-ingress-prod, which the inventory does not declare", f"{ROLE}ingress-prod calls"),
    Mutation("a caller less", PROD, statement(f"{AUTH}receipts", "Callers2", Principal={"AWS": [f"{ROLE}checkout-blue-prod"]}), "callers", "service receipts of shop does not let in acme-shop-checkout-green-prod, which the inventory declares as a caller", "not allowed"),
    Mutation("another caller", PROD, statement(f"{AUTH}checkout", "Callers", Principal={"AWS": f"{ROLE}ingress-prod"}), "callers", "service checkout of shop does not let in acme-shop-storefront-prod", f"{ROLE}storefront-prod calls vpc-lattice-svcs:Invoke on {CHECKOUT}/"),
    Mutation("a service of AWS called in", PROD, statement(f"{AUTH}checkout", "Callers", Principal={"AWS": f"{ROLE}storefront-prod", "Service": "events.amazonaws.com"}), "callers", "service checkout of shop lets in Service events.amazonaws.com"),
    Mutation("all but one called in", PROD, edit(f"{AUTH}checkout", lambda document: document["Statement"].append({"Effect": "Allow", "NotPrincipal": {"AWS": f"{ROLE}ingress-prod"}, "Action": "vpc-lattice-svcs:Invoke", "Resource": "*"})), "callers", "service checkout of shop lets in any-role", "calls vpc-lattice-svcs:Invoke"),
    Mutation("methods of a caller lost", BILLING, statement(f"{AUTH}ledger", "Callers2", Condition=None), "callers", "service ledger of shop lets in acme-shop-payments-billing", f"{OTHER_ROLE}payments-billing calls vpc-lattice-svcs:Invoke"),
    Mutation("methods of a caller changed", PROD, statement(f"{AUTH}receipts", "Callers2", Condition=GETS), "callers", "service receipts of shop lets in acme-shop-checkout-blue-prod", "vpc-lattice-svcs:requestmethod = GET"),
    Mutation("paths of a caller", BILLING, statement(f"{AUTH}payments", "Callers", Resource=f"{PAYMENTS}/*"), "callers", "service payments of shop lets in acme-shop-checkout-blue-prod", f"{ROLE}checkout-blue-prod calls vpc-lattice-svcs:Invoke on {PAYMENTS}/"),
    Mutation("let in where nobody calls", BILLING, statement(f"{AUTH}reports", "NoCallers", Effect="Allow"), "callers", "service reports of shop lets in any-role", "calls vpc-lattice-svcs:Invoke"),
    Mutation("anonymous requests", PROD, statement(NETWORK, "OurPrincipals", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}), "callers", "the service network of shop lets in any-role", "aws:principaltype = Anonymous"),
    Mutation("another organization", PROD, statement(NETWORK, "OurPrincipals", Condition={"StringNotEquals": {"aws:PrincipalType": "Anonymous"}}), "callers", "the service network of shop lets in any-role", "calls vpc-lattice-svcs:Invoke"),
    Mutation("auth policy not known", PROD, unknown(f"{AUTH}checkout", "policy"), "callers", "checkout.policy says is known only after the apply"),
    Mutation("auth policy of another service", PROD, resource(BLUE, "aws_vpclattice_auth_policy", resource_identifier=f"{HERE}:service/svc-0000000000000ffff", policy='{"Statement": []}'), "callers", "is of svc-0000000000000ffff, which is none of the inventory's"),
    Mutation("no policy that AWS takes", PROD, statement(f"{AUTH}checkout", "Callers", Effect="Permit"), "callers", "service checkout of shop: AWS rejects its auth policy"),
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
    assert said(verified(plan), mutation.proof)


def test_the_first_plan_says_what_it_does_not_know(plan_of):
    """The service that is yet to be made has no id: every policy that names it is unknown, and no other one is."""
    result = verified(plan_of(STORY, "prod.first"), STORY)
    findings = [finding for proof in result.proofs for finding in proof.findings]
    assert {finding.kind for finding in findings} == {"unknown"}
    unknown_to = {finding.identity for finding in findings if "aws_iam_role_policy" in finding.message}
    assert unknown_to == {
        "acme-shop-storefront-prod",
        "acme-shop-checkout-blue-prod",
        "acme-shop-checkout-green-prod",
        "acme-mesh-readers-prod",
        "acme-checkout-team-prod",
        "acme-network-prod",
    }
    ((message, _),) = said(result, "callers")
    assert message.startswith(
        "service receipts of shop: what module.shop.aws_vpclattice_auth_policy.receipts.policy says is known"
    )
