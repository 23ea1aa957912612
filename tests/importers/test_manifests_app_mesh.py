"""App Mesh's custom resources: names, meshes, references, TLS, and what is told of the rest."""

import pytest

from meshrole.importers import kubernetes
from meshrole.importers.base import Options, SourceFile

HOUSE = """
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {mesh: house, stage: prod}}
---
apiVersion: appmesh.k8s.aws/v1beta2
kind: Mesh
metadata: {name: house}
spec: {awsName: house-mesh, meshOwner: "111122223333", namespaceSelector: {matchLabels: {mesh: house}}}
---
"""


def read(text, *others):
    files = [SourceFile(f"{number}.yaml", each.encode()) for number, each in enumerate((text, *others))]
    return kubernetes.read(files, Options())


def resource(kind, name="cart", spec="{}", namespace="shop", version="v1beta2", labels="{}"):
    space = f", namespace: {namespace}" if namespace else ""
    metadata = f"{{name: {name}{space}, labels: {labels}}}"
    return f"apiVersion: appmesh.k8s.aws/{version}\nkind: {kind}\nmetadata: {metadata}\nspec: {spec}\n---\n"


def texts(values):
    return [value.text for value in values]


@pytest.mark.parametrize(
    ("kind", "where", "name"),
    [
        ("Mesh", "meshes", "cart"),
        ("VirtualNode", "nodes", "cart_shop"),
        ("VirtualGateway", "gateways", "cart_shop"),
        ("VirtualRouter", "routers", "cart_shop"),
        ("GatewayRoute", "gateway_routes", "cart_shop"),
        # https://github.com/aws/aws-app-mesh-controller-for-k8s/blob/master/webhooks/appmesh/virtualservice_mutator.go
        ("VirtualService", "services", "cart.shop"),
    ],
)
def test_what_the_controller_calls_a_resource(kind, where, name):
    given = read(resource(kind, spec="{awsName: mine}"))
    assert texts(each.name for each in getattr(read(resource(kind)), where)) == [name]
    assert texts(each.name for each in getattr(given, where)) == ["mine"]


def test_a_resource_without_a_namespace_has_a_placeholder_for_it():
    found = read(resource("VirtualNode", namespace=""))
    assert found.nodes[0].name.text == "cart_{namespace}"
    assert [each.expression for each in found.nodes[0].name.unknown] == ["metadata.namespace"]


@pytest.mark.parametrize(
    ("selector", "namespace", "mesh"),
    [
        ("{matchLabels: {mesh: house}}", "shop", "house"),
        ("{matchLabels: {mesh: other}}", "shop", None),
        ("{matchLabels: {mesh: house, stage: test}}", "shop", None),
        ("{matchExpressions: [{key: stage, operator: In, values: [test, prod]}]}", "shop", "house"),
        ("{matchExpressions: [{key: stage, operator: NotIn, values: [prod]}]}", "shop", None),
        ("{matchExpressions: [{key: stage, operator: Exists}, {key: gone, operator: DoesNotExist}]}", "shop", "house"),
        # None selects nothing, an empty one everything: metav1.LabelSelectorAsSelector.
        ("{}", "shop", "house"),
        ("null", "shop", None),
        # A namespace that nobody declares has labels that nobody knows.
        ("{matchLabels: {mesh: house}}", "else", None),
        ("{matchExpressions: [{key: gone, operator: DoesNotExist}]}", "else", None),
        ("{}", "else", "house"),
    ],
)
def test_the_mesh_of_a_namespace(selector, namespace, mesh):
    house = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {mesh: house, stage: prod}}\n---\n"
    found = read(
        house + resource("Mesh", "house", f"{{namespaceSelector: {selector}}}") + resource("VirtualNode", namespace=namespace)
    )
    assert found.nodes[0].mesh == (found.meshes[0].name if mesh else None)


def test_two_meshes_that_take_a_namespace_are_told():
    second = resource("Mesh", "second", "{namespaceSelector: {matchLabels: {stage: prod}}}")
    found = read(HOUSE + second + resource("VirtualNode"))
    assert found.nodes[0].mesh is None
    assert [miss.why for miss in found.misses] == [
        "several meshes take its namespace: house, second; the controller refuses that"
    ]


