"""Roles, tasks and what runs under them, in templates."""

from meshrole.importers.base import Options, SourceFile
from meshrole.importers.cloudformation import read
from meshrole.importers.values import value

ROLES = """
Parameters: {NodeRole: {Type: String}}
Resources:
  Web:
    Type: AWS::IAM::Role
    Properties:
      RoleName: web
      Path: /mesh/
      PermissionsBoundary: !Sub 'arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/limit'
      AssumeRolePolicyDocument: |
        {"Statement": [{"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
      ManagedPolicyArns: [arn:aws:iam::aws:policy/AWSAppMeshEnvoyAccess, !Ref Shared]
      Policies:
        - PolicyName: stream
          PolicyDocument:
            Statement: [{Effect: Allow, Action: 'appmesh:StreamAggregatedResources', Resource: !Sub '${Node}*'}]
  Shared:
    Type: AWS::IAM::ManagedPolicy
    Properties: {ManagedPolicyName: shared, Roles: [!Ref Web], PolicyDocument: {Statement: [{Effect: Allow, Action: 's3:*', Resource: '*'}]}}
  Attached:
    Type: AWS::IAM::Policy
    Properties: {PolicyName: attached, Roles: [!Ref Web, !Ref NodeRole], PolicyDocument: {Statement: [{Effect: Deny, Action: '*', Resource: '*'}]}}
  Single:
    Type: AWS::IAM::RolePolicy
    Properties: {PolicyName: single, RoleName: !Ref Web, PolicyDocument: {Fn::ToJsonString: {Statement: {Effect: Allow, Action: a:b, Resource: '*'}}}}
  Broken:
    Type: AWS::IAM::Policy
    Properties: {PolicyName: broken, Roles: [!Ref Web], PolicyDocument: '{"Statement": ['}
  Node: {Type: 'AWS::AppMesh::VirtualNode', Properties: {MeshName: shop, VirtualNodeName: web, Spec: {}}}
"""


def one(text, name="app.yaml"):
    return read([SourceFile(name, text.encode())], Options())


def test_a_role_has_all_that_is_attached_to_it():
    found = one(ROLES)
    web = found.roles[0]
    assert (web.key, web.name, web.path) == ("Web", value("web"), "/mesh/")
    assert web.arn.text == "arn:{partition}:iam::{account}:role/mesh/web"
    assert web.boundary.text == "arn:{partition}:iam::{account}:policy/limit"
    assert web.trust["Statement"][0]["Principal"] == {"Service": "ecs-tasks.amazonaws.com"}
    assert [policy.name for policy in web.policies] == [
        "stream", "arn:aws:iam::aws:policy/AWSAppMeshEnvoyAccess", "shared", "attached", "single", "broken",
    ]  # fmt: skip
    stream, managed, shared, _, single, _ = web.policies
    assert stream.document["Statement"][0]["Resource"] == "arn:{partition}:appmesh:{region}:{account}:mesh/shop/virtualNode/web*"
    assert (managed.document, managed.managed.text) == (None, "arn:aws:iam::aws:policy/AWSAppMeshEnvoyAccess")
    assert shared.document["Statement"][0]["Action"] == "s3:*"
    assert shared.managed.text == "arn:{partition}:iam::{account}:policy/shared"
    assert single.document == {"Statement": {"Effect": "Allow", "Action": "a:b", "Resource": "*"}}


def test_policies_of_a_role_elsewhere_are_a_role_of_that_name():
    node_role = one(ROLES).roles[1]
    assert (node_role.key, node_role.name.text) == ("{NodeRole}", "{NodeRole}")
    assert [policy.name for policy in node_role.policies] == ["attached"]


def test_a_policy_that_cannot_be_read_is_told():
    (miss,) = one(ROLES).misses
    assert (miss.what, miss.why, miss.origin.name) == ("policy broken", "not a policy document", "Broken")


def test_a_policy_that_no_role_has_is_told():
    document = "PolicyDocument: {Statement: []}"
    text = f"Resources:\n  Used: {{Type: 'AWS::IAM::ManagedPolicy', Properties: {{{document}}}}}\n"
    text += f"  Loose: {{Type: 'AWS::IAM::ManagedPolicy', Properties: {{{document}}}}}\n"
    text += f"  People: {{Type: 'AWS::IAM::Policy', Properties: {{PolicyName: p, Groups: [g], {document}}}}}\n"
    text += "  R: {Type: 'AWS::IAM::Role', Properties: {AssumeRolePolicyDocument: {}, ManagedPolicyArns: [!Ref Used]}}\n"
    assert [(miss.what, miss.why) for miss in one(text).misses] == [
        ("AWS::IAM::ManagedPolicy Loose", "no role here has it: who does is not known"),
        ("AWS::IAM::Policy People", "no role here has it: who does is not known"),
    ]


