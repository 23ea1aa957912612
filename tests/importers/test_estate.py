"""Where workloads run, what their roles allow today, and what is wrong with an estate."""

from dataclasses import replace

import pytest
from inventories import inventory, made, node, service

from meshrole.importers.found import Found, Gateway, Mesh, Tls
from meshrole.importers.origin import Origin
from meshrole.importers.running import Pods, Policy, Profile, Role, ServiceAccount, Task
from meshrole.importers.settings import Given
from meshrole.importers.values import unknown, value

APP = Origin("app.yaml", 7, "TaskRole")
STREAM = "appmesh:StreamAggregatedResources"
MANAGED = "arn:aws:iam::aws:policy/"


def document(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(actions, resources, **more):
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **more}


def role(*statements, key="TaskRole", managed=(), **more):
    policies = [Policy("inline", APP, document(*statements))] if statements else []
    policies += [Policy(name, APP, managed=value(MANAGED + name)) for name in managed]
    return Role(key, None, APP, policies=tuple(policies), **more)


def task(name, kind="virtualNode", role="TaskRole", **more):
    return Task(value(f"{name}-task"), Origin("app.yaml", 20, name), value(role) if role else None,
                resource=value(f"mesh/shop/{kind}/{name}"), **more)  # fmt: skip


def entry(found, name="cart", **more):
    (mesh,) = inventory(found, **more)["meshes"].values()
    return mesh["services"][name]


def cart_with(*statements, managed=(), **more):
    return Found(nodes=(node("cart", **more),), tasks=(task("cart"),), roles=(role(*statements, managed=managed),))


def findings(found):
    return [(item.kind, item.subject, item.message) for item in made(found)[1].findings]


# What a role allows today.


def test_named_actions_on_named_resources_come_along():
    table = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders"
    found = cart_with(allow(["dynamodb:GetItem", "dynamodb:PutItem"], table))
    assert entry(found)["permissions"] == [{"actions": ["dynamodb:GetItem", "dynamodb:PutItem"], "resources": [table]}]


def test_conditions_come_along_and_truths_become_texts():
    condition = {"Bool": {"aws:SecureTransport": True}, "StringEquals": {"aws:ResourceTag/team": ["a", "b"]}}
    found = cart_with(allow("s3:GetObject", "arn:aws:s3:::shop/*", Condition=condition))
    (permission,) = entry(found)["permissions"]
    assert permission["conditions"] == {
        "Bool": {"aws:SecureTransport": "true"},
        "StringEquals": {"aws:ResourceTag/team": ["a", "b"]},
    }


def test_a_statement_is_taken_apart_never_widened():
    found = cart_with(
        allow(
            ["s3:GetObject", "s3:ListBucket", "s3:Put*", "ec2:DescribeInstances"],
            ["arn:aws:s3:::shop", "arn:aws:s3:::shop/*", "*"],
        )
    )
    text, report = made(found)
    assert entry(found)["permissions"] == [
        {"actions": ["s3:GetObject"], "resources": ["arn:aws:s3:::shop/*"]},
        {"actions": ["s3:ListBucket"], "resources": ["arn:aws:s3:::shop"]},
        {"actions": ["ec2:DescribeInstances"], "resources": ["*"]},
    ]
    assert [said for _, said in report.unsaid] == [
        "s3:GetObject on arn:aws:s3:::shop, *",
        "s3:ListBucket on arn:aws:s3:::shop/*, *",
        "s3:Put* on arn:aws:s3:::shop, arn:aws:s3:::shop/*, *",
        "ec2:DescribeInstances on arn:aws:s3:::shop, arn:aws:s3:::shop/*",
    ]
    assert "# not said here: s3:Put* on arn:aws:s3:::shop, arn:aws:s3:::shop/*, *" in text


