"""Configurations: roles with all that is attached to them, and what runs under them, on each platform."""

from test_terraform_configuration import imported

TRUST = """
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.me.account_id]
    }
  }
}
resource "aws_iam_role" "task" {
  name               = "task"
  path               = "/mesh/"
  assume_role_policy = data.aws_iam_policy_document.trust.json
  permissions_boundary = aws_iam_policy.limit.arn
}
resource "aws_iam_policy" "limit" {
  name   = "limit"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] })
}
"""
TASK_ARN = "arn:{partition}:iam::{account}:role/mesh/task"


def role(text: str, **more: str):
    """The one role of a configuration."""
    (found,) = imported(TRUST + text, **more).roles
    return found


def test_trust_of_a_policy_document():
    found = role("")
    assert (found.key, str(found.name), str(found.arn), found.path) == ("aws_iam_role.task", "task", TASK_ARN, "/mesh/")
    assert str(found.boundary) == "arn:{partition}:iam::{account}:policy/limit"
    assert found.trust == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": ["sts:AssumeRole"],
                "Principal": {"Service": ["ecs-tasks.amazonaws.com"]},
                "Condition": {"StringEquals": {"aws:SourceAccount": ["{account}"]}},
            }
        ],
    }


def test_a_policy_in_a_heredoc_keeps_its_placeholders():
    found = role("""
    resource "aws_iam_role_policy" "p" {
      name   = "p"
      role   = aws_iam_role.task.id
      policy = <<EOF
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::${var.bucket}/*"},
      {"Effect": "Allow", "Action": "appmesh:StreamAggregatedResources", "Resource": ${jsonencode(var.nodes)}}]}
    EOF
    }
    """)
    (policy,) = found.policies
    assert [each["Resource"] for each in policy.document["Statement"]] == ["arn:aws:s3:::{bucket}/*", "{nodes}"]


def test_every_way_to_attach():
    found = imported(
        TRUST,
        """
        resource "aws_iam_role_policy_attachment" "own" {
          role       = aws_iam_role.task.name
          policy_arn = aws_iam_policy.limit.arn
        }
        resource "aws_iam_policy_attachment" "several" {
          name       = "several"
          roles      = [aws_iam_role.task.name, "elsewhere"]
          policy_arn = "arn:aws:iam::aws:policy/AWSAppMeshEnvoyAccess"
        }
        resource "aws_iam_role_policy_attachments_exclusive" "all" {
          role_name   = aws_iam_role.task.name
          policy_arns = ["arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess"]
        }
        resource "aws_iam_role_policies_exclusive" "inline" {
          role_name    = aws_iam_role.task.name
          policy_names = ["somewhere-else"]
        }
        data "aws_iam_policy" "logs" { name = "CloudWatchFullAccess" }
        resource "aws_iam_role_policy_attachment" "logs" {
          role       = aws_iam_role.task.name
          policy_arn = data.aws_iam_policy.logs.arn
        }
        """,
    )
    task, elsewhere = found.roles
    assert {(each.name, str(each.managed), each.document is not None) for each in task.policies} == {
        ("limit", "arn:{partition}:iam::{account}:policy/limit", True),
        ("AWSAppMeshEnvoyAccess", "arn:aws:iam::aws:policy/AWSAppMeshEnvoyAccess", False),
        ("AWSXRayDaemonWriteAccess", "arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess", False),
        ("CloudWatchFullAccess", "arn:aws:iam::aws:policy/CloudWatchFullAccess", False),
    }
    assert (str(elsewhere.name), [each.name for each in elsewhere.policies]) == ("elsewhere", ["AWSAppMeshEnvoyAccess"])
    assert [(miss.what, miss.why) for miss in found.misses] == [
        ("aws_iam_role_policies_exclusive.inline: policy somewhere-else of task", "its document is in no given file")
    ]


