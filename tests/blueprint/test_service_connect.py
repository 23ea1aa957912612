"""ECS Service Connect: the rules that the example does not show."""

import json

import pytest
import yaml

from meshrole import pipeline
from meshrole.blueprint.engines import ecs_service_connect as engine
from meshrole.blueprint.engines.base import LEVELS
from meshrole.blueprint.engines.ecs_service_connect_levels import ROWS
from meshrole.iam import actions

ECS = {"platform": "ecs"}
CA = "arn:aws:acm-pca:eu-west-1:111122223333:certificate-authority/3b5d7f90-1a2c-4e6f-8b0d-2c4e6f8a0b1c"
NAMESPACE = "ns-e1tpmexample0001"


def inventory(services, **mesh):
    return {
        "version": 1,
        "organization": {"name": "acme"},
        "accounts": {"shop": "111122223333"},
        "environments": {"prod": {"account": "shop", "region": "eu-west-1"}},
        "meshes": {"shop": {"engine": "ecs-service-connect", "namespace": NAMESPACE, "services": services, **mesh}},
    }


def service(*calls, **more):
    return {"runs_on": ECS, "calls": list(calls), **more}


@pytest.fixture
def written(tmp_path):
    def run(values):
        path = tmp_path / "inventory.yaml"
        path.write_text(yaml.safe_dump(values, sort_keys=False))
        return str(path)

    return run


@pytest.fixture
def files(written):
    return lambda values: {name: content.decode() for name, content in pipeline.generate([written(values)]).files.items()}


@pytest.fixture
def checked(written):
    return lambda values: pipeline.check([written(values)])


def granted(text):
    return {(item["Effect"], action) for item in json.loads(text)["Statement"] for action in item["Action"]}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.sid)
def test_each_row_is_a_level_with_actions_that_aws_has_and_the_page_of_one(row):
    assert row.level in LEVELS
    assert row.cites.startswith("https://docs.aws.amazon.com/")
    known = [actions.find(name) for name in row.actions]
    assert [action.name for action in known] == list(row.actions)
    keys = {key for block in row.conditions.values() for key in block}
    allowed = frozenset().union(*(action.condition_keys for action in known))
    spelled = {key.replace("AmazonECSManaged", "${TagKey}") for key in keys}
    assert spelled <= allowed | {"iam:AWSServiceName", "iam:PassedToService"}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.sid)
def test_a_star_is_only_for_actions_without_a_resource_type(row):
    has_none = [not actions.find(name).resource_types for name in row.actions]
    assert all(has_none) if row.on == ("*",) else not any(has_none)
    assert ("HasNoResourceType" in row.sid) == (row.on == ("*",))


def test_an_edge_more_or_less_changes_nothing_that_aws_would_hold(files):
    """Nothing authorizes a call, so no file says that there is one."""
    with_it = files(inventory({"cart": service("payments"), "payments": service()}, certificate_authority=CA))
    without = files(inventory({"cart": service(), "payments": service()}, certificate_authority=CA))
    assert with_it == without


def test_the_edge_is_in_the_call_graph_with_what_decides(written):
    values = inventory({"cart": service("payments"), "payments": service()})
    found = json.loads("\n".join(pipeline.access([written(values)]).json()))
    (call,) = found["calls"]
    assert (call["caller"], call["callee"], call["permitted_by"]) == ("cart", "payments", "")
    assert call["virtual_service_arn"] == "arn:aws:ecs:eu-west-1:111122223333:service/shop/payments"
    assert "security groups" in call["authorization"]
    assert found["notes"] == [engine.NOTE]


def test_a_task_role_says_nothing_of_the_mesh(files):
    text = files(inventory({"cart": service()}, certificate_authority=CA))["prod/shop/policies/cart.json"]
    assert granted(text) == {("Deny", "secretsmanager:GetSecretValue")}


def test_no_execution_role_pulls_an_image_of_a_proxy(files):
    text = files(inventory({"cart": service()}))["prod/shop/policies/cart-execution.json"]
    assert granted(text) == {
        ("Allow", f"{name}") for name in ("ecr:GetAuthorizationToken", "logs:CreateLogStream", "logs:PutLogEvents")
    }


def test_only_who_answers_has_a_role_for_tls(files):
    services = {"cart": service("payments", discovery_name=False), "payments": service()}
    gateways = {"edge": {"runs_on": ECS, "routes_to": ["payments"]}}
    made = files(inventory(services, certificate_authority=CA, gateways=gateways))
    assert [name for name in made if name.endswith("-infrastructure.json") and "/trust/" in name] == [
        "prod/shop/trust/payments-infrastructure.json"
    ]
    assert not [name for name in files(inventory(services, gateways=gateways)) if "infrastructure" in name]


