"""`meshrole import` as a person runs it: its streams, its files, its exit codes."""

import io
import json
import sys

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meshrole import importing
from meshrole.errors import MeshroleError
from meshrole.importers.registry import SOURCES

TEMPLATE = """\
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Stage: {Type: String}
  Size: {Type: String, Default: small}
Resources:
  Mesh:
    Type: AWS::AppMesh::Mesh
    Properties: {MeshName: !Sub "shop-${Stage}"}
  Cart:
    Type: AWS::AppMesh::VirtualNode
    Properties:
      MeshName: !GetAtt Mesh.MeshName
      VirtualNodeName: !Sub "cart-${Size}"
      Spec: {}
"""
MANIFEST = """\
apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualNode
metadata: {name: stock, namespace: shop}
spec: {awsName: stock}
"""


@pytest.fixture
def template(tmp_path):
    path = tmp_path / "mesh.yaml"
    path.write_text(TEMPLATE)
    return path


def test_the_inventory_goes_to_stdout_and_the_report_to_stderr(meshrole, template):
    outcome = meshrole("import", "cloudformation", template, "--parameter", "Stage=prod", "--account", "111122223333")
    assert outcome.code == 0
    written = yaml.safe_load(outcome.output)
    assert written["accounts"] == {"main": "111122223333"}
    assert list(written["meshes"]["shop-prod"]["services"]) == ["cart-small"]
    assert "placeholders" not in written
    assert outcome.errors.startswith("1 file read: 1 mesh, 1 virtual node\n")


def test_what_is_written_passes_check_or_says_what_to_fill_in(meshrole, template, tmp_path):
    out = tmp_path / "inventory.yaml"
    outcome = meshrole("import", "cloudformation", template, "-o", out, "--organization", "acme", "--environment", "prod")
    assert (outcome.code, outcome.output) == (0, "")
    assert outcome.errors.startswith(f"{out}: written\n")
    assert "  {Stage}: !Ref Stage" in outcome.errors
    checked = meshrole("check", out)
    assert checked.code == 3
    assert "{Stage} has no value\n  at placeholders > Stage > value\n  found: !Ref Stage" in checked.errors
    assert 'warning: the id of account "main" is not known yet' in checked.errors
    out.write_text(out.read_text().replace("value: null", "value: prod"))
    checked = meshrole("check", "--quiet", out)
    assert (checked.code, checked.errors) == (0, "")
    resolved = json.loads(meshrole("check", "--format", "json", out).output)
    assert [mesh["name"] for mesh in resolved["meshes"]] == ["shop-prod"]


def test_a_file_that_says_something_else_is_not_written_over(meshrole, template, tmp_path):
    out = tmp_path / "inventory.yaml"
    out.write_text("mine: 1\n")
    refused = meshrole("import", "cloudformation", template, "-o", out)
    assert refused.code == 5
    assert "it is there already, and says something else" in refused.errors
    assert out.read_text() == "mine: 1\n"
    assert meshrole("import", "cloudformation", template, "-o", out, "--force").code == 0
    same = meshrole("import", "cloudformation", template, "-o", out)
    assert (same.code, same.errors.splitlines()[0]) == (0, f"{out}: it is so already")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["inventory.yaml", "mesh.yaml"]


def test_a_folder_that_is_not_there_is_said(meshrole, template, tmp_path):
    outcome = meshrole("import", "cloudformation", template, "-o", tmp_path / "none" / "inventory.yaml")
    assert outcome.code == 5
    assert "cannot be written: No such file or directory" in outcome.errors


def test_json_has_everything_and_a_version(meshrole, template, tmp_path):
    outcome = meshrole("import", "cloudformation", template, "--format", "json")
    found = json.loads(outcome.output)
    assert found["version"] == 1
    assert found["virtual_nodes"][0]["mesh"] == {
        "text": "shop-{Stage}",
        "unknown": [{"expression": "!Ref Stage", "word": "Stage", "default": None}],
    }
    (piece,) = found["virtual_nodes"][0]["name"]["unknown"]
    assert piece["default"] == "small"
    assert found["to_fill_in"][0]["word"] == "Stage"
    assert yaml.safe_load(found["inventory"])["meshes"]
    out = tmp_path / "inventory.yaml"
    assert json.loads(meshrole("import", "cloudformation", template, "--format", "json", "-o", out).output)["inventory"] is None
    assert out.read_text() == found["inventory"]