TASKS = """
Parameters: {Role: {Type: String}}
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      Family: web
      TaskRoleArn: !GetAtt Own.Arn
      ExecutionRoleArn: !Ref Role
      ContainerDefinitions:
        - Name: app
          Image: !Sub '${AWS::AccountId}.dkr.ecr.${AWS::Region}.amazonaws.com/web:${AWS::StackName}'
          RepositoryCredentials: {CredentialsParameter: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:pull-abcdef'}
          Secrets:
            - {Name: A, ValueFrom: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-abcdef:password::'}
            - {Name: B, ValueFrom: /web/key}
            - {Name: C, ValueFrom: !Ref Secret}
          LogConfiguration: {LogDriver: awslogs, Options: {awslogs-group: !Ref Logs, awslogs-region: !Ref AWS::Region}}
        - Name: envoy
          Image: 840364872350.dkr.ecr.eu-west-1.amazonaws.com/aws-appmesh-envoy@sha256:0123
          Environment:
            - {Name: APPMESH_VIRTUAL_NODE_NAME, Value: mesh/old/virtualNode/old}
            - {Name: APPMESH_RESOURCE_ARN, Value: !Join ['/', [mesh/shop, virtualNode, web]]}
  Own: {Type: 'AWS::IAM::Role', Properties: {AssumeRolePolicyDocument: {}}}
  Secret: {Type: 'AWS::SecretsManager::Secret', Properties: {Name: web/token}}
  Logs: {Type: 'AWS::Logs::LogGroup', Properties: {LogGroupName: /ecs/web}}
  Cluster: {Type: 'AWS::ECS::Cluster', Properties: {ClusterName: main}}
  Service: {Type: 'AWS::ECS::Service', Properties: {Cluster: !GetAtt Cluster.Arn, ServiceName: web-svc, TaskDefinition: !Ref Task}}
  Again: {Type: 'AWS::ECS::Service', Properties: {Cluster: other, TaskDefinition: !Ref Task}}
  Lonely: {Type: 'AWS::ECS::TaskDefinition', Properties: {ContainerDefinitions: [{Name: app, Image: 'localhost:5000/app'}]}}
"""


def test_a_task_says_its_roles_node_images_secrets_and_logs():
    found = one(TASKS)
    task, lonely = found.tasks
    (own,) = found.roles
    assert (task.family, task.service, task.cluster) == (value("web"), value("web-svc"), value("main"))
    assert task.task_role == own.arn
    assert task.task_role.text == "arn:{partition}:iam::{account}:role/{Own}"
    assert task.execution_role.text == "{Role}"
    assert task.resource.text == "mesh/shop/virtualNode/web"
    assert [str(image) for image in task.images] == [
        "{account}.dkr.ecr.{region}.amazonaws.com/web",
        "840364872350.dkr.ecr.eu-west-1.amazonaws.com/aws-appmesh-envoy",
    ]
    assert [str(secret) for secret in task.secrets] == [
        "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-abcdef",
        "arn:{partition}:ssm:{region}:{account}:parameter/web/key",
        "arn:{partition}:secretsmanager:{region}:{account}:secret:web/token-??????",
        "arn:aws:secretsmanager:eu-west-1:111122223333:secret:pull-abcdef",
    ]
    assert task.log_groups == (value("/ecs/web"),)
    assert (lonely.family.text, lonely.service, [str(image) for image in lonely.images]) == (
        "{Lonely}",
        None,
        ["localhost:5000/app"],
    )


def test_a_second_service_of_one_task_definition_is_told():
    assert [(miss.what, miss.why) for miss in one(TASKS).misses] == [
        ("service Again", "its task definition Task is taken as that of Service")
    ]


RUNNING = """
Parameters: {Profile: {Type: String}}
Resources:
  Role: {Type: 'AWS::IAM::Role', Properties: {RoleName: nodes, AssumeRolePolicyDocument: {}}}
  Instances: {Type: 'AWS::IAM::InstanceProfile', Properties: {Roles: [!Ref Role]}}
  Launch: {Type: 'AWS::EC2::LaunchTemplate', Properties: {LaunchTemplateData: {IamInstanceProfile: {Arn: !GetAtt Instances.Arn}}}}
  Old: {Type: 'AWS::AutoScaling::LaunchConfiguration', Properties: {IamInstanceProfile: !Ref Instances}}
  Stray: {Type: 'AWS::EC2::Instance', Properties: {IamInstanceProfile: !Ref Profile}}
  Group: {Type: 'AWS::EKS::Nodegroup', Properties: {NodeRole: !GetAtt Role.Arn}}
  Pods: {Type: 'AWS::EKS::PodIdentityAssociation', Properties: {ClusterName: main, Namespace: shop, ServiceAccount: web, RoleArn: !GetAtt Role.Arn}}
  Hook: {Type: 'AWS::Lambda::Function', Properties: {FunctionName: hook, Role: !GetAtt Role.Arn}}
  Sam:
    Type: AWS::Serverless::Function
    Properties: {Policies: [AmazonS3ReadOnlyAccess, {Statement: [{Effect: Allow, Action: 'a:b', Resource: '*'}]}, {S3ReadPolicy: {BucketName: b}}]}
"""


def test_who_runs_under_a_role_is_read():
    found = one(RUNNING)
    arn = "arn:{partition}:iam::{account}:role/nodes"
    assert [(str(item.name), str(item.role), item.used_by) for item in found.profiles] == [
        ("{Instances}", "nodes", "LaunchTemplate Launch, LaunchConfiguration Old"),
        ("None", arn, "Nodegroup Group"),
        ("{Profile}", "None", "Instance Stray"),
    ]
    (pods,) = found.service_accounts
    assert (str(pods.namespace), str(pods.name), str(pods.role), pods.is_pod_identity, str(pods.cluster)) == (
        "shop",
        "web",
        arn,
        True,
        "main",
    )
    assert [(str(item.name), str(item.role)) for item in found.functions] == [("hook", arn), ("{Sam}", "{SamRole}")]


def test_a_function_of_sam_brings_its_role():
    (role,) = [role for role in one(RUNNING).roles if role.key == "SamRole"]
    assert [policy.name for policy in role.policies] == [
        "AWSLambdaBasicExecutionRole",
        "AmazonS3ReadOnlyAccess",
        "policy 2",
        "S3ReadPolicy",
    ]
    assert role.policies[2].document == {"Statement": [{"Effect": "Allow", "Action": "a:b", "Resource": "*"}]}
