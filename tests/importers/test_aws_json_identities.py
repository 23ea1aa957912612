"""JSON of the AWS CLI for IAM, ECS, Lattice and what runs: put together from several calls."""

import json

import pytest

from meshrole.importers.aws_json import read
from meshrole.importers.base import Options, SourceFile

TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
ALLOW = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "appmesh:StreamAggregatedResources", "Resource": "*"}],
}
ROLE = {"Path": "/", "RoleName": "web", "Arn": "arn:aws:iam::111122223333:role/web", "AssumeRolePolicyDocument": TRUST}
ENVOY = "arn:aws:iam::111122223333:policy/envoy"


def of(**sources):
    files = [
        SourceFile(f"{name}.json", body.encode() if isinstance(body, str) else json.dumps(body).encode())
        for name, body in sources.items()
    ]
    return read(files, Options())


def test_a_role_is_put_together_from_several_calls():
    found = of(
        role={"Role": ROLE | {"PermissionsBoundary": {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": "arn:b"}}},
        inline={"RoleName": "web", "PolicyName": "stream", "PolicyDocument": ALLOW},
        attached_web={"AttachedPolicies": [{"PolicyName": "envoy", "PolicyArn": ENVOY}]},
        version_envoy={"PolicyVersion": {"Document": ALLOW, "VersionId": "v1", "IsDefaultVersion": True}},
    )
    (role,) = found.roles
    assert (role.key, role.arn.text, role.trust, role.boundary.text) == (
        "web",
        "arn:aws:iam::111122223333:role/web",
        TRUST,
        "arn:b",
    )
    assert [(policy.name, str(policy.managed), policy.document) for policy in role.policies] == [
        ("stream", "None", ALLOW),
        (ENVOY, ENVOY, ALLOW),
    ]
    assert found.misses == ()


def test_the_whole_account_in_one_call():
    detail = ROLE | {
        "RolePolicyList": [{"PolicyName": "stream", "PolicyDocument": ALLOW}],
        "AttachedManagedPolicies": [{"PolicyName": "envoy", "PolicyArn": ENVOY}],
        "InstanceProfileList": [{"InstanceProfileName": "web-profile", "Roles": [{"RoleName": "web"}]}],
    }
    versions = [{"Document": {"Statement": []}, "IsDefaultVersion": False}, {"Document": ALLOW, "IsDefaultVersion": True}]
    found = of(
        all={
            "UserDetailList": [],
            "RoleDetailList": [detail],
            "Policies": [{"PolicyName": "envoy", "Arn": ENVOY, "PolicyVersionList": versions}],
        }
    )
    (role,) = found.roles
    assert [(policy.name, policy.document) for policy in role.policies] == [("stream", ALLOW), (ENVOY, ALLOW)]
    assert [(str(profile.name), str(profile.role)) for profile in found.profiles] == [("web-profile", "web")]


@pytest.mark.parametrize("document", [json.dumps(ALLOW), "%7B%22Statement%22%3A%20%5B%5D%7D"])
def test_a_document_may_be_a_text(document):
    (role,) = of(a={"RoleName": "web", "PolicyName": "p", "PolicyDocument": document}).roles
    assert role.policies[0].document["Statement"] in (ALLOW["Statement"], [])


def test_inputs_of_calls_are_read_too():
    found = of(
        create={"RoleName": "web", "AssumeRolePolicyDocument": json.dumps(TRUST)},
        attach={"RoleName": "web", "PolicyArn": "arn:aws:iam::aws:policy/AWSAppMeshEnvoyAccess"},
        policy={"PolicyName": "envoy", "PolicyDocument": json.dumps(ALLOW)},
        attach2={"RoleName": "web", "PolicyArn": ENVOY},
    )
    (role,) = found.roles
    assert role.trust == TRUST
    assert [(policy.name, policy.document) for policy in role.policies] == [
        ("arn:aws:iam::aws:policy/AWSAppMeshEnvoyAccess", None),
        (ENVOY, ALLOW),
    ]


@pytest.mark.parametrize(
    "body", [ALLOW, {"AttachedPolicies": []}, {"PolicyVersion": {"Document": ALLOW}}, {"PolicyNames": ["a"]}]
)
def test_what_says_not_whose_it_is_is_told(body):
    found = of(something=body)
    assert found.is_empty
    assert [miss.why for miss in found.misses] == ["it does not say whose it is, and neither does the file's name"]


def test_variables_of_iam_are_no_placeholders():
    document = {"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::b/${aws:username}/$BUCKET"}]}
    (role,) = of(a={"RoleName": "web", "PolicyName": "p", "PolicyDocument": document}).roles
    assert role.policies[0].document["Statement"][0]["Resource"] == "arn:aws:s3:::b/${aws:username}/{BUCKET}"


CONTAINERS = [
    {"name": "app", "image": "<IMAGE1_NAME>"},
    {
        "name": "envoy",
        "image": "public.ecr.aws/appmesh/aws-appmesh-envoy:v1",
        "environment": [{"name": "APPMESH_RESOURCE_ARN", "value": "mesh/shop/virtualNode/web"}],
    },
]


def test_a_task_and_the_service_that_runs_it():
    found = of(
        task={
            "taskDefinition": {
                "family": "web",
                "revision": 3,
                "taskRoleArn": "arn:r",
                "executionRoleArn": "arn:e",
                "containerDefinitions": CONTAINERS,
            }
        },
        services={
            "services": [
                {
                    "serviceName": "web-svc",
                    "clusterArn": "arn:aws:ecs:eu-west-1:111122223333:cluster/main",
                    "taskDefinition": "arn:aws:ecs:eu-west-1:111122223333:task-definition/web:3",
                }
            ],
            "failures": [],
        },
    )
    (task,) = found.tasks
    assert (str(task.family), str(task.service), str(task.cluster)) == ("web", "web-svc", "main")
    assert (str(task.task_role), str(task.execution_role), str(task.resource)) == ("arn:r", "arn:e", "mesh/shop/virtualNode/web")
    assert [str(image) for image in task.images] == ["{IMAGE1_NAME}", "public.ecr.aws/appmesh/aws-appmesh-envoy"]


@pytest.mark.parametrize("body", [CONTAINERS, CONTAINERS[1], {"containerDefinitions": CONTAINERS, "taskRoleArn": "arn:r"}])
def test_containers_alone_are_a_task_whose_family_the_command_line_has(body):
    (task,) = of(web=body).tasks
    assert [piece.expression for piece in task.family.unknown] == ["--family"]
    assert str(task.resource) == "mesh/shop/virtualNode/web"


def test_service_connect_finds_the_namespace_by_its_arn():
    arn = "arn:aws:servicediscovery:eu-west-1:111122223333:namespace/ns-1"
    service = {
        "serviceName": "web",
        "clusterArn": "c/main",
        "taskDefinition": "web:1",
        "deployments": [
            {
                "serviceConnectConfiguration": {
                    "enabled": True,
                    "namespace": arn,
                    "services": [{"portName": "http", "clientAliases": [{"port": 80}]}],
                }
            }
        ],
    }
    found = of(services={"services": [service]}, spaces={"Namespaces": [{"Id": "ns-1", "Arn": arn, "Name": "shop.local"}]})
    assert [(str(mesh.name), mesh.engine) for mesh in found.meshes] == [("shop.local", "ecs-service-connect")]
    assert [(str(each.mesh), str(each.name), str(each.node)) for each in found.services] == [("shop.local", "http", "web")]


SERVICE = "arn:aws:vpc-lattice:eu-west-1:111122223333:service/svc-0123456789abcdef0"
NETWORK = "arn:aws:vpc-lattice:eu-west-1:111122223333:servicenetwork/sn-0123456789abcdef0"
POLICY = {
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::111122223333:role/web"},
            "Action": "vpc-lattice-svcs:Invoke",
            "Resource": f"{SERVICE}/*",
        }
    ]
}