def test_a_live_resource_says_its_mesh():
    live = "apiVersion: v1\nkind: List\nitems:\n" + "".join(
        f"- {{apiVersion: appmesh.k8s.aws/v1beta2, kind: VirtualNode, metadata: {{name: {name}, namespace: shop}}, {rest}}}\n"
        for name, rest in (
            ("cart", 'status: {virtualNodeARN: "arn:aws:appmesh:eu-west-1:111122223333:mesh/house-mesh/virtualNode/cart_shop"}'),
            ("till", "spec: {meshRef: {name: house, uid: 1}}"),
        )
    )
    assert texts(each.mesh for each in read(live).nodes) == ["house-mesh", "house"]


def test_backends_are_names_in_aws():
    spec = """
  backends:
  - virtualService: {virtualServiceRef: {name: stock}}
  - virtualService: {virtualServiceRef: {name: stock, namespace: store}}
  - virtualService: {virtualServiceRef: {name: price}}
  - virtualService: {virtualServiceARN: "arn:aws:appmesh:us-west-2:444455556666:mesh/far/virtualService/tax.far.local"}
  - virtualService: {virtualServiceRef: {name: stock}}
  backendGroups: [{name: more}, {name: "*", namespace: store}, {name: gone}]
"""
    price = resource("VirtualService", "price", "{awsName: price.local}")
    store = resource("VirtualService", "bin", namespace="store")
    group = resource("BackendGroup", "more", "{virtualservices: [{name: price}, {name: rack, namespace: store}]}")
    found = read(resource("VirtualNode", spec=spec), price + store + group)
    expected = ["stock.shop", "stock.store", "price.local", "tax.far.local", "rack.store", "bin.store"]
    assert texts(found.nodes[0].backends) == expected
    assert [miss.why for miss in found.misses] == ["its backend group gone is not in the files"]


def test_a_service_and_its_provider():
    node = resource("VirtualService", "a", "{provider: {virtualNode: {virtualNodeRef: {name: cart}}}}")
    router = resource("VirtualService", "b", "{provider: {virtualRouter: {virtualRouterRef: {name: cart, namespace: x}}}}")
    arn = "arn:aws:appmesh:us-west-2:444455556666:mesh/far/virtualRouter/ways"
    far = resource("VirtualService", "c", f'{{provider: {{virtualRouter: {{virtualRouterARN: "{arn}"}}}}}}')
    found = read(
        HOUSE + node + router + far + resource("VirtualService", "d") + resource("VirtualNode", spec="{awsName: basket}")
    )
    providers = [(each.node and each.node.text, each.router and each.router.text) for each in found.services]
    assert providers == [("basket", None), (None, "cart_x"), (None, "ways"), (None, None)]
    assert found.misses == ()


def test_a_router_has_its_routes_in_it():
    spec = """
  listeners: [{portMapping: {port: 8080, protocol: http}}]
  routes:
  - name: web
    httpRoute:
      action:
        weightedTargets:
        - {virtualNodeRef: {name: blue}, weight: 9}
        - {virtualNodeRef: {name: green, namespace: next}, weight: 1}
  - {name: rpc, grpcRoute: {action: {weightedTargets: [{virtualNodeRef: {name: blue}, weight: 1}]}}}
  - {name: odd}
"""
    found = read(HOUSE + resource("VirtualRouter", spec=spec) + resource("VirtualNode", "blue", "{awsName: azure}"))
    shown = [
        (each.name.text, each.router.text, each.kind, [(node.text, weight) for node, weight in each.targets])
        for each in found.routes
    ]
    assert shown == [
        ("web", "cart_shop", "http", [("azure", "9"), ("green_next", "1")]),
        ("rpc", "cart_shop", "grpc", [("azure", "1")]),
    ]
    assert [(miss.origin.line, miss.why) for miss in found.misses] == [
        (24, "a route without httpRoute, http2Route, grpcRoute or tcpRoute")
    ]