def test_a_document_upon_another_one():
    found = role("""
    data "aws_iam_policy_document" "base" {
      statement {
        sid       = "A"
        actions   = ["s3:GetObject"]
        resources = ["arn:aws:s3:::a/&{aws:username}"]
      }
      statement {
        sid       = "B"
        actions   = ["s3:*"]
        resources = ["*"]
      }
    }
    data "aws_iam_policy_document" "whole" {
      source_policy_documents   = [data.aws_iam_policy_document.base.json]
      override_policy_documents = [jsonencode({ Statement = [{ Sid = "B", Effect = "Deny", Action = "s3:*", Resource = "*" }] })]
    }
    resource "aws_iam_role_policy" "p" {
      name   = "p"
      role   = aws_iam_role.task.name
      policy = data.aws_iam_policy_document.whole.json
    }
    """)
    assert found.policies[0].document["Statement"] == [
        {"Sid": "A", "Effect": "Allow", "Action": ["s3:GetObject"], "Resource": ["arn:aws:s3:::a/${aws:username}"]},
        {"Sid": "B", "Effect": "Deny", "Action": "s3:*", "Resource": "*"},
    ]


def test_tasks_with_their_services_and_template_files():
    files = {
        "main.tf": TRUST
        + """
        resource "aws_ecs_cluster" "c" { name = "prod" }
        resource "aws_ecs_task_definition" "t" {
          family                = "front"
          task_role_arn         = aws_iam_role.task.arn
          execution_role_arn    = "arn:aws:iam::111122223333:role/exec"
          container_definitions = templatefile("${path.module}/task.json.tpl", { image = var.image, mesh = "shop" })
        }
        resource "aws_ecs_service" "s" {
          name            = "front-service"
          cluster         = aws_ecs_cluster.c.id
          task_definition = aws_ecs_task_definition.t.arn
        }
        """,
        "task.json.tpl": """[{"name": "envoy", "image": "${image}:v1",
          "environment": [{"name": "APPMESH_VIRTUAL_NODE_NAME", "value": "mesh/${mesh}/virtualNode/front"}],
          "logConfiguration": {"options": {"awslogs-group": "/front"}}}]""",
    }
    (task,) = imported(files=files).tasks
    assert (str(task.family), str(task.task_role), str(task.execution_role)) == (
        "front",
        TASK_ARN,
        "arn:aws:iam::111122223333:role/exec",
    )
    assert (str(task.service), str(task.cluster)) == ("front-service", "prod")
    assert (str(task.resource), [str(each) for each in task.images]) == ("mesh/shop/virtualNode/front", ["{image}"])


def test_service_connect():
    found = imported("""
    resource "aws_service_discovery_http_namespace" "n" { name = "shop" }
    resource "aws_ecs_cluster" "c" {
      name = "prod"
      service_connect_defaults {
        namespace = aws_service_discovery_http_namespace.n.arn
      }
    }
    resource "aws_ecs_service" "s" {
      name    = "pay"
      cluster = aws_ecs_cluster.c.arn
      service_connect_configuration {
        enabled = true
        service {
          port_name      = "http"
          discovery_name = "pay-api"
          client_alias {
            port     = 8080
            dns_name = "pay"
          }
        }
      }
    }
    """)
    assert [(str(each.name), each.engine) for each in found.meshes] == [("shop", "ecs-service-connect")]
    assert [(str(each.mesh), str(each.name), str(each.node)) for each in found.services] == [("shop", "pay-api", "pay")]
    assert [(str(each.mesh), str(each.name), each.listeners) for each in found.nodes] == [("shop", "pay", (("8080", ""),))]


LATTICE = """
resource "aws_vpclattice_service_network" "n" { name = "net" }
resource "aws_vpclattice_service" "s" { name = "pay" }
resource "aws_vpclattice_service_network_service_association" "a" {
  service_identifier         = aws_vpclattice_service.s.id
  service_network_identifier = aws_vpclattice_service_network.n.id
}
resource "aws_vpclattice_target_group" "blue" {
  name = "pay-blue"
  type = "IP"
  config {
    port     = 80
    protocol = "HTTP"
  }
}
resource "aws_vpclattice_target_group" "green" { name = "pay-green" }
resource "aws_vpclattice_listener" "l" {
  name               = "http"
  protocol           = "HTTP"
  service_identifier = aws_vpclattice_service.s.id
  default_action {
    forward {
      target_groups {
        target_group_identifier = aws_vpclattice_target_group.blue.id
        weight                  = 90
      }
      target_groups {
        target_group_identifier = aws_vpclattice_target_group.green.id
        weight                  = 10
      }
    }
  }
}
resource "aws_vpclattice_auth_policy" "p" {
  resource_identifier = aws_vpclattice_service.s.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111122223333:role/front" }
      Action    = "vpc-lattice-svcs:Invoke"
      Resource  = "${aws_vpclattice_service.s.arn}/charge"
      Condition = { StringEquals = { "vpc-lattice-svcs:RequestMethod" = ["POST"] } }
    }]
  })
}
"""


