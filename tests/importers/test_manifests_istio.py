"""Istio: services with their versions, gateways, and who may call whom."""

import pytest

from meshrole.importers import kubernetes
from meshrole.importers.base import Options, SourceFile

NETWORKING, SECURITY = "networking.istio.io/v1", "security.istio.io/v1"


def read(text):
    return kubernetes.read([SourceFile("a.yaml", text.encode())], Options())


def routes(found):
    return [(each.router.text, each.kind, [(node.text, weight) for node, weight in each.targets]) for each in found.routes]


# The names are those of Istio's own example: https://istio.io/latest/docs/examples/bookinfo/
REVIEWS = """
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: books}
spec: {selector: {app: reviews}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews-v1, namespace: books}
spec: {template: {metadata: {labels: {app: reviews, version: v1}}, spec: {serviceAccountName: bookinfo-reviews}}}
---
"""
RULE = f"""
apiVersion: {NETWORKING}
kind: DestinationRule
metadata: {{name: reviews, namespace: books}}
spec: {{host: reviews, subsets: [{{name: v1, labels: {{version: v1}}}}, {{name: v2, labels: {{version: v2}}}}]}}
---
"""
LED = f"""
apiVersion: {NETWORKING}
kind: VirtualService
metadata: {{name: reviews, namespace: books}}
spec:
  hosts: [reviews.books.svc.cluster.local]
  http:
  - match: [{{headers: {{end-user: {{exact: jason}}}}}}]
    route: [{{destination: {{host: reviews, subset: v2}}}}]
  - name: all the rest
    route:
    - {{destination: {{host: reviews, subset: v1}}, weight: 90}}
    - {{destination: {{host: reviews, subset: v3}}, weight: 10}}
---
"""


def test_subsets_are_versions_and_routes_lead_to_them():
    found = read(REVIEWS + RULE + LED)
    assert [(each.name.text, each.engine) for each in found.meshes] == [("istio", "istio")]
    assert [(each.name.text, each.router.text) for each in found.services] == [("reviews.books", "reviews.books")]
    # v3 is nowhere declared, but it is led to.
    assert [each.name.text for each in found.nodes] == ["reviews-v1.books", "reviews-v2.books", "reviews-v3.books"]
    assert routes(found) == [
        ("reviews.books", "http", [("reviews-v2.books", "")]),
        ("reviews.books", "http", [("reviews-v1.books", "90"), ("reviews-v3.books", "10")]),
    ]
    assert [each.name.text for each in found.routes] == ["http-1", "http-2"]
    assert [(each.service_account.text, [node.text for node in each.nodes]) for each in found.pods] == [
        ("bookinfo-reviews", ["reviews-v1.books"])
    ]


def test_subsets_alone_are_versions_as_well():
    assert routes(read(REVIEWS + RULE)) == [("reviews.books", "http", [("reviews-v1.books", ""), ("reviews-v2.books", "")])]


def test_a_service_without_rules_is_one_node():
    labelled = "apiVersion: v1\nkind: Namespace\nmetadata: {name: books, labels: {istio-injection: enabled}}\n---\n"
    elsewhere = f"apiVersion: {SECURITY}\nkind: PeerAuthentication\nmetadata: {{name: default, namespace: istio-system}}\n---\n"
    found = read(REVIEWS + labelled + elsewhere)
    assert [(each.name.text, each.node.text) for each in found.services] == [("reviews.books", "reviews.books")]
    assert [[node.text for node in each.nodes] for each in found.pods] == [["reviews.books"]]
    assert [miss.what for miss in found.misses] == ["PeerAuthentication default"]


def test_services_of_namespaces_outside_of_the_mesh_are_not_in_it():
    found = read(REVIEWS + f"apiVersion: {SECURITY}\nkind: PeerAuthentication\nmetadata: {{name: x, namespace: istio-system}}\n")
    assert found.services == ()
    assert read(REVIEWS).meshes == ()


DOOR = f"""
apiVersion: {NETWORKING}
kind: Gateway
metadata: {{name: door, namespace: books}}
spec:
  selector: {{istio: ingressgateway}}
  servers: [{{port: {{number: 443, name: https, protocol: HTTPS}}, hosts: ["*"], tls: {{mode: SIMPLE, credentialName: cert}}}}]
---
apiVersion: {NETWORKING}
kind: VirtualService
metadata: {{name: books, namespace: books}}
spec:
  hosts: ["*"]
  gateways: [door]
  http: [{{route: [{{destination: {{host: reviews}}}}, {{destination: {{host: www.example.com}}}}, {{destination: {{host: stars.books}}}}]}}]
---
apiVersion: v1
kind: Pod
metadata: {{name: envoy, namespace: istio-system, labels: {{istio: ingressgateway}}}}
---
"""


def test_gateways_and_what_they_lead_to():
    found = read(REVIEWS + DOOR)
    (gateway,) = found.gateways
    assert (gateway.name.text, gateway.listeners, gateway.tls.certificate_sds.text) == ("door.books", (("443", "HTTPS"),), "cert")
    assert [(each.gateway.text, each.target.text) for each in found.gateway_routes] == [
        ("door.books", "reviews.books"),
        ("door.books", "stars.books"),
    ]
    assert [[name.text for name in each.gateways] for each in found.pods] == [[], ["door.books"]]
    assert [miss.why for miss in found.misses] == ["hosts outside of the cluster: www.example.com"]
    # Traffic through a gateway alone is none between the mesh's services.
    assert found.routes == ()


