"""Configurations: what the files say is read, and what they do not say stays as it is written."""

import pytest

from meshrole.importers import terraform
from meshrole.importers.base import Options, SourceFile
from meshrole.importers.found import Found
from meshrole.importers.values import Unknown, Value


def imported(*texts: str, files: dict[str, str] | None = None, **parameters: str) -> Found:
    """What a configuration in one folder holds: `main.tf`, `more.tf`…, or `files` by their names."""
    named = files or {f"{'main' if number == 0 else f'more{number}'}.tf": text for number, text in enumerate(texts)}
    return terraform.read([SourceFile(name, text.encode()) for name, text in named.items()], Options(parameters))


def node(name: str, spec: str = "", head: str = "") -> str:
    """A virtual node in HCL."""
    return f'resource "aws_appmesh_virtual_node" "n" {{\n{head}\nname = {name}\nmesh_name = "shop"\nspec {{\n{spec}\n}}\n}}\n'


MESH = """
resource "aws_appmesh_mesh" "m" {
  name = "shop"
}
resource "aws_appmesh_virtual_node" "front" {
  name      = "front"
  mesh_name = aws_appmesh_mesh.m.id
  spec {
    backend {
      virtual_service {
        virtual_service_name = aws_appmesh_virtual_service.pay.name
        client_policy {
          tls {
            validation {
              trust {
                acm {
                  certificate_authority_arns = ["arn:aws:acm-pca:eu-west-1:111122223333:certificate-authority/a"]
                }
              }
            }
          }
        }
      }
    }
    listener {
      port_mapping {
        port     = 8080
        protocol = "http"
      }
      tls {
        mode = "STRICT"
        certificate {
          acm {
            certificate_arn = "arn:aws:acm:eu-west-1:111122223333:certificate/c"
          }
        }
      }
    }
    service_discovery {
      aws_cloud_map {
        namespace_name = "shop.local"
        service_name   = "front"
      }
    }
  }
}
resource "aws_appmesh_virtual_service" "pay" {
  name      = "pay.shop.local"
  mesh_name = aws_appmesh_mesh.m.name
  spec {
    provider {
      virtual_router {
        virtual_router_name = aws_appmesh_virtual_router.pay.name
      }
    }
  }
}
resource "aws_appmesh_virtual_router" "pay" {
  name      = "pay"
  mesh_name = aws_appmesh_mesh.m.name
  spec {
    listener {
      port_mapping {
        port     = 80
        protocol = "http"
      }
    }
  }
}
resource "aws_appmesh_route" "pay" {
  name                = "all"
  mesh_name           = aws_appmesh_mesh.m.name
  virtual_router_name = aws_appmesh_virtual_router.pay.name
  spec {
    grpc_route {
      action {
        weighted_target {
          virtual_node = aws_appmesh_virtual_node.front.name
          weight       = 70
        }
        weighted_target {
          virtual_node = "other"
          weight       = 30
        }
      }
    }
  }
}
resource "aws_appmesh_virtual_gateway" "in" {
  name      = "in"
  mesh_name = aws_appmesh_mesh.m.name
  spec {
    listener {
      port_mapping {
        port     = 443
        protocol = "http"
      }
    }
  }
}
resource "aws_appmesh_gateway_route" "in" {
  name                 = "to-pay"
  mesh_name            = aws_appmesh_mesh.m.name
  virtual_gateway_name = aws_appmesh_virtual_gateway.in.name
  spec {
    http_route {
      action {
        target {
          virtual_service {
            virtual_service_name = aws_appmesh_virtual_service.pay.name
          }
        }
      }
    }
  }
}
"""


def test_every_type_of_app_mesh():
    found = imported(MESH)
    assert found.misses == ()
    assert [str(mesh.name) for mesh in found.meshes] == ["shop"]
    (front,) = found.nodes
    assert (str(front.mesh), str(front.name), [str(name) for name in front.backends]) == ("shop", "front", ["pay.shop.local"])
    assert front.listeners == (("8080", "http"),)
    assert front.discovery == {"type": "cloud_map", "namespace": "shop.local", "service": "front"}
    assert str(front.tls.certificate) == "arn:aws:acm:eu-west-1:111122223333:certificate/c"
    assert [str(arn) for arn in front.tls.authorities] == ["arn:aws:acm-pca:eu-west-1:111122223333:certificate-authority/a"]
    (service,) = found.services
    assert (str(service.name), str(service.router), service.node) == ("pay.shop.local", "pay", None)
    assert [str(router.name) for router in found.routers] == ["pay"]
    (route,) = found.routes
    assert (str(route.router), str(route.name), route.kind) == ("pay", "all", "grpc")
    assert [(str(target), weight) for target, weight in route.targets] == [("front", "70"), ("other", "30")]
    assert [(str(gateway.name), gateway.listeners) for gateway in found.gateways] == [("in", (("443", "http"),))]
    (gateway_route,) = found.gateway_routes
    assert (str(gateway_route.gateway), str(gateway_route.target)) == ("in", "pay.shop.local")
    assert (front.origin.file, front.origin.line, front.origin.name) == ("main.tf", 5, "aws_appmesh_virtual_node.front")