@pytest.mark.parametrize(
    "text",
    [
        "Stage: prod\n",
        '{"Parameters": {"Stage": "prod"}}',
        '[{"ParameterKey": "Stage", "ParameterValue": "prod"}, {"ParameterKey": "Size", "ParameterValue": "small"}]',
    ],
)
def test_parameters_from_files(meshrole, template, tmp_path, text):
    path = tmp_path / "parameters.json"
    path.write_text(text)
    outcome = meshrole("import", "cloudformation", template, "--parameters", path, "-p", "Size=large")
    assert list(yaml.safe_load(outcome.output)["meshes"]["shop-prod"]["services"]) == ["cart-large"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- a\n", "parameters.json:1: not parameters"),
        ("a: [\n", "not YAML or JSON"),
        ("a: [1]\n", ":1: the value of a is not text"),
    ],
)
def test_parameters_that_are_none(meshrole, template, tmp_path, text, message):
    path = tmp_path / "parameters.json"
    path.write_text(text)
    outcome = meshrole("import", "cloudformation", template, "--parameters", path)
    assert outcome.code == 3
    assert message in outcome.errors


def test_several_sources_are_one_inventory(meshrole, template, tmp_path):
    (tmp_path / "k8s").mkdir()
    (tmp_path / "k8s" / "stock.yaml").write_text(MANIFEST)
    outcome = meshrole("import", "cloudformation", template, f"kubernetes:{tmp_path / 'k8s'}", "-p", "Stage=prod")
    services = yaml.safe_load(outcome.output)["meshes"]["shop-prod"]["services"]
    assert services["stock"]["runs_on"]["platform"] == "eks-pod-identity"
    assert services["cart-small"]["runs_on"] == {"platform": "ecs"}
    assert meshrole("import", "auto", tmp_path, "-p", "Stage=prod").output == outcome.output


def test_standard_input(meshrole, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEMPLATE.encode())))
    outcome = meshrole("import", "auto", "-", "--quiet")
    assert (outcome.code, outcome.errors) == (0, "")
    assert "# Every line that they name is of <stdin>." in outcome.output
    assert "# line 6 Mesh" in outcome.output


def test_where_nothing_can_be_read_the_exit_is_3(meshrole, tmp_path):
    (tmp_path / "a.yaml").write_text("a: [1\n")
    (tmp_path / "notes.md").write_text("# notes\n")
    for arguments in (("cloudformation", tmp_path), ("auto", tmp_path / "notes.md"), ("kubernetes", tmp_path / "a.yaml")):
        outcome = meshrole("import", *arguments)
        assert (outcome.code, outcome.output) == (3, "")
        assert "nothing of a mesh was found in" in outcome.errors
    assert "notes.md: the file: it looks like none of the sources" in meshrole("import", "auto", tmp_path / "notes.md").errors
    assert "No such file" in meshrole("import", "auto", tmp_path / "none").errors


def test_a_part_that_cannot_be_read_is_told_and_the_rest_is_taken(meshrole, template):
    template.with_name("broken.yaml").write_text("Resources:\n  A: {Type: AWS::AppMesh::Mesh\n  - b\n")
    outcome = meshrole("import", "cloudformation", template.parent)
    assert outcome.code == 0
    assert "not understood: 1" in outcome.errors
    assert f"{template.with_name('broken.yaml')}:" in outcome.errors


@pytest.mark.parametrize(
    "arguments",
    [
        ("nothing", "mesh.yaml"),
        ("auto",),
        ("auto", "mesh.yaml", "--account", "1"),
        ("auto", "mesh.yaml", "--region", "here"),
        ("auto", "mesh.yaml", "--organization", "1 2"),
    ],
)
def test_wrong_usage(meshrole, arguments):
    assert meshrole("import", *arguments).code == 2


def test_a_parameter_without_a_value(meshrole, template):
    outcome = meshrole("import", "auto", template, "-p", "Stage")
    assert outcome.code == 3
    assert "not NAME=VALUE: Stage" in outcome.errors


def test_hostile_names_are_only_text(meshrole, tmp_path):
    """Names that would end a comment, a quote or a line, or steer a terminal."""
    evil = 'x\\"\\n\\u001b[31m: {a: !!python/object b}\\n# c'
    text = TEMPLATE.replace('!Sub "cart-${Size}"', f'"{evil}"').replace("  Cart:", f'  "{evil}":')
    (tmp_path / "mesh.yaml").write_text(text)
    out = tmp_path / "inventory.yaml"
    outcome = meshrole("import", "cloudformation", tmp_path / "mesh.yaml", "-o", out)
    assert outcome.code == 0
    assert "\x1b" not in outcome.errors + out.read_text()
    assert len(yaml.safe_load(out.read_text())["meshes"]["shop-stage"]["services"]) == 1
    assert meshrole("check", out).code == 3


MUTATIONS = st.lists(
    st.tuples(st.integers(0, len(TEMPLATE)), st.sampled_from(["", "[", "{", "\n", '"', "- ", "!Ref ", "null", ": ", "x", "é\0"])),
    max_size=6,
)


