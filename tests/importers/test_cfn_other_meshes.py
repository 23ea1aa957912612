"""VPC Lattice and ECS Service Connect in templates."""

from meshrole.importers.base import Options, SourceFile
from meshrole.importers.cloudformation import read
from meshrole.importers.values import value

LATTICE = """
Parameters: {Other: {Type: String}}
Resources:
  Net: {Type: 'AWS::VpcLattice::ServiceNetwork', Properties: {Name: shop, AuthType: AWS_IAM}}
  Cart: {Type: 'AWS::VpcLattice::Service', Properties: {Name: cart, AuthType: AWS_IAM}}
  In: {Type: 'AWS::VpcLattice::ServiceNetworkServiceAssociation', Properties: {ServiceIdentifier: !Ref Cart, ServiceNetworkIdentifier: !GetAtt Net.Id}}
  Far: {Type: 'AWS::VpcLattice::ServiceNetworkServiceAssociation', Properties: {ServiceIdentifier: !GetAtt Cart.Arn, ServiceNetworkIdentifier: !Ref Other}}
  Web: {Type: 'AWS::IAM::Role', Properties: {RoleName: web, AssumeRolePolicyDocument: {}}}
  Policy:
    Type: AWS::VpcLattice::AuthPolicy
    Properties:
      ResourceIdentifier: !GetAtt Cart.Id
      Policy:
        Statement:
          - {Effect: Allow, Principal: {AWS: [!GetAtt Web.Arn, 'arn:aws:iam::111122223333:role/b']}, Action: 'vpc-lattice-svcs:Invoke',
             Resource: !Sub '${Cart.Arn}/items/*', Condition: {StringEquals: {'vpc-lattice-svcs:RequestMethod': [GET, HEAD]}}}
          - {Effect: Allow, Principal: '*', Action: '*', Resource: '*', Condition: {ArnLike: {'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/c'}}}
          - {Effect: Allow, Principal: '*', Action: 'vpc-lattice-svcs:Invoke', Resource: '*', Condition: {StringEquals: {'aws:PrincipalOrgID': o-1}}}
          - {Sid: No, Effect: Deny, Principal: '*', Action: '*', Resource: '*'}
          - {Effect: Allow, Principal: {AWS: x}, Action: 'vpc-lattice-svcs:Connect', Resource: '*'}
  Wide: {Type: 'AWS::VpcLattice::AuthPolicy', Properties: {ResourceIdentifier: !Ref Net, Policy: {Statement: []}}}
"""


def one(text):
    return read([SourceFile("app.yaml", text.encode())], Options())


def test_a_service_is_in_its_network():
    found = one(LATTICE)
    assert [(str(mesh.name), mesh.engine) for mesh in found.meshes] == [("shop", "vpc-lattice"), ("{Other}", "vpc-lattice")]
    assert [(str(service.mesh), str(service.name)) for service in found.services] == [("shop", "cart")]


def test_an_auth_policy_says_who_may_call():
    edges = [(str(edge.caller), str(edge.callee), edge.methods, edge.paths) for edge in one(LATTICE).edges]
    assert edges == [
        ("arn:{partition}:iam::{account}:role/web", "cart", ("GET", "HEAD"), ("/items/*",)),
        ("arn:aws:iam::111122223333:role/b", "cart", ("GET", "HEAD"), ("/items/*",)),
        ("arn:aws:iam::111122223333:role/c", "cart", (), ()),
        ("*", "cart", (), ()),
    ]
    assert {edge.mesh for edge in one(LATTICE).edges} == {value("shop")}


def test_what_an_edge_cannot_say_is_told():
    assert [(miss.what, miss.why) for miss in one(LATTICE).misses] == [
        ("statement 3 of the auth policy of cart", "an edge has no place for its condition on aws:principalorgid"),
        ("statement No of the auth policy of cart", "it denies: an inventory says only who may call"),
        ("statement 5 of the auth policy of cart", "it says nothing of vpc-lattice-svcs:Invoke"),
        ("auth policy of shop", "it is of the whole network: it says who may enter, not whom they call"),
    ]


def test_what_is_only_associated_is_read_once():
    text = "Parameters: {N: {Type: String}, A: {Type: String}}\nResources:\n"
    for name in ("X", "Y"):
        text += f"  {name}: {{Type: 'AWS::VpcLattice::ServiceNetworkServiceAssociation', Properties: {{ServiceIdentifier: !Ref A, ServiceNetworkIdentifier: !Ref N}}}}\n"
    found = one(text)
    assert [str(mesh.name) for mesh in found.meshes] == ["{N}"]
    assert [(str(service.mesh), str(service.name)) for service in found.services] == [("{N}", "{A}")]


CONNECT = """
Resources:
  Space: {Type: 'AWS::ServiceDiscovery::HttpNamespace', Properties: {Name: shop.local}}
  Cluster: {Type: 'AWS::ECS::Cluster', Properties: {ServiceConnectDefaults: {Namespace: !GetAtt Space.Arn}}}
  Web:
    Type: AWS::ECS::Service
    Properties:
      ServiceName: web-svc
      Cluster: !Ref Cluster
      TaskDefinition: web
      ServiceConnectConfiguration:
        Enabled: true
        Services:
          - {PortName: http, DiscoveryName: web, ClientAliases: [{Port: 8080, DnsName: web.internal}]}
          - {PortName: admin}
  Client: {Type: 'AWS::ECS::Service', Properties: {ServiceName: client, ServiceConnectConfiguration: {Enabled: true, Namespace: shop.local}}}
  Off: {Type: 'AWS::ECS::Service', Properties: {ServiceConnectConfiguration: {Enabled: false, Namespace: x}}}
"""


def test_service_connect_is_a_mesh_of_discovery_names():
    found = one(CONNECT)
    assert {(str(mesh.name), mesh.engine) for mesh in found.meshes} == {("shop.local", "ecs-service-connect")}
    assert [(str(service.name), str(service.node)) for service in found.services] == [("web", "web-svc"), ("admin", "web-svc")]
    assert [(str(node.name), node.listeners) for node in found.nodes] == [("web-svc", (("8080", ""),)), ("client", ())]
    assert found.nodes[0].discovery == {"type": "cloud_map", "namespace": "shop.local", "service": "web"}


def test_what_says_no_type_of_authorization_is_open():
    text = LATTICE.replace("Name: cart, AuthType: AWS_IAM", "Name: cart").replace(
        "Name: shop, AuthType: AWS_IAM", "Name: shop, AuthType: !Ref Other"
    )
    found = one(text)
    assert [service.auth for service in found.services] == ["NONE"]
    assert [(mesh.name.text, mesh.auth) for mesh in found.meshes] == [("shop", None), ("{Other}", None)]
    assert [service.auth for service in one(LATTICE).services] == ["AWS_IAM"]