def test_old_provider_and_old_language():
    found = imported(
        """
        resource "aws_appmesh_mesh" "m" { name = "${var.project}-mesh" }
        resource "aws_appmesh_virtual_node" "n" {
          name      = "${format("%s-node", var.project)}"
          mesh_name = "${aws_appmesh_mesh.m.id}"
          spec {
            backends = ["a.local", "b.local"]
            service_discovery {
            dns {
            service_name = "n.local"
            }
            }
          }
        }
        variable "project" { default = "old" }
        """
    )
    (found_node,) = found.nodes
    assert (str(found_node.mesh), str(found_node.name)) == ("old-mesh", "old-node")
    assert [str(name) for name in found_node.backends] == ["a.local", "b.local"]
    assert found_node.discovery == {"type": "dns", "hostname": "n.local"}
    assert found_node.name.parts == (Unknown("var.project", "project", "old"), "-node")


# The expression of a name, what stands beside it, and the name as an inventory shows it.
EXPRESSIONS = [
    ('"plain"', "", "plain"),
    ("var.n", 'variable "n" { default = "d" }', "d"),
    ("var.n", 'variable "n" {}', "{n}"),
    ("var.n", "", "{n}"),
    ("local.a", 'locals {\n a = "x-${local.b}"\n b = "y"\n}', "x-y"),
    ("local.a", "locals {\n a = local.b\n b = local.a\n}", "{a}"),
    ('"${local.list[1]}-${local.map.k}"', 'locals {\n list = ["a", "b"]\n map = { k = "v" }\n}', "b-v"),
    ('"${local.map["k"]}"', 'locals {\n map = { "k" : "v" }\n}', "v"),
    ('join("-", ["a", var.b, "c"])', "", "a-{b}-c"),
    ('format("%s/%03d%%", var.b, 7)', "", "{b}/007%"),
    ('lower("ABC")', "", "abc"),
    ("upper(var.b)", 'variable "b" { default = "x" }', "X"),
    ("upper(var.b)", "", "{upper_var_b}"),
    ('replace("a.b.c", ".", "-")', "", "a-b-c"),
    ('replace("abc", "/b+/", "")', "", "{replace_abc_b}"),
    ('trimsuffix("front.local", ".local")', "", "front"),
    ('element(split(",", "a,b,c"), 4)', "", "b"),
    ('lookup({ a = "x" }, "b", "y")', "", "y"),
    ('coalesce("", null, "z")', "", "z"),
    ('concat(["a"], ["b"])[1]', "", "b"),
    ('merge({ a = "1" }, { a = "2" })["a"]', "", "2"),
    ('jsondecode("{\\"a\\": \\"b\\"}").a', "", "b"),
    ('[for s in ["a", "b"] : upper(s) if s != "a"][0]', "", "B"),
    ('{ for k, v in { a = "x" } : v => k }["x"]', "", "a"),
    ('true ? "yes" : "no"', "", "yes"),
    ('var.b == "x" ? "yes" : "no"', 'variable "b" { default = "y" }', "no"),
    ('var.b == "x" ? "yes" : "no"', "", "{b_x_yes_no}"),
    ('"n${1 + 2 * 3}"', "", "n7"),
    ('try(local.none, "t")', "", "t"),
    ("one(aws_lb.x[*].name)", 'resource "aws_lb" "x" {\n count = 1\n name = "lb"\n}', "lb"),
    ("aws_lb.x.0.name", 'resource "aws_lb" "x" {\n count = 2\n name = "lb${count.index}"\n}', "lb0"),
    ("element(aws_lb.x.*.name, 1)", 'resource "aws_lb" "x" {\n count = 2\n name = "lb${count.index}"\n}', "lb1"),
    ('aws_lb.x["b"].name', 'resource "aws_lb" "x" {\n for_each = toset(["a", "b"])\n name = "lb-${each.key}"\n}', "lb-b"),
    ("aws_lb.x.dns_name", 'resource "aws_lb" "x" {}', "{aws_lb_x_dns_name}"),
    ("data.aws_region.now.name", "", "{region}"),
    ("data.aws_caller_identity.me.account_id", "", "{account}"),
    ("var.account", "", "{account_value}"),
    ("var.aws_region", "", "{region}"),
    ('"${terraform.workspace}-n"', "", "{workspace}-n"),
    ("data.terraform_remote_state.x.outputs.name", "", "{terraform_remote_state_x_outputs_name}"),
    ('templatefile("x", {})', "", "{templatefile_x}"),
    ('lookup(aws_lb.x, "a").name', 'resource "aws_lb" "x" {\n for_each = var.lbs\n name = "lb"\n}', "lb"),
    ("timestamp()", "", "{timestamp}"),
    ('"$${literal}"', "", "${literal}"),
    ('"a\\tb\\u0041"', "", "a\tbA"),
    ("<<EOT\nn%{ if true }-yes%{ else }-no%{ endif }\nEOT\n", "", "n-yes\n"),
    ('<<EOT\n%{ for s in ["a", "b"] ~}\n ${s},\n%{ endfor ~}\nEOT\n', "", "a,\nb,\n"),
    ("<<EOT\n%{ if var.b }x%{ endif }y\nEOT\n", "", "{if_var_b}y\n"),
    ("<<EOT\n%{ if true }x\nEOT\n", "", "{if_true_x}"),
    ("<<EOT\nn\nEOT\n", "", "n\n"),
]


