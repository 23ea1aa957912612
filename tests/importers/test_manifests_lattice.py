"""VPC Lattice through the Gateway API: networks, services, weights, and who may call what."""

import json

import pytest

from meshrole.importers import kubernetes
from meshrole.importers.base import Options, SourceFile
from meshrole.importers.callers import with_callers

GATEWAY = "gateway.networking.k8s.io/v1"
POLICY = "application-networking.k8s.aws/v1alpha1"
NETWORK = f"apiVersion: {GATEWAY}\nkind: Gateway\nmetadata: {{name: hotel, namespace: net}}\nspec: {{gatewayClassName: amazon-vpc-lattice}}\n---\n"
ROUTE = f"""apiVersion: {GATEWAY}
kind: HTTPRoute
metadata: {{name: stock, namespace: shop}}
spec:
  parentRefs: [{{name: hotel, namespace: net}}]
  rules:
  - backendRefs: [{{name: one, kind: Service, port: 80, weight: 10}}, {{name: two, kind: ServiceImport, namespace: far, weight: 90}}]
  - name: rest
    backendRefs: [{{name: one, port: 80}}]
---
"""
ONE = """apiVersion: v1
kind: Service
metadata: {name: one, namespace: shop}
spec: {selector: {app: stock}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: one, namespace: shop}
spec: {template: {metadata: {labels: {app: stock, x: y}}, spec: {serviceAccountName: stock}}}
---
"""
ROLE = "arn:aws:iam::111122223333:role/cart"


def read(text):
    return kubernetes.read([SourceFile("a.yaml", text.encode())], Options())


def test_a_route_is_a_service_in_the_network_of_its_gateway():
    found = read(NETWORK + ROUTE + ONE)
    assert [(each.name.text, each.engine) for each in found.meshes] == [("hotel", "vpc-lattice")]
    assert [(each.mesh.text, each.name.text, each.router.text) for each in found.services] == [
        ("hotel", "stock-shop", "stock-shop")
    ]
    shown = [(each.name.text, each.kind, [(node.text, weight) for node, weight in each.targets]) for each in found.routes]
    # A weight that is not written is 1: https://gateway-api.sigs.k8s.io/reference/spec/#httpbackendref
    assert shown == [("rule-1", "http", [("one-shop", "10"), ("two-far", "90")]), ("rest", "http", [("one-shop", "1")])]
    assert [(each.name.text, each.listeners) for each in found.nodes] == [("one-shop", (("80", "http"),)), ("two-far", ())]
    assert [(each.service_account.text, [node.text for node in each.nodes]) for each in found.pods] == [("stock", ["one-shop"])]
    assert found.misses == ()


@pytest.mark.parametrize(
    ("name", "namespace", "annotations", "service"),
    [
        # https://github.com/aws/aws-application-networking-k8s/blob/main/pkg/utils/common.go: 20 and 18 characters
        ("a2345678901234567890b", "n23456789012345678m", "{}", "a2345678901234567890-n23456789012345678"),
        ("a234567890123456789-b", "shop", "{}", "a234567890123456789-shop"),
        ("stock", "shop", "{application-networking.k8s.aws/service-name-override: mine}", "mine"),
        ("stock", "", "{}", "stock-{namespace}"),
    ],
)
def test_what_the_controller_calls_a_service(name, namespace, annotations, service):
    space = f", namespace: {namespace}" if namespace else ""
    metadata = f"{{name: {name}{space}, annotations: {annotations}}}"
    route = f"apiVersion: {GATEWAY}\nkind: GRPCRoute\nmetadata: {metadata}\nspec: {{parentRefs: [{{name: hotel}}], rules: []}}\n"
    assert [each.name.text for each in read(NETWORK + route).services] == [service]


@pytest.mark.parametrize(
    ("others", "is_read"),
    [
        ("", True),
        (
            "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: hotel}\nspec: {gatewayClassName: nginx}\n",
            False,
        ),
    ],
)
def test_a_route_whose_gateway_is_elsewhere(others, is_read):
    assert bool(read(ROUTE + others).services) == is_read


def test_a_route_of_nobody_known_is_told():
    found = read(ROUTE.replace("kind: ServiceImport", "kind: Service"))
    assert found.services == ()
    assert [miss.why for miss in found.misses] == ["its gateway hotel is not in the files: whose it is cannot be told"]


def test_gateways_of_others_and_their_routes_are_told():
    other = NETWORK.replace("amazon-vpc-lattice", "nginx")
    found = read(other + ROUTE)
    assert found.is_empty
    assert [(miss.what, miss.why) for miss in found.misses] == [
        ("Gateway hotel", "a gateway of class nginx, which is not read"),
        ("HTTPRoute stock", "no gateway that is read has it"),
    ]


def test_a_class_of_another_name():
    declared = f"apiVersion: {GATEWAY}\nkind: GatewayClass\nmetadata: {{name: lattice}}\nspec: {{controllerName: application-networking.k8s.aws/gateway-api-controller}}\n---\n"
    assert len(read(declared + NETWORK.replace("amazon-vpc-lattice", "lattice")).meshes) == 1
    assert read(NETWORK.replace("amazon-vpc-lattice", "lattice")).meshes == ()


