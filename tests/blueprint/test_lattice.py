"""VPC Lattice and Lambda: the rules that the story does not show."""

import json

import pytest
import yaml

from meshrole import pipeline
from meshrole.blueprint.engines.base import LEVELS
from meshrole.blueprint.engines.vpc_lattice_levels import ROWS
from meshrole.iam import actions, stand_ins

ECS, EC2, LAMBDA = {"platform": "ecs"}, {"platform": "ec2"}, {"platform": "lambda"}
SHOP, BILLING = "111122223333", "444455556666"
NETWORK, FIRST, SECOND = "sn-0123456789abcdef0", "svc-0123456789abcdef1", "svc-0123456789abcdef2"
INVOKE = ["vpc-lattice-svcs:Invoke"]


def inventory(services, environments=None, **more):
    """A mesh `shop` in VPC Lattice, in one environment or in those that are given."""
    mesh = {"engine": "vpc-lattice", "services": services} | more.pop("mesh", {})
    return {
        "version": 1,
        "organization": {"name": "acme"},
        "accounts": {"shop": SHOP, "billing": BILLING},
        "environments": environments or {"prod": {"account": "shop", "region": "us-east-1"}},
        "meshes": {"shop": mesh},
        **more,
    }


@pytest.fixture
def check(tmp_path):
    """`check(values)`: what is wrong with an inventory given as values."""

    def run(values):
        path = tmp_path / "inventory.yaml"
        path.write_text(yaml.safe_dump(values, sort_keys=False))
        error = pipeline.check([str(path)]).error
        return [problem.message for problem in error.problems] if error else []

    return run


@pytest.fixture
def files(tmp_path):
    """`files(values)`: the generated files, those that are JSON as values."""

    def run(values):
        path = tmp_path / "inventory.yaml"
        path.write_text(yaml.safe_dump(values, sort_keys=False))
        found = pipeline.generate([str(path)]).files
        return {name: json.loads(text) if name.endswith(".json") else text.decode() for name, text in found.items()}

    return run


def by_sid(document):
    return {item["Sid"]: item for item in document["Statement"]}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.level}-{row.actions.split()[0]}-{row.resources.split()[0]}")
def test_every_action_of_a_level_exists_and_is_about_what_it_is_granted_on(row):
    kinds = {
        "network": {"ServiceNetwork"},
        "anyNetwork": {"ServiceNetwork"},
        "service": {"Service"},
        "anyService": {"Service"},
        "inside": {"Listener", "Rule"},
        "targetGroup": {"TargetGroup"},
        "anyTargetGroup": {"TargetGroup"},
        "serviceAssociation": {"ServiceNetworkServiceAssociation"},
        "vpcAssociation": {"ServiceNetworkVpcAssociation"},
        "logging": {"AccessLogSubscription"},
    }
    assert row.level in LEVELS
    for name in row.actions.split():
        action = actions.find(f"vpc-lattice:{name}")
        assert action is not None, name
        for kind in row.resources.split():
            assert kinds[kind] & set(action.resource_types) if kind != "*" else not action.resource_types, (name, kind)


def test_the_levels_have_every_action_that_is_about_a_mesh():
    """What is not granted at any level is about resource configurations and domains, or is done by AWS's own services."""
    granted = {f"vpc-lattice:{name}" for row in ROWS for name in row.actions.split()}
    missing = {name.partition(":")[2] for name in actions.expand("vpc-lattice:*") if name not in granted}
    about = (
        "ResourceConfiguration",
        "ResourceGateway",
        "ResourceAssociation",
        "ResourceEndpointAssociation",
        "DomainVerification",
    )
    others = {"AssociateViaAWSService", "AssociateViaAWSService-EventsAndStates", "CreateServiceNetworkVpcEndpointAssociation"}
    assert {name for name in missing if not name.endswith(about)} == others


