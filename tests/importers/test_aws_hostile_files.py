"""Files of strangers: whatever is in them, an answer in time and no exception. And many of them, in time that grows with them."""

import json
import re
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meshrole.importers import aws_json, cloudformation
from meshrole.importers.base import Options, SourceFile

TEMPLATE = """
Transform: AWS::LanguageExtensions
Parameters: {Stage: {Type: String, Default: prod}, Who: {Type: CommaDelimitedList, Default: 'a,b'}}
Mappings: {M: {prod: {name: shop}}}
Conditions: {C: !And [!Equals [!Ref Stage, prod], !Not [!Condition D]], D: !Equals [!Ref Who, x]}
Resources:
  Mesh: {Type: 'AWS::AppMesh::Mesh', Condition: C, Properties: {MeshName: !FindInMap [M, !Ref Stage, name]}}
  Node: {Type: 'AWS::AppMesh::VirtualNode', Properties: {MeshName: !GetAtt Mesh.MeshName, Spec: {Backends: [{VirtualService: {VirtualServiceName: !Sub 's.${Stage}'}}, !If [D, {VirtualService: {VirtualServiceName: x}}, !Ref AWS::NoValue]], Listeners: [{PortMapping: {Port: 1, Protocol: tcp}, TLS: {Certificate: {ACM: {CertificateArn: !ImportValue cert}}}}]}}}
  Role: {Type: 'AWS::IAM::Role', Properties: {AssumeRolePolicyDocument: '{"Statement": []}', Policies: [{PolicyName: p, PolicyDocument: {Statement: [{Effect: Allow, Action: 'a:b', Resource: !Sub '${Node}*'}]}}]}}
  Task: {Type: 'AWS::ECS::TaskDefinition', Properties: {TaskRoleArn: !GetAtt Role.Arn, ContainerDefinitions: [{Name: e, Image: 'x/y:1', Environment: [{Name: APPMESH_RESOURCE_ARN, Value: !Join ['/', [mesh, !Ref Mesh]]}], Secrets: [{Name: s, ValueFrom: !Select [0, !Split [',', 'a,b']]}]}]}}
  Run: {Type: 'AWS::ECS::Service', Properties: {TaskDefinition: !Ref Task, ServiceConnectConfiguration: {Enabled: true, Namespace: n, Services: [{PortName: p}]}}}
  Policy: {Type: 'AWS::VpcLattice::AuthPolicy', Properties: {ResourceIdentifier: !Ref Service, Policy: {Statement: [{Effect: Allow, Principal: '*', Action: '*', Resource: '*'}]}}}
  Service: {Type: 'AWS::VpcLattice::Service', Properties: {Name: s}}
  Stack: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: in, Parameters: {Stage: !GetAtt Stack.Outputs.O}}}
Outputs: {O: {Value: !Ref Mesh, Export: {Name: !Sub '${Stage}-cert'}}}
"""
CALLS = [
    {"virtualNode": {"meshName": "m", "virtualNodeName": "n", "spec": {"backends": [{"virtualService": {"virtualServiceName": "s"}}], "listeners": [{"portMapping": {"port": 1, "protocol": "http"}}], "serviceDiscovery": {"dns": {"hostname": "h"}}}}},
    {"status_code": 200, "data": {"virtualRouters": [{"meshName": "m", "virtualRouterName": "r"}]}},
    {"spec": {"httpRoute": {"action": {"weightedTargets": [{"virtualNode": "n", "weight": 1}]}}}},
    {"RoleDetailList": [{"RoleName": "r", "RolePolicyList": [{"PolicyName": "p", "PolicyDocument": {"Statement": []}}]}], "Policies": [{"Arn": "a", "PolicyVersionList": [{"IsDefaultVersion": True, "Document": {}}]}]},
    {"taskDefinition": {"family": "f", "containerDefinitions": [{"name": "a", "image": "b", "secrets": [{"valueFrom": "arn:aws:secretsmanager:r:a:secret:x:k"}]}]}},
    {"services": [{"serviceName": "s", "taskDefinition": "f:1", "deployments": [{"serviceConnectConfiguration": {"enabled": True, "namespace": "n", "services": [{"portName": "p"}]}}]}]},
    {"items": [{"arn": "arn:aws:vpc-lattice:r:a:service/svc-0123456789abcdef0", "id": "svc-0", "name": "c", "serviceName": "c", "serviceNetworkName": "n"}]},
    {"policy": '{"Statement": [{"Effect": "Allow"}]}', "resourceIdentifier": "svc-0123456789abcdef0"},
]  # fmt: skip
INPUT = "\n".join(json.dumps(call) for call in CALLS)
WORDS = ["!Ref Node", "!Sub '${Node}${Node}'", "{Ref: [}", "Fn::If", "null", "true", "[]", "{}", "- ", "\t", "\x00", "&a", "*a", "<<: *a", "---\n",
         "!GetAtt", "${", "$X", "\\u", '"', "'", "1e9", "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), "é", "{{resolve:", ": ", ",", "#"]  # fmt: skip
TOKENS = re.compile(r"[\w:]+|.", re.DOTALL)


@st.composite
def mutated(draw, text):
    """The text with some tokens gone, doubled, moved or replaced."""
    tokens = TOKENS.findall(text)
    for _ in range(draw(st.integers(1, 8))):
        at, other = draw(st.integers(0, len(tokens) - 1)), draw(st.integers(0, len(tokens) - 1))
        change = draw(
            st.sampled_from(
                [
                    [],
                    [tokens[other]],
                    [tokens[at]] * 2,
                    [draw(st.sampled_from(WORDS))],
                    [tokens[at], draw(st.sampled_from(WORDS))],
                ]
            )
        )
        tokens[at : at + 1] = change or [""]
    return "".join(tokens)


@settings(max_examples=150, deadline=5_000, suppress_health_check=list(HealthCheck))
@given(st.one_of(mutated(TEMPLATE), mutated(INPUT), st.text(max_size=200)))
def test_whatever_a_file_holds_is_read_or_told(text):
    files = [SourceFile("in", text.encode("utf-8", "replace"))]
    for reader in (cloudformation, aws_json):
        found = reader.read(files, Options())
        assert all(miss.why and miss.origin.file == "in" for miss in found.misses)


VALUES = st.recursive(st.none() | st.booleans() | st.integers() | st.sampled_from(["Ref", "a", "${a}", "arn:a/b", ""]), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
    st.sampled_from(["Ref", "Fn::If", "Fn::Sub", "Fn::Join", "Fn::GetAtt", "Name", "name", "PolicyDocument", "Statement", "Value"]), inner, max_size=3), max_leaves=12)  # fmt: skip
KEYS = sorted(set(re.findall(r"\b[A-Z]\w+(?=:)", TEMPLATE)))


@settings(max_examples=150, deadline=5_000, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(sorted(set(re.findall(r"AWS::\w+::\w+", TEMPLATE)))),
    st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=6),
)
def test_whatever_the_properties_of_a_resource_are(kind, properties):
    text = json.dumps(
        {"Resources": {"A": {"Type": kind, "Properties": properties}, "a": {"Type": "AWS::IAM::Role", "Properties": properties}}}
    )
    cloudformation.read([SourceFile("in", text.encode())], Options())


@settings(max_examples=150, deadline=5_000, suppress_health_check=list(HealthCheck))
@given(
    st.dictionaries(st.sampled_from(sorted(set(re.findall(r'"(\w+)": ', INPUT)))), VALUES | st.sampled_from(CALLS), max_size=6)
)
def test_whatever_an_answer_holds(body):
    aws_json.read([SourceFile("in.json", json.dumps(body).encode())], Options())


def chain(length):
    """Names that are each made of the next."""
    steps = "".join(
        f"  L{n}: {{Type: 'AWS::Logs::LogGroup', Properties: {{LogGroupName: !Sub 'x${{L{n + 1}}}'}}}}\n" for n in range(length)
    )
    return f"Resources:\n{steps}  M: {{Type: 'AWS::AppMesh::Mesh', Properties: {{MeshName: !Ref L0}}}}\n"


@pytest.mark.parametrize(
    "text",
    [
        chain(3_000),
        "Resources: " + "[" * 5_000,
        "Resources: {M: {Type: 'AWS::AppMesh::Mesh', Properties: {MeshName: " + "!Join ['', [" * 90 + "a" + "]]" * 90 + "}}}",
        "a: &a [x, x]\nb: &b [*a, *a]\nResources: {M: {Type: 'AWS::AppMesh::Mesh', Properties: {MeshName: *b}}}",
        "a: &a [x,x,x,x,x,x,x,x,x,x]\n"
        + "".join(
            f"k{n}: &k{n} [{','.join(f'*{p}' for _ in range(9))}]\n"
            for n, p in zip(range(9), ["a", *(f"k{i}" for i in range(8))], strict=True)
        )
        + "Resources: {}",
        "Conditions:\n"
        + "".join(f"  C{n}: !And [!Condition C{n + 1}, !Condition C{n + 1}]\n" for n in range(500))
        + "Resources: {M: {Type: 'AWS::AppMesh::Mesh', Condition: C0}}",
        "Resources:\n"
        + "".join(f"  S{n}: {{Type: 'AWS::CloudFormation::Stack', Properties: {{TemplateURL: in}}}}\n" for n in range(50)),
        '{"a": "' + "$" * 100_000 + '"}',
        '{"a": ' + '"x" + ' * 20_000 + '"x"}',
        "{" * 100_000,
        "a: " + "[" * 100_000,
        "/*" * 100_000,
        '{"' + '\\"' * 100_000,
        '{"meshName": "' + "${" * 50_000 + "{{" * 50_000 + "__A" * 50_000 + '"}',
        "Resources: {M: {Type: 'AWS::AppMesh::Mesh', Properties: {MeshName: !Sub '"
        + "${" * 50_000
        + "{{resolve:" * 20_000
        + "'}}}",
    ],
    ids=[
        "chain",
        "nested",
        "joins",
        "aliases",
        "bomb",
        "conditions",
        "stacks",
        "dollars",
        "sums",
        "braces",
        "brackets",
        "comments",
        "quotes",
        "holes",
        "variables",
    ],
)
def test_a_file_that_is_made_to_hurt_does_not(text):
    begin = time.process_time()
    for reader in (cloudformation, aws_json):
        reader.read([SourceFile("in", text.encode())], Options())
    assert time.process_time() - begin < 5


def template_of(count):
    node = "  N%d:\n    Type: AWS::AppMesh::VirtualNode\n    Properties:\n      MeshName: !Ref Mesh\n      VirtualNodeName: !Sub 'n%d-${AWS::Region}'\n      Spec: {Backends: [{VirtualService: {VirtualServiceName: !GetAtt N0.VirtualNodeName}}]}\n"
    nodes = "".join(node % (number, number) for number in range(count))
    return f"Resources:\n  Mesh: {{Type: 'AWS::AppMesh::Mesh', Properties: {{MeshName: m}}}}\n{nodes}"


def answers_of(count):
    return "\n".join(
        json.dumps({"virtualNode": {"meshName": "m", "virtualNodeName": f"n{number}", "spec": {}}}) for number in range(count)
    )


@pytest.mark.parametrize(("reader", "made"), [(cloudformation, template_of), (aws_json, answers_of)], ids=["template", "answers"])
def test_time_grows_with_what_there_is_to_read(reader, made):
    def seconds(count):
        files = [SourceFile("in", made(count).encode())]
        begin = time.process_time()
        assert len(reader.read(files, Options()).nodes) == count
        return time.process_time() - begin

    seconds(100)
    small, large = min(seconds(500) for _ in range(3)), seconds(5_000)
    assert large < 25 * small