def test_the_role_for_tls_uses_a_key_only_where_there_is_one(files):
    values = {"certificate_authority": CA}
    plain = files(inventory({"cart": service()}, **values))["prod/shop/policies/cart-infrastructure.json"]
    assert not [action for _, action in granted(plain) if action.startswith("kms:")]
    key = "arn:aws:kms:eu-west-1:111122223333:key/9f8e7d6c-5b4a-4392-8170-6f5e4d3c2b1a"
    keyed = files(inventory({"cart": service()}, **values, tls_key=key))["prod/shop/policies/cart-infrastructure.json"]
    assert granted(keyed) - granted(plain) == {
        ("Allow", f"kms:{use}") for use in ("Encrypt", "Decrypt", "GenerateDataKey", "GenerateDataKeyPair")
    }


def test_versions_are_services_of_their_own_and_a_warning_says_so(checked):
    outcome = checked(inventory({"cart": service(versions=["blue", "green"]), "shop-front": service("cart")}))
    (mesh,) = outcome.inventory.meshes
    assert [(item.aws_name, item.task_family, item.discovery_name) for item in mesh.workloads] == [
        ("cart-blue", "shop-cart-blue", "cart-blue"),
        ("cart-green", "shop-cart-green", "cart-green"),
        ("shop-front", "shop-shop-front", "shop-front"),
    ]
    assert mesh.workloads[2].backends == ("cart-blue", "cart-green")
    assert any("splits no traffic between versions" in warning.message for warning in outcome.warnings)


def test_what_a_call_is_narrowed_to_is_only_said(checked):
    outcome = checked(inventory({"cart": service({"service": "payments", "methods": ["GET"]}), "payments": service()}))
    assert [(item.message.split(":")[0], item.path[-2:]) for item in outcome.warnings] == [
        ("nothing in Service Connect holds a caller to methods, paths or headers", ("calls", 0))
    ]


def test_without_the_namespace_nothing_holds_a_service_to_one_and_a_warning_says_so(files, checked):
    values = inventory({"cart": service()})
    values["identity_providers"] = {"github": {"type": "github-actions"}}
    values["pipelines"] = {
        "infra": {"through": "github", "repository": "acme/infra", "branch": "main", "access": "own", "meshes": ["shop"]}
    }

    def keys(found):
        text = "".join(content for name, content in found.items() if name.startswith("prod/pipelines/policies/"))
        return "ecs:namespace" in text, "servicediscovery:DeleteNamespace" in text, "ecs:ListServicesByNamespace" in text

    assert keys(files(values)) == (True, True, True)
    assert not checked(values).warnings
    del values["meshes"]["shop"]["namespace"]
    assert keys(files(values)) == (False, False, False)
    (warning,) = checked(values).warnings
    assert 'the Cloud Map namespace of mesh "shop" is not known in prod' in warning.message


def test_the_boundary_keeps_a_workload_in_its_cluster_and_out_of_cloud_map(files):
    values = inventory({"cart": service()}) | {"guardrails": {"permissions_boundary": True}}
    statements = {item["Sid"]: item for item in json.loads(files(values)["prod/shop/boundary.json"])["Statement"]}
    assert statements["NoOtherCluster"]["Action"] == ["ecs:*"]
    assert "arn:aws:ecs:eu-west-1:111122223333:service/shop/*" in statements["NoOtherCluster"]["NotResource"]
    assert "servicediscovery:Register*" in statements["NoDiscoveryChanges"]["Action"]
    assert "appmesh" not in json.dumps(statements)


def test_alarms_watch_envoys_only_where_there_are_some(checked):
    values = inventory({"cart": service()}) | {"audit": {"trail": {}, "alarms": {"emails": ["a@example.com"]}}}
    alarms = [item for root in checked(values).blueprint.roots for item in root.audit.alarms]
    assert [item.watches_envoys for item in alarms] == [False] * len(alarms)
    values["meshes"]["old"] = {"engine": "app-mesh", "services": {"cart": {"runs_on": {"platform": "ec2"}}}}
    assert any(item.watches_envoys for root in checked(values).blueprint.roots for item in root.audit.alarms)