def test_nobody_operates_without_authorization(files):
    """A service or a network that is made or changed keeps AWS_IAM, whoever does it."""
    people = {"team": {"through": "gh", "repository": "a/b", "branch": "main", "access": "own", "meshes": ["shop"]}}
    found = files(inventory({"a": {"runs_on": EC2}}, identity_providers={"gh": {"type": "github-actions"}}, pipelines=people))
    said = {}
    for item in found["prod/pipelines/policies/team.json"]["Statement"]:
        for action in item["Action"]:
            if action.endswith(("CreateService", "UpdateService", "CreateServiceNetwork", "UpdateServiceNetwork")):
                said[action.partition(":")[2]] = item["Condition"]
    signed = {"vpc-lattice:AuthType": ["AWS_IAM"]}
    assert said == {
        "CreateService": {"StringEquals": signed},
        "UpdateService": {"StringEqualsIfExists": signed},
        "CreateServiceNetwork": {"StringEquals": signed},
        "UpdateServiceNetwork": {"StringEqualsIfExists": signed},
    }


def test_a_boundary_of_a_mesh_without_calls_forbids_every_call(files):
    guarded = inventory({"a": {"runs_on": EC2}}, guardrails={"permissions_boundary": True})
    statement = by_sid(files(guarded)["prod/shop/boundary.json"])["NoOtherService"]
    assert (statement["Effect"], statement["Action"], statement["Resource"]) == ("Deny", ["vpc-lattice-svcs:*"], ["*"])


@pytest.mark.parametrize(("count", "written"), [(50, 50), (51, 1)])
def test_a_boundary_names_the_services_that_are_called_or_the_account_of_many(files, tmp_path, count, written):
    names = [f"s{number:02}" for number in range(count)]
    services = {"hub": {"runs_on": EC2, "calls": names}}
    services |= {name: {"runs_on": EC2, "lattice_service": f"svc-{number:017}"} for number, name in enumerate(names)}
    found = files(inventory(services, guardrails={"permissions_boundary": True}))
    denied = by_sid(found["prod/shop/boundary.json"])["NoOtherService"]["NotResource"]
    assert len(denied) == written
    assert (denied == [f"arn:aws:vpc-lattice:us-east-1:{SHOP}:service/*"]) is (written == 1)
    assert pipeline.verify([str(tmp_path / "inventory.yaml")]).holds


def test_a_version_registers_in_its_own_target_groups(files):
    groups = {"blue": {"target_groups": "tg-0123456789abcdef1"}, "green": {"target_groups": ["tg-0123456789abcdef2"]}}
    found = files(inventory({"a": {"runs_on": ECS, "lattice_service": FIRST, "versions": groups}}))
    for version, number in (("blue", 1), ("green", 2)):
        targets = by_sid(found[f"prod/shop/policies/a-{version}-targets.json"])["Targets"]
        assert targets["Resource"] == [f"arn:aws:vpc-lattice:us-east-1:{SHOP}:targetgroup/tg-0123456789abcdef{number}"]


def test_only_a_task_needs_somebody_to_register_it(files):
    found = files(inventory({"a": {"runs_on": LAMBDA, "target_groups": "tg-0123456789abcdef1"}, "b": {"runs_on": ECS}}))
    assert [path for path in found if "-targets" in path] == []


