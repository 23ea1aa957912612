"""JSON of the AWS CLI for App Mesh: what calls print, what they take, and what is not JSON yet."""

import json

import pytest

from meshrole.importers.aws_json import read
from meshrole.importers.base import Options, SourceFile
from meshrole.importers.found import Gateway, GatewayRoute, Mesh, Miss, Node, Route, Router, Service, Tls
from meshrole.importers.origin import Origin
from meshrole.importers.values import unknown, value

SHOP, SPEC = value("shop"), '{"listeners": [{"portMapping": {"port": 80, "protocol": "http"}}]}'


def of(*sources):
    return read([SourceFile(name, text.encode()) for name, text in sources], Options())


def one(text, name="in.json"):
    return of((name, text))


def test_a_described_node_is_read():
    text = """{
      "virtualNode": {
        "meshName": "shop",
        "metadata": {"arn": "arn:aws:appmesh:eu-west-1:111122223333:mesh/shop/virtualNode/cart", "version": 2},
        "spec": {
          "backends": [{"virtualService": {"virtualServiceName": "price.local",
            "clientPolicy": {"tls": {"enforce": true, "validation": {"trust": {"acm": {"certificateAuthorityArns": ["arn:ca"]}}}}}}}],
          "listeners": [{"portMapping": {"port": 8080, "protocol": "grpc"}, "tls": {"mode": "STRICT",
            "certificate": {"acm": {"certificateArn": "arn:cert"}}}}],
          "serviceDiscovery": {"awsCloudMap": {"namespaceName": "shop.local", "serviceName": "cart", "attributes": []}}
        },
        "status": {"status": "ACTIVE"}, "virtualNodeName": "cart"}}"""
    (node,) = one(text).nodes
    assert node == Node(
        SHOP,
        value("cart"),
        Origin("in.json", 2, "cart"),
        backends=(value("price.local"),),
        tls=Tls(certificate=value("arn:cert"), authorities=(value("arn:ca"),)),
        discovery={"type": "cloud_map", "namespace": "shop.local", "service": "cart"},
        listeners=(("8080", "grpc"),),
    )


@pytest.mark.parametrize(
    ("text", "kind", "entry"),
    [
        ('{"mesh": {"meshName": "shop", "metadata": {"arn": "arn:aws:appmesh:eu-west-1:111122223333:mesh/shop", "meshOwner": "9"}, "spec": {}}}',
         "meshes", Mesh(SHOP, Origin("in.json", 1, "shop"), value("9"), account="111122223333", region="eu-west-1")),
        ('{"meshName": "shop"}', "meshes", Mesh(SHOP, Origin("in.json", 1, "shop"))),
        ('{"meshName": "shop", "spec": {"egressFilter": {"type": "ALLOW_ALL"}}}', "meshes", Mesh(SHOP, Origin("in.json", 1, "shop"))),
        (f'{{"meshName": "shop", "virtualGatewayName": "door", "spec": {SPEC}}}',
         "gateways", Gateway(SHOP, value("door"), Origin("in.json", 1, "door"), listeners=(("80", "http"),))),
        ('{"meshName": "shop", "virtualRouterName": "r", "spec": {}}', "routers", Router(SHOP, value("r"), Origin("in.json", 1, "r"))),
        ('{"meshName": "shop", "virtualServiceName": "s", "spec": {"provider": {"virtualRouter": {"virtualRouterName": "r"}}}}',
         "services", Service(SHOP, value("s"), Origin("in.json", 1, "s"), router=value("r"))),
        ('{"meshName": "shop", "virtualServiceName": "s", "spec": {}}', "services", Service(SHOP, value("s"), Origin("in.json", 1, "s"))),
        ('{"meshName": "shop", "virtualRouterName": "r", "routeName": "x", "spec": {"tcpRoute": {"action": {"weightedTargets": [{"virtualNode": "n", "weight": 3}]}}}}',
         "routes", Route(SHOP, value("r"), value("x"), Origin("in.json", 1, "x"), "tcp", ((value("n"), "3"),))),
        ('{"meshName": "shop", "virtualGatewayName": "g", "gatewayRouteName": "x", "spec": {"grpcRoute": {"action": {"target": {"virtualService": {"virtualServiceName": "s"}}}}}}',
         "gateway_routes", GatewayRoute(SHOP, value("g"), value("x"), value("s"), Origin("in.json", 1, "x"))),
        ('{"VirtualNode": {"MeshName": "shop", "VirtualNodeName": "n", "Spec": {}}, "ResultMetadata": {}}',
         "nodes", Node(SHOP, value("n"), Origin("in.json", 1, "n"))),
        ('{"status_code": 200, "data": {"virtualNode": {"meshName": "shop", "virtualNodeName": "n", "spec": {}}}}',
         "nodes", Node(SHOP, value("n"), Origin("in.json", 1, "n"))),
        ('[{"virtualNode": {"meshName": "shop", "virtualNodeName": "n", "spec": {}}}]', "nodes", Node(SHOP, value("n"), Origin("in.json", 1, "n"))),
        ("virtualNode:\n  meshName: shop\n  virtualNodeName: n\n  spec: {}\n", "nodes", Node(SHOP, value("n"), Origin("in.json", 2, "n"))),
        # The API before 2019: https://github.com/aws/aws-app-mesh-roadmap
        ('{"meshName": "shop", "virtualNodeName": "n", "spec": {"backends": ["b"], "serviceDiscovery": {"dns": {"serviceName": "n.local"}}}}',
         "nodes", Node(SHOP, value("n"), Origin("in.json", 1, "n"), (value("b"),), discovery={"type": "dns", "hostname": "n.local"})),
    ],
)  # fmt: skip
def test_what_a_call_prints_or_takes_is_read(text, kind, entry):
    found = one(text)
    assert getattr(found, kind) == (entry,)
    assert found.misses == ()