def test_lattice_is_put_together_from_its_calls():
    found = of(
        networks={"items": [{"arn": NETWORK, "id": "sn-0123456789abcdef0", "name": "shop", "numberOfAssociatedServices": 1}]},
        service={"arn": SERVICE, "authType": "AWS_IAM", "id": "svc-0123456789abcdef0", "name": "cart", "status": "ACTIVE"},
        listed={"items": [{"arn": SERVICE, "id": "svc-0123456789abcdef0", "name": "cart"}]},
        joined={
            "items": [
                {
                    "arn": "arn:aws:vpc-lattice:eu-west-1:1:servicenetworkserviceassociation/snsa-0",
                    "serviceArn": SERVICE,
                    "serviceName": "cart",
                    "serviceNetworkArn": NETWORK,
                    "serviceNetworkName": "shop",
                }
            ]
        },
        policy={"policy": json.dumps(POLICY), "state": "Active"},
    )
    (mesh,), (service,), (edge,) = found.meshes, found.services, found.edges
    assert (str(mesh.name), mesh.engine, mesh.id, mesh.account, mesh.region) == (
        "shop",
        "vpc-lattice",
        "sn-0123456789abcdef0",
        "111122223333",
        "eu-west-1",
    )
    assert (str(service.mesh), str(service.name), service.id) == ("shop", "cart", "svc-0123456789abcdef0")
    assert (str(edge.mesh), str(edge.caller), str(edge.callee), edge.paths) == (
        "shop",
        "arn:aws:iam::111122223333:role/web",
        "cart",
        (),
    )
    assert found.misses == ()


def test_a_policy_of_a_network_or_of_nobody_is_told():
    found = of(
        net={"resourceIdentifier": "sn-0123456789abcdef0", "policy": json.dumps(POLICY)},
        none={"policy": '{"Statement": []}', "state": "Active"},
    )
    assert found.edges == ()
    assert [miss.why for miss in found.misses] == [
        "it is of the whole network: it says who may enter, not whom they call",
        "it does not say of which service it is",
    ]


def test_pods_functions_and_nodes_are_read():
    found = of(
        pods={
            "association": {
                "clusterName": "main",
                "namespace": "shop",
                "serviceAccount": "web",
                "roleArn": "arn:r",
                "associationId": "a-1",
            }
        },
        group={"nodegroup": {"nodegroupName": "workers", "nodeRole": "arn:n"}},
        functions={"Functions": [{"FunctionName": "hook", "Role": "arn:f"}]},
        launch={
            "LaunchTemplateVersions": [{"LaunchTemplateName": "t", "LaunchTemplateData": {"IamInstanceProfile": {"Name": "p"}}}]
        },
        instances={"Reservations": [{"Instances": [{"InstanceId": "i-1", "IamInstanceProfile": {"Arn": "arn:p"}}]}]},
    )
    (pods,) = found.service_accounts
    assert (str(pods.namespace), str(pods.name), str(pods.role), pods.is_pod_identity) == ("shop", "web", "arn:r", True)
    assert [(str(each.name), str(each.role)) for each in found.functions] == [("hook", "arn:f")]
    assert [(str(each.name), str(each.role), each.used_by) for each in found.profiles] == [
        ("None", "arn:n", "Nodegroup workers"), ("p", "None", "t"), ("arn:p", "None", "i-1"),
    ]  # fmt: skip
    assert found.misses == ()