def test_words_of_policies_are_asked_for_where_they_are():
    found = cart_with(allow("s3:GetObject", ["arn:{partition}:s3:::{Bucket}/*", "arn:aws:s3:::x/${aws:username}/*"]))
    written = inventory(found)
    assert written["placeholders"] == {"Bucket": {"expression": "{Bucket} in policy inline", "at": "app.yaml:7", "value": None}}
    assert entry(found)["permissions"][0]["resources"] == ["arn:{partition}:s3:::{Bucket}/*", "arn:aws:s3:::x/${aws:username}/*"]


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (allow("s3:*", "arn:aws:s3:::shop"), "s3:* on arn:aws:s3:::shop"),
        (allow("*", "*"), "* on *"),
        (allow("s3:NoSuchThing", "*"), "s3:NoSuchThing on *"),
        (allow("sqs:SendMessage", "not-an-arn"), "sqs:SendMessage on not-an-arn"),
        ({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, "Allow; NotAction iam:*; Resource *"),
        ({"Effect": "Allow", "Action": "s3:GetObject", "NotResource": "a"}, "Allow; Action s3:GetObject; NotResource a"),
        ({"Effect": "Deny", "NotAction": "s3:*", "Resource": "*"}, "a Deny: Deny; NotAction s3:*; Resource *"),
    ],
)
def test_what_cannot_be_said_exactly_is_told(statement, said):
    text, report = made(cart_with(statement))
    assert [item for _, item in report.unsaid] == [said]
    assert "permissions" not in entry(cart_with(statement))
    assert f"# not said here: {said}" in text


def test_a_deny_stays_since_without_it_more_is_allowed():
    deny = {"Effect": "Deny", "Action": "s3:Delete*", "Resource": "*", "Sid": "No Delete!"}
    assert entry(cart_with(deny, {**deny, "Sid": None}))["statements"] == [
        {"Sid": "NoDelete", "Effect": "Deny", "Action": ["s3:Delete*"], "Resource": ["*"]},
        {"Sid": "Deny1", "Effect": "Deny", "Action": ["s3:Delete*"], "Resource": ["*"]},
    ]


def test_envoys_grant_is_left_to_the_generator_and_certificates_are_where_there_is_tls():
    export = allow("acm:ExportCertificate", "*")
    certificate = value("arn:aws:acm:eu-west-1:111122223333:certificate/1")
    with_tls = cart_with(allow([STREAM], "*"), export, tls=Tls(certificate=certificate))
    assert made(with_tls)[1].unsaid == ()
    assert [item for _, item in made(cart_with(export))[1].unsaid] == ["acm:ExportCertificate on *"]


XRAY = ["PutTraceSegments", "PutTelemetryRecords", "GetSamplingRules", "GetSamplingTargets", "GetSamplingStatisticSummaries"]


def test_telemetry_has_words_of_its_own():
    all_of_xray = allow([f"xray:{name}" for name in XRAY], "*")
    metrics = allow("cloudwatch:PutMetricData", "*", Condition={"StringEquals": {"cloudwatch:namespace": "shop/cart"}})
    assert entry(cart_with(all_of_xray, metrics))["telemetry"] == {"xray": True, "metrics_namespace": "shop/cart"}
    assert entry(cart_with(managed=("AWSXRayDaemonWriteAccess",)))["telemetry"] == {"xray": True}
    part = entry(cart_with(allow([f"xray:{name}" for name in XRAY[:2]], "*")))
    assert part["permissions"] == [{"actions": ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "resources": ["*"]}]
    assert "telemetry" not in part


# Where a workload runs.


def test_a_task_says_what_its_execution_role_needs():
    images = (
        value("111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/cart:1"),
        value(
            unknown("!Ref AWS::AccountId", "account"),
            ".dkr.ecr.",
            unknown("!Ref AWS::Region", "region"),
            ".amazonaws.com/b@sha256:0",
        ),
        value("840364872350.dkr.ecr.eu-west-1.amazonaws.com/aws-appmesh-envoy:v1.15"),
        value("public.ecr.aws/xray/aws-xray-daemon"),
        unknown("!Ref Image", "Image"),
    )
    secrets = (
        value("arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf:password::"),
        value("/shop/key"),
        value("arn:aws:kms:eu-west-1:111122223333:key/1"),
    )
    found = Found(
        nodes=(node("cart"),),
        tasks=(task("cart", images=images, secrets=secrets, log_groups=(value("/ecs/shop"), value("more"))),),
    )
    assert entry(found)["runs_on"] == {
        "platform": "ecs",
        "images": [
            "arn:{partition}:ecr:eu-west-1:111122223333:repository/shop/cart",
            "arn:{partition}:ecr:{region}:{account}:repository/b",
        ],
        "secrets": [
            "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf",
            "arn:{partition}:ssm:{region}:{account}:parameter/shop/key",
        ],
        "log_group": "/ecs/shop",
    }
    text = made(found)[0]
    for note in (
        "image {Image}: if that is in ECR",
        "secret arn:aws:kms:",
        "also writes to the log group more",
        "runs in cart-task",
    ):
        assert note in text


