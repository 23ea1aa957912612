"""States and plans: what they hold is read whole, whichever command wrote it and whichever version of Terraform."""

import json
from pathlib import Path

import pytest

import cloud
from meshrole.importers import terraform
from meshrole.importers.base import Options, SourceFile
from meshrole.importers.found import Found

# A plan of nothing that is there asks nobody.
NOBODY = "http://127.0.0.1:9"
ARN = "arn:aws:appmesh:eu-west-1:111122223333:mesh/shop"
TRUST = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}]}'
CONTAINERS = json.dumps(
    [
        {
            "name": "envoy",
            "image": "840364872350.dkr.ecr.eu-west-1.amazonaws.com/aws-appmesh-envoy:v1",
            "environment": [{"name": "APPMESH_RESOURCE_ARN", "value": "mesh/shop/virtualNode/front"}],
            "secrets": [{"name": "S", "valueFrom": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:s-abcdef"}],
            "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "/shop/front"}},
        }
    ]
)
# (mode, type, name, index, attributes)
RESOURCES = [
    ("managed", "aws_appmesh_mesh", "m", None, {"name": "shop", "arn": ARN, "mesh_owner": "111122223333"}),
    (
        "managed",
        "aws_appmesh_virtual_node",
        "n",
        "front",
        {
            "name": "front",
            "mesh_name": "shop",
            "spec": [
                {
                    "backend": [{"virtual_service": [{"client_policy": [], "virtual_service_name": "pay.local"}]}],
                    "listener": [{"port_mapping": [{"port": 80, "protocol": "http"}], "tls": []}],
                    "service_discovery": [{"aws_cloud_map": [], "dns": [{"hostname": "front.local"}]}],
                }
            ],
        },
    ),
    (
        "data",
        "aws_appmesh_mesh",
        "other",
        None,
        {"name": "other", "arn": ARN.replace("shop", "other"), "mesh_owner": "444455556666"},
    ),
    (
        "managed",
        "aws_iam_role",
        "task",
        None,
        {
            "name": "task",
            "arn": "arn:aws:iam::111122223333:role/mesh/task",
            "path": "/mesh/",
            "assume_role_policy": TRUST,
            "inline_policy": [{"name": "p", "policy": TRUST}],
            "managed_policy_arns": ["arn:aws:iam::aws:policy/AWSAppMeshEnvoyAccess"],
        },
    ),
    ("managed", "aws_iam_role_policy", "p", None, {"name": "p", "role": "task", "policy": TRUST}),
    (
        "managed",
        "aws_iam_role_policy_attachment",
        "a",
        0,
        {"role": "task", "policy_arn": "arn:aws:iam::aws:policy/AWSAppMeshEnvoyAccess"},
    ),
    (
        "managed",
        "aws_ecs_task_definition",
        "t",
        None,
        {
            "family": "front",
            "arn": "arn:aws:ecs:eu-west-1:111122223333:task-definition/front:3",
            "task_role_arn": "arn:aws:iam::111122223333:role/mesh/task",
            "execution_role_arn": "arn:aws:iam::111122223333:role/mesh/task",
            "container_definitions": CONTAINERS,
        },
    ),
    (
        "managed",
        "aws_ecs_service",
        "s",
        None,
        {
            "name": "front-service",
            "cluster": "arn:aws:ecs:eu-west-1:111122223333:cluster/prod",
            "task_definition": "arn:aws:ecs:eu-west-1:111122223333:task-definition/front:3",
        },
    ),
]


def state() -> dict:
    """A state file, one module down."""
    resources = [
        {
            "module": "module.app",
            "mode": mode,
            "type": kind,
            "name": name,
            "instances": [{"attributes": attributes} | ({} if index is None else {"index_key": index})],
        }
        for mode, kind, name, index, attributes in RESOURCES
    ]
    return {"version": 4, "terraform_version": "1.11.4", "serial": 7, "lineage": "x", "outputs": {}, "resources": resources}


def shown() -> dict:
    """The same as `terraform show -json` prints it."""
    values = [
        {
            "address": f"module.app.{'data.' if mode == 'data' else ''}{kind}.{name}"
            + ("" if index is None else f"[{json.dumps(index)}]"),
            "mode": mode,
            "type": kind,
            "name": name,
            "values": attributes,
        }
        for mode, kind, name, index, attributes in RESOURCES
    ]
    module = {"address": "module.app", "resources": values}
    return {"format_version": "1.0", "terraform_version": "1.11.4", "values": {"root_module": {"child_modules": [module]}}}


def planned() -> dict:
    """A plan in which nothing is new: what data sources said is in its prior state."""
    values = shown()["values"]
    managed, data = (
        {
            "root_module": {
                "child_modules": [{"resources": [each for each in _inner(values) if (each["mode"] == "data") is wanted]}]
            }
        }
        for wanted in (False, True)
    )
    return {
        "format_version": "1.2",
        "planned_values": managed,
        "prior_state": {"format_version": "1.0", "values": data},
        "configuration": {"root_module": {}},
    }


def _inner(values: dict) -> list[dict]:
    return values["root_module"]["child_modules"][0]["resources"]


def imported(content: object, name: str = "x.json") -> Found:
    """What a file of JSON holds."""
    return terraform.read([SourceFile(name, json.dumps(content, indent=2).encode())], Options())


@pytest.mark.parametrize("content", [state(), shown(), planned()], ids=["state", "show", "plan"])
def test_each_form_says_the_same(content):
    found = imported(content)
    assert found.misses == ()
    assert [(str(each.name), each.account, each.region, str(each.owner)) for each in found.meshes] == [
        ("shop", "111122223333", "eu-west-1", "111122223333"),
        ("other", "111122223333", "eu-west-1", "444455556666"),
    ]
    (node,) = found.nodes
    assert (str(node.mesh), str(node.name), node.tls) == ("shop", "front", None)
    assert ([str(name) for name in node.backends], node.listeners) == (["pay.local"], (("80", "http"),))
    assert node.discovery == {"type": "dns", "hostname": "front.local"}
    assert node.origin.name == 'module.app.aws_appmesh_virtual_node.n["front"]'
    (role,) = found.roles
    assert (str(role.name), str(role.arn), role.path, role.trust) == (
        "task",
        "arn:aws:iam::111122223333:role/mesh/task",
        "/mesh/",
        json.loads(TRUST),
    )
    assert [(each.name, str(each.managed) if each.managed else each.document) for each in role.policies] == [
        ("p", json.loads(TRUST)),
        ("AWSAppMeshEnvoyAccess", "arn:aws:iam::aws:policy/AWSAppMeshEnvoyAccess"),
    ]
    (task,) = found.tasks
    assert (str(task.family), str(task.service), str(task.cluster)) == ("front", "front-service", "prod")
    assert str(task.task_role) == str(task.execution_role) == "arn:aws:iam::111122223333:role/mesh/task"
    assert str(task.resource) == "mesh/shop/virtualNode/front"
    assert [str(each) for each in task.images] == ["840364872350.dkr.ecr.eu-west-1.amazonaws.com/aws-appmesh-envoy"]
    assert [str(each) for each in task.secrets] == ["arn:aws:secretsmanager:eu-west-1:111122223333:secret:s-abcdef"]
    assert [str(each) for each in task.log_groups] == ["/shop/front"]


def test_a_state_says_the_line_of_each_resource():
    content = state()
    text = json.dumps(content, indent=2)
    found = terraform.read([SourceFile("terraform.tfstate", text.encode())], Options())
    line = found.nodes[0].origin.line
    assert text.splitlines()[line - 1 : line + 1] == ['      "mode": "managed",', '      "type": "aws_appmesh_virtual_node",']


def test_a_state_of_terraform_before_0_12():
    flat = {
        "name": "front",
        "mesh_name": "shop",
        "spec.#": "1",
        "spec.0.backend.#": "2",
        "spec.0.backend.111.virtual_service.#": "1",
        "spec.0.backend.111.virtual_service.0.virtual_service_name": "a.local",
        "spec.0.backend.222.virtual_service.#": "1",
        "spec.0.backend.222.virtual_service.0.virtual_service_name": "b.local",
        "spec.0.listener.#": "1",
        "spec.0.listener.0.port_mapping.#": "1",
        "spec.0.listener.0.port_mapping.0.port": "80",
        "spec.0.listener.0.port_mapping.0.protocol": "http",
        "tags.%": "0",
    }
    held = {"aws_appmesh_virtual_node.n": {"type": "aws_appmesh_virtual_node", "primary": {"id": "x", "attributes": flat}}}
    old = {"version": 3, "terraform_version": "0.11.15", "serial": 1, "modules": [{"path": ["root", "app"], "resources": held}]}
    for content in (
        old,
        {
            **state(),
            "resources": [
                {"mode": "managed", "type": "aws_appmesh_virtual_node", "name": "n", "instances": [{"attributes_flat": flat}]}
            ],
        },
    ):
        (node,) = imported(content, "terraform.tfstate").nodes
        assert (str(node.name), [str(each) for each in node.backends], node.listeners) == (
            "front",
            ["a.local", "b.local"],
            (("80", "http"),),
        )


def test_what_is_deposed_is_gone():
    content = state()
    for each in content["resources"]:
        each["instances"][0]["deposed"] = "00000001"
    assert imported(content).is_empty


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"{", "not JSON"),
        (b"[]", "not an object"),
        (b'{"version": 9, "serial": 1}', "neither a state nor a plan"),
        (b'{"serial": 1, "lineage": "x", "encrypted_data": "eA=="}', "it is encrypted"),
        (b'{"lineage": ' + b"[" * 100_000, "nested too deeply"),
    ],
    ids=["broken", "list", "version", "encrypted", "deep"],
)
def test_what_is_no_state(content, why):
    found = terraform.read([SourceFile("terraform.tfstate", content)], Options())
    assert found.is_empty
    assert [miss.why.split(":")[0] for miss in found.misses] == [why]


