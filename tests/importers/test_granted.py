"""Roles that name their node: what we generate, imported again, is the same identities."""

from pathlib import Path

import pytest
from inventories import HERE, inventory, made, node

from meshrole import pipeline
from meshrole.importers.found import Found
from meshrole.importers.granted import Granted, granted, place_of
from meshrole.importers.running import Policy, Role

EXAMPLES = Path(__file__).parents[2] / "examples"
ROOTS = [
    (story, root.name)
    for story in ("ecs-shop", "eks-github-okta", "app-mesh-ipv6")
    for root in sorted((EXAMPLES / story / "terraform").iterdir())
    if (root / "terraform.tf").exists() and root.name not in ("audit", "organization")
]
ARN = "arn:aws:appmesh:eu-west-1:111122223333:mesh/shop"
STREAM = "appmesh:StreamAggregatedResources"


def role(*resources, trust=None, key="Envoy"):
    document = {"Statement": [{"Effect": "Allow", "Action": STREAM, "Resource": list(resources)}]}
    return Role(key, None, HERE, trust={"Statement": [{"Effect": "Allow", **trust}]} if trust else None,
                policies=(Policy("p", HERE, document),))  # fmt: skip


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        ([f"{ARN}/virtualNode/cart"], Granted("shop", False, "cart")),
        ([f"{ARN}/virtualGateway/in"], Granted("shop", True, "in")),
        ([f"{ARN}/virtualNode/cart", f"{ARN}/virtualNode/stock"], None),
        ([f"{ARN}/virtualNode/*"], None),
        ([f"{ARN}/virtualNode/cart", "*"], None),
        ([ARN], None),
        ([], None),
    ],
)
def test_a_role_names_a_node_when_it_may_stream_that_one_only(resources, expected):
    assert granted(role(*resources)) == expected


SUB = "oidc.eks.eu-west-1.amazonaws.com/id/AB:sub"


@pytest.mark.parametrize(
    ("trust", "expected"),
    [
        ({"Principal": {"Service": "ecs-tasks.amazonaws.com"}}, {"platform": "ecs"}),
        ({"Principal": {"Service": ["ec2.amazonaws.com"]}}, {"platform": "ec2"}),
        (
            {
                "Principal": {"Service": "pods.eks.amazonaws.com"},
                "Condition": {
                    "StringEquals": {
                        "aws:RequestTag/kubernetes-namespace": "shop",
                        "aws:RequestTag/kubernetes-service-account": ["cart"],
                    }
                },
            },
            {"platform": "eks-pod-identity", "cluster": "main", "namespace": "shop", "service_account": "cart"},
        ),
        (
            {
                "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/AB"},
                "Condition": {"StringEquals": {SUB: "system:serviceaccount:shop:cart"}},
            },
            {"platform": "eks-irsa", "cluster": "main", "namespace": "shop", "service_account": "cart"},
        ),
        ({"Principal": {"Federated": "x"}, "Condition": {"StringEquals": {SUB: "system:serviceaccount:shop:*"}}}, None),
        ({"Principal": {"Service": "pods.eks.amazonaws.com"}}, None),
        ({"Principal": "*"}, None),
    ],
)
def test_its_trust_says_where_it_runs(trust, expected):
    found = place_of(role(f"{ARN}/virtualNode/cart", trust=trust))
    assert (found.runs_on if found else None) == expected


def test_a_node_that_a_mesh_of_the_sources_does_not_have_is_a_broken_grant_and_no_node():
    found = Found(nodes=(node("cart"),), roles=(role(f"{ARN}/virtualNode/crat"),))
    assert list(inventory(found)["meshes"]["shop"]["services"]) == ["cart"]
    assert [item.kind for item in made(found)[1].findings] == ["broken-grant"]


def workloads(path, environment):
    """What each workload of an environment is, by its name in AWS."""
    checked = pipeline.check([str(path)])
    assert checked.error is None, checked.error
    return {
        (mesh.name, item.is_gateway, item.aws_name): (
            type(item.platform).__name__,
            # A role that IRSA assumes has the cluster's issuer in it, and not its name.
            None if hasattr(item.platform, "issuer") else getattr(item.platform, "cluster", None),
            *(getattr(item.platform, key, None) for key in ("namespace", "service_account", "issuer")),
            (item.certificate, item.trusts),
            item.xray,
            item.metrics_namespace,
            {
                (action, resource, grant.conditions)
                for grant in item.grants
                for action in grant.actions
                for resource in grant.resources
            },
            [(statement.effect, statement.actions, statement.resources) for statement in item.statements],
        )
        for mesh in checked.inventory.meshes
        if mesh.environment.name == environment
        for item in mesh.workloads
    }


@pytest.mark.parametrize(("story", "environment"), ROOTS)
def test_what_we_generate_is_imported_to_the_same_identities(story, environment, meshrole, tmp_path):
    out = tmp_path / "inventory.yaml"
    folder = EXAMPLES / story / "terraform" / environment
    outcome = meshrole("import", "terraform", folder, "-o", out, "--organization", "acme", "--environment", environment)
    assert outcome.code == 0, outcome.errors
    assert workloads(out, environment) == workloads(EXAMPLES / story / "inventory.yaml", environment)