def test_a_task_of_another_name_or_mesh_is_nobodys():
    other = Task(value("cart"), APP, value("TaskRole"), resource=value("mesh/bank/virtualNode/cart"))
    near = Task(value("cart"), APP, value("TaskRole"))
    text, report = made(Found(nodes=(node("cart"),), tasks=(other, near)))
    assert "cart: no source says where it runs: ECS" in report.assumed
    assert "# assumed: no source says where it runs: ECS" in text


def pods(name, account=None, *nodes, gateways=()):
    texts = [tuple(map(value, names)) for names in (nodes, gateways)]
    return Pods(value("shop"), value(name), Origin("k8s.yaml", 4, name), (), value(account) if account else None, *texts)


def test_pods_say_the_service_account_and_a_shared_one_is_taken_apart():
    own = ServiceAccount(value("shop"), value("cart"), APP, value("arn:aws:iam::111122223333:role/cart"))
    trust = {
        "Statement": [
            {"Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/AB"}}
        ]
    }
    cart_role = Role("CartRole", value("cart"), APP, trust=trust)
    found = Found(
        nodes=(node("cart"), node("a"), node("b"), node("c")),
        service_accounts=(own,),
        roles=(cart_role,),
        pods=(pods("cart", "cart", "cart"), pods("a", "shared", "a"), pods("b", "shared", "b"), pods("c", None, "c")),
    )
    written = inventory(found)
    entries = written["meshes"]["shop"]["services"]
    eks = {"platform": "eks-pod-identity", "cluster": "main", "namespace": "shop"}
    assert entries["cart"]["runs_on"] == {**eks, "platform": "eks-irsa", "service_account": "cart"}
    assert [entries[name]["runs_on"] for name in "abc"] == [{**eks, "service_account": name} for name in "abc"]
    assert written["environments"]["main"]["clusters"] == {"main": {"oidc_issuer": "oidc.eks.eu-west-1.amazonaws.com/id/AB"}}
    text = made(found)[0]
    assert "# today its pods run as service account shared, as 1 other workload; it gets one of its own" in text
    assert "# today its pods run as service account default; it gets one of its own" in text


def test_new_service_accounts_are_nobodys_yet():
    """Two meshes with pods of one name; and pods called like the service account that others have."""
    found = Found(
        nodes=(node("a"), node("a", mesh="bank"), node("b"), node("c")),
        pods=(pods("a", None, "a"), pods("cart", "default", "b"), pods("other", "cart", "c")),
    )
    meshes = inventory(found)["meshes"]
    accounts = {
        (mesh, name): entry["runs_on"]["service_account"]
        for mesh, written in meshes.items()
        for name, entry in written["services"].items()
    }
    assert accounts == {("shop", "a"): "a", ("bank", "a"): "a-2", ("shop", "b"): "cart-2", ("shop", "c"): "cart"}


def test_an_issuer_that_no_source_has_is_asked_for():
    own = ServiceAccount(value("shop"), value("cart"), APP, value("arn:aws:iam::111122223333:role/cart"))
    written = inventory(Found(nodes=(node("cart"),), service_accounts=(own,), pods=(pods("cart", "cart", "cart"),)))
    assert written["environments"]["main"]["clusters"] == {"main": {"oidc_issuer": "{oidc_issuer}"}}
    assert list(written["placeholders"]) == ["oidc_issuer"]


def test_clusters_have_their_own_names():
    account = ServiceAccount(value("shop"), value("cart"), APP, is_pod_identity=True, cluster=value("Core_1"))
    found = Found(nodes=(node("cart"),), service_accounts=(account,), pods=(pods("cart", "cart", "cart"),))
    assert inventory(found)["environments"]["main"]["clusters"] == {"core-1": {"name": "Core_1"}}
    other = Found(nodes=(node("a", discovery={"type": "dns", "hostname": "a.shop.svc.cluster.local"}),))
    given = inventory(other, given=Given(cluster="prod"))
    assert given["environments"]["main"]["clusters"] == {"main": {"name": "prod"}}
    assert entry(other, "a")["runs_on"] == {
        "platform": "eks-pod-identity", "cluster": "main", "namespace": "shop", "service_account": "a"
    }  # fmt: skip


