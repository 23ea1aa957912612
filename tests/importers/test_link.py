"""Services put together from nodes, routers and routes: nothing dropped, everything under AWS's own names."""

from dataclasses import replace

import pytest
import yaml
from inventories import HERE, inventory, made, node, route, service

from meshrole import pipeline
from meshrole.importers.found import Found, Gateway, GatewayRoute, Mesh, Router, Tls
from meshrole.importers.origin import Origin
from meshrole.importers.rewriting import as_name, subject
from meshrole.importers.values import unknown, value

SHOP = Mesh(value("shop"), HERE)


def services(found, **more):
    (mesh,) = inventory(found, **more)["meshes"].values()
    return mesh["services"]


def router(name, mesh="shop"):
    return Router(value(mesh) if mesh else None, value(name), HERE)


def test_a_service_of_one_node():
    found = Found(meshes=(SHOP,), nodes=(node("cart"),), services=(service("cart.shop.local", node="cart"),))
    assert inventory(found)["meshes"] == {
        "shop": {"engine": "app-mesh", "services": {"cart": {"router": False, "runs_on": {"platform": "ecs"}}}}
    }


def test_a_router_makes_versions_of_the_nodes_that_its_routes_lead_to():
    found = Found(
        meshes=(SHOP,),
        nodes=(node("color-blue-vn", "stock.shop.local"), node("color-green-vn", "stock.shop.local"), node("stock")),
        services=(service("color.shop.local", router="color-vr"), service("stock.shop.local", node="stock")),
        routers=(router("color-vr"),),
        routes=(
            route("most", "color-vr", ("color-blue-vn", "9"), ("color-green-vn", "1")),
            route("rest", "color-vr", ("color-blue-vn", "1")),
        ),
    )
    assert services(found)["color"] == {
        "router": "color-vr",
        "routes": ["most", "rest"],
        "runs_on": {"platform": "ecs"},
        "calls": ["stock"],
        "versions": {"blue": {"virtual_node": "color-blue-vn"}, "green": {"virtual_node": "color-green-vn"}},
    }
    assert "# most (http): color-blue-vn 9, color-green-vn 1 (line 3 Thing)" in made(found)[0]


def test_versions_that_differ_say_so_themselves():
    found = Found(
        nodes=(node("a-blue", "a.shop.local", tls=Tls(certificate_file=value("/b.pem"))), node("a-green")),
        services=(service("a.shop.local", router="a"),),
        routes=(route("a", "a", ("a-blue", "1"), ("a-green", "1")),),
    )
    assert services(found)["a"]["versions"] == {
        "blue": {"calls": ["a"], "tls": {"certificate": {"file": "/b.pem"}}},
        "green": {"calls": []},
    }


def test_a_node_that_two_services_have_belongs_to_the_one_with_the_router():
    found = Found(
        nodes=(node("blue"), node("green")),
        services=(service("blue.shop.local", node="blue"), service("color.shop.local", router="color")),
        routes=(route("all", "color", ("blue", "1"), ("green", "1")),),
    )
    assert services(found)["blue"] == {"router": False, "runs_on": {"platform": "none"}}
    assert list(services(found)["color"]["versions"]) == ["blue", "green"]
    assert "# its node blue is at color" in made(found)[0]


def test_what_nobody_names_and_what_nobody_defines_stays_visible():
    found = Found(
        nodes=(node("alone", "api.example.com", "stock.shop.local"),),
        services=(service("empty.shop.local"), service("gone.shop.local", node="missing")),
        routers=(router("lonely"),),
        routes=(route("lost", "absent"),),
    )
    assert services(found) == {
        "empty": {"router": False, "runs_on": {"platform": "none"}},
        "gone": {"router": False, "runs_on": {"platform": "none"}},
        "lonely": {"virtual_service": False, "router": "lonely", "runs_on": {"platform": "none"}},
        "absent": {"virtual_service": False, "router": "absent", "routes": ["lost"], "runs_on": {"platform": "none"}},
        "alone": {"virtual_service": False, "runs_on": {"platform": "ecs"}, "calls": ["api-example-com", "stock"]},
        "api-example-com": {"virtual_service": "api.example.com", "runs_on": {"platform": "elsewhere"}},
        "stock": {"runs_on": {"platform": "elsewhere"}},
    }
    assert "# its node missing is in no source" in made(found)[0]


