"""Manifests of strangers: whatever is in them, reading ends, and with an answer."""

import copy
import time

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_manifests_app_mesh import HOUSE, OLD, resource
from test_manifests_identities import ACK, EKSCTL, NODES
from test_manifests_istio import DOOR, LED, REVIEWS, RULE, allowed
from test_manifests_lattice import INVOKE, NETWORK, ONE, ROUTE, policy
from test_manifests_templates import CHART, NODE

from meshrole.importers import kubernetes
from meshrole.importers.base import Options, SourceFile
from meshrole.importers.found import Found

APP_MESH = (
    HOUSE
    + OLD
    + NODES
    + resource(
        "VirtualRouter",
        spec="{routes: [{name: r, httpRoute: {action: {weightedTargets: [{virtualNodeRef: {name: blue}, weight: 1}]}}}]}",
    )
)
LATTICE = (
    NETWORK + ROUTE + ONE + policy(INVOKE | {"Principal": {"AWS": "x"}, "Condition": {"StringEquals": {"aws:PrincipalArn": "y"}}})
)
ISTIO = (
    REVIEWS
    + RULE
    + LED
    + DOOR
    + allowed('[{from: [{source: {principals: ["a/ns/b/sa/c"]}}], to: [{operation: {methods: [GET]}}]}]')
)
TEXTS = (APP_MESH, ACK, EKSCTL, LATTICE, ISTIO, CHART, NODE)
TREES = tuple([each for each in yaml.safe_load_all(text) if each] for text in (APP_MESH, ACK, EKSCTL, LATTICE, ISTIO))
TOKENS = (
    "{{",
    "}}",
    "{{- end }}",
    '{{ define "x" }}',
    "${",
    "}",
    "$X",
    "\ue0000\ue001",
    "\ue0009999999\ue001",
    "---\n",
    "- ",
    ": ",
    "\t",
    "&a ",
    "*a",
    "!Ref ",
    "|\n",
    "'",
    '"',
    "[",
    "\x00",
    "\r\n",
    "<x>",
    "{%",
    "%}",
)
# A fuzzed file is small; a machine under load is slow.
SECONDS = 5.0


def read(*contents):
    return kubernetes.read([SourceFile(f"{number}.yaml", each) for number, each in enumerate(contents)], Options())


def paths(tree, path=()):
    """Every place in plain values."""
    yield path
    entries = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, each in entries:
        yield from paths(each, (*path, key))


odd = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.sampled_from(TOKENS),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=8) | st.sampled_from(("name", "kind", "spec")), inner, max_size=3)
    ),
    max_leaves=6,
)
calm = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@calm
@given(st.data())
def test_any_value_may_be_of_any_kind(data):
    tree = copy.deepcopy(data.draw(st.sampled_from(TREES)))
    for _ in range(data.draw(st.integers(1, 4))):
        path = data.draw(st.sampled_from([each for each in paths(tree) if each]))
        holder = tree
        for key in path[:-1]:
            holder = holder[key]
        holder[path[-1]] = data.draw(odd)
    assert isinstance(read(yaml.safe_dump_all(tree, allow_unicode=True).encode()), Found)


@calm
@given(st.data())
def test_any_text_may_be_broken_anywhere(data):
    text = data.draw(st.sampled_from(TEXTS))
    for _ in range(data.draw(st.integers(1, 6))):
        begin = data.draw(st.integers(0, len(text)))
        end = begin + data.draw(st.integers(0, 30))
        text = text[:begin] + data.draw(st.sampled_from(TOKENS) | st.text(max_size=5)) + text[end:]
    started = time.process_time()
    assert isinstance(read(text.encode("utf-8", "surrogatepass"), text.encode("utf-16", "surrogatepass")), Found)
    assert time.process_time() - started < SECONDS


@calm
@given(st.binary(max_size=200))
def test_any_bytes_are_answered(content):
    assert isinstance(read(content), Found)


BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + number)}: &{chr(98 + number)} [" + ", ".join([f"*{chr(97 + number)}"] * 10) + "]\n" for number in range(10)
)
HEAD = "apiVersion: appmesh.k8s.aws/v1beta2\nkind: VirtualNode\nmetadata: {name: x, namespace: y}\n"


@pytest.mark.parametrize(
    "text",
    [
        HEAD + BOMB,
        HEAD + "spec: " + "[" * 50_000,
        HEAD + "spec: " + "{a: " * 50_000,
        "{{" * 200_000,
        '{{ define "x" }}' * 20_000,
        "{{ if }}" * 20_000 + HEAD,
        "${" * 200_000,
        ("${" + "a" * 490) * 1_000,
        "x: '" + "<a" * 100_000 + "'",
        "x: $" + "a" * 500_000,
        "kind: X\nmetadata:\n" + "  \n" * 50_000 + "  a: [",
        HEAD + "---\n" * 50_000,
        "{{ default " + " " * 100_000 + "}}: 1",
        'a: {{ default "' * 20_000,
        "\ue000" * 100_000 + "{{ x }}",
    ],
    ids=lambda text: repr(text[-12:]),
)
def test_what_would_take_long_does_not(text):
    started = time.process_time()
    found = read(text.encode())
    assert time.process_time() - started < SECONDS
    assert isinstance(found, Found)


def test_a_file_that_is_too_large_is_told(monkeypatch):
    monkeypatch.setattr("meshrole.importers.manifests.objects.MAX_BYTES", 100)
    found = read(HEAD.encode(), HEAD.encode() * 2)
    assert len(found.nodes) == 1
    assert [(miss.origin.file, miss.why) for miss in found.misses] == [("1.yaml", "larger than 0 MB")]


def named(count):
    """One namespace with so many nodes, and pods that a selector takes."""
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {{name: n{0}, namespace: shop, labels: {{app: n{0}, tier: x}}}}\n---\n"
    node = "{{podSelector: {{matchLabels: {{tier: x, app: n{0}}}}}, backends: [{{virtualService: {{virtualServiceRef: {{name: n{0}}}}}}}]}}"
    return HOUSE + "".join(resource("VirtualNode", f"n{n}", node.format(n)) + pod.format(n) for n in range(count))


def test_ten_times_as_many_nodes_take_ten_times_as_long():
    spent = []
    for count in (200, 2_000):
        text = named(count).encode()
        started = time.process_time()
        found = read(text)
        spent.append(time.process_time() - started)
        assert sum(len(each.nodes) for each in found.pods) == count
    assert spent[1] < spent[0] * 25