# The kind that `aws appmesh create-…` says, and the file does not.
@pytest.mark.parametrize(
    ("name", "spec", "kind", "option"),
    [
        ("cart-vn.json", SPEC, "nodes", "--virtual-node-name"),
        ("colorgateway-vn.json", SPEC, "nodes", "--virtual-node-name"),
        ("colorgateway-vg.json", SPEC, "gateways", "--virtual-gateway-name"),
        ("ingressgateway.json", SPEC, "gateways", "--virtual-gateway-name"),
        ("cart-vr.json", SPEC, "routers", "--virtual-router-name"),
        ("VirtualRouterSpec.json", SPEC, "routers", "--virtual-router-name"),
        ("x.json", SPEC, "routers", "--virtual-router-name"),
        ("x.json", '{"listeners": [{"portMapping": {"port": 1}, "tls": {}}]}', "gateways", "--virtual-gateway-name"),
        ("x.json", '{"serviceDiscovery": {"dns": {"hostname": "a"}}}', "nodes", "--virtual-node-name"),
        ("x.json", '{"backends": []}', "nodes", "--virtual-node-name"),
        ("x.json", '{"provider": {"virtualNode": {"virtualNodeName": "n"}}}', "services", "--virtual-service-name"),
        ("cart-vs.json", "{}", "services", "--virtual-service-name"),
        ("x.json", '{"httpRoute": {"action": {"weightedTargets": []}}}', "routes", "--route-name"),
        ("x-vg.json", '{"http2Route": {"action": {"target": {}}}}', "gateway_routes", "--gateway-route-name"),
        ("x.json", '{"egressFilter": {"type": "DROP_ALL"}}', "meshes", "--mesh-name"),
    ],
)
def test_an_input_without_a_name_is_told_by_its_spec_and_its_file(name, spec, kind, option):
    (entry,) = getattr(one(f'{{"spec": {spec}}}', name), kind)
    (piece,) = entry.name.unknown
    assert (piece.expression, piece.word) == (option, name.split(".")[0].replace("-", "_"))


def test_a_spec_alone_is_an_input_too():
    assert len(one('{"provider": {"virtualNode": {"virtualNodeName": "n"}}}').services) == 1
    assert len(one(SPEC, "cart-vn.json").nodes) == 1


def test_a_guess_at_a_name_holds_where_others_use_that_name():
    service = ("cart-vs.json", '{"spec": {"provider": {"virtualNode": {"virtualNodeName": "cart-vn"}}}}')
    (alone,) = of(("cart-vn.json", f'{{"spec": {SPEC}}}')).nodes
    (used,) = of(("cart-vn.json", f'{{"spec": {SPEC}}}'), service).nodes
    assert (alone.name.is_known, used.name.is_known, used.name.text) == (False, True, "cart-vn")


LISTING = '{"virtualNodes": [{"arn": "a", "meshName": "shop", "virtualNodeName": "n"}, {"arn": "b", "meshName": "shop", "virtualNodeName": "m"}]}'


def test_a_listing_says_only_what_exists():
    assert [str(node.name) for node in one(LISTING).nodes] == ["n", "m"]
    described = '{"virtualNode": {"meshName": "shop", "virtualNodeName": "n", "spec": {"backends": [{"virtualService": {"virtualServiceName": "s"}}]}}}'
    both = of(("list.json", LISTING), ("n.json", described))
    assert [(str(node.name), len(node.backends)) for node in both.nodes] == [("m", 0), ("n", 1)]


def test_other_services_that_list_gateways_are_not_taken_for_app_mesh():
    found = one('{"virtualGateways": [{"virtualGatewayId": "vgw-1", "virtualGatewayState": "available"}]}')
    assert found.gateways == ()


