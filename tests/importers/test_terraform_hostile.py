"""Files of strangers: whatever is in them, reading ends, and with an answer."""

import copy
import json
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_terraform_configuration import MESH, MODULE
from test_terraform_snapshots import planned, shown, state

from meshrole.importers import terraform
from meshrole.importers.base import Options, SourceFile
from meshrole.importers.found import Found

# A machine under load is slow; what these tests refuse takes minutes, or all memory.
SECONDS = 20.0
NODE = 'resource "aws_appmesh_virtual_node" "n" {\n  name = local.x\n  mesh_name = "m"\n}\n'


def read(text: str, name: str = "main.tf") -> Found:
    return terraform.read([SourceFile(name, text.encode(errors="replace"))], Options())


def doubled(first: str, form: str) -> str:
    """Sixty locals, each twice the one before."""
    lines = [f"  a{number} = {form.replace('_', f'local.a{number - 1}')}" for number in range(1, 61)]
    return "locals {\n  a0 = " + first + "\n" + "\n".join(lines) + "\n  x = local.a60\n}\n"


BOMBS = {
    "texts": doubled('"aaaa"', '"${_}${_}"') + NODE,
    "lists": doubled("[1]", "concat(_, _)") + NODE,
    "nested lists": doubled("[1]", "[_, _]") + NODE.replace("local.x", "jsonencode(local.x)"),
    "numbers": doubled("9", "_ * _") + NODE,
    "range": "locals {\n x = range(99999999999)\n}\n" + NODE,
    "count": NODE.replace("name =", "count = 999999999\n  name ="),
    "loops": "locals {\n r = range(9999)\n x = [for a in local.r : [for b in local.r : [for c in local.r : c]]]\n}\n" + NODE,
    "deep brackets": "locals {\n x = " + "[" * 3_000 + "]" * 3_000 + "\n}\n" + NODE,
    "deep calls": "locals {\n x = " + "lower(" * 1_000 + '"a"' + ")" * 1_000 + "\n}\n" + NODE,
    "deep blocks": "a {\n" * 2_000 + "}\n" * 2_000 + NODE,
    "long sum": "locals {\n x = 1" + " + 1" * 5_000 + "\n}\n" + NODE,
    "long chain": "locals {\n"
    + "\n".join(f" a{number} = local.a{number + 1}" for number in range(3_000))
    + "\n x = local.a0\n}\n"
    + NODE,
    "circle": "locals {\n x = local.x\n}\n" + NODE,
    "blanks": "locals {\n x = <<A\n" + "\n" * 100_000 + "B\n",
    "heredocs": "\n".join("x = <<A" for _ in range(5_000)),
    "comments": "/*" * 100_000,
    "quotes": '"' * 50_000,
    "interpolations": 'x = "' + "${" * 10_000,
    "format": 'locals {\n x = format("%099d", 1)\n}\n' + NODE,
    "replace": 'locals {\n a = "' + "a" * 100_000 + '"\n x = replace(local.a, "a", local.a)\n}\n' + NODE,
    "nulls": "\x00" * 1_000,
}


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS)
def test_no_file_takes_more_than_its_share(text):
    begin = time.process_time()
    found = read(text)
    assert time.process_time() - begin < SECONDS
    assert found.nodes or found.misses or "aws_appmesh" not in text


def fleet(count: int) -> tuple[str, str]:
    """As many nodes with their roles, as a configuration and as a state."""
    names = "".join(f'    "n{number}" = {{ port = {number} }}\n' for number in range(count))
    listed = f"locals {{\n  x = {{\n{names}  }}\n}}\n" + NODE.replace("name = local.x", "for_each = local.x\n  name = each.key")
    role = (
        'resource "aws_iam_role_policy" "p" {\n  for_each = local.x\n  role = "r-${each.key}"\n  name = "p"\n  policy = "{}"\n}\n'
    )
    held = [
        {
            "mode": "managed",
            "type": kind,
            "name": f"n{number}",
            "instances": [{"attributes": {"name": f"n{number}", "role": f"r{number}"}}],
        }
        for number in range(count)
        for kind in (
            "aws_appmesh_virtual_node",
            "aws_iam_role",
            "aws_iam_role_policy",
            "aws_ecs_service",
            "aws_vpclattice_service",
        )
    ]
    return listed + role, json.dumps({"version": 4, "resources": held})


