"""Templates to meshes: what their resources say, across templates and stacks, and what is said of what is not read."""

import pytest

from meshrole.importers.base import Options, SourceFile
from meshrole.importers.cloudformation import read
from meshrole.importers.found import Gateway, GatewayRoute, Mesh, Node, Route, Router, Service, Tls
from meshrole.importers.origin import Origin
from meshrole.importers.values import unknown, value

MESH = """\
AWSTemplateFormatVersion: '2010-09-09'
Parameters:
  Zone: {Type: String}
Resources:
  Mesh:
    Type: AWS::AppMesh::Mesh
    Properties: {MeshName: shop}
  Cart:
    Type: AWS::AppMesh::VirtualNode
    Properties:
      MeshName: !GetAtt Mesh.MeshName
      VirtualNodeName: cart-vn
      Spec:
        BackendDefaults:
          ClientPolicy:
            TLS:
              Validation: {Trust: {ACM: {CertificateAuthorityArns: [!Ref Authority, !Ref Authority]}}}
        Backends:
          - VirtualService:
              VirtualServiceName: !GetAtt PriceService.VirtualServiceName
              ClientPolicy: {TLS: {Certificate: {SDS: {SecretName: cart}}, Validation: {Trust: {File: {CertificateChain: /ca.pem}}}}}
          - VirtualService: {VirtualServiceName: !Sub 'stock.${Zone}'}
        Listeners:
          - PortMapping: {Port: 8080, Protocol: http2}
            TLS: {Mode: STRICT, Certificate: {ACM: {CertificateArn: !Ref Certificate}}}
        ServiceDiscovery: {AWSCloudMap: {NamespaceName: !GetAtt Zones.Name, ServiceName: cart}}
  Price:
    Type: AWS::AppMesh::VirtualNode
    Properties:
      MeshName: !Ref Mesh
      Spec:
        Listeners: [{PortMapping: {Port: '80', Protocol: http}}]
        ServiceDiscovery: {DNS: {Hostname: price.local}}
  PriceService:
    Type: AWS::AppMesh::VirtualService
    Properties:
      MeshName: shop
      VirtualServiceName: price.local
      Spec: {Provider: {VirtualRouter: {VirtualRouterName: !GetAtt PriceRouter.VirtualRouterName}}}
  CartService:
    Type: AWS::AppMesh::VirtualService
    Properties:
      MeshName: shop
      VirtualServiceName: cart.local
      Spec: {Provider: {VirtualNode: {VirtualNodeName: !GetAtt Cart.VirtualNodeName}}}
  PriceRouter:
    Type: AWS::AppMesh::VirtualRouter
    Properties: {MeshName: shop, VirtualRouterName: price-vr, Spec: {Listeners: [{PortMapping: {Port: 80, Protocol: http}}]}}
  PriceRoute:
    Type: AWS::AppMesh::Route
    Properties:
      MeshName: shop
      RouteName: price-route
      VirtualRouterName: !GetAtt PriceRouter.VirtualRouterName
      Spec:
        GrpcRoute: {Action: {WeightedTargets: [{VirtualNode: !GetAtt Price.VirtualNodeName, Weight: 9}, {VirtualNode: old, Weight: 1}]}}
  Door:
    Type: AWS::AppMesh::VirtualGateway
    Properties: {MeshName: shop, VirtualGatewayName: door, Spec: {Listeners: [{PortMapping: {Port: 443, Protocol: http}}]}}
  DoorRoute:
    Type: AWS::AppMesh::GatewayRoute
    Properties:
      MeshName: shop
      GatewayRouteName: door-cart
      VirtualGatewayName: !Ref Door
      Spec: {HttpRoute: {Action: {Target: {VirtualService: {VirtualServiceName: !Ref CartService}}}}}
  Zones: {Type: AWS::ServiceDiscovery::PrivateDnsNamespace, Properties: {Name: shop.local, Vpc: vpc-1}}
  Authority: {Type: AWS::ACMPCA::CertificateAuthority}
  Certificate: {Type: AWS::CertificateManager::Certificate}
"""
SHOP = value("shop")
PLACE = (unknown("!Ref AWS::Region", "region"), ":", unknown("!Ref AWS::AccountId", "account"))


def of(*sources, **parameters):
    files = [SourceFile(name, text.encode()) for name, text in sources]
    return read(files, Options(parameters))


def one(text, **parameters):
    return of(("app.yaml", text), **parameters)


def arn(service, resource, logical):
    return value(
        "arn:",
        unknown("!Ref AWS::Partition", "partition"),
        f":{service}:",
        *PLACE,
        f":{resource}/",
        unknown(f"!GetAtt {logical}.Id", logical),
    )