def test_the_gateway_api_leads_too():
    api = "gateway.networking.k8s.io/v1"
    text = f"""
apiVersion: {api}
kind: Gateway
metadata: {{name: door, namespace: books}}
spec: {{gatewayClassName: istio, listeners: [{{name: http, port: 80, protocol: HTTP}}]}}
---
apiVersion: {api}
kind: HTTPRoute
metadata: {{name: in, namespace: books}}
spec: {{parentRefs: [{{name: door}}], rules: [{{backendRefs: [{{name: reviews, port: 9080}}]}}]}}
---
apiVersion: {api}
kind: HTTPRoute
metadata: {{name: among, namespace: books}}
spec:
  parentRefs: [{{group: "", kind: Service, name: reviews, port: 9080}}]
  rules: [{{backendRefs: [{{name: reviews-v1, port: 9080, weight: 90}}, {{name: reviews-v2, port: 9080, weight: 10}}]}}]
"""
    found = read(text)
    assert [(each.name.text, each.listeners) for each in found.gateways] == [("door.books", (("80", "HTTP"),))]
    assert [(each.gateway.text, each.target.text) for each in found.gateway_routes] == [("door.books", "reviews.books")]
    assert routes(found) == [("reviews.books", "http", [("reviews-v1.books", "90"), ("reviews-v2.books", "10")])]
    assert found.misses == ()


def allowed(rules, selector="{matchLabels: {app: reviews}}", namespace="books", more=""):
    spec = f"{{selector: {selector}, {more}rules: {rules}}}"
    return (
        f"apiVersion: {SECURITY}\nkind: AuthorizationPolicy\nmetadata: {{name: p, namespace: {namespace}}}\nspec: {spec}\n---\n"
    )


@pytest.mark.parametrize(
    ("rules", "edges", "told"),
    [
        (
            '[{from: [{source: {principals: ["cluster.local/ns/books/sa/page", "td/ns/${SPACE}/sa/${SA}"]}}]}]',
            [("books/page", (), ()), ("{SPACE}/{SA}", (), ())],
            [],
        ),
        (
            '[{from: [{source: {principals: ["*/ns/books/sa/page"]}}], to: [{operation: {methods: [GET], paths: [/a, /b]}}, {operation: {methods: [POST]}}]}]',
            [("books/page", ("GET",), ("/a", "/b")), ("books/page", ("POST",), ())],
            [],
        ),
        ("[{from: [{source: {namespaces: [till]}}]}]", [("till/*", (), ())], []),
        ("[{from: [{source: {serviceAccounts: [page, till/pay]}}]}]", [("books/page", (), ()), ("till/pay", (), ())], []),
        ("[{}]", [("*", (), ())], []),
        (
            '[{from: [{source: {notNamespaces: [bad]}}], to: [{operation: {ports: ["80"]}}], when: [{key: x}]}]',
            [("*", (), ())],
            ["conditions that an edge does not carry: notNamespaces, ports, when"],
        ),
        ("[]", [], ["allows nobody: nothing calls what it is for"]),
    ],
)
def test_an_authorization_policy_names_callers(rules, edges, told):
    found = read(REVIEWS + allowed(rules))
    assert [(each.caller.text, each.methods, each.paths) for each in found.edges] == edges
    assert {each.callee.text for each in found.edges} <= {"reviews.books"}
    assert [miss.why for miss in found.misses] == told


@pytest.mark.parametrize("action", ["DENY", "AUDIT", "CUSTOM"])
def test_what_a_policy_does_not_allow_is_told(action):
    found = read(REVIEWS + allowed("[{}]", more=f"action: {action}, "))
    assert found.edges == ()
    assert [miss.why for miss in found.misses] == [f"{action} is no edge: only what a policy allows is"]


@pytest.mark.parametrize(
    ("selector", "namespace", "callees"),
    [
        ("{matchLabels: {version: v1}}", "books", ["reviews.books"]),
        ("null", "books", ["reviews.books", "stars.books"]),
        # The root namespace's policies are for the whole mesh.
        ("null", "istio-system", ["reviews.books", "stars.books"]),
        # No pods in the files: by the labels alone.
        ("{matchLabels: {app: stars}}", "books", ["stars.books"]),
        ("{matchLabels: {app: else}}", "books", ["else.books"]),
        ("{matchLabels: {x: y}}", "books", []),
    ],
)
def test_what_a_policy_is_for(selector, namespace, callees):
    stars = "apiVersion: v1\nkind: Service\nmetadata: {name: stars, namespace: books}\nspec: {selector: {app: stars}}\n---\n"
    found = read(REVIEWS + stars + RULE + allowed("[{from: [{source: {namespaces: [x]}}]}]", selector, namespace))
    assert [each.callee.text for each in found.edges] == callees
    assert set(callees) <= {each.name.text for each in found.services}
    assert len(found.misses) == (0 if callees else 1)


def test_a_waypoint_names_its_service():
    rules = '[{from: [{source: {principals: ["cluster.local/ns/books/sa/page"]}}]}]'
    text = allowed(rules, "null", more="targetRefs: [{kind: Service, group: '', name: reviews}], ")
    assert [(each.caller.text, each.callee.text) for each in read(REVIEWS + text).edges] == [("books/page", "reviews.books")]