def policy(statement, kind="HTTPRoute", name="stock", namespace="shop"):
    body = json.dumps({"Version": "2012-10-17", "Statement": statement})
    target = f"{{group: gateway.networking.k8s.io, kind: {kind}, name: {name}}}"
    return f"apiVersion: {POLICY}\nkind: IAMAuthPolicy\nmetadata: {{name: p, namespace: {namespace}}}\nspec:\n  targetRef: {target}\n  policy: '{body}'\n---\n"


INVOKE = {"Effect": "Allow", "Action": "vpc-lattice-svcs:Invoke", "Resource": "*"}


@pytest.mark.parametrize(
    ("statement", "edges", "told"),
    [
        (INVOKE | {"Principal": {"AWS": ROLE}}, [(ROLE, (), ())], []),
        (
            INVOKE | {"Principal": {"AWS": [ROLE, "444455556666"]}, "Action": ["*"]},
            [(ROLE, (), ()), ("444455556666", (), ())],
            [],
        ),
        (INVOKE | {"Principal": "*"}, [("*", (), ())], []),
        (
            INVOKE
            | {
                "Principal": {"AWS": ROLE},
                "Condition": {
                    "StringEquals": {"vpc-lattice-svcs:RequestMethod": ["GET", "HEAD"]},
                    "StringLike": {"vpc-lattice-svcs:RequestPath": "/orders/*"},
                },
            },
            [(ROLE, ("GET", "HEAD"), ("/orders/*",))],
            [],
        ),
        (
            INVOKE
            | {"Principal": {"AWS": ROLE}, "Resource": "arn:aws:vpc-lattice:eu-west-1:111122223333:service/svc-0abc/pay/*"},
            [(ROLE, (), ("/pay/*",))],
            [],
        ),
        (
            INVOKE
            | {
                "Principal": "*",
                "Condition": {
                    "StringEquals": {
                        "aws:PrincipalTag/kubernetes-namespace": "shop",
                        "aws:PrincipalTag/kubernetes-service-account": ["cart", "till"],
                        "aws:PrincipalOrgID": "o-a1b2c3d4e5",
                    }
                },
            },
            [("shop/cart", (), ()), ("shop/till", (), ())],
            ["conditions that an edge does not carry: StringEquals aws:PrincipalOrgID"],
        ),
        (INVOKE | {"Principal": "*", "Condition": {"ArnLike": {"aws:PrincipalArn": ROLE}}}, [(ROLE, (), ())], []),
        (
            {**INVOKE, "Effect": "Deny", "Principal": "*"},
            [],
            ["a statement that denies, or that says who or what is not meant, is no edge"],
        ),
        ({**INVOKE, "Action": "s3:*", "Principal": "*"}, [], ["a statement about other actions than vpc-lattice-svcs:Invoke"]),
    ],
)
def test_an_auth_policy_names_callers(statement, edges, told):
    found = read(NETWORK + ROUTE + policy(statement))
    assert [(each.caller.text, each.methods, each.paths) for each in found.edges] == edges
    assert {(each.mesh.text, each.callee.text) for each in found.edges} <= {("hotel", "stock-shop")}
    assert [miss.why for miss in found.misses] == told


def test_the_networks_policy_decides_for_services_without_their_own():
    other = ROUTE.replace("name: stock", "name: price")
    text = NETWORK + ROUTE + other + policy(INVOKE | {"Principal": {"AWS": ROLE}}, "Gateway", "hotel", "net")
    assert [each.callee.text for each in read(text).edges] == ["stock-shop", "price-shop"]
    own = policy(INVOKE | {"Principal": {"AWS": "444455556666"}})
    assert [(each.caller.text, each.callee.text) for each in read(text + own).edges] == [
        (ROLE, "price-shop"),
        ("444455556666", "stock-shop"),
    ]


@pytest.mark.parametrize("pods", [True, False])
def test_a_role_that_a_service_account_has_is_that_workload(pods):
    account = f"""apiVersion: v1
kind: ServiceAccount
metadata: {{name: cart, namespace: shop, annotations: {{eks.amazonaws.com/role-arn: "{ROLE}"}}}}
---
"""
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: basket, namespace: shop}\nspec: {serviceAccountName: cart}\n---\n"
    text = NETWORK + ROUTE + account + (pod if pods else "") + policy(INVOKE | {"Principal": {"AWS": ROLE}})
    found, _ = with_callers(read(text))
    (caller,) = [node for node in found.nodes if node.backends]
    assert (caller.name.text, [each.text for each in caller.backends]) == ("basket" if pods else "cart", ["stock-shop"])
    (made,) = [each for each in found.pods if caller.name in each.nodes]
    assert (made.namespace.text, made.service_account.text) == ("shop", "cart")
    assert found.tasks == ()


def test_a_policy_that_cannot_be_used_is_told():
    broken = policy([]).replace("'{", "'{{")
    assert [miss.why for miss in read(NETWORK + ROUTE + broken).misses] == ["its policy is not JSON"]
    assert [miss.why for miss in read(NETWORK + policy([])).misses] == [
        "the HTTPRoute stock that it is for is not in the files, or has no service that it decides for"
    ]


def test_the_rest_of_lattice_is_told():
    kinds = ("ServiceExport", "ServiceImport", "TargetGroupPolicy", "VpcAssociationPolicy", "AccessLogPolicy", "Novelty")
    found = read("".join(f"apiVersion: {POLICY}\nkind: {kind}\nmetadata: {{name: x}}\n---\n" for kind in kinds))
    assert [miss.what for miss in found.misses] == [f"{kind} x" for kind in kinds]
    assert found.is_empty
