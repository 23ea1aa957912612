"""CloudFormation's functions: each as a mesh's name, which says what became of it."""

import pytest

from meshrole.importers.base import Options, SourceFile
from meshrole.importers.cloudformation import read

AROUND = """
Parameters:
  Project: {Type: String}
  Stage: {Type: String, Default: prod}
  Port: {Type: Number, Default: 8080}
  Empty: {Type: String, Default: ''}
  Names: {Type: CommaDelimitedList, Default: 'a, b'}
  Stored: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /mesh/name}
Mappings:
  Meshes: {prod: {name: shop}, test: {name: shop-test}}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsOurs: !Equals [!Ref Project, ours]
  Neither: !And [!Not [!Condition IsProd], !Condition IsOurs]
  Either: !Or [!Condition IsOurs, !Condition IsProd]
  Round: !Not [!Condition Round]
Resources:
  Bucket: {Type: 'AWS::S3::Bucket'}
  Role: {Type: 'AWS::IAM::Role', Properties: {RoleName: web, Path: /mesh/, AssumeRolePolicyDocument: {}}}
  Other: {Type: 'AWS::AppMesh::Mesh', Properties: {MeshName: !Sub 'x-${Stage}'}}
  Snake: {Type: 'AWS::Logs::LogGroup', Properties: {LogGroupName: !Ref Tail}}
  Tail: {Type: 'AWS::Logs::LogGroup', Properties: {LogGroupName: !Sub 's${Snake}'}}
  Mesh: {Type: 'AWS::AppMesh::Mesh', Properties: {MeshName: %s}}
"""


def mesh_name(expression, **parameters):
    found = read([SourceFile("app.yaml", (AROUND % expression).encode())], Options(parameters))
    (name,) = [mesh.name for mesh in found.meshes if mesh.origin.name == "Mesh"]
    return name


# What it is written as, and what an inventory shows: a placeholder stands in braces.
@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("shop", "shop"),
        ("!Ref Project", "{Project}"),
        ("!Ref Stage", "prod"),
        ("{Ref: Port}", "8080"),
        ("!Ref Stored", "{Stored}"),
        ("!Ref Nowhere", "{Nowhere}"),
        ("!Ref AWS::Region", "{region}"),
        ("!Ref AWS::StackName", "{StackName}"),
        ("!GetAtt Bucket.DomainName", "{Bucket_DomainName}"),
        ("{Fn::GetAtt: [Bucket, DomainName]}", "{Bucket_DomainName}"),
        ("!Ref Bucket", "{Bucket}"),
        ("!Ref Role", "web"),
        ("!Select [1, !Split [/, !Select [5, !Split [':', !GetAtt Role.Arn]]]]", "mesh"),
        ("!Ref Other", "x-prod"),
        ("!GetAtt Other.MeshName", "x-prod"),
        ("!Sub 'shop'", "shop"),
        ("!Sub '${Project}-${Stage}-${AWS::Region}'", "{Project}-prod-{region}"),
        ("!Sub '${!Literal}-x'", "${Literal}-x"),
        ("!Sub ['${Who}-${Stage}', {Who: !Ref Project}]", "{Project}-prod"),
        ("!Sub '${Bucket.Arn}'", "arn:{partition}:s3:::{Bucket}"),
        ("!Join ['-', [a, !Ref Project, b]]", "a-{Project}-b"),
        ("!Join ['-', !Ref Names]", "a-b"),
        ("!Join ['-', [a, !Ref AWS::NoValue, b]]", "a-b"),
        ("!Select [1, !Ref Names]", "b"),
        ("!Select ['0', [x, y]]", "x"),
        ("!Select [7, [x, y]]", "{x_y}"),
        ("!Select [0, !Split ['.', shop.local]]", "shop"),
        ("!Select [0, !Split ['.', !Sub '${Project}.local']]", "{Project}"),
        ("!FindInMap [Meshes, !Ref Stage, name]", "shop"),
        ("!FindInMap [Meshes, !Ref Project, name]", "{Meshes_Project_name}"),
        ("!FindInMap [Meshes, none, name, {DefaultValue: mine}]", "mine"),
        ("!If [IsProd, one, two]", "one"),
        ("!If [IsOurs, one, two]", "{IsOurs}"),
        ("!If [IsOurs, same, same]", "same"),
        ("!If [IsOurs, !Ref AWS::NoValue, maybe]", "maybe"),
        ("!If [Neither, one, two]", "two"),
        ("!If [Either, one, two]", "one"),
        ("!If [Round, one, two]", "{Round}"),
        ("!If [Missing, one, two]", "{Missing}"),
        ("!ImportValue other-Mesh", "{other_Mesh}"),
        ("!ImportValue {Fn::Sub: '${Project}:Mesh'}", "{Project_Mesh}"),
        ("{Fn::Base64: shop}", "c2hvcA=="),
        ("{Fn::Length: [a, b]}", "2"),
        ("{Fn::ToJsonString: {a: [1, !Ref Stage]}}", '{"a": ["1", "prod"]}'),
        ("{Fn::Cidr: [10.0.0.0/16, 1, 8]}", "{value_10_0_0_0_16}"),
        ("!Select [0, !GetAZs '']", "{value}"),
        ("{Fn::Transform: {Name: Upper}}", "{Upper}"),
        ("'{{resolve:ssm:/mesh/name}}-x'", "{ssm_mesh_name}-x"),
    ],
)
def test_a_name_is_what_its_function_makes_of_it(expression, text):
    name = mesh_name(expression)
    assert name.text == text
    assert all(piece.expression for piece in name.unknown)