def origin(name):
    line = next(number for number, line in enumerate(MESH.splitlines(), 1) if line.startswith(f"  {name}:"))
    return Origin("app.yaml", line, name)


def test_a_mesh_is_read_whole():
    found = one(MESH)
    price = unknown("!GetAtt Price.VirtualNodeName", "Price")
    assert found.misses == ()
    assert found.meshes == (Mesh(SHOP, origin("Mesh")),)
    assert found.nodes == (
        Node(
            SHOP,
            value("cart-vn"),
            origin("Cart"),
            backends=(value("price.local"), value("stock.", unknown("!Ref Zone", "Zone"))),
            tls=Tls(
                certificate=arn("acm", "certificate", "Certificate"),
                authorities=(arn("acm-pca", "certificate-authority", "Authority"),),
                certificate_sds=value("cart"),
                authority_files=(value("/ca.pem"),),
            ),
            discovery={"type": "cloud_map", "namespace": "shop.local", "service": "cart"},
            listeners=(("8080", "http2"),),
        ),
        Node(SHOP, price, origin("Price"), discovery={"type": "dns", "hostname": "price.local"}, listeners=(("80", "http"),)),
    )
    assert found.services == (
        Service(SHOP, value("price.local"), origin("PriceService"), router=value("price-vr")),
        Service(SHOP, value("cart.local"), origin("CartService"), node=value("cart-vn")),
    )
    assert found.routers == (Router(SHOP, value("price-vr"), origin("PriceRouter")),)
    targets = ((price, "9"), (value("old"), "1"))
    assert found.routes == (Route(SHOP, value("price-vr"), value("price-route"), origin("PriceRoute"), "grpc", targets),)
    assert found.gateways == (Gateway(SHOP, value("door"), origin("Door"), listeners=(("443", "http"),)),)
    assert found.gateway_routes == (
        GatewayRoute(SHOP, value("door"), value("door-cart"), value("cart.local"), origin("DoorRoute")),
    )


def test_json_says_the_same_as_yaml():
    text = '{"Resources": {"N": {"Type": "AWS::AppMesh::VirtualNode", "Properties": {"MeshName": {"Ref": "M"}, "VirtualNodeName": {"Fn::Join": ["-", ["a", {"Ref": "P"}]]}, "Spec": {"Backends": [{"VirtualService": {"VirtualServiceName": "\\ud83d\\ude00"}}]}}}, "M": {"Type": "AWS::AppMesh::Mesh", "Properties": {"MeshName": "m"}}}, "Parameters": {"P": {"Default": "b"}}}'
    (node,) = of(("app.json", text)).nodes
    assert (node.mesh.text, node.name.text, node.backends) == ("m", "a-b", (value("😀"),))


def test_exports_of_one_template_are_imported_by_another():
    base = "Parameters: {P: {Type: String}}\nResources: {M: {Type: 'AWS::AppMesh::Mesh', Properties: {MeshName: !Sub '${P}-mesh'}}}\n"
    base += "Outputs: {M: {Value: !GetAtt M.MeshName, Export: {Name: !Sub '${P}:Mesh'}}}\n"
    app = "Parameters: {P: {Type: String, Default: x}}\nResources:\n  N: {Type: 'AWS::AppMesh::VirtualNode', Properties: {MeshName: {Fn::ImportValue: !Sub '${P}:Mesh'}}}\n"
    both = of(("app.yaml", app), ("base.yaml", base))
    assert both.nodes[0].mesh == both.meshes[0].name
    assert one(app).nodes[0].mesh.text == "{P_Mesh}"


def test_an_export_that_two_templates_have_is_nobodys():
    template = "Resources: {M: {Type: 'AWS::AppMesh::Mesh', Properties: {MeshName: %s}}}\nOutputs: {M: {Value: !GetAtt M.MeshName, Export: {Name: mesh}}}"
    app = "Resources: {N: {Type: 'AWS::AppMesh::VirtualNode', Properties: {MeshName: !ImportValue mesh}}}"
    assert of(("a.yaml", template % "a"), ("b.yaml", template % "b"), ("app.yaml", app)).nodes[0].mesh.text == "{mesh}"
    assert of(("a.yaml", template % "a"), ("b.yaml", template % "a"), ("app.yaml", app)).nodes[0].mesh.text == "a"