def test_gateways_lead_to_the_services_of_their_routes():
    gateway = Gateway(
        value("shop"), value("in"), HERE, Tls(certificate=value("arn:aws:acm:eu-west-1:111122223333:certificate/1"))
    )
    routes = (
        GatewayRoute(value("shop"), value("in"), value("r1"), value("a.shop.local"), HERE),
        GatewayRoute(value("shop"), value("in"), value("r2"), value("b.shop.local"), HERE),
        GatewayRoute(value("shop"), value("other"), value("r3"), value("a.shop.local"), HERE),
    )
    found = Found(nodes=(node("a"),), services=(service("a.shop.local", node="a"),), gateways=(gateway,), gateway_routes=routes)
    (mesh,) = inventory(found)["meshes"].values()
    assert mesh["gateways"] == {
        "in": {
            "runs_on": {"platform": "ecs"},
            "tls": {"certificate": "arn:aws:acm:eu-west-1:111122223333:certificate/1"},
            "routes_to": ["a", "b"],
        },
        "other": {"runs_on": {"platform": "elsewhere"}, "routes_to": ["a"]},
    }
    assert mesh["services"]["b"] == {"runs_on": {"platform": "elsewhere"}}


def test_things_without_a_mesh_are_of_the_only_one():
    one = inventory(Found(meshes=(SHOP,), nodes=(node("a", mesh=None),)))["meshes"]
    assert list(one) == ["shop"]
    none = inventory(Found(nodes=(node("a", mesh=None),)))
    assert none["meshes"]["mesh-name"]["mesh_name"] == "{mesh_name}"
    assert none["placeholders"] == {"mesh_name": {"expression": "the name of the mesh", "at": "mesh.yaml:3", "value": None}}
    two = inventory(Found(meshes=(SHOP, Mesh(value("bank"), HERE)), nodes=(node("a", mesh=None),)))["meshes"]
    assert list(two) == ["shop", "bank", "mesh-name"]


def test_routes_without_a_router_are_of_the_only_one():
    found = Found(routers=(router("r"),), routes=(route("a", None),))
    assert services(found)["r"]["routes"] == ["a"]
    found = Found(routers=(router("r"), router("s")), routes=(route("a", None),))
    assert services(found)["virtual-router"]["router"] == "{virtual_router}"


def test_a_thing_without_a_name_is_called_after_its_file():
    found = Found(nodes=tuple(node(None, origin=Origin("steps/cart-vn.json", 1)) for _ in range(2)))
    nodes = [entry["virtual_node"] for entry in services(found).values()]
    assert nodes == ["{cart_vn}", "{cart_vn_2}"]
    assert list(services(found, parameters={"cart_vn": "cart"})) == ["cart", "cart-vn-2"]


def test_the_same_thing_twice_is_there_once_and_what_differs_is_told():
    again = node("cart", "b.shop.local", origin=Origin("again.yaml", 9))
    alike, other = node("cart", "a.shop.local", origin=Origin("v2.yaml", 1)), node("cart", "a.shop.local")
    text, report = made(Found(nodes=(other, alike, again)))
    assert [miss.origin.file for miss in report.misses] == ["again.yaml"]
    assert report.misses[0].why == "defined twice, and not alike: first at mesh.yaml:3 Thing"
    assert list(yaml.safe_load(text)["meshes"]["shop"]["services"]) == ["cart", "a"]


def test_a_list_of_names_says_nothing_against_what_has_more():
    full = node("cart", "a.shop.local")
    for nodes in ((node("cart"), full), (full, node("cart"))):
        text, report = made(Found(nodes=nodes))
        assert report.misses == ()
        assert yaml.safe_load(text)["meshes"]["shop"]["services"]["cart"]["calls"] == ["a"]


@pytest.mark.parametrize("expression", ["!Ref Name", "${Name}", "$Name", "!Sub ${Name}", '!Sub "${Name}"', "{{ Name }}"])
def test_one_thing_has_one_word_however_it_is_written(expression):
    assert subject(expression) == "Name"


