"""The organization's story applied for real: three accounts on one moto server, one root after the other, as their READMEs say.

The accounts' ids are those that the server's AWS Organizations gives; everything else is the story's inventory.
"""

import json
from pathlib import Path

import pytest

import cloud
import plans
from meshrole import pipeline

ROOT = Path(__file__).parent.parent
STORY = ROOT / "examples" / "organization-audit" / "inventory.yaml"
MANAGEMENT = "999988887777"
REGION = "eu-west-1"
# What moto 5.2 does not have; `terraform test` and the plans cover these.
LACKS = (
    "aws_accessanalyzer_analyzer",
    "aws_athena_named_query",
    "aws_athena_workgroup",
    "aws_cloudtrail_organization_delegated_admin_account",
)


@pytest.fixture(scope="module")
def aws():
    """A moto server in which each caller is in the account of his keys; its address."""
    with cloud.moto() as address:
        yield address


@pytest.fixture(scope="module")
def applied(aws, tmp_path_factory):
    """The story applied: its roots' folder, the ids by account name, and what was said of each root's second plan."""
    folder = tmp_path_factory.mktemp("organization")
    organization = cloud.client("organizations", aws, cloud.keys_of(MANAGEMENT, aws))
    organization_id = organization.create_organization(FeatureSet="ALL")["Organization"]["Id"]
    ids = {"management": MANAGEMENT, "audit": _account(organization, "audit"), "shop": _account(organization, "shop")}
    for kind in ("SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"):
        organization.enable_policy_type(RootId=organization.list_roots()["Roots"][0]["Id"], PolicyType=kind)
    text = STORY.read_text().replace("o-a1b2c3d4e5", organization_id)
    text = text.replace("444455556666", ids["audit"]).replace("111122223333", ids["shop"])
    (folder / "inventory.yaml").write_text(text)
    generated = pipeline.generate([str(folder / "inventory.yaml")])
    pipeline.save(generated, folder / "out", prune=False)
    again = {}
    for root, account in (("organization", "management"), ("audit", "audit"), ("prod", "shop")):
        again[root] = _apply(folder, root, aws, cloud.keys_of(ids[account], aws))
    return ids, again


def _account(organization, name):
    made = organization.create_account(AccountName=name, Email=f"{name}@example.com")
    return made["CreateAccountStatus"]["AccountId"]


def _apply(folder, root, address, keys):
    """Apply what moto has of a root, and plan it again: (resources applied, exit code of the second plan, its output)."""
    (folder / root).mkdir()
    options = ("-no-color", "-input=false")
    with cloud.standing(folder / "out" / root, folder / root, address, keys) as terraform:
        assert terraform("plan", *options, "-out=first").code == 0
        planned = list(plans.resources(json.loads(terraform("show", "-json", "first").output)))
        wanted = [item["address"] for item in planned if _moto_has(item)]
        targets = [f"-target={address}" for address in wanted]
        done = terraform("apply", "-auto-approve", *options, *targets)
        assert done.code == 0, done.errors
        second = terraform("plan", "-detailed-exitcode", *options, *targets)
        return wanted, second.code, second.output + second.errors


def _moto_has(item):
    values, address = item["values"], item["address"]
    is_guard = item["type"] == "aws_config_config_rule" and values["source"][0]["owner"] == "CUSTOM_POLICY"
    # moto takes a bucket policy's deny for a deny, its condition or not: nothing could be put into the bucket of results.
    is_results = address.startswith("module.audit_queries.aws_s3")
    return not (item["type"] in LACKS or is_guard or is_results or values.get("service_principal") == "config.amazonaws.com")


@pytest.mark.terraform
def test_every_root_applies_and_its_second_plan_is_empty(applied):
    _, again = applied
    assert {root: code for root, (_, code, _) in again.items()} == {"organization": 0, "audit": 0, "prod": 0}, again
    counts = {root: len(wanted) for root, (wanted, _, _) in again.items()}
    assert counts["organization"] >= 8 and counts["audit"] >= 40 and counts["prod"] >= 40


@pytest.mark.terraform
def test_the_trail_is_the_organizations_and_lies_in_the_audit_account(applied, aws):
    ids, _ = applied
    keys = cloud.keys_of(ids["audit"], aws)
    (trail,) = cloud.client("cloudtrail", aws, keys, REGION).describe_trails()["trailList"]
    assert trail["Name"] == "initech-audit"
    assert trail["IsOrganizationTrail"] and trail["IsMultiRegionTrail"] and trail["LogFileValidationEnabled"]
    assert trail["S3BucketName"] == f"initech-audit-{ids['audit']}-{REGION}"
    assert trail["KmsKeyId"].startswith(f"arn:aws:kms:{REGION}:{ids['audit']}:key/")
    s3 = cloud.client("s3", aws, keys, REGION)
    lock = s3.get_object_lock_configuration(Bucket=trail["S3BucketName"])["ObjectLockConfiguration"]
    retention = lock["Rule"]["DefaultRetention"]
    assert (retention["Mode"], retention["Days"]) == ("GOVERNANCE", 365)
    policy = json.loads(s3.get_bucket_policy(Bucket=trail["S3BucketName"])["Policy"])
    (write,) = [item for item in policy["Statement"] if item["Sid"] == "AWSCloudTrailOrganizationWrite20150319"]
    assert write["Condition"]["StringEquals"]["aws:SourceArn"] == f"arn:aws:cloudtrail:{REGION}:{MANAGEMENT}:trail/initech-audit"


@pytest.mark.terraform
def test_the_workloads_account_is_recorded_into_the_audit_account(applied, aws):
    ids, _ = applied
    config = cloud.client("config", aws, cloud.keys_of(ids["shop"], aws), REGION)
    (channel,) = config.describe_delivery_channels()["DeliveryChannels"]
    assert channel["s3BucketName"] == f"initech-config-{ids['audit']}-{REGION}"
    (status,) = config.describe_configuration_recorder_status()["ConfigurationRecordersStatus"]
    assert status["recording"]


@pytest.mark.terraform
def test_every_workload_has_the_boundary_and_the_organization_its_policies(applied, aws):
    ids, _ = applied
    iam = cloud.client("iam", aws, cloud.keys_of(ids["shop"], aws))
    boundary = f"arn:aws:iam::{ids['shop']}:policy/mesh/initech-shop-prod-boundary"
    roles = [iam.get_role(RoleName=role["RoleName"])["Role"] for role in iam.list_roles(PathPrefix="/mesh/")["Roles"]]
    bound = {role["RoleName"] for role in roles if role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn") == boundary}
    names = ("ingress", "storefront", "checkout")
    assert bound == {f"initech-shop-{name}-prod{suffix}" for name in names for suffix in ("", "-execution")}
    organization = cloud.client("organizations", aws, cloud.keys_of(MANAGEMENT, aws))
    for kind in ("SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"):
        for account in ("audit", "shop"):
            attached = organization.list_policies_for_target(TargetId=ids[account], Filter=kind)["Policies"]
            assert [policy["Name"] for policy in attached if policy["Name"].startswith("initech-mesh")], (kind, account)