CONFIGURATION = """
provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "x"
  secret_key                  = "y"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}
resource "aws_appmesh_mesh" "m" {
  name = "shop"
}
resource "aws_appmesh_virtual_node" "n" {
  for_each  = toset(["a", "b"])
  name      = each.key
  mesh_name = aws_appmesh_mesh.m.id
  spec {}
}
resource "aws_iam_role" "r" {
  name_prefix        = "r-"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [] })
}
data "aws_iam_policy_document" "p" {
  statement {
    actions   = ["appmesh:StreamAggregatedResources"]
    resources = [aws_appmesh_virtual_node.n["a"].arn]
  }
}
resource "aws_iam_role_policy" "p" {
  name   = "p"
  role   = aws_iam_role.r.id
  policy = data.aws_iam_policy_document.p.json
}
resource "aws_iam_policy" "q" {
  name   = "q"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "*", Resource = aws_appmesh_mesh.m.arn }] })
}
resource "aws_iam_role_policy_attachment" "q" {
  role       = aws_iam_role.r.name
  policy_arn = aws_iam_policy.q.arn
}
resource "aws_ecs_task_definition" "t" {
  family                = "t"
  task_role_arn         = aws_iam_role.r.arn
  container_definitions = jsonencode([])
}
"""


@pytest.mark.terraform
def test_a_plan_of_what_is_not_there_yet(tmp_path: Path):
    """What AWS will name is told by the references in the plan's configuration; what they do not tell stays a placeholder."""
    root = tmp_path / "root"
    root.mkdir()
    (root / "main.tf").write_text(CONFIGURATION)
    with cloud.standing(root, tmp_path, NOBODY) as call:
        plan = call("plan", "-no-color", "-input=false", "-refresh=false", "-out=plan")
        assert plan.code == 0, plan.errors
        found = imported(json.loads(call("show", "-json", "plan").output))
    assert [(str(each.mesh), str(each.name)) for each in found.nodes] == [("shop", "a"), ("shop", "b")]
    assert [(str(each.name), each.region) for each in found.meshes] == [("shop", "eu-west-1")]
    (role,) = found.roles
    name = "r-{aws_iam_role_r_name}"
    assert (str(role.name), str(role.arn)) == (name, f"arn:{{partition}}:iam::{{account}}:role/{name}")
    inline, managed = role.policies
    assert inline.document["Statement"] == [
        {"Effect": "Allow", "Action": ["appmesh:StreamAggregatedResources"], "Resource": ["{aws_appmesh_virtual_node_n_a_arn}"]}
    ]
    assert (str(managed.managed), managed.document) == ("arn:{partition}:iam::{account}:policy/q", None)
    assert [str(each.task_role) for each in found.tasks] == [str(role.arn)]
    assert [(miss.what, miss.why) for miss in found.misses] == [
        ("aws_iam_policy.q: its document", "it is not known here: aws_iam_policy.q.policy")
    ]
