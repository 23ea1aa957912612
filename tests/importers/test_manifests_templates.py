"""Manifests that Helm, envsubst or a person has still to fill in."""

import pytest

from meshrole.importers import kubernetes
from meshrole.importers.base import Options, SourceFile
from meshrole.importers.manifests.expressions import Known
from meshrole.importers.manifests.template import template


def read(files, **parameters):
    return kubernetes.read([SourceFile(name, text.encode()) for name, text in files.items()], Options(parameters))


@pytest.mark.parametrize(
    ("written", "word", "default"),
    [
        ("${MESH}", "MESH", None),
        ("$MESH", "MESH", None),
        ("${MESH:-house}", "MESH", "house"),
        ("${MESH-house}", "MESH", "house"),
        ("${MESH:=house}", "MESH", "house"),
        ("${MESH:-}", "MESH", None),
        ("${MESH:-${OTHER}}", "MESH", None),
        ("${var.mesh_name}", "mesh_name", None),
        ("{{ .Values.mesh.name }}", "mesh_name", None),
        ("{{.Values.mesh.name}}", "mesh_name", None),
        ("{{- .Values.mesh.name -}}", "mesh_name", None),
        ('{{ .Values.mesh | default "house" | quote }}', "mesh", "house"),
        ('{{ default "house" .Values.mesh }}', "mesh", "house"),
        ('{{ printf "%s-x" .Values.mesh }}', "mesh", None),
        ('{{ include "chart.fullname" . }}', "chart_fullname", None),
        ("{{ .Release.Namespace }}", "Release_Namespace", None),
        ('{{ required "Please give mesh.name" .Values.app.mesh }}', "app_mesh", None),
        ("{{ $backend.name }}", "backend_name", None),
        ('{{ .Values.mesh | default "two words" }}', "mesh", "two words"),
        ("{{ .Chart.Name }}", "Chart_Name", None),
        ("{{ $name }}", "name", None),
        ("{{ mesh }}", "mesh", None),
        ("<YOUR MESH>", "YOUR_MESH", None),
        # What an inventory knows of each environment has its words.
        ("${AWS_REGION}", "region", None),
        ("$AWS_ACCOUNT_ID", "account", None),
        ("{{ .Values.aws.region }}", "region", None),
    ],
)
def test_an_expression_is_a_placeholder_with_itself(written, word, default):
    shielded = template(f"name: a-{written}", Known())
    found = shielded.value(shielded.text.removeprefix("name: "))
    assert found.parts[0] == "a-"
    assert (found.parts[1].expression, found.parts[1].word, found.parts[1].default) == (written, word, default)
    assert shielded.original(shielded.text) == f"name: a-{written}"


@pytest.mark.parametrize("text", ["^/cart$", "$5", "a < b", "${}", "$(NAME)", "1 <2> 3", "{ a }", "{{ open"])
def test_what_only_looks_like_an_expression_is_a_text(text):
    assert template(text, Known()).value(text).parts == (text,)


@pytest.mark.parametrize(
    ("written", "parameters"),
    [
        ("${MESH}", {"MESH": "house"}),
        ("$MESH", {"MESH": "house"}),
        ("{{ .Values.mesh }}", {"mesh": "house"}),
        ("{{ .Values.mesh }}", {"Values.mesh": "house"}),
        ('{{ .Values.mesh | default "else" }}', {"mesh": "house"}),
        ('{{ required "Give mesh.name" .Values.mesh | quote }}', {"mesh": "house"}),
        ("<MESH>", {"MESH": "house"}),
    ],
)
def test_a_parameter_of_the_user_is_the_value(written, parameters):
    shielded = template(f"name: {written}", Known(parameters))
    assert shielded.value(shielded.text).parts == ("name: house",)


NODE = """apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualNode
metadata:
  name: {{ .Values.node.name }}
  namespace: {{ .Release.Namespace }}
spec:
  awsName: "{{ .Values.node.name }}-{{ .Values.stage }}"
"""