NESTED = """
Resources:
  Mesh: {Type: 'AWS::AppMesh::Mesh', Properties: {MeshName: shop}}
  Cart: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: ./nodes/node.yaml, Parameters: {MeshName: !GetAtt Mesh.MeshName, Node: cart}}}
  Price: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: nodes/node.yaml, Parameters: {MeshName: !GetAtt Mesh.MeshName, Node: price}}}
  Far: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: 'https://s3.amazonaws.com/bucket/node.yaml'}}
  Route: {Type: 'AWS::AppMesh::Route', Properties: {MeshName: shop, RouteName: r, VirtualRouterName: vr, Spec: {TcpRoute: {Action: {WeightedTargets: [{VirtualNode: !GetAtt Cart.Outputs.Name, Weight: 1}]}}}}}
"""
CHILD = """
Parameters: {MeshName: {Type: String}, Node: {Type: String}}
Resources:
  Node: {Type: 'AWS::AppMesh::VirtualNode', Properties: {MeshName: !Ref MeshName, VirtualNodeName: !Sub '${Node}-vn', Spec: {}}}
Outputs: {Name: {Value: !GetAtt Node.VirtualNodeName}}
"""


def test_nested_stacks_get_their_parameters_and_give_their_outputs():
    found = of(("infra/main.yaml", NESTED), ("infra/nodes/node.yaml", CHILD))
    assert [(str(node.mesh), str(node.name)) for node in found.nodes] == [("shop", "cart-vn"), ("shop", "price-vn")]
    assert found.routes[0].targets == ((value("cart-vn"), "1"),)
    (miss,) = found.misses
    assert (miss.what, miss.why) == (
        "nested stack Far",
        "its template https://s3.amazonaws.com/bucket/node.yaml is none of the given files",
    )


def test_a_template_that_is_not_given_is_never_looked_for():
    found = of(
        ("main.yaml", NESTED.replace("./nodes/node.yaml", "/etc/passwd").replace("nodes/node.yaml", "../../../etc/passwd"))
    )
    assert [miss.what for miss in found.misses] == ["nested stack Cart", "nested stack Price", "nested stack Far"]


def test_a_nested_stack_may_be_given_what_another_exports():
    main = "Resources:\n  S: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: node.yaml, Parameters: {MeshName: !ImportValue mesh, Node: a}}}"
    base = "Resources: {M: {Type: 'AWS::AppMesh::Mesh', Properties: {MeshName: shop}}}\nOutputs: {M: {Value: !GetAtt M.MeshName, Export: {Name: mesh}}}"
    found = of(("main.yaml", main), ("node.yaml", CHILD), ("base.yaml", base))
    assert [(str(node.mesh), str(node.name)) for node in found.nodes] == [("shop", "a-vn")]


def test_stacks_that_nest_each_other_end():
    round_and_round = "Resources: {S: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: %s}}, T: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: %s}}}"
    found = of(("a.yaml", round_and_round % ("b.yaml", "a.yaml")), ("b.yaml", round_and_round % ("a.yaml", "b.yaml")))
    assert {miss.why for miss in found.misses} == {"too many stacks are nested"}


CONDITIONAL = """
Parameters: {Stage: {Type: String, Default: prod}, Who: {Type: String}}
Conditions: {IsTest: !Equals [!Ref Stage, test], IsOurs: !Equals [!Ref Who, ours]}
Resources:
  Test: {Type: 'AWS::AppMesh::Mesh', Condition: IsTest, Properties: {MeshName: test}}
  Ours: {Type: 'AWS::AppMesh::Mesh', Condition: IsOurs, Properties: {MeshName: ours}}
  Node:
    Type: AWS::AppMesh::VirtualNode
    Properties:
      MeshName: ours
      VirtualNodeName: n
      Spec:
        Backends:
          - VirtualService: {VirtualServiceName: a}
          - !If [IsOurs, {VirtualService: {VirtualServiceName: b}}, !Ref AWS::NoValue]
          - !If [IsTest, {VirtualService: {VirtualServiceName: c}}, !Ref AWS::NoValue]
        Listeners: !If [IsOurs, [{PortMapping: {Port: 1, Protocol: tcp}}], [{PortMapping: {Port: 2, Protocol: tcp}}]]
"""


def test_what_a_condition_leaves_open_is_read_and_told():
    found = one(CONDITIONAL)
    assert [str(mesh.name) for mesh in found.meshes] == ["test", "ours"]
    assert [str(name) for name in found.nodes[0].backends] == ["a", "b"]
    assert found.nodes[0].listeners == (("1", "tcp"), ("2", "tcp"))
    assert [(miss.origin.line, miss.why) for miss in found.misses] == [
        (5, "its condition IsTest does not hold by the defaults"),
        (17, "condition IsOurs is not decided: both of its sides are read"),
        (15, "condition IsOurs is not decided: both of its sides are read"),
    ]


