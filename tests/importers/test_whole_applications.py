"""Whole applications as others wrote them: import, check, generate, verify, and for some validate and plan, nothing edited by hand.

What is expected of each was read in its files by hand.
"""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "app-mesh-examples"
WALKS = "walkthroughs"
PLACE = ("--account", "111122223333", "--region", "us-west-2", "--organization", "acme")
CERTIFICATE = "arn:aws:acm:us-west-2:111122223333:certificate/1234"
AUTHORITY = "arn:aws:acm-pca:us-west-2:111122223333:certificate-authority/5678"
STREAM = "appmesh:StreamAggregatedResources on *"

pytestmark = pytest.mark.skipif(not CORPUS.exists(), reason="the corpus of real files is not here: ../shared/corpus")


@dataclass(frozen=True)
class Application:
    """Where it is, what its files leave open, its nodes and gateways, and the state of its identities."""

    source: str
    path: str
    parameters: dict[str, str]
    nodes: tuple[str, ...]
    gateways: tuple[str, ...] = ()
    findings: tuple[tuple[str, str, str], ...] = ()


COLORS = {"MESH_NAME": "color", "APP_NAMESPACE": "color"}
APPLICATIONS = {
    "alb": Application(
        "cloudformation",
        f"{WALKS}/howto-alb",
        {"ProjectName": "demo"},
        ("demo-backend-v1-node", "demo-backend-v2-node", "demo-front-node"),
        findings=(
            # The first backend is reached through a load balancer and has no Envoy; its task has the same role.
            ("shared-role", "TaskIamRole", "2 workloads: demo-backend-v2-node, demo-front-node; and without an Envoy: blue"),
            ("wide-grant", "TaskIamRole", STREAM),
            ("broad-policy", "TaskIamRole", "CloudWatchFullAccess"),
            ("broad-policy", "TaskExecutionIamRole", "CloudWatchLogsFullAccess"),
        ),
    ),
    "djapp": Application(
        "cloudformation",
        f"{WALKS}/howto-metrics-extension-ecs/deploy/djapp-v1.yaml",
        {"ProjectName": "dj"},
        ("djapp", "jazz", "metal-v1", "metal-v2"),
        ("gateway",),
        (
            ("shared-role", "TaskIAMRole", "5 workloads: djapp, gateway, jazz, metal-v1, metal-v2"),
            ("wide-grant", "TaskIAMRole", STREAM),
            ("broad-policy", "TaskIAMRole", "CloudWatchFullAccess"),
            ("broad-policy", "TaskExecutionIAMRole", "CloudWatchLogsFullAccess"),
        ),
    ),
    "colorapp": Application(
        "cloudformation",
        f"{WALKS}/fargate",
        {"AppMeshMeshName": "color", "ServicesDomain": "color.local"},
        (
            "colorgateway-vn",
            "colorteller-black-vn",
            "colorteller-blue-vn",
            "colorteller-green-vn",
            "colorteller-red-vn",
            "colorteller-white-vn",
            "tcpecho-vn",
        ),
    ),
    "cloudmap": Application(
        "cloudformation",
        f"{WALKS}/howto-servicediscovery-cloudmap",
        {"AWS::StackName": "demo"},
        ("colorteller-blue-node", "colorteller-green-node"),
        ("colorgateway",),
    ),
    "tls-with-acm": Application(
        "cloudformation",
        f"{WALKS}/tls-with-acm",
        {"MeshName": "tls", "ServicesDomain": "tls.local", "CertificateArn": CERTIFICATE, "CertificateAuthorityArn": AUTHORITY},
        ("ColorTellerWhite",),
        ("ColorGateway",),
    ),
    "crossvpc": Application(
        "cloudformation",
        "blogs/ecs-ec2-crossvpc-with-tls",
        {"AppMeshCert": CERTIFICATE, "RootCA": AUTHORITY},
        ("crystal-lb-vanilla", "frontend", "nodejs-lb-strawberry"),
    ),
    "cross-account": Application(
        "cloudformation",
        "blogs/ecs-cross-account",
        {},
        ("redis-server-vn", "yelb-appserver-vn", "yelb-db-vn", "yelb-ui-vn"),
    ),
    "k8s-ingress-gateway": Application(
        "kubernetes",
        f"{WALKS}/howto-k8s-ingress-gateway",
        COLORS,
        ("blue_color", "green_color", "red_color", "white_color", "yellow_color"),
        ("ingress-gw_color",),
        (
            (
                "shared-service-account",
                "color/default",
                "6 workloads: blue_color, green_color, ingress-gw_color, red_color, white_color, yellow_color",
            ),
        ),
    ),
    "k8s-http2": Application(
        "kubernetes",
        f"{WALKS}/howto-k8s-http2/v1beta2",
        COLORS,
        ("blue_color", "client_color", "green_color", "red_color"),
        findings=(("shared-service-account", "color/default", "4 workloads: blue_color, client_color, green_color, red_color"),),
    ),
    "k8s-djapp": Application(
        "kubernetes",
        f"{WALKS}/howto-k8s-metrics-extension/deploy/djapp-v1.yaml.template",
        {"NAMESPACE_NAME": "dj"},
        ("djapp_dj", "jazz_dj", "metal-v1_dj", "metal-v2_dj"),
        ("ingress-gw_dj",),
        (
            (
                "shared-service-account",
                "dj/service-pod",
                "5 workloads: djapp_dj, ingress-gw_dj, jazz_dj, metal-v1_dj, metal-v2_dj",
            ),
        ),
    ),
    "k8s-yelb": Application(
        "kubernetes",
        "blogs/eks-appmesh-connectivity",
        {},
        (
            "recipepuppy-node",
            "redis-server-node",
            "yelb-appserver-node",
            "yelb-db-node",
            "yelb-es-node",
            "yelb-rds-node",
            "yelb-ui-node",
        ),
        ("ingress-gw",),
    ),
    "cli-gateway": Application(
        "aws-json",
        f"{WALKS}/howto-ingress-gateway",
        {
            "mesh_name": "color",
            "CERTIFICATE_ARN": CERTIFICATE,
            "ROOT_CA_ARN": AUTHORITY,
            "colorgateway_vg": "colorgateway",
            "colorgateway_vg_backendDefaults": "colorgateway-tls",
            "virtual_router": "colorteller-vr",
            "colorteller_route_1": "route-1",
            "colorteller_route_2": "route-2",
            "colorteller_black_vn_tls": "colorteller-black-vn",
        },
        ("colorteller-black-vn",),
        ("colorgateway", "colorgateway-tls"),
    ),
}