def test_a_charts_values_are_defaults():
    values = "stage: prod\nnode:\n  name: cart\n  other: {{ no }}\n"
    found = read({"chart/values.yaml": values, "chart/templates/node.yaml": NODE, "else/node.yaml": NODE})
    assert [each.name.text for each in found.nodes] == ["cart-prod", "{node_name}-{stage}"]
    assert found.nodes[0].name.is_known
    assert [each.expression for each in found.nodes[0].name.parts if not isinstance(each, str)] == [
        "{{ .Values.node.name }}",
        "{{ .Values.stage }}",
    ]


CHART = """{{- if .Values.mesh.enabled }}
{{- $name := include "cart.name" . }}
apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualNode
metadata:
  name: cart
  labels:
    {{- include "cart.labels"
        . | nindent 4 }}
spec:
  {{- /* a comment
  of two lines */}}
  podSelector: {matchLabels: {app: cart}}
  {{- with .Values.mesh.backends }}
  backends:
  {{- range $backend := . }}
  - virtualService: {virtualServiceRef: {name: {{ $backend }}, namespace: {{ $.Release.Namespace }}}}
  {{- end }}
  {{- else }}
  {{- end }}
---
{{- define "cart.labels" }}
{{- if true }}
broken: [
{{- end }}
{{- end }}
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: {{ .Release.Namespace }}}
spec:
  template:
    metadata: {labels: {app: cart}}
{{- end }}
"""


def test_what_steers_a_template_goes_and_lines_stay():
    found = read({"chart.yaml": CHART})
    node, pods = found.nodes[0], found.pods[0]
    assert (node.name.text, node.origin.line) == ("cart_{Release_Namespace}", 3)
    assert [each.text for each in node.backends] == ["{backend}.{Release_Namespace}"]
    # The node says no namespace, the deployment says the release's: in a chart that is the same.
    assert (pods.origin.line, pods.nodes) == (27, (node.name,))
    assert [(str(miss.origin), miss.what) for miss in found.misses] == [
        ("chart.yaml:8", '{{- include "cart.labels" . | nindent 4 }}')
    ]


def test_placeholders_in_a_list_of_yaml_are_told():
    text = """apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualRouter
metadata: {name: "${NAME}", namespace: $SPACE}
spec:
  routes:
  - name: to-${NAME}
    httpRoute:
      action:
        weightedTargets: [${CANARY_ROUTES}]
"""
    found = read({"a.yaml": text})
    assert found.routers[0].name.text == "{NAME}_{SPACE}"
    assert found.routes[0].name.text == "to-{NAME}"
    assert [(miss.origin.line, miss.why) for miss in found.misses] == [
        (6, "targets of the route to-{NAME} that are not in the file: ${CANARY_ROUTES}")
    ]


def test_the_same_expression_is_the_same_name():
    text = """apiVersion: v1
kind: Namespace
metadata: {name: "${SPACE}", labels: {mesh: "${MESH}"}}
---
apiVersion: appmesh.k8s.aws/v1beta2
kind: Mesh
metadata: {name: "${MESH}"}
spec: {namespaceSelector: {matchLabels: {mesh: "${MESH}"}}}
---
apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualNode
metadata: {name: cart, namespace: "${SPACE}"}
spec: {podSelector: {matchLabels: {app: "${APP}"}}}
---
apiVersion: v1
kind: Pod
metadata: {name: cart, namespace: "${SPACE}", labels: {app: "${APP}"}}
"""
    found = read({"a.yaml": text})
    assert found.nodes[0].mesh == found.meshes[0].name
    assert found.pods[0].nodes == (found.nodes[0].name,)


def test_jinjas_statements_go_too():
    text = (
        '{% if mesh %}\napiVersion: appmesh.k8s.aws/v1beta2\nkind: Mesh\nmetadata: {name: "{{ mesh }}"}{# why #}\n{% endif %}\n'
    )
    found = read({"a.yaml.j2": text})
    assert [(each.name.text, each.origin.line) for each in found.meshes] == [("{mesh}", 2)]


def test_kustomize_is_told():
    files = {
        "base/kustomization.yaml": "namePrefix: x-\nresources: [mesh.yaml]\n",
        "k.yaml": "kind: Kustomization\napiVersion: kustomize.config.k8s.io/v1beta1\n",
    }
    found = read(files)
    assert [miss.origin.file for miss in found.misses] == ["base/kustomization.yaml", "k.yaml"]
    assert all("kustomize build" in miss.why for miss in found.misses)