def test_a_placeholder_remembers_how_it_is_written():
    pieces = {piece.word: piece.expression for piece in mesh_name("!Sub '${Project}-${AWS::AccountId}-${Bucket.Arn}'").unknown}
    assert pieces["Project"] == "!Ref Project"
    assert pieces["account"] == "!Ref AWS::AccountId"
    (piece,) = mesh_name("!ImportValue {Fn::Sub: '${Project}:Mesh'}").unknown
    assert piece.expression == '!ImportValue {"Fn::Sub": "${Project}:Mesh"}'


def test_a_default_is_known_and_the_expression_kept():
    name = mesh_name("!Ref Stage")
    assert name.is_known
    assert [(piece.expression, piece.default) for piece in name.parts] == [("!Ref Stage", "prod")]


def test_a_parameter_that_the_user_gives_beats_its_default():
    assert mesh_name("!Sub '${Project}-${Stage}'", Project="ours", Stage="test").text == "ours-test"
    assert mesh_name("!If [IsOurs, one, two]", Project="ours").text == "one"


# CloudFormation makes up a name: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-name.html
@pytest.mark.parametrize("expression", ["!Ref AWS::NoValue", "''", "!Ref Empty", "!If [IsProd, !Ref AWS::NoValue, x]"])
def test_a_name_that_is_not_given_is_a_placeholder_with_the_logical_id(expression):
    (piece,) = mesh_name(expression).unknown
    assert (piece.word, piece.expression) == ("Mesh", "!GetAtt Mesh.MeshName")


@pytest.mark.parametrize("expression", ["!Ref Snake", "!Ref Tail", "!Sub '${Snake}${Tail}'"])
def test_names_that_need_each_other_end(expression):
    assert mesh_name(expression).unknown


@pytest.mark.parametrize(
    "expression",
    ["!Ref [a]", "!GetAtt Bucket", "!Sub [a]", "!Sub {a: b}", "!Join a", "!Join [a]", "!Split [a]", "!Select [x, [a]]",
     "!If [IsProd]", "!If [[a], b, c]", "!FindInMap [a]", "!FindInMap [Meshes, [a], b]", "!ImportValue [a]", "!Select [0, 1]",
     "{Fn::Unheard: x}", "!Length x", "!Split ['', abc]", "[a, b]", "{a: b}"],
)  # fmt: skip
def test_a_function_that_is_used_wrongly_is_a_placeholder_and_no_error(expression):
    assert mesh_name(expression) is not None


def test_text_that_doubles_at_each_step_ends_in_a_placeholder():
    steps = "".join(
        f"  L{n}: {{Type: 'AWS::Logs::LogGroup', Properties: {{LogGroupName: !Sub '${{L{n + 1}}}${{L{n + 1}}}'}}}}\n"
        for n in range(30)
    )
    template = f"Resources:\n{steps}  M: {{Type: 'AWS::AppMesh::Mesh', Properties: {{MeshName: !Ref L0}}}}\n"
    (mesh,) = read([SourceFile("bomb.yaml", template.encode())], Options()).meshes
    assert len(mesh.name.text) < 200_000


# https://github.com/aws/copilot-cli/issues/646: the templates of a folder of addons become one.
def test_what_a_template_lacks_another_one_of_its_folder_has():
    mesh = "Resources: {Mesh: {Type: 'AWS::AppMesh::Mesh', Properties: {MeshName: shop}}}"
    node = "Resources: {Cart: {Type: 'AWS::AppMesh::VirtualNode', Properties: {MeshName: !GetAtt Mesh.MeshName}}}"

    def meshes(*files):
        found = read([SourceFile(name, text.encode()) for name, text in files], Options({}))
        return [node.mesh.text for node in found.nodes]

    assert meshes(("cart/addons/1.yml", mesh), ("cart/addons/2.yml", node)) == ["shop"]
    assert meshes(("cart/addons/1.yml", mesh), ("web/addons/2.yml", node)) == ["{Mesh_MeshName}"]
    # Which of two is meant nobody knows.
    assert meshes(("a/one.yml", mesh), ("a/two.yml", mesh), ("a/three.yml", node)) == ["{three_Mesh_MeshName}"]