def test_instances_whose_role_is_an_envoys_are_taken_for_the_place_of_nodes():
    profile = Profile(value("instances"), value("Envoys"), Origin("ec2.yaml", 5))
    found = Found(nodes=(node("cart"),), profiles=(profile,), roles=(role(allow(STREAM, "*"), key="Envoys"),))
    assert entry(found)["runs_on"] == {"platform": "ec2"}
    of_cluster = Found(nodes=found.nodes, roles=found.roles, profiles=(Profile(None, value("Envoys"), APP, "node group"),))
    assert entry(of_cluster)["runs_on"] == {"platform": "ecs"}


def test_the_environment_is_where_the_sources_say_unless_the_user_does():
    mesh = Mesh(value("shop"), APP, account="111122223333", region="eu-west-1")
    found = Found(meshes=(mesh,), nodes=(node("cart"),))
    written = inventory(found)
    assert (written["accounts"], written["environments"]) == (
        {"main": "111122223333"}, {"main": {"account": "main", "region": "eu-west-1"}}
    )  # fmt: skip
    given = Given("acme", "444455556666", "us-west-2", "prod")
    written, report = inventory(found, given=given), made(found, given)[1]
    assert written["organization"] == {"name": "acme"}
    assert written["environments"] == {"prod": {"account": "main", "region": "us-west-2"}}
    assert [item for item in report.assumed if "cart" not in item] == []


def test_a_shared_mesh_has_its_owner():
    mesh = Mesh(value("shop"), APP, owner=value("444455556666"), account="111122223333")
    written = inventory(Found(meshes=(mesh,), nodes=(node("cart"),)))
    assert written["meshes"]["shop"]["owner"] == "shop-owner"
    assert written["accounts"] == {"main": "111122223333", "shop-owner": "444455556666"}


def test_an_owner_that_is_not_known_is_an_account_to_be_given_and_one_that_is_none_is_left_out():
    mesh = Mesh(value("shop"), APP, owner=unknown("!Ref Owner", "Owner"), account="111122223333")
    text = made(Found(meshes=(mesh,), nodes=(node("cart"),)))[0]
    assert "# its owner is {Owner}" in text
    assert 'shop-owner: "000000000000"' in text
    odd = Mesh(value("shop"), APP, owner=value("somebody"), account="111122223333")
    written = inventory(Found(meshes=(odd,), nodes=(node("cart"),)))
    assert written["accounts"] == {"main": "111122223333"}
    assert "owner" not in written["meshes"]["shop"]


# What is wrong.

BOTH = (node("cart"), node("stock"))


def test_one_role_for_all():
    found = Found(nodes=BOTH, tasks=(task("cart"), task("stock")), roles=(role(allow("sqs:ListQueues", "*")),))
    assert findings(found) == [("shared-role", "TaskRole", "2 workloads: cart, stock")]
    text = made(found)[0]
    assert "# today its role is TaskRole, with stock" in text
    assert "# the permissions below are the shared role's: take away what this workload does not need" in text


def test_a_role_of_its_own_is_no_finding():
    roles = tuple(role(allow(STREAM, f"arn:aws:appmesh:eu-west-1:111122223333:mesh/shop/virtualNode/{name}"), key=name)
                  for name in ("cart", "stock"))  # fmt: skip
    found = Found(nodes=BOTH, tasks=(task("cart", role="cart"), task("stock", role="stock")), roles=roles)
    assert findings(found) == []


def test_a_role_that_is_only_named_is_shared_too():
    arn = "arn:aws:iam::111122223333:role/all"
    found = Found(nodes=BOTH, tasks=(task("cart", role=arn), task("stock", role=arn)))
    assert findings(found) == [("shared-role", arn, "2 workloads: cart, stock")]


def test_tasks_whose_nodes_are_in_no_source_share_too():
    found = Found(nodes=(node("cart"),), tasks=(task("cart"), task("stock")), roles=(role(),))
    assert findings(found) == [("shared-role", "TaskRole", "2 workloads: cart, stock-task")]


