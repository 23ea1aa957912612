"""The story of Istio: manifests that Istio and Kubernetes take, the calls they let in, and what an edge that goes takes with it."""

import json
from collections import defaultdict
from copy import deepcopy
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

import expected
import expected_istio
import plans
from meshrole import pipeline
from planned import EXAMPLES, plan_values

STORY = EXAMPLES / "istio-shop"
INVENTORY = STORY / "inventory.yaml"
FOLDER = STORY / "terraform" / "prod"
CRDS = json.loads((Path(__file__).parent / "schemas" / "istio.json").read_text())["schemas"]
TEXT = {"type": "string", "minLength": 1}
TEXTS = {"type": "array", "items": TEXT, "minItems": 1}


def shape(required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    properties = required | (optional or {})
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


# https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/role-v1/ and role-binding-v1/
GROUP = {"const": "rbac.authorization.k8s.io"}
RULE = {"apiGroups": {"type": "array", "items": {"type": "string"}, "minItems": 1}, "resources": TEXTS, "verbs": TEXTS}
RBAC = {
    "Role": {"rules": {"type": "array", "minItems": 1, "items": shape(RULE, {"resourceNames": TEXTS})}},
    "RoleBinding": {
        "roleRef": shape({"apiGroup": GROUP, "kind": {"const": "Role"}, "name": TEXT}),
        "subjects": {
            "type": "array",
            "minItems": 1,
            "items": shape({"apiGroup": GROUP, "kind": {"const": "Group"}, "name": TEXT}),
        },
    },
}
METADATA = shape({"name": TEXT, "namespace": TEXT, "labels": {"type": "object", "additionalProperties": TEXT}})
FILES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.yaml"))
MANIFESTS = [path for path in FILES if not path.endswith("kustomization.yaml")]


def strict(schema: Any) -> Any:
    """The schema with no field but those it names: Kubernetes takes unknown ones away, which would be no policy."""
    if isinstance(schema, dict):
        closed = {key: strict(value) for key, value in schema.items()}
        if isinstance(schema.get("properties"), dict) and "additionalProperties" not in schema and "oneOf" not in closed:
            closed["additionalProperties"] = False
        return closed
    return [strict(item) for item in schema] if isinstance(schema, list) else schema


def schema_of(kind: str) -> dict[str, Any]:
    head = {"apiVersion": TEXT, "kind": {"const": kind}, "metadata": METADATA}
    if kind in RBAC:
        return shape(head | {"apiVersion": {"const": "rbac.authorization.k8s.io/v1"}} | RBAC[kind])
    return shape(head | {"apiVersion": {"const": "security.istio.io/v1"}, "spec": strict(CRDS[kind]["properties"]["spec"])})


def objects(path: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all((FOLDER / path).read_text()))


@pytest.fixture(scope="module")
def written():
    return yaml.safe_load(INVENTORY.read_text())


@pytest.fixture(scope="module")
def world(written):
    return expected.World(written, "prod")


@pytest.mark.parametrize("path", MANIFESTS)
def test_istio_and_kubernetes_take_every_manifest(path):
    found = objects(path)
    assert {item["kind"] for item in found} in ({"AuthorizationPolicy", "PeerAuthentication"}, {"Role", "RoleBinding"})
    for item in found:
        jsonschema.Draft202012Validator(schema_of(item["kind"])).validate(item)
        assert item["metadata"]["namespace"] == path.split("/")[3]


@pytest.mark.parametrize(
    "change",
    [
        lambda spec: spec.update(action="PERMIT"),
        lambda spec: spec["rules"][0].update(form=[]),
        lambda spec: spec["rules"][0]["from"][0]["source"].update(principal=["x"]),
        lambda spec: spec["rules"][0]["from"][0]["source"].update(principals="x"),
        lambda spec: spec["selector"].update(labels={}),
        lambda spec: spec.update(rules=spec["rules"] * 200),
    ],
)
def test_the_schemas_refuse_what_is_no_policy(change):
    (policy, _) = objects("shop/istio/shop-core/shop/catalog.yaml")
    wrong = deepcopy(policy)
    change(wrong["spec"])
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(schema_of("AuthorizationPolicy")).validate(wrong)


@pytest.mark.parametrize("path", sorted({path.rsplit("/", 1)[0] for path in FILES if path.endswith("kustomization.yaml")}))
def test_a_kustomization_has_every_manifest_of_its_cluster(path):
    (kustomization,) = objects(f"{path}/kustomization.yaml")
    assert kustomization == {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": [item.removeprefix(f"{path}/") for item in MANIFESTS if item.startswith(f"{path}/")],
    }


def edges(path: str) -> set[expected_istio.Edge]:
    """The calls that the policy in a file lets in."""
    found = set()
    for rule in objects(path)[0]["spec"].get("rules", []):
        assert set(rule) <= {"from", "to", "when"}
        ((principal,),) = (item["source"]["principals"] for item in rule["from"])
        (operation,) = (item["operation"] for item in rule.get("to", [{"operation": {}}]))
        headers = [(item["key"], frozenset(item["values"])) for item in rule.get("when", [])]
        named = tuple((key.removeprefix("request.headers[").removesuffix("]"), values) for key, values in headers)
        found.add((principal, frozenset(operation.get("methods", [])), frozenset(operation.get("paths", [])), named))
    return found


def test_every_service_lets_in_exactly_its_callers_over_mutual_tls(world, written):
    """Whom, is worked out from the YAML alone."""
    wanted = expected_istio.let_in(world, written["meshes"]["shop"])
    paths = {place: f"shop/istio/{'/'.join(place)}.yaml" for place in wanted}
    assert {place: edges(path) for place, path in paths.items()} == wanted
    assert sorted(paths.values()) == [path for path in MANIFESTS if path.startswith("shop/")]
    for (_, _, service), path in paths.items():
        allowing, strict_tls = objects(path)
        label = {"app.kubernetes.io/name": "payments"} if service == "payments" else {"app": service}
        assert allowing["spec"]["action"] == "ALLOW"
        assert allowing["spec"]["selector"] == {"matchLabels": label}
        assert strict_tls["spec"] == {"selector": {"matchLabels": label}, "mtls": {"mode": "STRICT"}}


def granted(path: str) -> set[tuple[str, ...]]:
    """What the role in a file allows."""
    return {
        (group, resource, verb, name)
        for rule in objects(path)[0]["rules"]
        for group in rule["apiGroups"]
        for resource in rule["resources"]
        for verb in rule["verbs"]
        for name in rule.get("resourceNames", [""])
    }


@pytest.mark.parametrize(
    ("section", "who"),
    [("people", name) for name in ("readers", "release-managers", "payments-team", "platform")] + [("pipelines", "deploy")],
)
def test_who_may_do_what_in_a_cluster_is_what_the_level_says(section, who, world, written):
    wanted = expected_istio.in_clusters(world, written["meshes"]["shop"], written[section][who])
    paths = {place: f"{section}/istio/{'/'.join(place)}/{who}.yaml" for place in wanted}
    assert {place: granted(path) for place, path in paths.items()} == wanted
    assert sorted(paths.values()) == [
        path for path in MANIFESTS if path.startswith(f"{section}/") and path.endswith(f"/{who}.yaml")
    ]
    for path in paths.values():
        role, binding = objects(path)
        assert binding["roleRef"]["name"] == role["metadata"]["name"] == f"vandelay-{who}-prod"
        assert [item["name"] for item in binding["subjects"]] == [f"meshrole:vandelay-{who}-prod"]


def test_nobody_below_own_changes_a_policy_and_nobody_escalates_in_kubernetes():
    for path in MANIFESTS:
        for group, _, verb, _ in granted(path) if not path.startswith("shop/") else ():
            assert group in ("", "discovery.k8s.io", "networking.istio.io", "security.istio.io", "telemetry.istio.io")
            reads = verb in ("get", "list", "watch")
            assert reads or group in ("networking.istio.io", "telemetry.istio.io") or path.endswith("/platform.yaml")


@pytest.mark.terraform
def test_an_access_entry_puts_each_role_into_its_group_in_each_cluster(shared_folder, world, written):
    found = defaultdict(set)
    for item in plans.resources(plan_values(shared_folder)["istio-shop.prod"]):
        if item["type"] == "aws_eks_access_entry":
            (group,) = item["values"]["kubernetes_groups"]
            found[group].add(item["values"]["cluster_name"])
    wanted = {}
    for section in ("people", "pipelines"):
        for name, entry in written[section].items():
            places = expected_istio.in_clusters(world, written["meshes"]["shop"], entry)
            wanted[f"meshrole:vandelay-{name}-prod"] = {cluster for cluster, _ in places}
    assert found == wanted


@pytest.mark.parametrize(
    ("caller", "index", "path"),
    [
        (("services", "reports", "calls"), 0, "prod/shop/istio/shop-core/shop/catalog.yaml"),
        (("services", "storefront", "calls"), 1, "prod/shop/istio/shop-core/shop/checkout.yaml"),
        (("gateways", "ingress", "routes_to"), 0, "prod/shop/istio/shop-core/shop/storefront.yaml"),
        (("services", "checkout", "calls"), 0, "prod/shop/istio/shop-vault/payments/payments.yaml"),
    ],
)
def test_an_edge_that_goes_takes_its_one_rule_and_nothing_else(caller, index, path, tmp_path, written):
    before = pipeline.generate([str(INVENTORY)]).files
    changed = deepcopy(written)
    calls = changed["meshes"]["shop"][caller[0]][caller[1]][caller[2]]
    del calls[index]
    (tmp_path / "okta.xml").write_text((STORY / "okta.xml").read_text())
    (tmp_path / "inventory.yaml").write_text(yaml.safe_dump(changed, sort_keys=False))
    after = pipeline.generate([str(tmp_path / "inventory.yaml")]).files
    assert set(before) == set(after)
    assert [name for name in before if before[name] != after[name]] == [path]
    old, new = (list(yaml.safe_load_all(files[path])) for files in (before, after))
    account = {"ingress": "edge/sa/ingress", "checkout": "shop/sa/checkout-v1"}.get(caller[1], f"shop/sa/{caller[1]}")
    principal = f"shop.vandelay.example/ns/{account}"
    kept = [rule for rule in old[0]["spec"]["rules"] if rule["from"][0]["source"]["principals"] != [principal]]
    assert len(kept) == len(old[0]["spec"]["rules"]) - 1
    assert new[0]["spec"].pop("rules", []) == kept
    del old[0]["spec"]["rules"]
    assert new == old
