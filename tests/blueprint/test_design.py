"""From an inventory's text to a blueprint and its files: the rules that the examples do not show."""

import json

import pytest
import yaml

from meshrole import pipeline
from meshrole.blueprint.engines.app_mesh_levels import REFERENCE, ROWS
from meshrole.blueprint.engines.base import LEVELS
from meshrole.blueprint.naming import joined
from meshrole.iam import actions
from meshrole.terraform.journeys import validate
from meshrole.terraform.settings import Settings

ECS = {"platform": "ecs"}
EC2 = {"platform": "ec2"}


def inventory(**more):
    """A small inventory: one mesh `shop` with the service `checkout` on EC2."""
    base = {
        "version": 1,
        "organization": {"name": "acme"},
        "accounts": {"shop": "111122223333"},
        "environments": {"prod": {"account": "shop", "region": "eu-west-1"}},
        "meshes": {"shop": {"engine": "app-mesh", "services": {"checkout": {"runs_on": EC2}}}},
    }
    return {**base, **more}


def services(**entries):
    return {"shop": {"engine": "app-mesh", "services": entries}}


@pytest.fixture
def generated(tmp_path):
    """`generated(values)`: the files of an inventory given as values."""

    def run(values):
        path = tmp_path / "inventory.yaml"
        path.write_text(yaml.safe_dump(values, sort_keys=False))
        return {name: content.decode() for name, content in pipeline.generate([str(path)]).files.items()}

    return run


@pytest.fixture
def checked(tmp_path):
    """`checked(values)`: what `check` says of an inventory given as values."""

    def run(values):
        path = tmp_path / "inventory.yaml"
        path.write_text(yaml.safe_dump(values, sort_keys=False))
        return pipeline.check([str(path)])

    return run


def statements(text):
    return {statement["Sid"]: statement for statement in json.loads(text)["Statement"]}


def test_a_name_that_is_too_long_ends_in_a_hash():
    assert joined("acme", "shop", "checkout") == "acme-shop-checkout"
    # printf acme-<70 x>-prod | sha256sum
    name = joined("acme", "x" * 70, "prod")
    assert len(name) == 64
    assert name.startswith("acme-xxxx")
    assert name != joined("acme", "x" * 70, "test")
    assert name[-9] == "-"


def test_certificates_from_files_and_sds_need_no_permission(generated):
    tls = {"certificate": {"file": "/keys/a.pem"}, "trusts": [{"sds": "ca"}]}
    files = generated(inventory(meshes=services(checkout={"runs_on": EC2, "tls": tls})))
    assert set(statements(files["prod/shop/policies/checkout.json"])) == {"Envoy"}


def test_nothing_is_granted_that_is_not_asked_for(generated):
    files = generated(inventory())
    assert set(statements(files["prod/shop/policies/checkout.json"])) == {"Envoy"}


@pytest.mark.parametrize(
    ("partition", "region", "principal", "sign_in"),
    [
        ("aws", "eu-west-1", "ec2.amazonaws.com", "https://signin.aws.amazon.com/saml"),
        ("aws-cn", "cn-north-1", "ec2.amazonaws.com.cn", "https://signin.amazonaws.cn/saml"),
        ("aws-us-gov", "us-gov-west-1", "ec2.amazonaws.com", "https://signin.amazonaws-us-gov.com/saml"),
    ],
)
def test_partitions(partition, region, principal, sign_in, generated):
    values = inventory(
        organization={"name": "acme", "partition": partition},
        environments={"prod": {"account": "shop", "region": region}},
        identity_providers={"okta": {"type": "saml", "create": False}},
        people={"readers": {"through": "okta", "access": "observe", "meshes": ["shop"]}},
    )
    files = generated(values)
    (envoy,) = json.loads(files["prod/shop/policies/checkout.json"])["Statement"]
    assert envoy["Resource"] == [f"arn:{partition}:appmesh:{region}:111122223333:mesh/shop/virtualNode/checkout"]
    (trust,) = json.loads(files["prod/shop/trust/checkout.json"])["Statement"]
    assert trust["Principal"] == {"Service": [principal]}
    (person,) = json.loads(files["prod/people/trust/readers.json"])["Statement"]
    assert person["Principal"] == {"Federated": [f"arn:{partition}:iam::111122223333:saml-provider/okta"]}
    assert person["Condition"] == {"StringEquals": {"SAML:aud": [sign_in]}}


