"""The guardrails of the organization's story: each document statement by statement, and what they let through, call by call."""

import json
import re
from pathlib import Path

import pytest

from meshrole import pipeline
from meshrole.iam import PolicySet, Request, evaluate, policy
from meshrole.iam import actions as reference

ROOT = Path(__file__).parent.parent.parent
STORY = str(ROOT / "examples" / "organization-audit" / "inventory.yaml")
BUCKETS = [
    "arn:aws:s3:::initech-audit-444455556666-eu-west-1",
    "arn:aws:s3:::initech-config-444455556666-eu-west-1",
]
OBJECTS = [f"{bucket}/*" for bucket in BUCKETS]
KEYS = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": ["alias/initech-audit", "alias/initech-config"]}}
OTHERS = {"ArnNotLike": {"aws:PrincipalArn": ["arn:aws:iam::*:role/terraform-apply"]}}
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
OUTSIDERS = {
    "BoolIfExists": {"aws:PrincipalIsAWSService": ["false"]},
    "StringNotEqualsIfExists": {"aws:PrincipalOrgID": ["o-a1b2c3d4e5"]},
}


def of(service, names):
    """Actions of a service, sorted."""
    return sorted(f"{service}:{name}" for name in names.split())


# (what is denied, on what, under which condition), by Sid; typed from AWS's pages, which the code names.
BOUNDARY = {
    "NoIdentityChanges": (["account:*", "iam:*", "organizations:*"], ["*"], None),
    "NoKeyOfRecords": (["kms:*"], ["*"], KEYS),
    "NoOtherIdentity": (["sts:AssumeRole"], ["arn:aws:iam::*:role/mesh/*"], None),
    "NoRecords": (["s3:*"], sorted([*BUCKETS, *OBJECTS]), None),
    "NoRecorderChanges": (
        of(
            "config",
            "Associate* Delete* Disassociate* Put* Start* Stop* TagResource UntagResource",
        ),
        ["*"],
        None,
    ),
}
SERVICE_CONTROL = {
    "BoundaryStays": (["iam:DeleteRolePermissionsBoundary"], ["arn:aws:iam::*:role/mesh/initech-shop-*"], None),
    "BoundaryIsOn": (
        ["iam:CreateRole", "iam:PutRolePermissionsBoundary"],
        ["arn:aws:iam::*:role/mesh/initech-shop-*"],
        {"ArnNotLike": {"iam:PermissionsBoundary": ["arn:aws:iam::*:policy/mesh/initech-shop-prod-boundary"]}},
    ),
    "IdentitiesStand": (
        of(
            "iam",
            "AttachRolePolicy CreateRole DeleteRole DeleteRolePolicy DetachRolePolicy PutRolePermissionsBoundary "
            "PutRolePolicy TagRole UntagRole UpdateAssumeRolePolicy UpdateRole UpdateRoleDescription",
        ),
        ["arn:aws:iam::*:role/mesh/*"],
        OTHERS,
    ),
    "PoliciesStand": (
        [
            "iam:CreatePolicy",
            "iam:CreatePolicyVersion",
            "iam:DeletePolicy",
            "iam:DeletePolicyVersion",
            "iam:SetDefaultPolicyVersion",
        ],
        ["arn:aws:iam::*:policy/mesh/*"],
        OTHERS,
    ),
    "NoAccessKeys": (
        of(
            "iam",
            "CreateAccessKey CreateLoginProfile CreateServiceSpecificCredential CreateUser UploadSigningCertificate",
        ),
        ["arn:aws:iam::*:user/mesh/*"],
        None,
    ),
    "TrailStands": (
        of(
            "cloudtrail",
            "AddTags DeleteTrail PutEventConfiguration PutEventSelectors PutInsightSelectors RemoveTags StopLogging UpdateTrail",
        ),
        ["arn:aws:cloudtrail:*:*:trail/initech-audit"],
        OTHERS,
    ),
    "RecorderStands": (
        of(
            "config",
            "DeleteConfigRule DeleteConfigurationRecorder DeleteDeliveryChannel DeleteEvaluationResults "
            "DeleteRetentionConfiguration DisassociateResourceTypes PutConfigRule PutConfigurationRecorder "
            "PutDeliveryChannel PutRetentionConfiguration StopConfigurationRecorder",
        ),
        ["*"],
        OTHERS,
    ),
    "RecordsStay": (
        of(
            "s3",
            "BypassGovernanceRetention DeleteBucket DeleteBucketPolicy DeleteObject DeleteObjectVersion PutBucketAcl "
            "PutBucketObjectLockConfiguration PutBucketOwnershipControls PutBucketPolicy PutBucketPublicAccessBlock "
            "PutBucketVersioning PutEncryptionConfiguration PutLifecycleConfiguration PutReplicationConfiguration",
        ),
        sorted([*BUCKETS, *OBJECTS]),
        OTHERS,
    ),
    "KeyOfRecordsStays": (
        of(
            "kms",
            "DeleteAlias DisableKey DisableKeyRotation PutKeyPolicy ScheduleKeyDeletion UpdateAlias",
        ),
        ["*"],
        OTHERS | KEYS,
    ),
}
RESOURCE_CONTROL = {
    "IdentitiesStayInside": (["sts:AssumeRole"], ["arn:aws:iam::*:role/mesh/*"], OUTSIDERS),
    "RecordsStayInside": (["s3:*"], sorted([*BUCKETS, *OBJECTS]), OUTSIDERS),
    "NoConfusedDeputy": (
        ["s3:*"],
        sorted([*BUCKETS, *OBJECTS]),
        {
            "Bool": {"aws:PrincipalIsAWSService": ["true"]},
            "Null": {"aws:SourceAccount": ["false"]},
            "StringNotEqualsIfExists": {"aws:SourceOrgID": ["o-a1b2c3d4e5"]},
        },
    ),
}