@given(MUTATIONS, st.sampled_from(sorted(name for name, source in SOURCES.items() if not source.is_live)))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_in_a_file_an_import_ends_well_or_with_an_error_of_ours(tmp_path, mutations, source):
    text = TEMPLATE + "---\n" + MANIFEST
    for place, what in mutations:
        text = text[:place] + what + text[place + 1 :]
    path = tmp_path / "mesh.yaml"
    path.write_text(text)
    try:
        imported = importing.import_sources(source, [str(path)], importing.Given(), {})
    except MeshroleError:
        return
    assert yaml.safe_load(imported.text)["version"] == 1
    json.dumps(imported.values(with_inventory=True))
    assert imported.lines()


def test_the_words_that_are_asked_for_can_be_given(meshrole, tmp_path):
    """Two files call one parameter by one word, which is the same when another one is known."""
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text(TEMPLATE.replace("cart-", f"{name}-${{Zone}}-").replace("Size}", "Zone}"))
    first = meshrole("import", "cloudformation", tmp_path, "--format", "json")
    words = [item["word"] for item in json.loads(first.output)["to_fill_in"]]
    given = [text for word in words for text in ("--parameter", f"{word}=x")]
    second = meshrole("import", "cloudformation", tmp_path, "--format", "json", *given)
    assert len(words) > 1
    assert json.loads(second.output)["to_fill_in"] == []


IRSA = (
    MANIFEST.replace("spec: {", "spec: {podSelector: {matchLabels: {app: stock}}, ")
    + """---
apiVersion: v1
kind: ServiceAccount
metadata: {name: stock, namespace: shop, annotations: {eks.amazonaws.com/role-arn: 'arn:aws:iam::111122223333:role/stock'}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: stock, namespace: shop}
spec: {template: {metadata: {labels: {app: stock}}, spec: {serviceAccountName: stock}}}
"""
)


def test_the_issuer_of_a_cluster_is_a_parameter(meshrole, tmp_path):
    path, out = tmp_path / "mesh.yaml", tmp_path / "inventory.yaml"
    path.write_text(IRSA)
    outcome = meshrole("import", "kubernetes", path, "-o", out, "-p", "mesh_name=shop")
    assert "{oidc_issuer}: aws eks describe-cluster --query cluster.identity.oidc.issuer" in outcome.errors
    assert meshrole("check", out).code == 3
    issuer = "oidc_issuer=oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE"
    meshrole("import", "kubernetes", path, "-o", out, "--force", "-p", "mesh_name=shop", "-p", issuer)
    assert meshrole("check", out).code == 0


def test_a_single_file_is_named_once_and_several_each_time(meshrole, template, tmp_path):
    alone = meshrole("import", "cloudformation", template, "-q").output
    assert [line for line in alone.splitlines() if str(template) in line and "at:" not in line] == [
        f"# Every line that they name is of {template}."
    ]
    assert "  # line 6 Mesh" in alone
    (tmp_path / "other.yaml").write_text(TEMPLATE.replace("shop-", "other-"))
    assert f"  # {template}:6 Mesh" in meshrole("import", "cloudformation", tmp_path, "-q").output


CERTIFICATES = MANIFEST.replace(
    "awsName: stock",
    "awsName: stock, listeners: [{portMapping: {port: 80, protocol: http}, tls: {mode: STRICT, certificate: {sds: {secretName: 'id/${NS}'}}}}], "
    "backendDefaults: {clientPolicy: {tls: {validation: {trust: {file: {certificateChain: '/${DIR}/ca.pem'}}}}}}",
)


def test_certificates_that_need_no_permission_ask_for_nothing(meshrole, tmp_path):
    path, out = tmp_path / "mesh.yaml", tmp_path / "inventory.yaml"
    path.write_text(CERTIFICATES)
    assert meshrole("import", "kubernetes", path, "-o", out, "-p", "mesh_name=shop").code == 0
    written = yaml.safe_load(out.read_text())
    assert "placeholders" not in written
    assert written["meshes"]["shop"]["services"]["stock"]["tls"] == {
        "certificate": {"sds": "id/${NS}"},
        "trusts": [{"file": "/${DIR}/ca.pem"}],
    }
    assert meshrole("check", out).code == 0


# A service network may have 63 characters, a service 40: https://docs.aws.amazon.com/vpc-lattice/latest/APIReference/API_CreateService.html
LATTICE = """\
Resources:
  Net: {Type: 'AWS::VpcLattice::ServiceNetwork', Properties: {Name: the-network-of-all-services-of-the-whole-company, AuthType: AWS_IAM}}
  Cart: {Type: 'AWS::VpcLattice::Service', Properties: {Name: shopping-cart-of-the-web-shop-of-acme, AuthType: AWS_IAM}}
  In: {Type: 'AWS::VpcLattice::ServiceNetworkServiceAssociation', Properties: {ServiceIdentifier: !Ref Cart, ServiceNetworkIdentifier: !Ref Net}}
  Web: {Type: 'AWS::IAM::Role', Properties: {RoleName: web, AssumeRolePolicyDocument: {}}}
  Policy:
    Type: AWS::VpcLattice::AuthPolicy
    Properties:
      ResourceIdentifier: !Ref Cart
      Policy: {Statement: [{Effect: Allow, Principal: {AWS: !GetAtt Web.Arn}, Action: 'vpc-lattice-svcs:Invoke', Resource: '*'}]}
"""