NODES = "arn:aws:appmesh:eu-west-1:111122223333:mesh/shop"


@pytest.mark.parametrize(
    ("statements", "managed", "expected"),
    [
        ([allow(STREAM, "*")], (), ("wide-grant", f"{STREAM} on *")),
        ([allow("appmesh:*", f"{NODES}/*")], (), ("wide-grant", f"{STREAM} on {NODES}/*")),
        ([], ("AWSAppMeshEnvoyAccess",), ("wide-grant", f"{STREAM} on *")),
        ([allow(STREAM, NODES)], (), ("broken-grant", f"{NODES} is a mesh, and no node of it")),
        (
            [allow(STREAM, f"{NODES}/virtualNode/crat")],
            (),
            ("broken-grant", f"{NODES}/virtualNode/crat: no source has that virtualNode"),
        ),
        (
            [allow(STREAM, f"{NODES}/virtualGateway/cart")],
            (),
            ("broken-grant", f"{NODES}/virtualGateway/cart: no source has that virtualGateway"),
        ),
        ([], ("CloudWatchFullAccess",), ("broad-policy", "CloudWatchFullAccess")),
        ([], ("AdministratorAccess", "AmazonS3ReadOnlyAccess"), ("broad-policy", "AdministratorAccess")),
    ],
)
def test_grants(statements, managed, expected):
    found = Found(nodes=(node("cart"),), tasks=(task("cart"),), roles=(role(*statements, managed=managed),))
    kind, message = expected
    assert findings(found) == [(kind, "TaskRole", message)]


def test_grants_that_are_right_or_of_another_mesh_are_none():
    good = [f"{NODES}/virtualNode/cart", f"{NODES}/virtualGateway/in", "arn:aws:appmesh:eu-west-1:1:mesh/bank/virtualNode/x"]
    gateway = Gateway(value("shop"), value("in"), APP)
    found = Found(nodes=(node("cart"),), gateways=(gateway,), roles=(role(allow(STREAM, good)),))
    assert findings(found) == []


def test_the_execution_role_as_task_role():
    same = task("cart", execution_role=value("TaskRole"))
    assert findings(Found(nodes=(node("cart"),), tasks=(same,))) == [
        ("execution-role-as-task-role", "TaskRole", "task cart-task")
    ]
    by_arn = Role("Exec", value("exec"), APP, value("arn:aws:iam::111122223333:role/exec"))
    two = task("cart", role="Exec", execution_role=value("arn:aws:iam::111122223333:role/exec"))
    assert findings(Found(nodes=(node("cart"),), tasks=(two,), roles=(by_arn,))) == [
        ("execution-role-as-task-role", "exec", "task cart-task")
    ]


def test_instances_with_rights_in_a_mesh():
    profile = Profile(None, value("Nodes"), Origin("eks.yaml", 2), "node group")
    found = Found(nodes=(node("cart"),), profiles=(profile,), roles=(role(allow("appmesh:*", "*"), key="Nodes"),))
    assert ("instance-role", "Nodes", "appmesh:* on * (of node group)") in findings(found)


def test_the_report_says_it_all_in_order():
    found = Found(
        meshes=(Mesh(value("shop"), APP),),
        nodes=(*BOTH, replace(node("x"), backends=(unknown("!Ref Zone", "Zone"),))),
        services=(service("cart.shop.local", node="cart"),),
        tasks=(task("cart"), task("stock")),
        roles=(role(allow(STREAM, "*"), managed=("CloudWatchFullAccess",)),),
    )
    from meshrole.importers.reporting import report_lines

    assert list(report_lines(made(found)[1])) == [
        "1 file read: 1 mesh, 3 virtual nodes, 1 virtual service, 2 task definitions, 1 role",
        "roles that several workloads share: 1",
        "  TaskRole: 2 workloads: cart, stock (app.yaml:7 TaskRole)",
        "grants of every node's configuration: 1",
        f"  TaskRole: {STREAM} on * (app.yaml:7 TaskRole)",
        "broad managed policies: 1",
        "  TaskRole: CloudWatchFullAccess (app.yaml:7 TaskRole)",
        "permissions of today that the inventory does not have: 1",
        "  cart, stock: managed policy CloudWatchFullAccess",
        "assumed: 4",
        '  the organization is called "org": give --organization',
        "  the account is 000000000000, which no source says: give --account",
        "  the region is us-east-1, which no source says: give --region",
        "  x: no source says where it runs: ECS",
        "to fill in: 1",
        "  {Zone}: !Ref Zone (mesh.yaml:3 Thing)",
    ]