def test_a_gateway_takes_routes_by_namespace_and_by_label():
    gateway = resource(
        "VirtualGateway",
        "door",
        "{namespaceSelector: {matchLabels: {stage: prod}}, gatewayRouteSelector: {matchLabels: {way: in}}}",
    )
    action = "{httpRoute: {action: {target: {virtualService: {virtualServiceRef: {name: cart}}}}}}"
    found = read(
        HOUSE + gateway + resource("GatewayRoute", "a", action, labels="{way: in}") + resource("GatewayRoute", "b", action)
    )
    shown = [(each.name.text, each.gateway and each.gateway.text, each.target.text) for each in found.gateway_routes]
    assert shown == [("a_shop", "door_shop", "cart.shop"), ("b_shop", None, "cart.shop")]


def test_tls_of_a_node():
    spec = """
  listeners:
  - portMapping: {port: 8443, protocol: http2}
    tls:
      mode: STRICT
      certificate: {acm: {certificateARN: "arn:aws:acm:eu-west-1:111122223333:certificate/one"}}
      validation: {trust: {file: {certificateChain: /keys/clients.pem}}}
  - portMapping: {port: 8444, protocol: http}
    tls: {certificate: {acm: {certificateARN: "arn:aws:acm:eu-west-1:111122223333:certificate/two"}}}
  backendDefaults:
    clientPolicy:
      tls:
        certificate: {sds: {secretName: cart}}
        validation: {trust: {acm: {certificateAuthorityARNs: ["arn:aws:acm-pca:eu-west-1:111122223333:certificate-authority/ca"]}}}
  backends:
  - virtualService:
      virtualServiceRef: {name: stock}
      clientPolicy: {tls: {validation: {trust: {sds: {secretName: roots}}}}}
"""
    found = read(resource("VirtualNode", spec=spec))
    tls = found.nodes[0].tls
    assert tls.certificate.text.endswith("certificate/one")
    assert tls.certificate_sds.text == "cart"
    assert texts(tls.authorities) == ["arn:aws:acm-pca:eu-west-1:111122223333:certificate-authority/ca"]
    assert texts(tls.authority_files) == ["/keys/clients.pem"]
    assert texts(tls.authority_sds) == ["roots"]
    assert found.nodes[0].listeners == (("8443", "http2"), ("8444", "http"))
    assert [miss.why for miss in found.misses] == [
        "a second certificate, arn:aws:acm:eu-west-1:111122223333:certificate/two: an identity serves one"
    ]


@pytest.mark.parametrize(
    ("discovery", "expected"),
    [
        ("{dns: {hostname: cart.local}}", {"type": "dns", "hostname": "cart.local"}),
        (
            "{awsCloudMap: {namespaceName: local, serviceName: cart}}",
            {"type": "cloud_map", "namespace": "local", "service": "cart"},
        ),
        ("{}", None),
    ],
)
def test_where_a_node_is_found(discovery, expected):
    assert read(resource("VirtualNode", spec=f"{{serviceDiscovery: {discovery}}}")).nodes[0].discovery == expected


OLD = """
apiVersion: appmesh.k8s.aws/v1beta1
kind: Mesh
metadata: {name: house}
---
apiVersion: appmesh.k8s.aws/v1beta1
kind: VirtualNode
metadata: {name: cart, namespace: shop}
spec:
  meshName: house
  backends: [{virtualService: {virtualServiceName: stock.shop.svc.cluster.local}}]
  serviceDiscovery: {dns: {hostName: cart.shop}}
  listeners:
  - portMapping: {port: 80, protocol: http}
    tls: {mode: STRICT, certificate: {acm: {certificateArn: "arn:aws:acm:eu-west-1:111122223333:certificate/one"}}}
---
apiVersion: appmesh.k8s.aws/v1beta1
kind: VirtualNode
metadata: {name: till.shop, namespace: shop}
spec: {meshName: house, serviceDiscovery: {cloudMap: {namespaceName: local, serviceName: till}}}
---
apiVersion: appmesh.k8s.aws/v1beta1
kind: VirtualService
metadata: {name: stock.shop.svc.cluster.local, namespace: shop}
spec:
  meshName: house
  routes:
  - {name: web, http: {action: {weightedTargets: [{virtualNodeName: cart, weight: 1}, {virtualNodeName: till.shop, weight: 2}]}}}
  - {name: rpc, grpc: {action: {weightedTargets: [{virtualNodeName: cart-shop, weight: 1}]}}}
---
apiVersion: appmesh.k8s.aws/v1beta1
kind: VirtualService
metadata: {name: till, namespace: shop}
spec: {meshName: house, virtualRouter: {name: ways}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec: {template: {metadata: {labels: {app: cart}}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: pay, namespace: shop}
spec: {template: {metadata: {annotations: {appmesh.k8s.aws/virtualNode: till-shop}}}}
"""


