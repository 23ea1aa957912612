"""Policies of VPC Lattice and Istio as calls: never more than they allow."""

import pytest
from inventories import HERE, inventory, made, node, route

from meshrole import pipeline
from meshrole.importers.found import Edge, Found, Gateway, GatewayRoute, Mesh, Service, Tls
from meshrole.importers.origin import Origin
from meshrole.importers.running import Function, Pods, Role, Task
from meshrole.importers.values import value

AUTH = Origin("auth.yaml", 2, "AuthPolicy")
ROLE = "arn:aws:iam::111122223333:role/mesh/web"
NETWORK, SERVICE_ID = "sn-0123456789abcdef0", "svc-0123456789abcdef0"
LATTICE = Mesh(value("net"), HERE, engine="vpc-lattice", id=NETWORK)
ORDERS = Service(value("net"), value("orders"), HERE, id=SERVICE_ID)


def edge(caller, callee="orders", mesh="net", methods=(), paths=()):
    return Edge(value(mesh) if mesh else None, value(caller), value(callee), AUTH, methods, paths)


def lattice(*edges, **more):
    return Found(meshes=(LATTICE,), services=(ORDERS,), edges=edges, **more)


def services(found):
    (mesh,) = inventory(found)["meshes"].values()
    return mesh["services"]


def pods(name, account=None, *nodes, gateways=()):
    return Pods(
        value("shop"), value(name), HERE, (), value(account or name), tuple(map(value, nodes)), tuple(map(value, gateways))
    )


def test_ids_of_lattice_come_along():
    (mesh,) = inventory(lattice())["meshes"].values()
    assert mesh == {
        "engine": "vpc-lattice",
        "service_network": NETWORK,
        "services": {"orders": {"lattice_service": SERVICE_ID, "runs_on": {"platform": "none"}}},
    }


def test_a_role_that_is_only_named_is_a_caller_of_its_own():
    web = services(lattice(edge(ROLE, methods=("GET", "GET"), paths=("/orders/*",))))["web"]
    assert web == {"runs_on": {"platform": "ecs"}, "calls": [{"service": "orders", "methods": ["GET"], "paths": ["/orders/*"]}]}


def test_a_role_is_the_task_that_has_it():
    task = Task(value("web-task"), HERE, value("WebRole"))
    role = Role("WebRole", value("web"), HERE)
    found = services(lattice(edge(ROLE), tasks=(task,), roles=(role,)))
    assert found["web-task"] == {"runs_on": {"platform": "ecs"}, "calls": ["orders"]}


def test_a_role_is_the_function_that_has_it():
    function = Function(value("report"), HERE, value(ROLE))
    found = services(lattice(edge(ROLE), functions=(function,)))
    assert found["report"] == {"runs_on": {"platform": "lambda", "function": "report"}, "calls": ["orders"]}


def test_a_service_account_is_its_pods_or_else_one_of_its_own():
    found = services(lattice(edge("shop/web"), edge("shop/batch"), pods=(pods("web-v1", "web"),)))
    eks = {"platform": "eks-pod-identity", "cluster": "main", "namespace": "shop"}
    assert found["web-v1"] == {"runs_on": {**eks, "service_account": "web"}, "calls": ["orders"]}
    assert found["batch"] == {"runs_on": {**eks, "service_account": "batch"}, "calls": ["orders"]}


def test_callers_that_have_nodes_keep_them():
    mesh = Mesh(value("istio"), HERE, engine="istio")
    found = Found(
        meshes=(mesh,),
        nodes=(node("web", mesh="istio"),),
        gateways=(Gateway(value("istio"), value("in"), HERE),),
        services=(Service(value("istio"), value("orders"), HERE, node=value("web")),),
        pods=(pods("web", None, "web"), pods("in", None, gateways=("in",))),
        edges=(edge("shop/web", mesh="istio", methods=("POST",)), edge("shop/in", mesh=None)),
    )
    (written,) = inventory(found)["meshes"].values()
    assert written["services"]["orders"]["calls"] == [{"service": "orders", "methods": ["POST"]}]
    assert written["gateways"]["in"]["routes_to"] == ["orders"]


@pytest.mark.parametrize(
    ("edges", "why"),
    [
        ([edge("*")], "an inventory names each caller: a role, or a service account"),
        ([edge("arn:aws:iam::111122223333:root")], "an inventory names each caller: a role, or a service account"),
        ([edge("arn:aws:iam::111122223333:role/web-*")], "an inventory names each caller: a role, or a service account"),
        ([edge(ROLE, methods=("*",))], "an inventory cannot hold it to *"),
        ([edge(ROLE, paths=("*/orders",))], "an inventory cannot hold it to */orders"),
    ],
)
def test_what_cannot_be_said_is_told_and_not_granted(edges, why):
    found = lattice(*edges)
    assert [(miss.origin, miss.why) for miss in made(found)[1].misses] == [(AUTH, why)]
    assert all("calls" not in entry for entry in services(found).values())


def test_two_ways_to_call_are_not_made_one_that_is_wider():
    found = lattice(edge(ROLE, methods=("GET",), paths=("/a",)), edge(ROLE, methods=("POST",), paths=("/b",)))
    assert services(found)["web"]["calls"] == [{"service": "orders", "methods": ["GET"], "paths": ["/a"]}]
    (miss,) = made(found)[1].misses
    assert miss.why == "it may do so in several ways, of which the inventory has the first"


@pytest.mark.parametrize("engine", ["vpc-lattice", "ecs-service-connect", "app-mesh"])
def test_what_an_engine_has_no_word_for_is_a_comment(engine, tmp_path):
    """Names of nodes and gateways, certificates: the inventory passes check, and a person can still read them."""
    found = Found(
        meshes=(Mesh(value("net"), HERE, engine=engine, account="111122223333", region="eu-west-1"),),
        nodes=(
            node("web-vn", "orders-api", mesh="net", tls=Tls(certificate_file=value("/a.pem"))),
            node("blue-vn", mesh="net"),
            node("green-vn", mesh="net"),
        ),
        services=(
            Service(value("net"), value("orders-api"), HERE, router=value("r")),
            Service(value("net"), value("web.net.internal"), HERE, node=value("web-vn")),
        ),
        routes=(route("all", "r", ("blue-vn", "1"), ("green-vn", "1"), mesh="net"),),
        gateways=(Gateway(value("net"), value("In_1"), HERE),),
        gateway_routes=(GatewayRoute(value("net"), value("In_1"), value("r1"), value("orders-api"), HERE),),
    )
    path = tmp_path / "inventory.yaml"
    text = made(found)[0]
    path.write_text(text)
    checked = pipeline.check([str(path)])
    assert checked.error is None
    (mesh,) = checked.inventory.meshes
    assert sorted((item.name, [call.service for call in item.calls]) for item in mesh.workloads) == [
        ("in-1", ["orders-api"]),
        ("orders-api-blue", []),
        ("orders-api-green", []),
        ("web-net-internal", ["orders-api"]),
    ]
    assert "In_1" in text
    assert "web.net.internal" in text