def imported(name, meshrole, folder):
    """An application, its inventory as a file in the folder, and the report of its import as JSON."""
    application = APPLICATIONS[name]
    out = folder / "inventory.yaml"
    options = [option for name, value in application.parameters.items() for option in ("-p", f"{name}={value}")]
    outcome = meshrole("import", application.source, CORPUS / application.path, "-o", out, *PLACE, *options, "--format", "json")
    assert outcome.code == 0, outcome.errors
    return application, out, json.loads(outcome.output)


@pytest.mark.parametrize("name", APPLICATIONS)
def test_an_application_gets_its_isolated_identities(name, meshrole, tmp_path):
    application, inventory, report = imported(name, meshrole, tmp_path)
    assert [tuple(item[key] for key in ("kind", "subject", "message")) for item in report["findings"]] == list(
        application.findings
    )
    assert report["to_fill_in"] == []
    checked = meshrole("check", "--format", "json", inventory)
    assert checked.code == 0, checked.output
    (mesh,) = json.loads(checked.output)["meshes"]
    assert sorted(node["name"] for node in mesh["virtual_nodes"]) == list(application.nodes)
    assert sorted(gateway["name"] for gateway in mesh["virtual_gateways"]) == list(application.gateways)
    workloads = [*mesh["virtual_nodes"], *mesh["virtual_gateways"]]
    assert len({workload["role"] for workload in workloads}) == len(workloads)
    generated = meshrole("generate", inventory, "--out", tmp_path / "terraform")
    assert generated.code == 0, generated.errors
    proved = meshrole("verify", inventory)
    assert proved.code == 0, proved.output


@pytest.mark.terraform
def test_terraform_plans_what_was_imported(meshrole, tmp_path):
    """The root of each application beside those of the others: terraform is started for all of them at once."""
    roots, plans, found = tmp_path / "terraform", tmp_path / "plans", {}
    for name in ("alb", "tls-with-acm", "k8s-ingress-gateway"):
        own = tmp_path / name
        own.mkdir()
        application, inventory, _ = imported(name, meshrole, own)
        assert meshrole("generate", inventory, "--out", own / "out").code == 0
        (root,) = {path.parent for path in (own / "out").glob("*/main.tf")}
        shutil.copytree(root, roots / name)
        found[name] = application, inventory
    validated = meshrole("validate", roots)
    assert validated.code == 0, validated.errors
    planned = meshrole("plan", roots, "--offline", "--out", plans)
    assert planned.code == 0, planned.errors
    for name, (application, inventory) in found.items():
        plan = plans / f"{name}.json"
        assert streamed(plan) == sorted((*application.nodes, *application.gateways))
        proved = meshrole("verify", inventory, "--plan", plan)
        assert proved.code == 0, proved.output


def streamed(plan: Path) -> list[str]:
    """The nodes and gateways whose configuration somebody may stream by the policies of a plan, one for each grant."""
    policies = [
        change["change"]["after"]["policy"]
        for change in json.loads(plan.read_text())["resource_changes"]
        if change["type"] == "aws_iam_role_policy"
    ]
    resources = [
        resource
        for policy in policies
        for statement in json.loads(policy)["Statement"]
        if "appmesh:StreamAggregatedResources" in statement["Action"]
        for resource in statement["Resource"]
    ]
    return sorted(resource.rsplit("/", 1)[-1] for resource in resources)