@pytest.fixture(scope="module")
def files():
    return pipeline.generate([STORY]).files


@pytest.fixture(scope="module")
def boundary(files):
    return json.loads(files["prod/shop/boundary.json"])


def denials(document):
    return {
        item["Sid"]: (item["Action"], item.get("Resource"), item.get("Condition"))
        for item in document["Statement"]
        if item["Effect"] == "Deny"
    }


def test_the_boundary_forbids_what_is_typed_here(boundary):
    found = denials(boundary)
    assert found.pop("NoOtherMesh") == (["appmesh:*"], None, None)
    actions, resources, condition = found.pop("NoTrailChanges")
    assert (resources, condition) == (["*"], None)
    verbs = " ".join(action.rstrip("*").removeprefix("cloudtrail:") for action in actions)
    assert (
        verbs == "Add Cancel Create Delete Deregister Disable Enable GenerateQuery Put Register Remove Restore Start Stop Update"
    )
    assert found == BOUNDARY


def test_the_boundary_lets_through_the_services_of_the_workloads_and_its_own_mesh(boundary):
    (allow,) = [item for item in boundary["Statement"] if item["Effect"] == "Allow"]
    assert (allow["Action"], allow["Resource"]) == (["appmesh:*", "dynamodb:*", "ecr:*", "logs:*"], ["*"])
    (mesh,) = [item for item in boundary["Statement"] if item["Sid"] == "NoOtherMesh"]
    own = "arn:aws:appmesh:eu-west-1:111122223333:mesh/shop"
    assert mesh["NotResource"] == [own, f"{own}/*"]


@pytest.mark.parametrize(
    ("name", "wanted"), [("service-control-policy", SERVICE_CONTROL), ("resource-control-policy", RESOURCE_CONTROL)]
)
def test_the_organizations_policies_forbid_what_is_typed_here(files, name, wanted):
    document = json.loads(files[f"organization/{name}.json"])
    assert {item["Effect"] for item in document["Statement"]} == {"Deny"}
    assert {item.get("Principal") for item in document["Statement"]} == {"*" if name.startswith("resource") else None}
    found = denials(document)
    assert set(found) == set(wanted)
    for sid, expected in wanted.items():
        assert found[sid] == (sorted(expected[0]), *expected[1:]), sid