def test_lattice():
    found = imported(LATTICE)
    assert found.misses == ()
    assert [(str(each.name), each.engine) for each in found.meshes] == [("net", "vpc-lattice")]
    assert [(str(each.mesh), str(each.name), str(each.router)) for each in found.services] == [("net", "pay", "pay")]
    assert [(str(each.mesh), str(each.name), each.listeners) for each in found.nodes] == [
        ("net", "pay-blue", (("80", "HTTP"),)),
        ("net", "pay-green", ()),
    ]
    (route,) = found.routes
    assert (str(route.router), [(str(target), weight) for target, weight in route.targets]) == (
        "pay",
        [("pay-blue", "90"), ("pay-green", "10")],
    )
    (edge,) = found.edges
    assert (str(edge.mesh), str(edge.caller), str(edge.callee)) == ("net", "arn:aws:iam::111122223333:role/front", "pay")
    assert (edge.methods, edge.paths) == (("POST",), ("/charge",))


def test_what_runs_elsewhere():
    found = imported(
        TRUST,
        """
        resource "aws_lambda_function" "f" {
          function_name = "f"
          role          = aws_iam_role.task.arn
        }
        resource "aws_eks_pod_identity_association" "a" {
          cluster_name    = "core"
          namespace       = "shop"
          service_account = "pay"
          role_arn        = aws_iam_role.task.arn
        }
        resource "kubernetes_service_account" "k" {
          metadata {
            name        = "front"
            namespace   = "shop"
            annotations = { "eks.amazonaws.com/role-arn" = aws_iam_role.task.arn }
          }
        }
        resource "aws_eks_node_group" "g" {
          cluster_name    = "core"
          node_group_name = "ng"
          node_role_arn   = aws_iam_role.task.arn
        }
        resource "aws_iam_instance_profile" "i" {
          name = "vm"
          role = aws_iam_role.task.name
        }
        resource "aws_launch_template" "t" {
          iam_instance_profile {
            name = aws_iam_instance_profile.i.name
          }
        }
        resource "aws_instance" "other" { iam_instance_profile = "other" }
        """,
    )
    assert [(str(each.name), str(each.role)) for each in found.functions] == [("f", TASK_ARN)]
    assert [(str(each.namespace), str(each.name), str(each.role), each.is_pod_identity) for each in found.service_accounts] == [
        ("shop", "pay", TASK_ARN, True),
        ("shop", "front", TASK_ARN, False),
    ]
    assert [(str(each.name), str(each.role), each.used_by) for each in found.profiles] == [
        ("None", TASK_ARN, "node group ng of core"),
        ("vm", "task", "aws_launch_template.t"),
        ("other", "None", "aws_instance.other"),
    ]


def test_a_manifest_goes_to_the_reader_of_manifests():
    found = imported("""
    resource "kubernetes_manifest" "m" {
      manifest = {
        apiVersion = "appmesh.k8s.aws/v1beta2"
        kind       = "Mesh"
        metadata   = { name = "shop" }
        spec       = { namespaceSelector = { matchLabels = { mesh = "shop" } } }
      }
    }
    """)
    assert [(str(each.name), each.origin.file) for each in found.meshes] == [("shop", "main.tf kubernetes_manifest.m")]


def test_the_state_of_another_root_that_is_given():
    files = {
        "shared/main.tf": """
        terraform {
          backend "s3" {
            bucket = "states"
            key    = "shared"
          }
        }
        resource "aws_appmesh_mesh" "m" { name = "shop" }
        output "mesh" { value = aws_appmesh_mesh.m }
        """,
        "app/main.tf": """
        data "terraform_remote_state" "shared" {
          backend = "s3"
          config  = { bucket = "states", key = "shared", region = "eu-west-1" }
        }
        resource "aws_appmesh_virtual_node" "n" {
          name      = "front"
          mesh_name = data.terraform_remote_state.shared.outputs.mesh.name
          spec {}
        }
        """,
    }
    assert [(str(each.mesh), str(each.name)) for each in imported(files=files).nodes] == [("shop", "front")]