@pytest.mark.parametrize(("expression", "beside", "name"), EXPRESSIONS, ids=[each[0] for each in EXPRESSIONS])
def test_expressions(expression, beside, name):
    (found,) = imported(node(expression), beside).nodes
    assert str(found.name) == name


def test_an_unknown_piece_keeps_its_expression():
    (found,) = imported(node('"${module.names.front}-${lower(var.x)}"')).nodes
    assert [part.expression for part in found.name.unknown] == ["module.names.front", "lower(var.x)"]


def test_what_a_function_makes_of_a_default_is_a_default():
    (found,) = imported(node("lower(var.x)"), 'variable "x" { default = "ABC" }').nodes
    assert found.name == Value((Unknown("lower(var.x)", "lower_var_x", "abc"),))


def test_values_of_the_user_and_of_files_of_variables():
    files = {"main.tf": node("var.x") + 'variable "x" { default = "d" }', "terraform.tfvars": 'x = "file"'}
    assert str(imported(files=files).nodes[0].name) == "file"
    assert imported(files=files, x="given").nodes[0].name == Value(("given",))
    other = {"main.tf": node("var.x"), "vars/prod.tfvars.json": '{"x": "only"}'}
    assert str(imported(files=other).nodes[0].name) == "only"
    several = {**other, "vars/test.tfvars": 'x = "other"'}
    assert [(str(each.name)) for each in imported(files=several).nodes] == ["{x}"]
    assert [miss.why.split(":")[0] for miss in imported(files=several).misses] == [
        "several files of variables (2), and which of them is meant is not said"
    ]


def test_count_and_for_each():
    names = lambda found: [str(each.name) for each in found.nodes]  # noqa: E731
    assert names(imported(node('"n${count.index}"', head="count = 2"))) == ["n0", "n1"]
    assert names(imported(node("each.value.name", head='for_each = { a = { name = "x" }, b = { name = "y" } }'))) == ["x", "y"]
    assert names(imported(node("each.key", head='for_each = toset(["a", "b"])'))) == ["a", "b"]
    assert names(imported(node('"n"', head="count = 0"))) == []
    unknown = imported(node("each.key", head="for_each = var.services"))
    assert names(unknown) == ["{services_key}"]
    assert unknown.nodes[0].name.unknown[0].expression == "each.key of var.services"
    assert [miss.why for miss in unknown.misses] == ["for_each = var.services is not known: one stands for all that there may be"]


def test_what_is_off_by_default_is_shown_and_said():
    text = node('"n"', head="count = var.enabled ? 1 : 0") + 'variable "enabled" { default = false }'
    assert [miss.why for miss in imported(text).misses] == [
        "count = var.enabled ? 1 : 0 is empty by default: one stands for all that there may be"
    ]
    assert len(imported(text).nodes) == 1
    assert len(imported(text, enabled="false").nodes) == 0
    assert [miss.what for miss in imported(text, enabled="true").misses] == []


def test_dynamic_blocks():
    backends = """
    dynamic "backend" {
      for_each = %s
      iterator = b
      content {
        virtual_service {
          virtual_service_name = "${b.value}.local"
        }
      }
    }
    """
    known = imported(node('"n"', backends % '["a", "b"]'))
    assert [str(name) for name in known.nodes[0].backends] == ["a.local", "b.local"]
    unknown = imported(node('"n"', backends % "var.backends"))
    assert [str(name) for name in unknown.nodes[0].backends] == ["{backends_b_value}.local"]
    empty = imported(node('"n"', backends % "var.backends") + 'variable "backends" { default = [] }')
    assert empty.nodes[0].backends == ()
    assert [miss.why for miss in empty.misses] == ["its backend blocks: for_each = var.backends is empty by default"]