# https://jqlang.org/manual/ and a shell: what stands where a value will.
@pytest.mark.parametrize(
    ("written", "pieces"),
    [
        ("$NAME", (unknown("$NAME"),)),
        ("${NAME}", (unknown("${NAME}", "NAME"),)),
        ('"$NAME"', (unknown("$NAME"),)),
        ('"${NAME}.local"', (unknown("${NAME}", "NAME"), ".local")),
        ('$NAME + ".local"', (unknown("${NAME}", "NAME"), ".local")),
        ('"a." + $NAME\n + ".b"', ("a.", unknown("${NAME}", "NAME"), ".b")),
        (r'"\($NAME).local"', (unknown("${NAME}", "NAME"), ".local")),
        ("$ENV.NAME", (unknown("$ENV.NAME", "ENV_NAME"),)),
        ('"<NAME>"', (unknown("<NAME>", "NAME"),)),
        ("<NAME>", (unknown("<NAME>", "NAME"),)),
        ('"{{ name }}"', (unknown("{{ name }}", "name"),)),
        ("{{ name }}", (unknown("{{ name }}", "name"),)),
        ('"%NAME%"', (unknown("%NAME%", "NAME"),)),
        ('"${NAME:-cart}.local"', (unknown("${NAME:-cart}", "NAME", "cart"), ".local")),
        ('"$AWS_REGION"', (unknown("$AWS_REGION", "region"),)),
        ('"${AWS_ACCOUNT_ID}"', (unknown("${AWS_ACCOUNT_ID}", "account"),)),
        ('"100$"', ("100$",)),
        (r'"a\/b\ud83d\ude00\t"', ("a/b😀\t",)),
    ],
)
def test_a_placeholder_stays_in_the_value(written, pieces):
    (service,) = one(
        f'{{"meshName": "m", /* a\n comment */ "virtualServiceName": {written}, // another\n "spec": {{}},}}'
    ).services
    assert service.name == value(*pieces)


def test_several_values_in_a_file_are_several_documents():
    text = '{"meshName": "a"}\n{"meshName": "b"}\n\n{"meshName": "c"}'
    assert [(str(mesh.name), mesh.origin.line) for mesh in one(text).meshes] == [("a", 1), ("b", 2), ("c", 4)]


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("{}", 1, "nothing that is read of App Mesh, ECS, IAM, Lattice, EKS, Lambda or EC2: empty"),
        ('{"a": 1}', 1, "nothing that is read of App Mesh, ECS, IAM, Lattice, EKS, Lambda or EC2: a"),
        ('{"apiVersion": "v1", "spec": {}}', 1, "a Kubernetes manifest: `meshrole import kubernetes` reads it"),
        ('{"Resources": {}}', 1, "a CloudFormation template: `meshrole import cloudformation` reads it"),
        ('{"meshName": "a"}\n{"b": ]', 2, "not JSON or YAML: while parsing a flow node did not find expected node content"),
        ('{"virtualNode": {"virtualNodeName": "n", "status": {"status": "DELETED"}}}', 1, "it is deleted"),
    ],
)
def test_what_is_not_understood_is_told_with_its_line(text, line, why):
    assert [(miss.origin.line, miss.why) for miss in one(text).misses] == [(line, why)]


def test_a_file_too_large_is_refused():
    assert one("[" + " " * 50_000_001).misses == (Miss(Origin("in.json"), "the whole file", "larger than 50 MB"),)


@pytest.mark.parametrize("written", ["cart@@ZONE@@", "cart@ZONE@", "cart%ZONE%", "cart<ZONE>", "cart${ZONE}", "cart__ZONE__"])
def test_what_sed_will_put_in_is_one_word(written):
    (service,) = one(json.dumps({"meshName": "shop", "virtualServiceName": written, "spec": {"provider": {}}})).services
    assert service.name.text == "cart{ZONE}"


RECORDED = {
    "apiVersion": "2019-01-25",
    "eventSource": "appmesh.amazonaws.com",
    "eventName": "CreateVirtualNode",
    "requestParameters": {"meshName": "shop", "virtualNodeName": "cart", "spec": {}},
    "responseElements": {"virtualNode": {"meshName": "shop", "virtualNodeName": "cart"}},
}


@pytest.mark.parametrize(
    ("more", "nodes"),
    [
        ({}, ["cart"]),
        ({"eventName": "UpdateVirtualNode"}, ["cart"]),
        ({"eventName": "DeleteVirtualNode"}, []),
        ({"errorCode": "AccessDenied"}, []),
    ],
)
def test_what_cloudtrail_recorded_of_a_node_is_one(more, nodes):
    found = one(json.dumps(RECORDED | more))
    assert [node.name.text for node in found.nodes] == nodes
    assert [miss.why for miss in found.misses] == ([] if nodes else ["an event of CloudTrail that makes nothing"])