def test_a_lattice_service_keeps_its_name_however_long_its_networks_is(meshrole, tmp_path):
    path, out = tmp_path / "lattice.yaml", tmp_path / "inventory.yaml"
    path.write_text(LATTICE)
    meshrole("import", "cloudformation", path, "-o", out, "--account", "111122223333", "--region", "eu-west-1")
    (mesh,) = yaml.safe_load(out.read_text())["meshes"].values()
    cart = "shopping-cart-of-the-web-shop-of-acme"
    assert mesh["services"] == {
        cart: {"lattice_name": cart, "runs_on": {"platform": "none"}},
        "web": {"lattice_name": "web", "runs_on": {"platform": "ecs"}, "calls": [cart]},
    }
    assert meshrole("check", out).code == 0
    meshrole("generate", out, "--out", tmp_path / "infra")
    written = next((tmp_path / "infra").rglob("lattice.tf")).read_text()
    assert f'name      = "{cart}"' in written
    assert meshrole("verify", out).code == 0


CONNECTED = """\
Resources:
  Space: {Type: 'AWS::ServiceDiscovery::HttpNamespace', Properties: {Name: shop}}
  Cluster: {Type: 'AWS::ECS::Cluster', Properties: {ClusterName: web}}
  Role: {Type: 'AWS::IAM::Role', Properties: {RoleName: tasks, AssumeRolePolicyDocument: {}}}
  CartTask: {Type: 'AWS::ECS::TaskDefinition', Properties: {Family: cart-family, TaskRoleArn: !GetAtt Role.Arn}}
  UiTask: {Type: 'AWS::ECS::TaskDefinition', Properties: {Family: web-ui, TaskRoleArn: !GetAtt Role.Arn}}
  Ui:
    Type: AWS::ECS::Service
    Properties:
      ServiceName: ui
      Cluster: !Ref Cluster
      TaskDefinition: !Ref UiTask
      ServiceConnectConfiguration: {Enabled: true, Namespace: shop}
  Cart:
    Type: AWS::ECS::Service
    Properties:
      ServiceName: cart-service
      Cluster: !Ref Cluster
      TaskDefinition: !Ref CartTask
      ServiceConnectConfiguration: {Enabled: true, Namespace: shop, Services: [{PortName: http, DiscoveryName: cart}]}
"""


def test_a_service_of_service_connect_has_the_role_of_its_tasks(meshrole, tmp_path):
    path, out = tmp_path / "connected.yaml", tmp_path / "inventory.yaml"
    path.write_text(CONNECTED)
    outcome = meshrole("import", "cloudformation", path, "-o", out, "--account", "111122223333")
    assert "  tasks: 2 workloads: cart-service, ui" in outcome.errors
    (mesh,) = yaml.safe_load(out.read_text())["meshes"].values()
    assert mesh == {
        "engine": "ecs-service-connect",
        "cluster": "web",
        "services": {
            "cart": {"ecs_service": "cart-service", "task_family": "cart-family", "runs_on": {"platform": "ecs"}},
            "ui": {"runs_on": {"platform": "ecs"}},
        },
    }
    assert meshrole("check", out).code == 0


ISTIO = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec: {template: {metadata: {labels: {app: cart}}, spec: {serviceAccountName: cart}}}
---
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec: {selector: {app: cart}, ports: [{port: 80}]}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: cart, namespace: shop}
spec:
  selector: {matchLabels: {app: cart}}
  action: ALLOW
  rules: [{from: [{source: {principals: [cluster.local/ns/shop/sa/web]}}], to: [{operation: {methods: [GET], paths: ["/items/*"]}}]}]
"""


def test_a_mesh_of_istio_is_generated_and_proved_again(meshrole, tmp_path):
    path, out = tmp_path / "istio.yaml", tmp_path / "inventory.yaml"
    path.write_text(ISTIO)
    place = ("--account", "111122223333", "--cluster", "core")
    assert meshrole("import", "kubernetes", path, "-o", out, *place).code == 0
    (mesh,) = yaml.safe_load(out.read_text())["meshes"].values()
    assert mesh["engine"] == "istio"
    assert [item for service in mesh["services"].values() for item in service.get("calls", [])] == [
        {"service": "cart-shop", "methods": ["GET"], "paths": ["/items/*"]}
    ]
    assert meshrole("check", out).code == 0
    assert meshrole("verify", out).code == 0