MODULE = {
    "main.tf": """
    locals { services = { front = 80, back = 81 } }
    module "service" {
      for_each = local.services
      source   = "./modules/service"
      name     = each.key
      port     = each.value
    }
    resource "aws_appmesh_virtual_service" "front" {
      name      = "front.local"
      mesh_name = "shop"
      spec {
        provider {
          virtual_node {
            virtual_node_name = module.service["front"].node
          }
        }
      }
    }
    """,
    "modules/service/main.tf": """
    variable "name" {}
    variable "port" {}
    resource "aws_appmesh_virtual_node" "this" {
      name      = "${var.name}-vn"
      mesh_name = "shop"
      spec {
        listener {
          port_mapping {
            port = var.port
            protocol = "http"
          }
        }
      }
    }
    output "node" { value = aws_appmesh_virtual_node.this.name }
    """,
}


def test_modules_are_read_as_they_are_called():
    found = imported(files=MODULE)
    assert [(str(each.name), each.listeners) for each in found.nodes] == [
        ("front-vn", (("80", "http"),)),
        ("back-vn", (("81", "http"),)),
    ]
    assert [each.origin.name for each in found.nodes] == [
        'module.service["front"].aws_appmesh_virtual_node.this',
        'module.service["back"].aws_appmesh_virtual_node.this',
    ]
    assert str(found.services[0].node) == "front-vn"


def test_a_module_elsewhere_is_a_miss_and_its_outputs_stay():
    found = imported('module "vpc" {\n source = "terraform-aws-modules/vpc/aws"\n}\n' + node("module.vpc.name"))
    assert [(str(miss.origin), miss.why) for miss in found.misses] == [
        ("main.tf:1 module.vpc", "its source terraform-aws-modules/vpc/aws is not among the given files")
    ]
    assert str(found.nodes[0].name) == "{vpc_name}"


def test_modules_that_call_each_other():
    found = imported(
        files={"a/m.tf": 'module "b" { source = "../b" }\n' + node('"a"'), "b/m.tf": 'module "a" { source = "../a" }'}
    )
    assert "a" in {str(each.name) for each in found.nodes}


def test_a_broken_block_takes_no_other_along():
    found = imported(
        node('"first"')
        + 'resource "aws_appmesh_virtual_node" "bad" {\n  name = = "x"\n}\n'
        + node('"last"').replace('"n"', '"z"')
    )
    assert [str(each.name) for each in found.nodes] == ["first", "last"]
    assert [(miss.origin.line, miss.why) for miss in found.misses] == [(10, "'=' is not expected here")]
    assert found.nodes[1].origin.line == 12


def test_json_configuration():
    text = """{
      "locals": {"name": "n"},
      "resource": {"aws_appmesh_virtual_node": {"n": {
        "name": "${local.name}-${upper(\\"x\\")}", "mesh_name": "shop",
        "spec": {"listener": [{"port_mapping": {"port": 80, "protocol": "http"}}],
                 "backend": [{"virtual_service": {"virtual_service_name": "a.local"}}]}
      }}}
    }"""
    (found,) = imported(files={"main.tf.json": text}).nodes
    assert (str(found.name), found.listeners, [str(each) for each in found.backends]) == ("n-X", (("80", "http"),), ["a.local"])
    assert found.origin.line == 3


def test_no_type_of_app_mesh():
    found = imported('resource "aws_appmesh_virtual_node_backend" "b" {}')
    assert [miss.why for miss in found.misses] == ["aws_appmesh_virtual_node_backend is no type of App Mesh"]


def test_a_shared_mesh_is_read_from_its_data_source():
    found = imported('data "aws_appmesh_mesh" "m" {\n name = "shared"\n mesh_owner = "444455556666"\n}\n' + node('"n"'))
    assert [(str(mesh.name), str(mesh.owner)) for mesh in found.meshes] == [("shared", "444455556666")]


def test_the_provider_says_where_a_mesh_is():
    provider = 'provider "aws" {\n region = "eu-west-1"\n allowed_account_ids = ["111122223333"]\n}\n'
    (mesh,) = imported(provider + 'resource "aws_appmesh_mesh" "m" { name = "shop" }').meshes
    assert (mesh.region, mesh.account) == ("eu-west-1", "111122223333")