@pytest.mark.parametrize("service", ["cloudtrail", "config"])
def test_every_action_that_changes_the_audit_is_forbidden_and_none_that_reads(boundary, service):
    """Over every action that AWS has: its access level decides."""
    patterns = [action for actions, _, _ in denials(boundary).values() for action in actions if action.startswith(service)]
    forbidden = {name for pattern in patterns for name in reference.expand(pattern)}
    actions = [reference.find(name) for name in reference.expand(f"{service}:*")]
    assert len(actions) > 50
    assert forbidden == {action.name for action in actions if action.level not in ("Read", "List")}


MESH = "arn:aws:appmesh:eu-west-1:111122223333:mesh"
KEY = "arn:aws:kms:eu-west-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab"
ROLE = "arn:aws:iam::111122223333:role/mesh/initech-shop-checkout-prod"
# A workload whose own policy allows everything: (action, resource, context, whether the boundary lets it through).
CALLS = [
    ("dynamodb:GetItem", "arn:aws:dynamodb:eu-west-1:111122223333:table/orders", {}, True),
    ("dynamodb:PutItem", "arn:aws:dynamodb:eu-west-1:111122223333:table/orders", {}, True),
    ("dynamodb:DeleteTable", "arn:aws:dynamodb:eu-west-1:111122223333:table/orders", {}, True),
    ("appmesh:StreamAggregatedResources", f"{MESH}/shop/virtualNode/checkout", {}, True),
    ("appmesh:DescribeMesh", f"{MESH}/shop", {}, True),
    ("ecr:BatchGetImage", "arn:aws:ecr:eu-west-1:111122223333:repository/shop", {}, True),
    ("ecr:GetAuthorizationToken", "*", {}, True),
    ("logs:PutLogEvents", "arn:aws:logs:eu-west-1:111122223333:log-group:/ecs/x:log-stream:y", {}, True),
    ("appmesh:StreamAggregatedResources", f"{MESH}/other/virtualNode/checkout", {}, False),
    ("appmesh:DescribeMesh", f"{MESH}/shop-2", {}, False),
    ("appmesh:ListMeshes", "*", {}, False),
    ("iam:CreateRole", ROLE, {}, False),
    ("iam:PutRolePolicy", ROLE, {}, False),
    ("iam:PassRole", ROLE, {}, False),
    ("iam:DeleteRolePermissionsBoundary", ROLE, {}, False),
    ("iam:GetRole", ROLE, {}, False),
    ("iam:CreateAccessKey", "arn:aws:iam::111122223333:user/someone", {}, False),
    ("organizations:LeaveOrganization", "*", {}, False),
    ("account:DisableRegion", "arn:aws:account::111122223333:account", {}, False),
    ("sts:AssumeRole", "arn:aws:iam::111122223333:role/mesh/initech-shop-storefront-prod", {}, False),
    ("sts:AssumeRole", "arn:aws:iam::111122223333:role/elsewhere", {}, False),
    ("cloudtrail:StopLogging", "arn:aws:cloudtrail:eu-west-1:111122223333:trail/initech-audit", {}, False),
    ("cloudtrail:DeleteTrail", "arn:aws:cloudtrail:eu-west-1:111122223333:trail/initech-audit", {}, False),
    ("cloudtrail:PutEventSelectors", "arn:aws:cloudtrail:eu-west-1:111122223333:trail/initech-audit", {}, False),
    ("config:StopConfigurationRecorder", "*", {}, False),
    ("config:DeleteDeliveryChannel", "*", {}, False),
    ("s3:GetObject", f"{BUCKETS[0]}/AWSLogs/o-a1b2c3d4e5/111122223333/CloudTrail/eu-west-1/x.json.gz", {}, False),
    ("s3:DeleteObject", f"{BUCKETS[1]}/AWSLogs/111122223333/Config/x.json.gz", {}, False),
    ("s3:GetObject", "arn:aws:s3:::shop-assets/x", {}, False),
    ("kms:Decrypt", KEY, {"kms:ResourceAliases": ["alias/initech-audit"]}, False),
    ("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:x", {}, False),
    ("ec2:TerminateInstances", "arn:aws:ec2:eu-west-1:111122223333:instance/i-1", {}, False),
]
# The boundary of an inventory that allows everything itself, so that only the guardrails forbid.
FORBIDDEN_ANYWAY = {
    "iam:CreateRole": "NoIdentityChanges",
    "organizations:LeaveOrganization": "NoIdentityChanges",
    "cloudtrail:StopLogging": "NoTrailChanges",
    "config:StopConfigurationRecorder": "NoRecorderChanges",
    "s3:DeleteObject": "NoRecords",
    "kms:Decrypt": "NoKeyOfRecords",
}


