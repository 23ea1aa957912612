"""AWS itself, as far as moto is it: what is made there is read; what it refuses is said, and the rest is read all the same."""

import json
import urllib.request

import pytest

import cloud
from meshrole.errors import InputError
from meshrole.importers import aws_live
from meshrole.importers.aws_live import SessionOptions
from meshrole.importers.base import Options, SourceFile

ACCOUNT = "111122223333"
TASK = f"arn:aws:iam::{ACCOUNT}:role/task"
INVOKE = {"Effect": "Allow", "Principal": {"AWS": TASK}, "Action": "vpc-lattice-svcs:Invoke", "Resource": "*"}


def document(*statements: dict) -> str:
    """A policy's text."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def trust(service: str) -> str:
    """The text of a trust policy."""
    return document({"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"})


def make_mesh(address: str) -> None:
    """Sixty nodes (more than a page), a router with a route, a gateway with one."""
    mesh = cloud.client("appmesh", address)
    mesh.create_mesh(meshName="shop")
    listeners = [{"portMapping": {"port": 80, "protocol": "http"}}]
    for number in range(60):
        backends = [{"virtualService": {"virtualServiceName": f"s{number + 1}.local"}}]
        spec = {"listeners": listeners, "backends": backends, "serviceDiscovery": {"dns": {"hostname": "n.local"}}}
        mesh.create_virtual_node(meshName="shop", virtualNodeName=f"n{number}", spec=spec)
    mesh.create_virtual_router(meshName="shop", virtualRouterName="r", spec={"listeners": listeners})
    action = {"weightedTargets": [{"virtualNode": "n0", "weight": 7}]}
    route = {"httpRoute": {"match": {"prefix": "/"}, "action": action}}
    mesh.create_route(meshName="shop", virtualRouterName="r", routeName="all", spec=route)


def make_workloads(address: str) -> None:
    """A service with its task and role, a role that nothing runs under, and one of Lambda."""
    iam, ecs = cloud.client("iam", address), cloud.client("ecs", address)
    iam.create_role(RoleName="task", AssumeRolePolicyDocument=trust("ecs-tasks.amazonaws.com"))
    iam.create_role(RoleName="unused", AssumeRolePolicyDocument=trust("ecs-tasks.amazonaws.com"))
    iam.create_role(RoleName="lambda", AssumeRolePolicyDocument=trust("lambda.amazonaws.com"))
    own = document({"Effect": "Allow", "Action": "s3:*", "Resource": "*"})
    arn = iam.create_policy(PolicyName="own", PolicyDocument=own)["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="task", PolicyArn=arn)
    iam.attach_role_policy(RoleName="task", PolicyArn="arn:aws:iam::aws:policy/AWSAppMeshEnvoyAccess")
    iam.put_role_policy(RoleName="task", PolicyName="inline", PolicyDocument=own)
    ecs.create_cluster(clusterName="prod")
    envoy = {
        "name": "envoy",
        "image": "x/envoy:1",
        "memory": 64,
        "environment": [{"name": "APPMESH_RESOURCE_ARN", "value": "mesh/shop/virtualNode/n0"}],
    }
    ecs.register_task_definition(family="front", taskRoleArn=TASK, containerDefinitions=[envoy])
    ecs.register_task_definition(family="nobody", taskRoleArn=TASK, containerDefinitions=[envoy])
    ecs.create_service(cluster="prod", serviceName="front-service", taskDefinition="front", desiredCount=1)


def make_lattice(address: str) -> None:
    """A network with a service that one role may call."""
    lattice = cloud.client("vpc-lattice", address)
    network = lattice.create_service_network(name="net", authType="AWS_IAM")
    service = lattice.create_service(name="pay")
    joined = {"serviceIdentifier": service["id"], "serviceNetworkIdentifier": network["id"]}
    lattice.create_service_network_service_association(**joined)
    lattice.put_auth_policy(resourceIdentifier=service["arn"], policy=document(INVOKE))


@pytest.fixture(scope="module")
def address():
    with cloud.moto(ACCOUNT) as found:
        make_mesh(found)
        make_workloads(found)
        make_lattice(found)
        yield found


@pytest.fixture(autouse=True)
def keys(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def found(address):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "test")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        return aws_live.read_account(SessionOptions("us-east-1", endpoint=address, attempts=1))


def test_meshes_with_all_their_pages(found):
    meshes = {(str(each.name), each.engine, each.account, each.region) for each in found.meshes}
    assert meshes == {("shop", "app-mesh", ACCOUNT, "us-east-1"), ("net", "vpc-lattice", ACCOUNT, "us-east-1")}
    assert {str(each.name): [str(name) for name in each.backends] for each in found.nodes} == {
        f"n{number}": [f"s{number + 1}.local"] for number in range(60)
    }
    assert [(str(each.router), str(each.name), each.targets[0][1]) for each in found.routes] == [("r", "all", "7")]


def test_tasks_in_use_and_their_roles(found):
    (task,) = found.tasks
    assert (str(task.family), str(task.service), str(task.cluster)) == ("front", "front-service", "prod")
    assert (str(task.resource), str(task.task_role)) == ("mesh/shop/virtualNode/n0", TASK)
    roles = {str(each.name): each for each in found.roles}
    assert set(roles) == {"task", "unused"}
    assert roles["task"].trust == json.loads(trust("ecs-tasks.amazonaws.com"))
    policies = {str(each.managed or each.name): each.document["Statement"][0]["Action"] for each in roles["task"].policies}
    assert policies == {
        "inline": "s3:*",
        f"arn:aws:iam::{ACCOUNT}:policy/own": "s3:*",
        "arn:aws:iam::aws:policy/AWSAppMeshEnvoyAccess": ["appmesh:StreamAggregatedResources"],
    }


def test_lattice(found):
    assert [(str(each.mesh), str(each.name)) for each in found.services] == [("net", "pay")]
    assert [(str(each.caller), str(each.callee)) for each in found.edges] == [(TASK, "pay")]


def test_origins_are_the_calls(found):
    assert str(found.meshes[0].origin) == "aws appmesh describe-mesh --region us-east-1 shop"
    assert {policy.origin.line for role in found.roles for policy in role.policies} == {0}


def test_what_is_refused_is_a_miss_that_names_the_action(found):
    """moto has no virtual services: https://docs.getmoto.org/en/latest/docs/services/appmesh.html"""
    assert [(miss.what, miss.why.split(":")[0]) for miss in found.misses] == [("appmesh:ListVirtualServices", "not answered")]


