"""The archive's and the trail's policies, statement by statement, against the documents on AWS's pages.

The pages are in archive_pages.py; names, accounts and regions are put in here.
"""

import json
import shutil
from pathlib import Path

import archive_pages as pages
import pytest

from plans import resources

MODULES = Path(__file__).parent.parent.parent / "modules"
USED = ("log-archive", "audit-trail", "audit-delegation")
SHOP = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/acme-shop"

# The complete examples, and what they do not show.
ROOT = """
module "archive" {
  source = "./modules/log-archive/examples/complete"
}

module "trail" {
  source = "./modules/audit-trail/examples/complete"
}

module "delegation" {
  source = "./modules/audit-delegation/examples/complete"
}

provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "offline"
  secret_key                  = "offline"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

module "organization" {
  source                         = "./modules/audit-trail"
  name                           = "all"
  region                         = "us-east-2"
  account_id                     = "444455556666"
  bucket_name                    = "acme-all"
  organization_id                = "o-aa111bb222"
  management_account_id          = "111111111111"
  cloudwatch_logs_retention_days = 400
  sns                            = true
}

module "recorded" {
  source          = "./modules/log-archive"
  name            = "recorded"
  bucket_name     = "acme-recorded"
  region          = "eu-west-1"
  account_id      = "444455556666"
  config_accounts = ["111122223333"]
}

module "shared" {
  source      = "./modules/log-archive"
  name        = "shared"
  bucket_name = "acme-shared"
  region      = "eu-west-1"
  account_id  = "111122223333"
  trail_arns  = [module.sharing.trail_arn]
}

module "sharing" {
  source          = "./modules/audit-trail"
  name            = "sharing"
  region          = "eu-west-1"
  account_id      = "111122223333"
  archive_bucket  = module.shared.bucket_name
  archive_key_arn = module.shared.key_arn
}
"""


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    """The values of every planned resource, by address."""
    from meshrole.terraform import environment, find, run
    from meshrole.terraform.settings import Settings, Step

    root = tmp_path_factory.mktemp("archive")
    (root / "main.tf").write_text(ROOT)
    for name in USED:
        shutil.copytree(MODULES / name, root / "modules" / name)
    mirror = find.plugin_dir(Settings())
    config, is_ready = environment.write_config(root, mirror) if mirror else (None, False)
    variables = environment.prepared(offline=True, config=config)
    binary = find.binary(Settings(), prefers_embedded=False)
    if binary == find.EMBEDDED:
        pytest.skip("no terraform binary on PATH")

    def call(command, *arguments):
        result = run.execute(binary, Step(command, (*arguments, "-no-color")), root, variables, run.Processes())
        assert result.code == 0, result.output + result.errors
        return result.output

    call("get" if is_ready else "init")
    call("plan", "-out=plan", "-input=false", "-lock=false")
    return {item["address"]: item["values"] for item in resources(json.loads(call("show", "-json", "plan")))}


def by_sid(statements):
    """Sid: statement. AWS reads one value and a list of one alike, and the order of a list says nothing."""
    found = {item["Sid"]: plain(item) for item in statements}
    assert len(found) == len(statements)
    return found


def plain(value):
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return sorted(value) if isinstance(value, list) else [value]


def same(document, *statements):
    """The planned document has exactly the statements of the pages."""
    found = json.loads(document)
    assert set(found) == {"Version", "Statement"}
    assert found["Version"] == "2012-10-17"
    assert by_sid(found["Statement"]) == by_sid([item for group in statements for item in group])


def contexts(*accounts):
    return [f"arn:aws:cloudtrail:*:{account}:trail/*" for account in accounts]


@pytest.mark.terraform
def test_a_trail_alone_has_the_two_statements(planned):
    archive = "module.trail.module.trail.module.archive[0]"
    bucket = "acme-shop-audit-111122223333"
    same(
        planned[f"{archive}.aws_s3_bucket_policy.archive"]["policy"],
        pages.typed(pages.TLS, BUCKET=bucket),
        pages.typed(pages.ONE_TRAIL, BUCKET=bucket, ACCOUNT="111122223333", TRAIL=SHOP),
    )
    same(
        planned[f"{archive}.aws_kms_key.archive"]["policy"],
        pages.typed(pages.ROOT_OF_KEY, ACCOUNT="111122223333"),
        pages.typed(pages.TRAIL_KEY, TRAILS=[SHOP], CONTEXTS=contexts("111122223333")),
    )


@pytest.mark.terraform
def test_an_organization_trail_has_the_third_and_the_management_account_in_each(planned):
    trail = "arn:aws:cloudtrail:us-east-2:111111111111:trail/all"
    archive = "module.organization.module.archive[0]"
    same(
        planned[f"{archive}.aws_s3_bucket_policy.archive"]["policy"],
        pages.typed(pages.TLS, BUCKET="acme-all"),
        pages.typed(pages.ONE_TRAIL, BUCKET="acme-all", ACCOUNT="111111111111", TRAIL=trail),
        pages.typed(pages.ORGANIZATION, BUCKET="acme-all", ORGANIZATION="o-aa111bb222", TRAIL=trail),
    )
    same(
        planned[f"{archive}.aws_kms_key.archive"]["policy"],
        pages.typed(pages.ROOT_OF_KEY, ACCOUNT="444455556666"),
        pages.typed(pages.TRAIL_KEY, TRAILS=[trail], CONTEXTS=contexts("111111111111")),
    )