def test_a_function_writes_to_its_own_log_group_and_no_other(files):
    places = {"a": {**LAMBDA, "function": "f"}, "b": {**LAMBDA, "log_group": "/shop/{service}"}, "c": LAMBDA}
    found = files(inventory({name: {"runs_on": place} for name, place in places.items()}))
    groups = {}
    for name in places:
        (statement,) = found[f"prod/shop/policies/{name}.json"]["Statement"]
        assert statement["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
        groups[name] = statement["Resource"]
    here = f"arn:aws:logs:us-east-1:{SHOP}:log-group:"
    assert groups == {
        "a": [f"{here}/aws/lambda/f:log-stream:*"],
        "b": [f"{here}/shop/b:log-stream:*"],
        "c": [f"{here}/aws/lambda/acme-shop-c-prod:log-stream:*"],
    }
    (trust,) = found["prod/shop/trust/a.json"]["Statement"]
    assert trust["Principal"] == {"Service": ["lambda.amazonaws.com"]}
    assert "Condition" not in trust


TWO = {"prod": {"account": "shop", "region": "us-east-1"}, "billing": {"account": "billing", "region": "us-east-1"}}


def test_two_accounts_may_have_a_service_of_one_name_each_with_its_own_callers(files):
    """Who calls it means that of his own environment."""
    services = {
        "web": {"runs_on": EC2, "lattice_service": {"prod": FIRST, "billing": SECOND}},
        "caller": {"runs_on": EC2, "lattice_service": {"prod": FIRST[:-1] + "8", "billing": SECOND[:-1] + "9"}, "calls": ["web"]},
    }
    found = files(inventory(services, TWO, mesh={"owner": "shop", "service_network": NETWORK}))
    for environment, account in (("prod", SHOP), ("billing", BILLING)):
        (statement,) = found[f"{environment}/shop/auth/web.json"]["Statement"]
        assert statement["Principal"] == {"AWS": [f"arn:aws:iam::{account}:role/acme-shop-caller-{environment}"]}
    assert "prod/shop/network.json" in found
    assert "billing/shop/network.json" not in found


def test_a_service_in_two_other_environments_cannot_be_meant(check):
    services = {
        "web": {"runs_on": EC2, "lattice_service": FIRST, "environments": ["prod", "billing"]},
        "caller": {"runs_on": EC2, "lattice_service": SECOND, "environments": ["third"], "calls": ["web"]},
    }
    environments = {**TWO, "third": {"account": "third", "region": "us-east-1"}}
    values = inventory(services, environments, mesh={"owner": "shop", "service_network": NETWORK})
    values["accounts"]["third"] = "777788889999"
    assert check(values) == ['"web" is in several environments that share this mesh, so which of them is not known']


def test_an_auth_policy_that_is_too_long_for_aws_is_an_error(check):
    """10 KB: https://docs.aws.amazon.com/vpc-lattice/latest/ug/quotas.html"""
    callers = {f"caller-{number:03}": {"runs_on": EC2, "calls": ["web"]} for number in range(200)}
    (message,) = check(inventory({"web": {"runs_on": EC2, "lattice_service": FIRST}, **callers}))
    assert message.startswith("the auth policy of service web has 1")
    assert message.endswith(" bytes, AWS allows 10,240")


@pytest.mark.parametrize(
    ("quota", "what"), [("service_networks", "service networks"), ("lattice_services", "VPC Lattice services")]
)
def test_a_quota_of_vpc_lattice_is_held_and_can_be_raised(quota, what, check):
    """50 service networks and 2,000 services in a region: https://docs.aws.amazon.com/vpc-lattice/latest/ug/quotas.html"""
    values = inventory({"a": {"runs_on": EC2}, "b": {"runs_on": EC2}})
    values["meshes"]["other"] = {"engine": "vpc-lattice", "services": {"c": {"runs_on": EC2}}}
    assert check(values) == []
    values["accounts"]["shop"] = {"id": SHOP, "quotas": {quota: 1}}
    (message,) = check(values)
    assert what in message
    assert message.endswith("AWS allows 1")


TWO_REGIONS = {"prod": {"account": "shop", "region": "us-east-1"}, "eu": {"account": "shop", "region": "eu-west-1"}}
TWO_ACCOUNTS = {"prod": TWO_REGIONS["prod"], "test": {"account": "billing", "region": "us-east-1"}}
SIDE_BY_SIDE = {"prod": TWO_REGIONS["prod"], "test": TWO_REGIONS["prod"]}


@pytest.mark.parametrize("environments", [TWO_REGIONS, TWO_ACCOUNTS, SIDE_BY_SIDE], ids=["regions", "accounts", "one place"])
def test_environments_that_make_their_own_are_proved_apart(environments, tmp_path, meshrole):
    services = {"a": {"runs_on": EC2, "calls": ["b"]}, "b": {"runs_on": EC2}}
    path = tmp_path / "inventory.yaml"
    path.write_text(yaml.safe_dump(inventory(services, environments, mesh={"mesh_name": "{mesh}-{environment}"})))
    verified = pipeline.verify([str(path)])
    assert verified.text().count("callers: proved over 6 auth policies") == 1
    assert verified.holds
    for name in environments:
        for role, code in ((f"acme-shop-a-{name}", 0), (f"acme-shop-b-{name}", 10)):
            assert meshrole("can", path, role, *INVOKE, "b").code == code


def test_a_network_without_services_is_its_owners(files, tmp_path):
    """Auth policies are on networks too; what joins a service to one needs a service."""
    through = {"through": "github", "repository": "acme/mesh", "meshes": ["shop"]}
    pipelines = {name: {**through, "branch": name, "access": name} for name in ("operate", "own")}
    found = files(inventory({}, identity_providers={"github": {"type": "github-actions"}}, pipelines=pipelines))
    owners = by_sid(found["prod/pipelines/policies/own.json"])["ShopNetwork"]
    assert {"vpc-lattice:PutAuthPolicy", "vpc-lattice:PutResourcePolicy"} <= set(owners["Action"])
    assert "vpc-lattice:CreateServiceNetworkServiceAssociation" not in json.dumps(found["prod/pipelines/policies/operate.json"])
    assert pipeline.verify([str(tmp_path / "inventory.yaml")]).holds


def test_what_stands_for_an_id_is_no_id_and_is_found_again():
    made = (stand_ins.Made("shop"), stand_ins.Made("shop", "checkout-of-eu"), stand_ins.Made("a_b", "c_d"))
    text = f"arn:aws:vpc-lattice:r:1:servicenetwork/{made[0].id} arn:x:service/{made[1].id}/a/* arn:x:service/{made[2].id}"
    assert tuple(stand_ins.in_text(text)) == made
    assert stand_ins.replaced(text, lambda item: item.service or "N") == (
        "arn:aws:vpc-lattice:r:1:servicenetwork/N arn:x:service/checkout-of-eu/a/* arn:x:service/c_d"
    )
    assert list(stand_ins.in_text(f"arn:x:service/{FIRST}/{made[1].id}")) == []


def test_a_mesh_of_which_every_id_is_known_makes_nothing_and_has_no_template(files):
    values = inventory(
        {"a": {"runs_on": EC2, "lattice_service": FIRST, "calls": ["b"]}, "b": {"runs_on": EC2, "lattice_service": SECOND}},
        mesh={"service_network": NETWORK},
    )
    found = files(values)
    text = "".join(content for path, content in found.items() if path.endswith(".tf"))
    assert "templatefile" not in text
    assert 'resource "aws_vpclattice_service"' not in text
    assert text.count('resource "aws_vpclattice_auth_policy"') == 3


def test_a_mesh_that_leaves_app_mesh_has_both(files):
    leaving = {"leaving": {"engine": "app-mesh", "until": "2099-12-31"}}
    found = files(inventory({"a": {"runs_on": ECS, "calls": ["b"]}, "b": {"runs_on": EC2}}, mesh=leaving))
    assert set(by_sid(found["prod/shop/policies/a.json"])) == {"Envoy", "CallB"}
    assert 'templatefile("${path.module}/policies/a.json", local.lattice)' in found["prod/shop/identities.tf"]
    assert "aws-appmesh-envoy" in json.dumps(found["prod/shop/policies/a-execution.json"])


def test_a_retired_service_stays_in_aws_and_one_that_has_versions_now_stays_in_the_code(files):
    found = files(inventory({"a": {"runs_on": EC2, "versions": ["blue"]}}, mesh={"retired": ["a", "gone"]}))
    removed = [line.split("= ")[1] for line in found["prod/shop/identities.tf"].split("\n") if line.startswith("  from = ")]
    kinds = ("aws_vpclattice_service", "aws_vpclattice_service_network_service_association", "aws_vpclattice_auth_policy")
    assert {item for item in removed if "vpclattice" in item} == {f"{kind}.gone" for kind in kinds}
    assert {"aws_iam_role.a", "aws_iam_role.gone"} <= set(removed)