def test_a_denial_is_a_miss_and_the_rest_is_read():
    with cloud.moto(ACCOUNT) as address:
        make_workloads(address)
        iam = cloud.client("iam", address)
        iam.create_user(UserName="reader")
        key = iam.create_access_key(UserName="reader")["AccessKey"]
        allowed = document({"Effect": "Allow", "Action": ["ecs:*", "sts:*"], "Resource": "*"})
        iam.put_user_policy(UserName="reader", PolicyName="p", PolicyDocument=allowed)
        # https://docs.getmoto.org/en/latest/docs/iam.html
        plain = {"Content-Type": "text/plain"}
        request = urllib.request.Request(f"{address}/moto-api/reset-auth", b"0", plain, method="POST")
        urllib.request.urlopen(request, timeout=10).close()
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("AWS_ACCESS_KEY_ID", key["AccessKeyId"])
            patch.setenv("AWS_SECRET_ACCESS_KEY", key["SecretAccessKey"])
            found = aws_live.read_account(SessionOptions("us-east-1", endpoint=address, attempts=1))
    assert [str(each.family) for each in found.tasks] == ["front"]
    assert {miss.what for miss in found.misses} >= {"iam:ListRoles", "iam:GetRole", "appmesh:ListMeshes"}
    assert {miss.why.split(":")[0] for miss in found.misses if miss.what.startswith("iam:")} == {"denied"}


@pytest.mark.parametrize(
    ("profile", "region", "names", "message"),
    [
        (None, None, {}, "no region is given"),
        ("nobody", "us-east-1", {}, "The config profile (nobody) could not be found"),
        (None, "us-east-1", {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}, "credentials"),
    ],
    ids=["region", "profile", "credentials"],
)
def test_what_cannot_be_asked_at_all(monkeypatch, tmp_path, profile, region, names, message):
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    for name in names:
        monkeypatch.delenv(name)
    with pytest.raises(InputError, match="AWS cannot be asked") as raised:
        aws_live.read_account(SessionOptions(region, profile, "http://127.0.0.1:9", attempts=1))
    assert message in str(raised.value)
    assert "AWS_PROFILE" in str(raised.value)


def test_without_boto3(monkeypatch):
    monkeypatch.setattr(aws_live, "boto3", None)
    with pytest.raises(InputError, match="boto3 is not installed"):
        aws_live.read_account(SessionOptions("us-east-1"))


def test_places_as_they_are_written(monkeypatch):
    asked = []
    monkeypatch.setattr(aws_live, "read_account", lambda options: asked.append(options) or aws_live.Found())
    aws_live.read([SourceFile(name, b"") for name in ("eu-west-1", "prod@eu-west-1", ".", "prod")], Options())
    assert [(each.profile, each.region) for each in asked] == [
        (None, "eu-west-1"),
        ("prod", "eu-west-1"),
        (None, None),
        ("prod", None),
    ]