def test_the_first_api_has_rules_of_its_own():
    # https://github.com/aws/aws-app-mesh-controller-for-k8s/blob/v0.5.0/pkg/controller/controller_util.go: in AWS a name with dots
    # has dashes for them, any other one the namespace behind it; routes of gRPC name their targets so, and pods their nodes.
    found = read(OLD)
    assert texts(each.name for each in found.nodes) == ["cart", "till.shop"]
    assert [miss.why for miss in found.misses] == [
        "the controller of v1beta1 called it cart-shop in AWS; here it keeps its own name",
        "the controller of v1beta1 called it till-shop in AWS; here it keeps its own name",
    ]
    assert texts(each.mesh for each in found.nodes) == ["house", "house"]
    assert texts(found.nodes[0].backends) == ["stock.shop.svc.cluster.local"]
    assert found.nodes[0].tls.certificate.text.endswith("certificate/one")
    assert [each.discovery["type"] for each in found.nodes] == ["dns", "cloud_map"]
    assert [(each.name.text, each.router.text) for each in found.services] == [
        ("stock.shop.svc.cluster.local", "stock.shop.svc.cluster.local"),
        ("till", "ways"),
    ]
    assert texts(each.name for each in found.routers) == ["stock.shop.svc.cluster.local", "ways"]
    assert [(each.name.text, [(node.text, weight) for node, weight in each.targets]) for each in found.routes] == [
        ("web", [("cart", "1"), ("till.shop", "2")]),
        ("rpc", [("cart", "1")]),
    ]
    # https://github.com/aws/aws-app-mesh-inject/blob/master/pkg/webhook/server.go
    assert [(each.name.text, texts(each.nodes)) for each in found.pods] == [("cart", ["cart"]), ("pay", ["till.shop"])]


def test_a_kind_that_does_not_exist_is_told():
    found = read(resource("VirtualNodes") + "apiVersion: appmesh.k8s.aws/v1beta2\nmetadata: {name: x}\n")
    assert [(miss.what, miss.why) for miss in found.misses] == [
        ("VirtualNodes cart", "App Mesh has no resource of this kind"),
        ("an object of appmesh.k8s.aws/v1beta2", "has no kind"),
    ]


def test_other_operators_resources_are_told():
    found = read(
        "apiVersion: appmesh.aws.upbound.io/v1beta1\nkind: Mesh\nmetadata: {name: x}\n---\napiVersion: ec2.aws.upbound.io/v1\nkind: VPC\nmetadata: {name: y}\n"
    )
    assert [miss.what for miss in found.misses] == ["Mesh x"]
    assert found.is_empty


def test_a_broken_document_leaves_the_others():
    broken = "apiVersion: appmesh.k8s.aws/v1beta2\nkind: VirtualNode\nmetadata:\n  labels:\n    name: no\n  name: cart\nspec:\n  a: b,\n    c: d\n---\n"
    found = read(broken + resource("VirtualNode", "till"))
    assert texts(each.name for each in found.nodes) == ["till_shop"]
    assert [(str(miss.origin), miss.what) for miss in found.misses] == [("0.yaml:9 cart", "VirtualNode cart")]
    assert found.misses[0].why.startswith("not YAML: ")


def test_resources_know_their_lines():
    found = read(HOUSE + resource("VirtualNode") + resource("VirtualService"))
    assert [str(each.origin) for each in (*found.meshes, *found.nodes, *found.services)] == [
        "0.yaml:6 house",
        "0.yaml:11 cart",
        "0.yaml:16 cart",
    ]
    assert found.meshes[0].owner.text == "111122223333"


def test_a_backend_group_without_nodes_is_told():
    group = resource("BackendGroup", "more", "{virtualservices: [{name: price}]}")
    found = read(HOUSE + group)
    assert [(miss.what, miss.why) for miss in found.misses] == [
        ("BackendGroup more", "no virtual node here has it, so nobody is known who calls its services")
    ]
    assert read(HOUSE + group + resource("VirtualNode")).misses == ()
