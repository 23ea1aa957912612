"""Keys that are twice in a mapping: the last one counts, and that is said."""

import pytest

from meshrole.importers import aws_json, cloudformation, kubernetes
from meshrole.importers.base import Options, SourceFile
from meshrole.importers.marked import Repeat, documents

TEMPLATE = """\
Resources:
  Cart: {Type: 'AWS::AppMesh::VirtualNode', Properties: {MeshName: shop, VirtualNodeName: first}}
  Mesh: {Type: 'AWS::AppMesh::Mesh', Properties: {MeshName: shop}}
  Cart: {Type: 'AWS::AppMesh::VirtualNode', Properties: {MeshName: shop, VirtualNodeName: last}}
"""
MANIFEST = """\
apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualNode
metadata: {name: cart, namespace: shop}
spec:
  awsName: first
  awsName: last
"""
CALL = """\
{
  "meshName": "shop",
  "virtualNodeName": "first",
  "spec": {},
  "virtualNodeName": "last"
}
"""


@pytest.mark.parametrize(
    ("reader", "text", "line", "what", "first"),
    [
        (cloudformation, TEMPLATE, 4, "Cart", 2),
        (kubernetes, MANIFEST, 6, "awsName", 5),
        (aws_json, CALL, 5, "virtualNodeName", 3),
    ],
)
def test_the_last_of_two_counts_and_the_reader_tells(reader, text, line, what, first):
    found = reader.read([SourceFile("a.yaml", text.encode())], Options())
    assert [node.name.text for node in found.nodes] == ["last"]
    (miss,) = found.misses
    assert (miss.origin.line, miss.what, miss.why) == (line, what, f"the same key is at line {first}: only this one counts")


@pytest.mark.parametrize(
    ("text", "repeated"),
    [
        ("a: 1\nb: 2\n", ()),
        ("a: {a: 1}\n", ()),
        # What is merged in is there to be written over.
        ("base: &base {a: 1}\nb:\n  <<: *base\n  a: 2\n", ()),
        ("x: [{a: 1, a: 2}]\n", (Repeat("a", 1, 1),)),
        ("a: 1\na: 2\na: 3\n", (Repeat("a", 2, 1), Repeat("a", 3, 2))),
        # Of what is written once and used twice it is said once.
        ("x: &x\n  a: 1\n  a: 2\ny: *x\n", (Repeat("a", 3, 2),)),
    ],
)
def test_which_keys_are_repeated(text, repeated):
    (document,) = documents(text.encode())
    assert document.repeated == repeated


def test_both_branches_of_a_go_template_may_have_a_key():
    spec = "  {{ if .Values.short }}\n  awsName: a\n  {{ else }}\n  awsName: b\n  {{ end }}\n"
    text = MANIFEST.partition("  awsName")[0] + spec
    found = kubernetes.read([SourceFile("chart/templates/a.yaml", text.encode())], Options())
    assert len(found.nodes) == 1
    assert [miss for miss in found.misses if "the same key" in miss.why] == []