@pytest.mark.parametrize(
    ("more", "subjects"),
    [
        ({"branch": "main"}, ["repo:acme/infra:ref:refs/heads/main"]),
        ({"tag": "v1"}, ["repo:acme/infra:ref:refs/tags/v1"]),
        ({"environment": "a:b"}, ["repo:acme/infra:environment:a%3Ab"]),
        ({"pull_request": True}, ["repo:acme/infra:pull_request"]),
        ({"branch": "main", "repository_id": "7", "owner_id": "8"}, ["repo:acme@8/infra@7:ref:refs/heads/main"]),
        (
            {"branch": "main", "repository_id": "7", "owner_id": "8", "subject": "both"},
            ["repo:acme/infra:ref:refs/heads/main", "repo:acme@8/infra@7:ref:refs/heads/main"],
        ),
        (
            {"branch": "main", "repository_id": "7", "owner_id": "8", "subject": "classic"},
            ["repo:acme/infra:ref:refs/heads/main"],
        ),
    ],
)
def test_the_subjects_of_github(more, subjects, generated):
    pipelines = {"infra": {"through": "github", "repository": "acme/infra", "access": "observe", "meshes": ["shop"], **more}}
    files = generated(inventory(identity_providers={"github": {"type": "github-actions"}}, pipelines=pipelines))
    (trust,) = json.loads(files["prod/pipelines/trust/infra.json"])["Statement"]
    claims = trust["Condition"]["StringEquals"]
    host = "token.actions.githubusercontent.com"
    assert claims[f"{host}:sub"] == subjects
    assert claims[f"{host}:aud"] == ["sts.amazonaws.com"]
    assert claims.get(f"{host}:repository_id") == (["7"] if "repository_id" in more else None)


def test_a_provider_is_made_once_in_an_account(generated):
    environments = {"prod": {"account": "shop", "region": "eu-west-1"}, "test": {"account": "shop", "region": "eu-west-2"}}
    pipelines = {
        "infra": {"through": "github", "repository": "acme/infra", "branch": "main", "access": "observe", "meshes": ["shop"]}
    }
    files = generated(
        inventory(environments=environments, identity_providers={"github": {"type": "github-actions"}}, pipelines=pipelines)
    )
    made = [name for name, text in files.items() if 'resource "aws_iam_openid_connect_provider"' in text]
    assert made == ["prod/pipelines/identities.tf"]
    assert "depends_on           = [aws_iam_openid_connect_provider.github]" not in files["test/pipelines/identities.tf"]


def test_an_existing_boundary_is_named_and_not_made(generated):
    arn = "arn:aws:iam::111122223333:policy/limits"
    environments = {"prod": {"account": "shop", "region": "eu-west-1", "permissions_boundary": {"arn": arn}}}
    files = generated(inventory(environments=environments, meshes=services(checkout={"runs_on": ECS})))
    assert files["prod/shop/identities.tf"].count(f'permissions_boundary = "{arn}"') == 2
    assert "prod/shop/boundary.tf" not in files


def test_an_oversized_policy_is_split_and_never_widened(generated, checked):
    tables = [f"arn:aws:dynamodb:eu-west-1:111122223333:table/table-{number:04d}-of-the-checkout" for number in range(250)]
    permissions = [{"actions": ["dynamodb:GetItem", "dynamodb:PutItem"], "resources": tables}]
    values = inventory(meshes=services(checkout={"runs_on": EC2, "permissions": permissions}))
    files = generated(values)
    parts = [json.loads(text) for name, text in files.items() if name.startswith("prod/shop/policies/")]
    assert len(parts) >= 3
    assert all(len(json.dumps(part, separators=(",", ":"))) <= 6_144 for part in parts)
    granted = {resource for part in parts for statement in part["Statement"] for resource in statement["Resource"]}
    assert granted == {*tables, "arn:aws:appmesh:eu-west-1:111122223333:mesh/shop/virtualNode/checkout"}
    assert files["prod/shop/identities.tf"].count('resource "aws_iam_role_policy_attachment"') == len(parts)
    assert 'resource "aws_iam_role_policy" ' not in files["prod/shop/identities.tf"]

    tables += [f"{name}-{copy}" for name in tables for copy in range(6)]
    error = checked(values).error
    assert error.exit_code == 4
    assert "role acme-shop-checkout-prod needs" in str(error)
    assert "managed policies of 10" in str(error)
    assert "the largest statement is AppDynamodb" in str(error)


