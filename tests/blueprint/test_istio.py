"""What the story of Istio does not show: versions with labels of their own, namespaces that are closed, a mesh that moves to Istio."""

import pytest
import yaml

from meshrole import pipeline
from meshrole.errors import MeshroleError

HEAD = """\
version: 1
organization: {name: acme}
accounts: {shop: "111122223333"}
environments:
  prod: {account: shop, region: eu-west-1}
"""
PODS = "runs_on: {platform: eks-pod-identity, cluster: core, namespace: shop, service_account: %s}"


@pytest.fixture
def files(tmp_path):
    """`files(text)`: what is generated for an inventory with these meshes, after it is proved."""

    def generate(text: str) -> dict[str, bytes]:
        path = tmp_path / "inventory.yaml"
        path.write_text(HEAD + text)
        result = pipeline.verify([str(path)])
        assert result.holds, result.text()
        return pipeline.generate([str(path)]).files

    return generate


def objects(files: dict[str, bytes], path: str) -> list[dict]:
    return list(yaml.safe_load_all(files[f"prod/{path}"]))


def paths(files: dict[str, bytes], part: str) -> list[str]:
    return sorted(path.removeprefix("prod/") for path in files if f"/{part}/" in path and not path.endswith("kustomization.yaml"))


VERSIONS = f"""
meshes:
  shop:
    engine: istio
    services:
      Check_out:
        {PODS % "checkout"}
        versions: {{v1: , v2: {{pod_labels: {{app: "{{service}}-{{version}}"}}}}}}
      ledger:
        {PODS % "ledger"}
        pod_labels: {{"app.kubernetes.io/name": ledger, app: ledger, tier: "yes"}}
        calls: [Check_out]
"""


def test_a_version_with_labels_of_its_own_has_a_policy_of_its_own(files):
    made = files(VERSIONS)
    folder = "shop/istio/core/shop"
    assert paths(made, "istio") == [f"{folder}/check-out-v1.yaml", f"{folder}/check-out-v2.yaml", f"{folder}/ledger.yaml"]
    for version, label in (("v1", "Check_out"), ("v2", "Check_out-v2")):
        allowing, strict = objects(made, f"{folder}/check-out-{version}.yaml")
        assert allowing["spec"]["selector"] == strict["spec"]["selector"] == {"matchLabels": {"app": label}}
        assert allowing["metadata"]["name"] == f"check-out-{version}"
        (rule,) = allowing["spec"]["rules"]
        assert rule == {"from": [{"source": {"principals": ["cluster.local/ns/shop/sa/ledger"]}}]}
    ledger, _ = objects(made, f"{folder}/ledger.yaml")
    assert ledger["spec"]["selector"]["matchLabels"] == {"app.kubernetes.io/name": "ledger", "app": "ledger", "tier": "yes"}
    assert b'tier: "yes"' in made[f"prod/{folder}/ledger.yaml"]


CLOSED = f"""
meshes:
  shop:
    engine: istio
    deny_by_default: true
    gateways:
      edge:
        runs_on: {{platform: eks-pod-identity, cluster: core, namespace: edge, service_account: edge}}
        pod_labels: {{istio: ingressgateway}}
        routes_to: [ledger]
    services:
      ledger: {{{PODS % "ledger"}}}
"""


def test_a_closed_mesh_closes_its_namespaces_and_leaves_its_gateways_open(files):
    made = files(CLOSED)
    for namespace in ("edge", "shop"):
        (policy,) = objects(made, f"shop/istio/core/{namespace}/_namespace.yaml")
        assert policy["metadata"]["namespace"] == namespace
        assert policy["spec"] == {"action": "ALLOW"}
    (gateway,) = objects(made, "shop/istio/core/edge/edge.yaml")
    assert gateway["kind"] == "AuthorizationPolicy"
    assert gateway["spec"] == {"selector": {"matchLabels": {"istio": "ingressgateway"}}, "action": "ALLOW", "rules": [{}]}


LEAVING = f"""
meshes:
  shop:
    engine: istio
    leaving: {{engine: app-mesh, until: "2099-12-31"}}
    services:
      storefront: {{{PODS % "storefront"}, moves_from: {{platform: ecs}}, calls: [ledger]}}
      ledger: {{{PODS % "ledger"}, tls: {{certificate: {{file: /tls.pem}}}}}}
identity_providers:
  okta: {{type: oidc, issuer: "https://acme.okta.com", audience: aws}}
people:
  readers: {{through: okta, access: observe, meshes: [shop], roles_claim: true}}
"""


def test_a_mesh_that_moves_to_istio_has_both_until_the_day(files):
    made = files(LEAVING)
    assert b"appmesh:StreamAggregatedResources" in made["prod/shop/policies/storefront.json"]
    assert paths(made, "istio") == [
        "people/istio/core/shop/readers.yaml",
        "shop/istio/core/shop/ledger.yaml",
        "shop/istio/core/shop/storefront.yaml",
    ]
    readers = made["prod/people/policies/readers.json"]
    assert b"appmesh:DescribeMesh" in readers
    assert b"eks:DescribeCluster" in readers


