"""Changes of the shop in Istio: of its manifests, each of which breaks the proof of edges, and of its plan, which break the others.

What is expected is read off the inventory by hand.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import yaml

from access.verify.mutations import Mutation, added, gone, put, resource, statement
from meshrole import pipeline
from meshrole.access.verify import journey
from meshrole.render.files import render
from planned import EXAMPLES

STORY = "istio-shop"
INVENTORY = str(EXAMPLES / STORY / "inventory.yaml")
DOMAIN = "shop.vandelay.example"
CORE, VAULT = "prod/shop/istio/shop-core/shop", "prod/shop/istio/shop-vault/payments"
ACCOUNT = "777788889999"
CATALOG, CHECKOUT, REPORTS = f"{CORE}/catalog.yaml", f"{CORE}/checkout.yaml", f"{CORE}/reports.yaml"
PAYMENTS = f"{VAULT}/payments.yaml"
Objects = list[dict[str, Any]]


@dataclass(frozen=True)
class Change:
    """A change of the objects in a file, and parts of what must be said."""

    name: str
    file: str
    change: Callable[[Objects], object]
    message: str
    example: str = ""


def rules(objects: Objects) -> list[dict[str, Any]]:
    return objects[0]["spec"]["rules"]


def source(objects: Objects, index: int) -> dict[str, Any]:
    return rules(objects)[index]["from"][0]["source"]


def operation(objects: Objects, index: int) -> dict[str, Any]:
    return rules(objects)[index]["to"][0]["operation"]


def namespaced(objects: Objects) -> None:
    """The policy without its selector."""
    del objects[0]["spec"]["selector"]


CHANGES = (
    Change("anyone authenticated", CATALOG, lambda o: source(o, 1).update(principals=["*"]), "catalog of shop lets in", "spiffe://"),
    Change("any service account of the namespace", CATALOG, lambda o: source(o, 1).update(principals=[f"{DOMAIN}/ns/shop/*"]), f"catalog of shop lets in {DOMAIN}/ns/shop/", "allowed"),
    Change("any trust domain", CATALOG, lambda o: source(o, 1).update(principals=["*/ns/shop/sa/storefront"]), "catalog of shop lets in any-other/ns/shop/sa/storefront"),
    Change("by namespace", CATALOG, lambda o: rules(o)[1]["from"][0].update(source={"namespaces": ["shop"]}), f"catalog of shop lets in {DOMAIN}/ns/shop/sa/any-other"),
    Change("everybody", CATALOG, lambda o: rules(o).append({}), f"catalog of shop lets in {DOMAIN}/ns/any-other/sa/any-other"),
    Change("a rule without a source", CHECKOUT, lambda o: rules(o)[0].pop("from"), "checkout of shop lets in", "calls POST on /orders (checkout of shop): allowed"),
    Change("another caller", CHECKOUT, lambda o: source(o, 0)["principals"].append(f"{DOMAIN}/ns/shop/sa/catalog"), f"checkout of shop lets in {DOMAIN}/ns/shop/sa/catalog", "calls POST on /orders (checkout of shop)"),
    Change("the wrong trust domain", CHECKOUT, lambda o: source(o, 0).update(principals=["cluster.local/ns/shop/sa/storefront"]), f"checkout of shop does not let in {DOMAIN}/ns/shop/sa/storefront", "calls POST on /orders (checkout of shop): not allowed"),
    Change("any method", CHECKOUT, lambda o: operation(o, 0).pop("methods"), f"checkout of shop lets in {DOMAIN}/ns/shop/sa/storefront", "calls any-other on /orders (checkout of shop): allowed"),
    Change("a widened path", CHECKOUT, lambda o: operation(o, 0).update(paths=["/orders*"]), f"checkout of shop lets in {DOMAIN}/ns/shop/sa/storefront", "/ordersany-other (checkout of shop): allowed"),
    Change("a suffix for a path", CHECKOUT, lambda o: operation(o, 0).update(paths=["*/orders"]), f"checkout of shop lets in {DOMAIN}/ns/shop/sa/storefront", "any-other/orders (checkout of shop): allowed"),
    Change("a narrowed path", CATALOG, lambda o: operation(o, 0).update(paths=["/products/*"]), f"catalog of shop does not let in {DOMAIN}/ns/edge/sa/ingress", "/products (catalog of shop): not allowed"),
    Change("a lost method", CATALOG, lambda o: operation(o, 0).update(methods=["GET"]), f"catalog of shop does not let in {DOMAIN}/ns/edge/sa/ingress", "calls HEAD on"),
    Change("only to a port", CATALOG, lambda o: operation(o, 0).update(ports=["8080"]), "catalog of shop: what its policies mean by ports is not worked out"),
    Change("a lost header", PAYMENTS, lambda o: rules(o)[0].pop("when"), f"payments of shop lets in {DOMAIN}/ns/shop/sa/checkout-v1", "calls POST on /charges (payments of shop): allowed"),
    Change("another header", PAYMENTS, lambda o: rules(o)[0]["when"][0].update(key="request.headers[x-other]"), f"payments of shop does not let in {DOMAIN}/ns/shop/sa/checkout-v1", "where header x-tenant = shop: not allowed"),
    Change("any value of a header", PAYMENTS, lambda o: rules(o)[1]["when"][0].update(values=["*"]), f"payments of shop lets in {DOMAIN}/ns/shop/sa/checkout-v2", "header x-tenant = any-other: allowed"),
    Change("one version for the other", PAYMENTS, lambda o: source(o, 1).update(principals=[f"{DOMAIN}/ns/shop/sa/checkout-v1"]), f"payments of shop lets in {DOMAIN}/ns/shop/sa/checkout-v1", "allowed"),
    Change("a dropped policy", REPORTS, lambda o: o.pop(0), "reports of shop lets in", "allowed"),
    Change("a dropped rule", CATALOG, lambda o: rules(o).pop(3), f"catalog of shop does not let in {DOMAIN}/ns/shop/sa/reports", "not allowed"),
    Change("a denial", CATALOG, lambda o: o.append({**o[0], "spec": {**o[0]["spec"], "action": "DENY", "rules": [{"to": [{"operation": {"methods": ["DELETE"]}}]}]}}), f"catalog of shop does not let in {DOMAIN}/ns/shop/sa/storefront", "calls DELETE on"),
    Change("a denial for an allowance", REPORTS, lambda o: o[0]["spec"].update(action="DENY"), "reports of shop lets in", "allowed"),
    Change("only audited", REPORTS, lambda o: o[0]["spec"].update(action="AUDIT"), "reports of shop lets in", "allowed"),
    Change("decided elsewhere", CATALOG, lambda o: o[0]["spec"].update(action="CUSTOM"), "catalog of shop: what its policies mean by the action CUSTOM"),
    Change("plain text", CATALOG, lambda o: o[1]["spec"]["mtls"].update(mode="PERMISSIVE"), "catalog of shop takes calls in plain text"),
    Change("plain text on a port", CATALOG, lambda o: o[1]["spec"].update(portLevelMtls={"8080": {"mode": "DISABLE"}}), "catalog of shop takes calls in plain text"),
    Change("no word about TLS", CATALOG, lambda o: o.pop(1), "catalog of shop takes calls in plain text"),
    Change("plain text and everybody", REPORTS, lambda o: (o[0]["spec"].update(rules=[{}]), o.pop(1)), "reports of shop lets in a caller in plain text", "a caller in plain text calls"),
    Change("the wrong namespace", CATALOG, lambda o: o[0]["metadata"].update(namespace="edge"), "the AuthorizationPolicy edge/catalog in shop-core is about no pods of the inventory"),
    Change("no namespace", CATALOG, lambda o: o[0]["metadata"].pop("namespace"), "the AuthorizationPolicy ?/catalog in shop-core is about no pods"),
    Change("other pods", CATALOG, lambda o: o[0]["spec"]["selector"]["matchLabels"].update(app="catalogue"), "catalog of shop lets in"),
    Change("the pods of another service", CATALOG, lambda o: o[0]["spec"]["selector"]["matchLabels"].update(app="reports"), f"reports of shop lets in {DOMAIN}/ns/shop/sa/storefront"),
    Change("the whole namespace", CATALOG, namespaced, "a pod of shop in shop-core that is in no inventory does not let in"),
    Change("mutual TLS for strangers", CATALOG, lambda o: o[1]["spec"].pop("selector"), "a pod of shop in shop-core that is in no inventory does not let in a caller in plain text"),
    Change("a target", CATALOG, lambda o: o[0]["spec"].update(targetRefs=[{"kind": "Service", "group": "", "name": "catalog"}]), "catalog of shop: what its policies mean by targetRefs"),
    Change("a template of a path", CHECKOUT, lambda o: operation(o, 0).update(paths=["/orders/{*}"]), "checkout of shop: what its policies mean by the template /orders/{*}"),
    Change("by an address", CATALOG, lambda o: rules(o)[1]["from"].append({"source": {"ipBlocks": ["10.0.0.0/8"]}}), "catalog of shop: what its policies mean by ipBlocks"),
    Change("by a token", CATALOG, lambda o: rules(o)[1].update(when=[{"key": "request.auth.claims[iss]", "values": ["x"]}]), "catalog of shop: what its policies mean by the condition request.auth.claims[iss]"),
)  # fmt: skip


PEOPLE = "prod/people/istio/shop-core/shop"
READERS, RELEASES, PLATFORM = (f"{PEOPLE}/{name}.yaml" for name in ("readers", "release-managers", "platform"))
PAYMENTS_TEAM = "prod/people/istio/shop-vault/payments/payments-team.yaml"
RIGHTS = (
    Change("everything", READERS, lambda o: o[0]["rules"].append({"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}), "vandelay-readers-prod may * *.* in shop-core/shop", "meshrole:vandelay-readers-prod calls *"),
    Change("readers write", READERS, lambda o: o[0]["rules"][2].update(verbs=["get", "list", "watch", "patch"]), "vandelay-readers-prod may patch destinationrules.networking.istio.io", "shop-core/shop/destinationrules/*"),
    Change("readers read secrets", READERS, lambda o: o[0]["rules"][0].update(resources=["endpoints", "pods", "secrets", "services"]), "vandelay-readers-prod may get secrets in shop-core/shop"),
    Change("readers read less", READERS, lambda o: o[0]["rules"].pop(0), "vandelay-readers-prod may not get endpoints in shop-core/shop", "not allowed"),
    Change("routes of every service", RELEASES, lambda o: o[0]["rules"][-1].pop("resourceNames"), "vandelay-release-managers-prod may patch destinationrules.networking.istio.io in shop-core/shop"),
    Change("the routes of another service", RELEASES, lambda o: o[0]["rules"][-1]["resourceNames"].append("catalog"), "vandelay-release-managers-prod may patch destinationrules.networking.istio.io catalog in shop-core/shop"),
    Change("a shift of traffic deletes", RELEASES, lambda o: o[0]["rules"][-1]["verbs"].append("delete"), "vandelay-release-managers-prod may delete destinationrules.networking.istio.io checkout"),
    Change("who has one service makes others", PAYMENTS_TEAM, lambda o: o[0]["rules"].append({"apiGroups": ["networking.istio.io"], "resources": ["virtualservices"], "verbs": ["create"]}), "vandelay-payments-team-prod may create virtualservices.networking.istio.io in shop-vault/payments"),
    Change("another group", READERS, lambda o: o[1]["subjects"][0].update(name="meshrole:vandelay-platform-prod"), "vandelay-readers-prod may not get endpoints in shop-core/shop"),
    Change("everybody", READERS, lambda o: o[1]["subjects"].append({"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": "system:authenticated"}), "Group system:authenticated is bound to a role in shop, and is no group of ours"),
    Change("a service account", PLATFORM, lambda o: o[1]["subjects"].append({"kind": "ServiceAccount", "name": "catalog"}), "ServiceAccount catalog is bound to a role in shop"),
    Change("a role of the cluster", READERS, lambda o: o[1]["roleRef"].update(kind="ClusterRole", name="cluster-admin"), "meshrole:vandelay-readers-prod is bound to cluster-admin, which is not there"),
    Change("the whole cluster", READERS, lambda o: o[1].update(kind="ClusterRoleBinding"), "the ClusterRoleBinding vandelay-readers-prod is about whole clusters"),
    Change("the wrong namespace", READERS, lambda o: [each["metadata"].update(namespace="kube-system") for each in o], "in shop-core/kube-system, unlike its level of access"),
)  # fmt: skip


@pytest.mark.parametrize("mutation", RIGHTS, ids=lambda mutation: mutation.name.replace(" ", "-"))
def test_a_change_of_what_a_group_may_do_is_caught(mutation, sound):
    files = render(sound[0])
    objects = list(yaml.safe_load_all(files[mutation.file]))
    mutation.change(objects)
    files |= {mutation.file: yaml.safe_dump_all(objects).encode()}
    (proof,) = (item for item in journey.verify(sound, [], files, None).proofs if item.name == "clusters")
    found = [(finding.message, str(finding.example or "")) for finding in proof.findings]
    assert any(mutation.message in message and mutation.example in example for message, example in found), found


@pytest.fixture(scope="module")
def sound():
    checked = pipeline.check([INVENTORY])
    return checked.blueprint, checked.inventory, checked.loaded


def edges(sound, files):
    (proof,) = (item for item in journey.verify(sound, [], files, None).proofs if item.name == "edges")
    return proof


@pytest.mark.parametrize("mutation", CHANGES, ids=lambda mutation: mutation.name.replace(" ", "-"))
def test_a_change_of_a_manifest_is_caught_with_its_counter_example(mutation, sound):
    files = render(sound[0])
    objects = list(yaml.safe_load_all(files[mutation.file]))
    mutation.change(objects)
    proof = edges(sound, files | {mutation.file: yaml.safe_dump_all(objects).encode()})
    found = [(finding.message, str(finding.example or "")) for finding in proof.findings]
    assert any(mutation.message in message and mutation.example in example for message, example in found), found


def test_the_files_as_they_are_are_proved_and_a_lost_file_is_not(sound):
    files = render(sound[0])
    assert edges(sound, files).findings == ()
    del files[PAYMENTS]
    assert any("payments of shop lets in" in finding.message for finding in edges(sound, files).findings)


def test_a_manifest_of_nobody_is_one_finding(sound):
    files = render(sound[0])
    other = {"apiVersion": "security.istio.io/v1", "kind": "AuthorizationPolicy", "metadata": {"name": "x", "namespace": "shop"}}
    other["spec"] = {"selector": {"matchLabels": {"app": "nobody"}}, "action": "ALLOW"}
    (finding,) = edges(sound, files | {f"{CORE}/x.yaml": yaml.safe_dump(other).encode()}).findings
    assert finding.message == "the AuthorizationPolicy shop/x in shop-core is about no pods of the inventory"
    assert finding.address == f"{CORE}/x.yaml"


CATALOG_ROLE, REPORTS_ROLE = "module.shop.aws_iam_role.catalog", "module.shop.aws_iam_role.reports"
CHECKOUT_POLICY = "module.shop.aws_iam_role_policy.checkout-v1"
RELEASE = "module.people.aws_iam_role_policy.release-managers"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/mesh/vandelay-shop-"
ENTRY = "module.people.aws_eks_access_entry.readers-shop-core"
PLAN = (STORY, "prod")

MUTATIONS = (
    Mutation("one role for two", PLAN, put(CATALOG_ROLE, name="vandelay-shop-reports-prod"), "isolation", "vandelay-shop-reports-prod is one role for", alone=True),
    Mutation("any service account", PLAN, statement(CATALOG_ROLE, "Assume", "assume_role_policy", Condition=None), "isolation", "the trust policy of vandelay-shop-catalog-prod lets in", "pods.eks.amazonaws.com"),
    Mutation("handed to another", PLAN, put("module.shop.aws_eks_pod_identity_association.catalog", service_account="reports"), "isolation", "vandelay-shop-catalog-prod is handed to shop-core/shop/reports"),
    Mutation("everything", PLAN, statement(CHECKOUT_POLICY, "AppDynamodb", Action="*", Resource="*"), "least privilege", "vandelay-shop-checkout-v1-prod may do"),
    Mutation("any table", PLAN, statement(CHECKOUT_POLICY, "AppDynamodb", Resource=f"arn:aws:dynamodb:eu-central-1:{ACCOUNT}:table/*"), "least privilege", "vandelay-shop-checkout-v1-prod may do dynamodb:GetItem"),
    Mutation("any cluster", PLAN, statement(RELEASE, "ShopFindClusters", Resource=f"arn:aws:eks:eu-central-1:{ACCOUNT}:cluster/*"), "least privilege", "vandelay-release-managers-prod may do eks:DescribeCluster", "calls eks:DescribeCluster"),
    Mutation("access entries", PLAN, added(RELEASE, Action="eks:CreateAccessEntry", Resource=f"arn:aws:eks:eu-central-1:{ACCOUNT}:cluster/shop-core"), "least privilege", "vandelay-release-managers-prod may do eks:CreateAccessEntry", "cluster/shop-core: allowed"),
    Mutation("another's group", PLAN, put(ENTRY, kubernetes_groups=["meshrole:vandelay-platform-prod"]), "clusters", "vandelay-readers-prod is in meshrole:vandelay-platform-prod; its own group is meshrole:vandelay-readers-prod"),
    Mutation("two groups", PLAN, put(ENTRY, kubernetes_groups=["meshrole:vandelay-readers-prod", "admins"]), "clusters", "vandelay-readers-prod is in meshrole:vandelay-readers-prod, admins"),
    Mutation("another cluster", PLAN, put(ENTRY, cluster_name="billing"), "clusters", "vandelay-readers-prod is known to billing, to which the inventory gives it no access"),
    Mutation("no access entry", PLAN, gone(ENTRY), "clusters", "vandelay-readers-prod is not known to shop-core"),
    Mutation("an administrator of the cluster", PLAN, resource(ENTRY, "aws_eks_access_policy_association", cluster_name="shop-core", principal_arn=f"arn:aws:iam::{ACCOUNT}:role/mesh/vandelay-readers-prod", policy_arn="arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"), "clusters", "vandelay-readers-prod has arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy in shop-core; access is given by groups alone"),
    Mutation("a role less", PLAN, gone(REPORTS_ROLE), "isolation", "vandelay-shop-reports-prod is declared in the inventory and not there"),
    Mutation("one becomes another", PLAN, added(CATALOG_ROLE, "assume_role_policy", Principal={"AWS": f"{ROLE}reports-prod"}, Action="sts:AssumeRole"), "escalation", "vandelay-shop-reports-prod can become vandelay-shop-reports-prod → vandelay-shop-catalog-prod", "calls sts:AssumeRole", alone=True),
)  # fmt: skip


@pytest.mark.terraform
@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name.replace(" ", "-"))
def test_a_mutation_of_the_plan_is_caught_with_its_counter_example(mutation, plan_of):
    plan = plan_of(*mutation.story)
    mutation.change(plan)
    content = [("plan.json", json.dumps(plan).encode())]
    for inventory in ([INVENTORY], []) if mutation.alone else ([INVENTORY],):
        result = pipeline.verify(inventory, content)
        findings = next(item.findings for item in result.proofs if item.name == mutation.proof)
        found = [(finding.message, str(finding.example or "")) for finding in findings]
        assert any(mutation.message in message and mutation.example in example for message, example in found), found


@pytest.mark.terraform
def test_the_plan_is_proved_and_says_that_it_has_no_manifests(plan_of):
    content = [("plan.json", json.dumps(plan_of(*PLAN)).encode())]
    result = pipeline.verify([INVENTORY], content)
    assert result.holds
    assert "edges: not tried, a plan has no manifests of Istio's" in result.text()
    assert pipeline.verify([], content).holds