def test_quotas_that_aws_raised_are_raised_in_the_inventory(checked):
    values = inventory(meshes=services(checkout={"runs_on": EC2, "versions": [f"v{n}" for n in range(3)]}))
    values["accounts"] = {"shop": {"id": "111122223333", "quotas": {"roles": 2}}}
    assert checked(values).error.exit_code == 4
    values["accounts"]["shop"]["quotas"]["roles"] = 3
    assert checked(values).error is None


def test_the_levels_contain_each_other_and_every_line_is_real():
    assert [row.level for row in ROWS] == sorted((row.level for row in ROWS), key=LEVELS.index)
    for row in ROWS:
        assert all(actions.find(name).name == name for name in row.actions), row
        assert row.cites.startswith("https://docs.aws.amazon.com/")
        if row.cites.startswith(REFERENCE):
            assert f"appmesh:{row.cites.removeprefix(REFERENCE)}" in row.actions
    used = {name for row in ROWS for name in row.actions if name.startswith("appmesh:")}
    every = set(actions.expand("appmesh:*"))
    assert every - used == {"appmesh:StreamAggregatedResources"}


def test_app_mesh_ended_is_said_once_for_many_meshes(checked):
    meshes = {f"m{number}": {"engine": "app-mesh"} for number in range(3)}
    said = [problem for problem in checked(inventory(meshes=meshes)).warnings if "2026-09-30" in problem.message]
    assert len(said) == 1
    assert "ECS Service Connect" in said[0].help


def evolved():
    """A mesh, a service, a version and a person renamed; a role adopted; identities retired."""
    return inventory(
        identity_providers={"okta": {"type": "oidc", "issuer": "https://acme.okta.com", "audience": "aws", "create": False}},
        people={"readers": {"through": "okta", "subjects": ["x"], "access": "observe", "meshes": ["store"], "was": "viewers"}},
        retired={"people": ["writers"], "pipelines": ["ci"]},
        meshes={
            "store": {
                "engine": "app-mesh",
                "was": "shop",
                "retired": ["cart", "wishlist-v1"],
                "services": {
                    "checkout": {"runs_on": EC2, "was": "basket"},
                    "payments": {"runs_on": ECS, "versions": {"blue": {"was": "payments"}, "green": None}},
                    "orders": {"runs_on": ECS, "adopt": "legacy-orders-{environment}"},
                },
            }
        },
    )


def test_renames_adoptions_and_retirements_become_blocks(generated):
    files = generated(evolved())
    main, mesh = files["prod/main.tf"], files["prod/store/identities.tf"]
    assert "moved {\n  from = module.shop\n  to   = module.store\n}" in main
    assert 'import {\n  to = module.store.aws_iam_role.orders\n  id = "legacy-orders-prod"\n}' in main
    for kind in ("aws_iam_role", "aws_iam_role_policy", "aws_iam_instance_profile"):
        assert f"moved {{\n  from = {kind}.basket\n  to   = {kind}.checkout\n}}" in mesh
    assert "moved {\n  from = aws_iam_role.payments-execution\n  to   = aws_iam_role.payments-blue-execution\n}" in mesh
    assert "payments-green\n}" not in mesh
    assert 'name                 = "legacy-orders-prod"' in mesh
    assert 'resource "aws_iam_role_policies_exclusive" "orders"' in mesh
    for name in ("cart", "wishlist-v1"):
        assert f"removed {{\n  from = aws_iam_role.{name}\n\n  lifecycle {{\n    destroy = false\n  }}\n}}" in mesh
    assert "from = aws_iam_role.viewers" in files["prod/people/identities.tf"]
    assert "from = aws_iam_role.writers" in files["prod/people/identities.tf"]
    assert "from = aws_iam_role.ci" in files["prod/pipelines/identities.tf"]


@pytest.mark.terraform
def test_terraform_takes_these_blocks(generated, tmp_path):
    """One root with every kind of block that the examples have not: split policies, moves, imports, removals, all providers."""
    values = evolved()
    tables = [f"arn:aws:dynamodb:eu-west-1:111122223333:table/table-{number:04d}-of-the-checkout" for number in range(250)]
    values["meshes"]["store"]["services"]["checkout"]["permissions"] = [{"actions": ["dynamodb:GetItem"], "resources": tables}]
    for path, text in generated(values).items():
        (tmp_path / "out" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "out" / path).write_text(text)
    run = validate(tmp_path / "out", Settings(), lambda _: None)
    assert [(result.root, result.summary, result.warnings) for result in run.results] == [("prod", "valid", ())]