def decided(boundary, action, resource, context):
    request = Request(principal=ROLE, action=action, resource=resource, resource_account="111122223333", context=context)
    return evaluate(request, PolicySet(identity=[EVERYTHING], boundary=[boundary]))


@pytest.mark.parametrize(("action", "resource", "context", "is_let_through"), CALLS)
def test_the_boundary_decides_whatever_the_policy_says(boundary, action, resource, context, is_let_through):
    assert decided(boundary, action, resource, context).decision == ("allow" if is_let_through else "deny")


def test_the_table_has_enough_calls_of_both_kinds():
    assert len(CALLS) >= 30
    assert sum(is_let_through for *_, is_let_through in CALLS) >= 8


@pytest.mark.parametrize(("action", "resource", "context", "is_let_through"), CALLS)
def test_beside_the_inventorys_own_statements_the_guardrails_still_forbid(tmp_path, action, resource, context, is_let_through):
    """An environment whose boundary allows everything: what the guardrails name is denied, explicitly, by its statement."""
    own = '{account: shop, region: eu-west-1, permissions_boundary: {statements: [{Sid: All, Effect: Allow, Action: "*", Resource: "*"}]}}'
    text = Path(STORY).read_text().replace("{account: shop, region: eu-west-1}", own)
    (tmp_path / "inventory.yaml").write_text(text)
    document = json.loads(pipeline.generate([str(tmp_path / "inventory.yaml")]).files["prod/shop/boundary.json"])
    decision = decided(document, action, resource, context)
    if is_let_through:
        assert decision.decision == "allow"
    if action in FORBIDDEN_ANYWAY and (action != "s3:DeleteObject" or "initech" in resource):
        assert (decision.decision, decision.kind) == ("deny", "explicit")
        assert decision.statement.sid == FORBIDDEN_ANYWAY[action]