def test_words_for_different_things_differ():
    first, second = unknown("!Ref Name", "Name"), unknown("!GetAtt Name.Arn", "Name")
    found = Found(
        nodes=(node("x"), *(replace(node("y"), mesh=first, name=item) for item in (first, second, unknown("$Name", "Name"))))
    )
    written = inventory(found)
    assert written["placeholders"]["Name"]["expression"] == "!Ref Name"
    assert written["placeholders"]["Name_2"]["expression"] == "!GetAtt Name.Arn"
    assert len(written["meshes"]["name"]["services"]) == 2


def test_the_same_option_of_two_commands_is_two_names():
    cart, stock = (unknown("--virtual-node-name", word) for word in ("cart_vn", "stock_vn"))
    found = Found(nodes=tuple(replace(node("x"), name=item) for item in (cart, stock)))
    assert [entry["virtual_node"] for entry in services(found).values()] == ["{cart_vn}", "{stock_vn}"]


def test_words_that_the_inventory_has_are_not_taken_for_others():
    account = unknown("!Ref AWS::AccountId", "account")
    mine = unknown("$account", "account")
    found = Found(nodes=(node("a"), *(replace(node("b"), name=value("n-", item)) for item in (account, mine))))
    names = [entry.get("virtual_node") for entry in services(found).values()]
    assert names == [None, "n-{account}", "n-{account_2}"]


def test_pieces_that_no_name_can_have_become_words():
    assert as_name(value("{{ .Values.name }}-node")).text == "{Values_name_node}"
    assert as_name(value("cart-", unknown("$NS", "NS"))).text == "cart-{NS}"
    assert services(Found(nodes=(node('a"\n}: {evil'),)))


def test_a_default_is_what_it_is():
    found = Found(nodes=(replace(node("a"), mesh=unknown("!Ref Mesh", "Mesh", "shop")),))
    assert list(inventory(found)["meshes"]) == ["shop"]
    assert list(inventory(found, parameters={"Mesh": "bank"})["meshes"]) == ["bank"]


def test_names_of_ours_never_clash():
    found = Found(
        nodes=(node("a-b"), node("a-x"), node("a-y"), node("A_B"), node("people")),
        services=(service("a.shop.local", router="a"), service("a.bank.local"), service("a")),
        routes=(route("r", "a", ("a-x", "1"), ("a-b", "1")),),
        gateways=(Gateway(value("shop"), value("a"), HERE),),
        meshes=(Mesh(value("people"), HERE),),
    )
    written = inventory(found)
    assert list(written["meshes"]) == ["mesh-people", "shop"]
    entries = written["meshes"]["shop"]
    names = [*entries["gateways"], *entries["services"]]
    names += [f"{key}-{version}" for key, entry in entries["services"].items() for version in entry.get("versions", ())]
    assert len({name.lower().replace("_", "-") for name in names}) == len(names) == 9


def test_check_prints_every_name_again(tmp_path):
    found = Found(
        meshes=(Mesh(value("shop-", unknown("!Ref Stage", "Stage")), HERE),),
        nodes=(node("a-1", "b.x", mesh=None), node("a-2", mesh=None)),
        services=(service("a.x", router="ar", mesh=None),),
        routes=(route("r1", "ar", ("a-1", "1"), ("a-2", "1"), mesh=None),),
        gateways=(Gateway(None, value("in"), HERE),),
    )
    path = tmp_path / "inventory.yaml"
    path.write_text(made(found)[0])
    checked = pipeline.check([str(path)])
    assert [problem.message for problem in checked.error.problems] == ["{Stage} has no value"]
    (mesh,) = checked.summary()["meshes"]
    assert mesh["name"] == "shop-{Stage}"
    assert [(item["name"], item["backends"]) for item in mesh["virtual_nodes"]] == [("a-1", ["b.x"]), ("a-2", [])]
    assert [item["name"] for item in mesh["virtual_gateways"]] == ["in"]
    assert mesh["virtual_services"] == ["a.x"]
    assert mesh["virtual_routers"] == [{"name": "ar", "routes": ["r1"]}]
    path.write_text(made(found, parameters={"Stage": "prod"})[0])
    assert pipeline.check([str(path)]).error is None