@pytest.mark.parametrize("kind", [0, 1], ids=["configuration", "state"])
def test_four_times_as_much_takes_about_four_times_as_long(kind):
    def seconds(count: int) -> float:
        text = fleet(count)[kind]
        begin = time.process_time()
        found = read(text, ("main.tf", "x.tfstate")[kind])
        assert len(found.nodes) == count
        return time.process_time() - begin

    assert min(seconds(2_000), seconds(2_000)) < 10 * max(min(seconds(500), seconds(500)), 0.02)


def test_modules_that_call_modules_end():
    call = 'module "a" {\n  source = "../b"\n  count = 1000\n}\nmodule "b" {\n  source = "../b"\n  count = 1000\n}\n'
    files = [SourceFile("a/m.tf", call.encode()), SourceFile("b/m.tf", (call + NODE).encode())]
    begin = time.process_time()
    terraform.read(files, Options())
    assert time.process_time() - begin < SECONDS * 5


TOKENS = [
    "{",
    "}",
    "[",
    "]",
    '"',
    "${",
    "%{",
    "<<EOT\n",
    "\n",
    "=",
    "for",
    "...",
    "*",
    ".",
    ",",
    "null",
    "\\",
    "#",
    "/*",
    "$${",
    "\x00",
    "é",
]
TEXTS = [MESH, *MODULE.values()]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_configurations_with_anything_in_them(data):
    text = data.draw(st.sampled_from(TEXTS))
    for _ in range(data.draw(st.integers(1, 4))):
        at, length = data.draw(st.integers(0, len(text))), data.draw(st.sampled_from((0, 0, 1, 5, 40)))
        text = text[:at] + data.draw(st.sampled_from(TOKENS)) + text[at + length :]
    assert isinstance(read(text), Found)


ODD = st.sampled_from(
    [None, True, 0, 1.5, "", "x", "${var.x}", [], {}, [[]], [None], {"": None}, "arn:", "{", [{"a": 1}], {"references": [1]}]
)


def changed(draw, tree):
    """A tree with one of its places something else."""
    node, path = tree, []
    while isinstance(node, dict | list) and node and (not path or draw(st.booleans())):
        key = draw(st.sampled_from(sorted(node) if isinstance(node, dict) else range(len(node))))
        path.append((node, key))
        node = node[key]
    holder, key = path[-1]
    holder[key] = copy.deepcopy(draw(ODD))
    return tree


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_states_and_plans_with_anything_in_them(data):
    tree = json.loads(json.dumps(data.draw(st.sampled_from([state(), shown(), planned()]))))
    for _ in range(data.draw(st.integers(1, 4))):
        tree = changed(data.draw, tree)
    assert isinstance(read(json.dumps(tree), "x.tfstate"), Found)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_configurations_in_json_with_anything_in_them(data):
    node = {"name": "${var.x}", "mesh_name": "m", "spec": {"listener": [{"port_mapping": {"port": 80, "protocol": "http"}}]}}
    tree = {
        "resource": {"aws_appmesh_virtual_node": {"n": node}, "aws_iam_role": {"r": {"name": "r", "assume_role_policy": "{}"}}},
        "data": {"aws_iam_policy_document": {"d": {"statement": [{"actions": ["a:b"], "principals": [{"type": "AWS"}]}]}}},
        "module": {"m": {"source": "./m", "count": 2}},
        "locals": {"a": "${local.a}"},
    }
    for _ in range(data.draw(st.integers(1, 4))):
        tree = changed(data.draw, tree)
    assert isinstance(read(json.dumps(tree), "x.tf.json"), Found)


def test_no_path_leads_out_of_the_given_files(tmp_path):
    (tmp_path / "other.txt").write_text("what only the disk has")
    expression = f'file("{tmp_path}/other.txt")'
    (node,) = read(NODE.replace("local.x", expression), f"{tmp_path}/main.tf").nodes
    assert [part.expression for part in node.name.parts] == [expression]