def test_govcloud_and_the_end_of_app_mesh_are_no_matter_of_service_connect(checked):
    values = inventory({"cart": service()})
    values["organization"]["partition"] = "aws-us-gov"
    values["environments"]["prod"]["region"] = "us-gov-west-1"
    assert not checked(values).warnings


def test_a_shared_namespace_is_its_owners_and_the_cluster_is_not(checked):
    values = inventory({"cart": service()}, owner="network")
    values["accounts"]["network"] = "444455556666"
    (mesh,) = checked(values).inventory.meshes
    assert mesh.service_connect.namespace == f"arn:aws:servicediscovery:eu-west-1:444455556666:namespace/{NAMESPACE}"
    assert engine.arn(mesh) == "arn:aws:ecs:eu-west-1:111122223333:cluster/shop"


def test_quotas_count_clusters_and_namespaces_over_all_meshes(checked):
    many = {f"s{number}": service() for number in range(200)}
    values = inventory(many)
    values["meshes"]["sale"] = {
        **values["meshes"]["shop"],
        "cluster": "sale",
        "services": {f"t{n}": service() for n in range(101)},
    }
    found = [problem.message for problem in checked(values).error.problems]
    namespace = f"arn:aws:servicediscovery:eu-west-1:111122223333:namespace/{NAMESPACE}"
    assert found == [f"301 services in namespace {namespace} in account 111122223333, eu-west-1: AWS allows 300"]


def test_a_mesh_that_leaves_app_mesh_keeps_its_nodes_names(files):
    values = inventory(
        {"cart": service(ecs_service="cart-api", virtual_node="cart-node")},
        leaving={"engine": "app-mesh", "until": "2099-12-31"},
    )
    made = files(values)
    text = made["prod/shop/policies/cart.json"]
    assert "arn:aws:appmesh:eu-west-1:111122223333:mesh/shop/virtualNode/cart-node" in text
    assert ("Deny", "secretsmanager:GetSecretValue") in granted(text)
    assert "aws-appmesh-envoy" in made["prod/shop/policies/cart-execution.json"]


def test_the_services_of_a_whole_mesh_share_statements_eight_by_eight_and_fit(files, written):
    values = inventory({f"service-{number}": service() for number in range(60)}, certificate_authority=CA)
    values["identity_providers"] = {"github": {"type": "github-actions"}}
    values["pipelines"] = {
        "infra": {"through": "github", "repository": "acme/infra", "branch": "main", "access": "operate", "meshes": ["shop"]}
    }
    made = [json.loads(text) for name, text in files(values).items() if name.startswith("prod/pipelines/policies/")]
    assert len(made) <= 10
    together = {
        tuple(item["Resource"]): item["Condition"]["ArnLikeIfExists"]["ecs:task-definition"]
        for document in made
        for item in document["Statement"]
        if item["Action"] == ["ecs:UpdateService"]
    }
    assert max(map(len, together.values())) == 8
    assert sum(map(len, together)) == 60
    for resources, families in together.items():
        services = {resource.rpartition("/")[2] for resource in resources}
        assert services <= {family.rpartition("/shop-")[2].removesuffix(":*") for family in families}
    assert pipeline.verify([written(values)]).holds


def test_what_is_elsewhere_is_called_by_its_name_and_has_no_role(checked):
    services = {"cart": service("payments"), "payments": {"runs_on": {"platform": "elsewhere"}, "discovery_name": "pay"}}
    outcome = checked(inventory(services))
    (mesh,) = outcome.inventory.meshes
    assert [(item.name, item.backends) for item in mesh.workloads] == [("cart", ("pay",))]
    assert [role.name for module in outcome.blueprint.roots[0].modules for item in module.identities for role in item.roles] == [
        "acme-shop-cart-prod",
        "acme-shop-cart-prod-execution",
    ]


def test_two_meshes_with_a_service_of_one_name_are_told_apart(written):
    values = inventory({"cart": service()})
    values["meshes"]["sale"] = {**values["meshes"]["shop"], "services": {"cart": service(discovery_name="sale-cart")}}
    values["identity_providers"] = {"github": {"type": "github-actions"}}
    values["pipelines"] = {
        name: {"through": "github", "repository": f"acme/{name}", "branch": "main", "access": "route", "meshes": [name]}
        for name in ("shop", "sale")
    }
    path = written(values)
    assert pipeline.verify([path]).holds
    texts = {name: content.decode() for name, content in pipeline.generate([path]).files.items()}
    assert "service/sale/" not in texts["prod/pipelines/policies/shop.json"]
    assert "service/shop/" not in texts["prod/pipelines/policies/sale.json"]