@pytest.mark.terraform
def test_archive_and_trail_can_name_each_other_in_one_root(planned):
    trail = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/sharing"
    same(
        planned["module.shared.aws_s3_bucket_policy.archive"]["policy"],
        pages.typed(pages.TLS, BUCKET="acme-shared"),
        pages.typed(pages.ONE_TRAIL, BUCKET="acme-shared", ACCOUNT="111122223333", TRAIL=trail),
    )
    assert planned["module.sharing.aws_cloudtrail.trail"]["s3_bucket_name"] == "acme-shared"


@pytest.mark.terraform
def test_config_alone_has_its_three_statements(planned):
    same(
        planned["module.recorded.aws_s3_bucket_policy.archive"]["policy"],
        pages.typed(pages.TLS, BUCKET="acme-recorded"),
        pages.typed(pages.CONFIG, BUCKET="acme-recorded", ACCOUNTS=["111122223333"]),
        pages.typed(pages.CONFIG_DELIVERY, BUCKET="acme-recorded", SUFFIX="", ACCOUNT="111122223333"),
    )
    same(
        planned["module.recorded.aws_kms_key.archive"]["policy"],
        pages.typed(pages.ROOT_OF_KEY, ACCOUNT="444455556666"),
        pages.typed(pages.CONFIG_KEY, ACCOUNTS=["111122223333"]),
    )


@pytest.mark.terraform
def test_the_audit_account_s_archive_takes_from_everybody(planned):
    archive = "module.archive.module.archive"
    bucket = "acme-audit-444455556666"
    trail = "arn:aws:cloudtrail:eu-west-1:999900001111:trail/acme-organization"
    accounts = ["111122223333", "444455556666", "555566667777"]
    same(
        planned[f"{archive}.aws_s3_bucket_policy.archive"]["policy"],
        pages.typed(pages.TLS, BUCKET=bucket),
        pages.typed(pages.THREE_TRAILS),
        pages.typed(pages.ORGANIZATION, BUCKET=bucket, ORGANIZATION="o-a1b2c3d4e5", TRAIL=trail),
        pages.typed(pages.CONFIG, BUCKET=bucket, ACCOUNTS=accounts),
        *(pages.typed(pages.CONFIG_DELIVERY, BUCKET=bucket, SUFFIX=account, ACCOUNT=account) for account in accounts),
        pages.typed(pages.OTHERS, BUCKET=bucket),
    )
    same(
        planned[f"{archive}.aws_kms_key.archive"]["policy"],
        pages.typed(pages.ROOT_OF_KEY, ACCOUNT="444455556666"),
        pages.typed(
            pages.TRAIL_KEY,
            TRAILS=[SHOP, "arn:aws:cloudtrail:us-east-1:555566667777:trail/acme-pay", trail],
            CONTEXTS=contexts("111122223333", "555566667777", "999900001111"),
        ),
        pages.typed(pages.CONFIG_KEY, ACCOUNTS=accounts),
        pages.typed(pages.READERS_KEY),
    )


@pytest.mark.terraform
def test_cloudtrail_writes_to_its_own_streams_and_topic(planned):
    group = "arn:aws:logs:eu-west-1:111122223333:log-group:/cloudtrail/acme-shop"
    same(
        planned["module.trail.module.trail.aws_iam_role_policy.logs[0]"]["policy"],
        pages.typed(pages.LOGS, STREAMS=[f"{group}:log-stream:111122223333_CloudTrail_eu-west-1*"]),
    )
    group = "arn:aws:logs:us-east-2:444455556666:log-group:/cloudtrail/all"
    same(
        planned["module.organization.aws_iam_role_policy.logs[0]"]["policy"],
        pages.typed(
            pages.LOGS, STREAMS=[f"{group}:log-stream:444455556666_CloudTrail_us-east-2*", f"{group}:log-stream:o-aa111bb222_*"]
        ),
    )
    same(
        planned["module.trail.module.trail.aws_sns_topic_policy.delivery[0]"]["policy"],
        pages.typed(pages.TOPIC, TOPIC="arn:aws:sns:eu-west-1:111122223333:acme-shop-delivery", TRAIL=SHOP),
    )


@pytest.mark.terraform
def test_only_cloudtrail_may_write_logs_with_the_role(planned):
    """https://docs.aws.amazon.com/awscloudtrail/latest/userguide/send-cloudtrail-events-to-cloudwatch-logs.html"""
    trust = json.loads(planned["module.trail.module.trail.aws_iam_role.logs[0]"]["assume_role_policy"])
    assert trust["Statement"] == [
        {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ]