# What is said of many.


def test_the_same_of_many_is_one_line():
    from meshrole.importers.reporting import report_lines

    found = Found(nodes=tuple(node(f"n{number}") for number in range(300)), meshes=(Mesh(value("shop"), APP),))
    lines = list(report_lines(made(found)[1]))
    assert "  n0, n1, n2, n3 and 296 more: no source says where it runs: ECS" in lines
    assert len(lines) < 10


def test_much_of_one_role_is_one_line():
    from meshrole.importers.reporting import report_lines

    tasks = tuple(task(f"n{number}", execution_role=value("TaskRole")) for number in range(9))
    lines = list(report_lines(made(Found(nodes=(node("n0"),), tasks=tasks, roles=(role(),)))[1]))
    place = "(app.yaml:20 n0)"
    assert f"  TaskRole: task n0-task, task n1-task, task n2-task, task n3-task and 5 more {place}" in lines


def test_an_envoys_role_is_shared_by_tasks_whose_containers_no_source_has():
    tasks = tuple(replace(task(name), resource=None) for name in ("a", "b"))
    mesh = (node("cart"),)
    shared = "2 task definitions, whose nodes no source says: a-task, b-task"
    assert ("shared-role", "TaskRole", shared) in findings(Found(nodes=mesh, tasks=tasks, roles=(role(allow(STREAM, "*")),)))
    assert findings(Found(nodes=mesh, tasks=tasks, roles=(role(allow("s3:GetObject", "arn:aws:s3:::a/b")),))) == []


def test_workloads_of_two_meshes_are_told_apart():
    nodes = (node("cart", mesh="one"), node("cart", mesh="two"))
    tasks = tuple(replace(task("cart"), resource=value(f"mesh/{mesh}/virtualNode/cart")) for mesh in ("one", "two"))
    found = findings(Found(nodes=nodes, tasks=tasks, roles=(role(),)))
    assert found == [("shared-role", "TaskRole", "2 workloads: one/cart, two/cart")]


def test_open_services_and_networks_are_told():
    network = Mesh(value("shop"), APP, engine="vpc-lattice", auth="NONE")
    services = [service("cart"), service("stock"), service("price")]
    found = Found(
        meshes=(network,),
        services=tuple(replace(item, auth=auth) for item, auth in zip(services, ("NONE", "AWS_IAM", None), strict=True)),
    )
    assert findings(found) == [
        ("open-network", "shop", "its auth type is NONE"),
        ("open-service", "cart", "its auth type is NONE"),
    ]


def named_role(arn=None, **more):
    return replace(role(allow(STREAM, "*"), **more), name=value("envoy"), arn=value(arn) if arn else None)


@pytest.mark.parametrize(
    ("second", "count"),
    [
        (named_role(), 1),
        (named_role("arn:aws:iam::111122223333:role/envoy"), 1),
        (named_role("arn:aws:iam::444455556666:role/envoy"), 2),
        (named_role(managed=("CloudWatchFullAccess",)), 2),
    ],
)
def test_a_role_of_a_state_and_of_its_configuration_is_one(second, count):
    found = Found(nodes=(node("cart"),), roles=(named_role("arn:aws:iam::111122223333:role/envoy"), second))
    assert len(made(found)[1].found.roles) == count


def test_a_state_says_more_of_a_mesh_than_its_configuration():
    short, long = (
        Mesh(value("shop"), APP, region="eu-west-1"),
        Mesh(value("shop"), APP, owner=value("111122223333"), account="111122223333"),
    )
    for meshes in ((short, long), (long, short)):
        (mesh,) = made(Found(meshes=meshes))[1].found.meshes
        assert (mesh.owner, mesh.account, mesh.region) == (value("111122223333"), "111122223333", "eu-west-1")
        assert made(Found(meshes=meshes))[1].misses == ()