def test_what_the_user_says_leaves_out_what_is_not_made():
    found = one(CONDITIONAL, Stage="prod", Who="theirs")
    assert found.meshes == ()
    assert [str(name) for name in found.nodes[0].backends] == ["a"]
    assert {miss.why for miss in found.misses} == {"its condition IsTest does not hold", "its condition IsOurs does not hold"}


def test_the_same_logical_id_in_two_templates_is_two_names():
    text = "Resources: {Node: {Type: 'AWS::AppMesh::VirtualNode', Properties: {MeshName: m, Spec: {}}}}"
    names = [node.name for node in of(("a/web.yaml", text), ("b/db.yaml", text)).nodes]
    assert [name.text for name in names] == ["{web_Node}", "{db_Node}"]
    assert names[0] != names[1]


def test_a_shared_mesh_is_its_owners():
    text = "Resources: {V: {Type: 'AWS::AppMesh::VirtualNode', Properties: {MeshName: m, MeshOwner: '111122223333', VirtualNodeName: n}}, T: {Type: 'AWS::ECS::TaskDefinition', Properties: {ContainerDefinitions: [{Environment: [{Name: APPMESH_RESOURCE_ARN, Value: !Ref V}]}]}}}"
    assert one(text).tasks[0].resource.text == "arn:{partition}:appmesh:{region}:111122223333:mesh/m/virtualNode/n"


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("a: b", 1, "not a CloudFormation template: it has no Resources"),
        ("Resources:\n  - a", 1, "not a CloudFormation template: it has no Resources"),
        ("Resources:\n  A: {Type: 'AWS::AppMesh::Mesh'\n", 3, "not JSON or YAML: while parsing a flow mapping did not find expected ',' or '}'"),
        ("Resources:\n\n  A: {Properties: {}}", 3, "it has no Type"),
        ("Resources:\n  A: b", 2, "not a mapping"),
        ("Transform: MyMacro\nResources: {}", 1, "what it makes of the template is not known here"),
        ("Resources:\n  Fn::ForEach::Nodes: [N, [a], {}]", 2, "a loop is not expanded: what it makes is missing"),
        ("Resources:\n  Fn::Transform: {Name: 'AWS::Include'}", 2, "a macro or inclusion is not expanded: what it makes is missing"),
        ("Resources:\n  N: {Type: 'AWS::AppMesh::VirtualNode', Properties: {VirtualNodeName: n}}", 2, "it does not say its mesh (MeshName)"),
        ("Resources:\n  N: {Type: 'AWS::AppMesh::Thing'}", 2, "not a type of App Mesh"),
        ("Resources:\n  R: {Type: 'AWS::IAM::Role'}", 2, "not a policy document"),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_told_with_its_line(text, line, why):
    assert [(miss.origin.line, miss.why) for miss in one(text).misses] == [(line, why)]


def test_a_broken_document_takes_no_other_file_along():
    found = of(("bad.yaml", "Resources: ["), ("good.yaml", MESH))
    assert len(found.nodes) == 2
    assert [miss.origin.file for miss in found.misses] == ["bad.yaml"]


def test_sam_and_hosted_transforms_are_no_surprise():
    assert one("Transform: [AWS::Serverless-2016-10-31, AWS::LanguageExtensions]\nResources: {}").misses == ()


def test_a_mesh_that_must_be_given_is_a_placeholder():
    text = "Parameters: {M: {Default: ''}}\nResources: {N: {Type: 'AWS::AppMesh::VirtualNode', Properties: {MeshName: !Ref M, VirtualNodeName: n}}}"
    found = one(text)
    assert found.nodes[0].mesh == unknown("!Ref M", "M")
    assert found.misses == ()
    assert one(text, M="shop").nodes[0].mesh == SHOP


def test_a_second_certificate_is_told():
    tls = "{PortMapping: {Port: %d, Protocol: http}, TLS: {Certificate: {ACM: {CertificateArn: '%s'}}}}"
    spec = f"{{Listeners: [{tls % (1, 'arn:a')}, {tls % (2, 'arn:b')}]}}"
    found = one(
        f"Resources: {{N: {{Type: 'AWS::AppMesh::VirtualNode', Properties: {{MeshName: m, VirtualNodeName: n, Spec: {spec}}}}}}}"
    )
    assert found.nodes[0].tls.certificate.text == "arn:a"
    assert [miss.what for miss in found.misses] == ["certificate arn:b"]