ADMINISTRATOR, SOMEBODY = "arn:aws:iam::111122223333:role/terraform-apply", "arn:aws:iam::111122223333:role/somebody"
BOUNDARY_ARN = "arn:aws:iam::111122223333:policy/mesh/initech-shop-prod-boundary"
TRAIL = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/initech-audit"
# (principal, action, resource, context, whether the service control policy lets it through)
CONTROLLED = [
    (ADMINISTRATOR, "iam:PutRolePolicy", ROLE, {}, True),
    (SOMEBODY, "iam:PutRolePolicy", ROLE, {}, False),
    (SOMEBODY, "iam:PutRolePolicy", "arn:aws:iam::111122223333:role/another", {}, True),
    # Not even to the same boundary, nor to one that somebody makes under its name in another account.
    (SOMEBODY, "iam:PutRolePermissionsBoundary", ROLE, {"iam:PermissionsBoundary": BOUNDARY_ARN}, False),
    (ADMINISTRATOR, "iam:PutRolePermissionsBoundary", ROLE, {"iam:PermissionsBoundary": BOUNDARY_ARN}, True),
    (SOMEBODY, "iam:CreatePolicy", BOUNDARY_ARN, {}, False),
    (SOMEBODY, "iam:CreatePolicy", "arn:aws:iam::111122223333:policy/another", {}, True),
    (ADMINISTRATOR, "iam:CreateRole", ROLE, {"iam:PermissionsBoundary": BOUNDARY_ARN}, True),
    (ADMINISTRATOR, "iam:CreateRole", ROLE, {}, False),
    (ADMINISTRATOR, "iam:CreateRole", ROLE, {"iam:PermissionsBoundary": "arn:aws:iam::aws:policy/AdministratorAccess"}, False),
    (ADMINISTRATOR, "iam:CreateRole", "arn:aws:iam::111122223333:role/mesh/initech-release-prod", {}, True),
    (ADMINISTRATOR, "iam:DeleteRolePermissionsBoundary", ROLE, {}, False),
    (ADMINISTRATOR, "iam:CreateAccessKey", "arn:aws:iam::111122223333:user/mesh/checkout", {}, False),
    (SOMEBODY, "iam:CreateAccessKey", "arn:aws:iam::111122223333:user/someone", {}, True),
    (SOMEBODY, "cloudtrail:StopLogging", TRAIL, {}, False),
    (ADMINISTRATOR, "cloudtrail:StopLogging", TRAIL, {}, True),
    (SOMEBODY, "cloudtrail:StopLogging", TRAIL.replace("initech-audit", "other"), {}, True),
    (SOMEBODY, "cloudtrail:LookupEvents", "*", {}, True),
    (SOMEBODY, "config:StopConfigurationRecorder", "*", {}, False),
    (SOMEBODY, "config:DisassociateResourceTypes", "*", {}, False),
    (ADMINISTRATOR, "config:DisassociateResourceTypes", "*", {}, True),
    (SOMEBODY, "s3:PutBucketPolicy", BUCKETS[0], {}, False),
    (SOMEBODY, "s3:GetObject", f"{BUCKETS[0]}/x", {}, True),
    (SOMEBODY, "kms:ScheduleKeyDeletion", KEY, {"kms:ResourceAliases": ["alias/initech-config"]}, False),
    (SOMEBODY, "kms:ScheduleKeyDeletion", KEY, {"kms:ResourceAliases": ["alias/other"]}, True),
]


@pytest.mark.parametrize(("principal", "action", "resource", "context", "is_let_through"), CONTROLLED)
def test_the_service_control_policy_decides(files, principal, action, resource, context, is_let_through):
    control = json.loads(files["organization/service-control-policy.json"])
    request = Request(principal=principal, action=action, resource=resource, resource_account="111122223333", context=context)
    # A key is nobody's whom its own policy does not name: https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
    key = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"}]}
    own = key if action.startswith("kms:") else None
    decision = evaluate(request, PolicySet(identity=[EVERYTHING], resource=own, scp=[[EVERYTHING, control]]))
    assert decision.decision == ("allow" if is_let_through else "deny")


def test_the_policies_are_within_their_limits(files):
    def size(path):
        return len(json.dumps(json.loads(files[path]), separators=(",", ":")))

    assert size("prod/shop/boundary.json") < 6_144
    assert size("organization/service-control-policy.json") < 5_120
    assert size("organization/resource-control-policy.json") < 5_120


def test_a_policy_that_is_too_long_is_refused(tmp_path):
    many = ", ".join(f'"arn:aws:iam::*:role/administrators/of-the-platform-team-number-{number:03}"' for number in range(40))
    text = Path(STORY).read_text().replace('["arn:{partition}:iam::*:role/terraform-apply"]', f"[{many}]")
    (tmp_path / "inventory.yaml").write_text(text)
    error = pipeline.check([str(tmp_path / "inventory.yaml")]).error
    assert error.exit_code == 4
    assert "the service control policy has" in str(error)
    assert "AWS allows 5,120" in str(error)


def test_everybody_is_written_as_aws_wants_it():
    statement = policy.Statement(sid="A", effect="Deny", actions=("s3:*",), resources=("*",), principals=(("*", ()),))
    assert policy.as_object((statement,))["Statement"][0]["Principal"] == "*"


