"""Services that are not here, or have no name or no workload; placeholders of an inventory's own; what versions differ in."""

import json

import pytest

from meshrole import pipeline

HEAD = """\
version: 1
organization: {name: acme}
accounts: {shop: "111122223333"}
environments:
  prod: {account: shop, region: us-east-1}
  test: {account: shop, region: eu-west-1}
"""
SHOP = (
    HEAD
    + """\
placeholders:
  Zone: shop.local
  Stage: {value: {prod: live, test: trial}, expression: "!Ref Stage", at: "mesh.yaml:3"}
identity_providers: {hub: {type: github-actions}}
pipelines:
  ship: {through: hub, repository: acme/shop, branch: main, access: operate, meshes: [shop], services: [color, worker, form]}
  all: {through: hub, repository: acme/all, branch: main, access: own, meshes: [shop]}
meshes:
  shop:
    engine: app-mesh
    mesh_name: "shop-{Stage}"
    gateways:
      in: {runs_on: {platform: ecs}, routes_to: [color, form, mail]}
      out: {runs_on: {platform: elsewhere}, routes_to: [color]}
    services:
      color:
        virtual_service: "color.{Zone}"
        runs_on: {platform: ecs}
        calls: [mail]
        telemetry: {xray: true}
        versions:
          blue: {calls: [form, mail], telemetry: {metrics_namespace: "{version}-{Stage}"}}
          green:
            tls: {trusts: ["arn:{partition}:acm-pca:{region}:{account}:certificate-authority/1"]}
            statements: [{Sid: NoDelete, Effect: Deny, Action: "s3:Delete*", Resource: "*"}]
          red: {calls: []}
      worker: {runs_on: {platform: ecs}, virtual_service: false, calls: [color]}
      form: {runs_on: {platform: none}, router: forms, routes: [one]}
      mail: {runs_on: {platform: elsewhere}, virtual_service: mail.example.com}
"""
)


@pytest.fixture
def shop(tmp_path):
    path = tmp_path / "inventory.yaml"
    path.write_text(SHOP)
    return path


def test_what_check_prints_of_them(shop):
    checked = pipeline.check([str(shop)])
    assert checked.error is None
    prod, test = checked.summary()["meshes"]
    assert (prod["name"], test["name"]) == ("shop-live", "shop-trial")
    assert {node["name"]: node["backends"] for node in prod["virtual_nodes"]} == {
        "color-blue": ["form.shop-live.local", "mail.example.com"],
        "color-green": ["mail.example.com"],
        "color-red": [],
        "worker": ["color.shop.local"],
    }
    assert [gateway["name"] for gateway in prod["virtual_gateways"]] == ["in"]
    assert prod["virtual_services"] == ["color.shop.local", "form.shop-live.local"]
    assert prod["virtual_routers"] == [{"name": "color", "routes": ["*"]}, {"name": "forms", "routes": ["one"]}]


def test_a_version_has_what_it_says_and_the_rest_from_the_service(shop):
    mesh = pipeline.check([str(shop)]).inventory.meshes[0]
    found = {
        item.version: (item.xray, item.metrics_namespace, item.trusts, [statement.sid for statement in item.statements])
        for item in mesh.workloads
        if item.service == "color"
    }
    assert found == {
        "blue": (False, "blue-live", (), []),
        "green": (True, None, ("arn:aws:acm-pca:us-east-1:111122223333:certificate-authority/1",), ["NoDelete"]),
        "red": (True, None, (), []),
    }


def test_every_command_takes_them(shop, meshrole, tmp_path):
    for arguments in (
        ("generate", shop, "--out", tmp_path / "out"),
        ("verify", shop),
        ("access", shop, "--format", "json"),
        ("can", shop, "acme-shop-worker-prod", "appmesh:StreamAggregatedResources",
         "arn:aws:appmesh:us-east-1:111122223333:mesh/shop-live/virtualNode/worker"),
    ):  # fmt: skip
        outcome = meshrole(*arguments)
        assert outcome.code == 0, (arguments, outcome.errors, outcome.output[-500:])
    written = (tmp_path / "out").rglob("*.json")
    granted = {resource for path in written if "policies" in path.parts for resource in _resources(json.loads(path.read_text()))}
    assert not any(resource.endswith("virtualService/") for resource in granted)
    assert "arn:aws:appmesh:us-east-1:111122223333:mesh/shop-live/virtualRouter/forms/route/one" in granted


def _resources(policy):
    for statement in policy["Statement"]:
        resources = statement.get("Resource", [])
        yield from resources if isinstance(resources, list) else [resources]


def test_an_account_that_is_not_known_yet_is_a_warning(shop):
    shop.write_text(SHOP.replace("111122223333", "000000000000"))
    checked = pipeline.check([str(shop)])
    assert checked.error is None
    assert 'the id of account "shop" is not known yet: nothing can be applied with 000000000000' in [
        problem.message for problem in checked.warnings
    ]


def test_a_word_without_a_value_stays_itself_and_is_asked_for_once(shop):
    shop.write_text(SHOP.replace("test: trial}", "}").replace("Zone: shop.local", "Zone: null"))
    checked = pipeline.check([str(shop)])
    assert [problem.message for problem in checked.error.problems] == ["{Zone} has no value", "{Stage} has no value in test"]
    prod, test = checked.summary()["meshes"]
    assert (prod["name"], test["name"]) == ("shop-live", "shop-{Stage}")
    assert prod["virtual_services"][0] == "color.{Zone}"