def test_a_mesh_that_leaves_istio_keeps_its_policies_until_the_day(files):
    made = files(
        """
meshes:
  shop:
    engine: ecs-service-connect
    leaving: {engine: istio, until: "2099-12-31"}
    services:
      storefront:
        runs_on: {platform: ecs}
        moves_from: {platform: eks-pod-identity, cluster: core, namespace: shop, service_account: storefront}
        calls: [ledger]
      ledger:
        runs_on: {platform: ecs}
        moves_from: {platform: eks-pod-identity, cluster: core, namespace: shop, service_account: ledger}
"""
    )
    (rule,) = objects(made, "shop/istio/core/shop/ledger.yaml")[0]["spec"]["rules"]
    assert rule == {"from": [{"source": {"principals": ["cluster.local/ns/shop/sa/storefront"]}}]}


def test_people_with_two_meshes_in_one_namespace_have_one_role_there(files):
    made = files(
        f"""
meshes:
  shop: {{engine: istio, services: {{ledger: {{{PODS % "ledger"}}}}}}}
  mail: {{engine: istio, services: {{post: {{{PODS % "post"}}}}}}}
identity_providers:
  okta: {{type: oidc, issuer: "https://acme.okta.com", audience: aws}}
people:
  team: {{through: okta, access: route, meshes: [shop, mail], roles_claim: true}}
"""
    )
    role, binding = objects(made, "people/istio/core/shop/team.yaml")
    named = [rule["resourceNames"] for rule in role["rules"] if "resourceNames" in rule]
    assert named == [["ledger"], ["post"]]
    assert len({str(rule) for rule in role["rules"]}) == len(role["rules"])
    assert binding["subjects"][0]["name"] == "meshrole:acme-team-prod"
    assert made["prod/people/identities.tf"].count(b'resource "aws_eks_access_entry"') == 1


def test_retired_people_keep_their_access_entries_in_aws(files):
    made = files(LEAVING + "retired: {people: [guests]}\n")
    assert b"from = aws_eks_access_entry.guests-core" in made["prod/people/identities.tf"]


def test_an_imported_router_has_the_name_that_the_cluster_knows(files):
    made = files(
        f"""
meshes:
  shop: {{engine: istio, services: {{ledger: {{{PODS % "ledger"}, router: ledger.shop}}}}}}
identity_providers:
  okta: {{type: oidc, issuer: "https://acme.okta.com", audience: aws}}
people:
  team: {{through: okta, access: route, meshes: [shop], roles_claim: true}}
"""
    )
    role, _ = objects(made, "people/istio/core/shop/team.yaml")
    assert [rule["resourceNames"] for rule in role["rules"] if "resourceNames" in rule] == [["ledger"]]


def test_access_to_what_runs_nowhere_is_a_warning(tmp_path):
    path = tmp_path / "inventory.yaml"
    path.write_text(
        f"""{HEAD}
meshes:
  shop: {{engine: istio, services: {{web: {{{PODS % "web"}}}, api: {{runs_on: {{platform: none}}}}}}}}
identity_providers:
  okta: {{type: oidc, issuer: "https://acme.okta.com", audience: aws}}
people:
  team: {{through: okta, access: route, meshes: [shop], services: [api, web], roles_claim: true}}
"""
    )
    (warning,) = pipeline.check([str(path)]).warnings
    assert warning.message == 'no pods of "api" are in a cluster, so `route` of it is nothing there'
    assert warning.path == ("people", "team", "services")


def test_more_callers_than_a_policy_takes_are_an_error(tmp_path):
    callers = "".join(f"      s{number}: {{{PODS % f's{number}'}, calls: [ledger]}}\n" for number in range(513))
    path = tmp_path / "inventory.yaml"
    path.write_text(f"{HEAD}meshes:\n  shop:\n    engine: istio\n    services:\n      ledger: {{{PODS % 'ledger'}}}\n{callers}")
    with pytest.raises(MeshroleError) as caught:
        pipeline.generate([str(path)])
    (problem,) = caught.value.problems
    assert problem.message == '"ledger" has 513 callers, and a policy of Istio takes 512 rules'


@pytest.mark.parametrize("text", ["", "yes", "NO", "null", "1", "1.5", "a: b", "a #b", "-x", "*", "é", "\x85", '"', "\\", "x\ny", "0x1f", "~", "@a", "a:", "2026-01-01"])  # fmt: skip
def test_a_text_is_that_text_to_a_reader_of_yaml(text):
    from meshrole.render.yaml_text import document

    value = {"key": text, text or "empty": [text, {"inner": text, "none": [], "map": {}}]}
    assert yaml.safe_load(document(value)) == value


@pytest.mark.parametrize("value", [{"a": 1}, {"a": [None]}, {"a": [["x"]]}])
def test_what_has_no_form_here_is_refused(value):
    from meshrole.render.yaml_text import document

    with pytest.raises(TypeError):
        document(value)