ESTATE = """
version: 1
organization: {name: acme, id: o-a1b2c3d4e5}
accounts: {shop: "111122223333", dev: "222233334444"}
environments:
  prod: {account: shop, region: eu-west-1, permissions_boundary: {arn: "arn:aws:iam::{account}:policy/limits"}}
  dev: {account: dev, region: eu-west-1}
meshes:
  shop:
    engine: app-mesh
    mesh_name: "shop-{environment}"
    services: {web: {runs_on: {platform: ec2}, role: "web-{environment}"}}
guardrails: {service_control_policy: true, administrators: ["arn:aws:iam::*:role/terraform-apply"]}
"""


def generated(tmp_path, text):
    (tmp_path / "inventory.yaml").write_text(text)
    return pipeline.generate([str(tmp_path / "inventory.yaml")]).files


def controls(tmp_path, text):
    return denials(json.loads(generated(tmp_path, text)["organization/service-control-policy.json"]))


def test_only_roles_with_a_boundary_must_have_one(tmp_path):
    """By pattern in an account whose workloads all have one, by name in an account that also has workloads without."""
    apart = ["arn:aws:iam::111122223333:role/acme-shop-*", "arn:aws:iam::111122223333:role/web-prod"]
    together = ["arn:aws:iam::111122223333:role/web-prod"]
    for text, wanted in ((ESTATE, apart), (ESTATE.replace("account: dev, region", "account: shop, region"), together)):
        found = controls(tmp_path, text)
        assert found["BoundaryIsOn"][1] == found["BoundaryStays"][1] == wanted


def test_the_boundaries_of_many_environments_are_one_pattern(tmp_path):
    many = "".join(f"  dev-{number}: {{account: dev, region: eu-west-1}}\n" for number in range(40))
    text = ESTATE.replace("meshes:\n", f"{many}meshes:\n").replace("guardrails: {", "guardrails: {permissions_boundary: true, ")
    text = text.replace(', role: "web-{environment}"', "").replace('"222233334444"', '{id: "222233334444", quotas: {meshes: 50}}')
    found = controls(tmp_path, text)["BoundaryIsOn"]
    assert found[2] == {
        "ArnNotLike": {"iam:PermissionsBoundary": ["arn:aws:iam::*:policy/acme-shop-*-boundary", "arn:aws:iam::*:policy/limits"]}
    }


def test_a_boundary_of_ones_own_stays_as_it_is(tmp_path):
    assert "arn:aws:iam::*:policy/limits" in controls(tmp_path, ESTATE)["PoliciesStand"][1]


def test_records_are_guarded_in_the_partition_in_which_they_are(tmp_path):
    text = ESTATE.replace("{account: dev, region: eu-west-1}", "{account: dev, region: us-gov-west-1, partition: aws-us-gov}")
    text = text.partition("guardrails:")[0].replace(', permissions_boundary: {arn: "arn:aws:iam::{account}:policy/limits"}', "")
    files = generated(tmp_path, text + "audit: {trail: {}}\nguardrails: {permissions_boundary: true}\n")
    for root, bucket, role in (
        ("prod", "arn:aws:s3:::acme-audit-111122223333-eu-west-1", "arn:aws:iam::*:role/web-prod"),
        ("dev", "arn:aws-us-gov:s3:::acme-audit-222233334444-us-gov-west-1", "arn:aws-us-gov:iam::*:role/web-dev"),
    ):
        found = denials(json.loads(files[f"{root}/shop/boundary.json"]))
        assert bucket in found["NoRecords"][1]
        assert role in found["NoOtherIdentity"][1]


def test_the_policies_are_attached_to_every_account_but_the_management_account(tmp_path, files):
    """They do not hold there: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html"""

    def targets(found):
        return re.findall(r'target_id = "([0-9]+)"', found["organization/policies.tf"].decode())

    assert targets(files) == ["111122223333", "444455556666"] * 2
    text = ESTATE.replace("id: o-a1b2c3d4e5}", "id: o-a1b2c3d4e5, management_account: dev}")
    assert targets(generated(tmp_path, text)) == ["111122223333"]
