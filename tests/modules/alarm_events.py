"""What happens in an account where everything is watched, and which rules of modules/audit-alarms raise an alarm."""

from modules.cloudtrail_events import ACCOUNT, ROOT, SERVICE, USER, call, envoy, session

SHOP = "acme-shop-checkout-prod"
STRANGER = session("break-glass", "mallory")
PIPELINE = session("pipelines/acme-infrastructure", "github")
PERSON = session("aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_MeshAdministrator_0123456789abcdef", "bob@example.com")
POLICY = f"arn:aws:iam::{ACCOUNT}:policy/mesh/acme-shop-prod-boundary"
KEY_ID = "1234abcd-12ab-34cd-56ef-1234567890ab"
KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/{KEY_ID}"
TRAIL = f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:trail/acme-audit"
NODE = f"arn:aws:appmesh:us-east-1:{ACCOUNT}:mesh/shop/virtualNode/checkout"
REFUSED = f"Unauthorized to perform appmesh:StreamAggregatedResources for {NODE}."


def iam(name, identity=STRANGER, **parameters):
    return call("iam", name, parameters, identity)


def denied(service, name, code, identity):
    return call(service, name, None, identity, errorCode=code, errorMessage="User is not authorized")


# What happens, and the rules that raise an alarm.
EVENTS = [
    # A watched role, its policies, trust, boundary and tags.
    (iam("PutRolePolicy", roleName=SHOP, policyName="more"), {"roles"}),
    (iam("UpdateAssumeRolePolicy", roleName="legacy-billing"), {"roles"}),
    (iam("DeleteRolePermissionsBoundary", USER, roleName=SHOP), {"roles"}),
    (iam("UntagRole", ROOT, roleName=SHOP), {"roles"}),
    (iam("DeleteRole", SERVICE, roleName=SHOP), {"roles"}),
    (iam("CreateRole", roleName="acme-bank-new", path="/mesh/"), {"roles"}),
    # A trial is worth an alarm, too.
    (call("iam", "PutRolePolicy", {"roleName": SHOP}, STRANGER, errorCode="AccessDenied"), {"roles"}),
    # What nobody needs to hear of: an administrator, another role, a look.
    (iam("PutRolePolicy", PIPELINE, roleName=SHOP), set()),
    (iam("PutRolePolicy", PERSON, roleName=SHOP), set()),
    (iam("PutRolePolicy", roleName="data-lake"), set()),
    (iam("PutRolePolicy", roleName="legacy-billing-2"), set()),
    (iam("PutRolePolicy", roleName="not-acme-shop-checkout"), set()),
    (iam("GetRole", roleName=SHOP), set()),
    (iam("PutUserPolicy", userName=SHOP), set()),
    # Roles that only look like an administrator.
    (iam("PutRolePolicy", session("acme-infrastructure"), roleName=SHOP), {"roles"}),
    (iam("PutRolePolicy", session("pipelines/acme-infrastructure-2"), roleName=SHOP), {"roles"}),
    (iam("PutRolePolicy", session("AWSReservedSSO_MeshAdministrator_0123456789abcdef"), roleName=SHOP), {"roles"}),
    # Instance profiles: both the profile and the role in it.
    (iam("CreateInstanceProfile", instanceProfileName="acme-shop-payments-prod"), {"instance-profiles"}),
    (iam("AddRoleToInstanceProfile", instanceProfileName="mine", roleName=SHOP), {"roles"}),
    (iam("AddRoleToInstanceProfile", instanceProfileName=SHOP, roleName="mine"), {"instance-profiles"}),
    (iam("DeleteInstanceProfile", PIPELINE, instanceProfileName=SHOP), set()),
    (iam("DeleteInstanceProfile", instanceProfileName="mine"), set()),
    (iam("TagInstanceProfile", ROOT, instanceProfileName="legacy-billing"), {"instance-profiles"}),
    (iam("UntagInstanceProfile", instanceProfileName="acme-bank-x"), {"instance-profiles"}),
    (iam("UntagInstanceProfile", PERSON, instanceProfileName="acme-bank-x"), set()),
    (iam("GetInstanceProfile", instanceProfileName=SHOP), set()),
    # Managed policies, with a path and without one.
    (iam("CreatePolicy", policyName="acme-shop-more", path="/"), {"policies"}),
    (iam("CreatePolicyVersion", policyArn=POLICY, setAsDefault=True), {"policies"}),
    (iam("DeletePolicy", ROOT, policyArn=f"arn:aws:iam::{ACCOUNT}:policy/acme-bank-x"), {"policies"}),
    (iam("SetDefaultPolicyVersion", policyArn=f"arn:aws:iam::{ACCOUNT}:policy/acme-shop-x"), {"policies"}),
    (iam("TagPolicy", policyArn=f"arn:aws:iam::{ACCOUNT}:policy/mesh/acme-bank-x"), {"policies"}),
    (iam("CreatePolicy", USER, policyName="acme-bank-more"), {"policies"}),
    (iam("CreatePolicyVersion", PIPELINE, policyArn=POLICY), set()),
    (iam("DeletePolicyVersion", PERSON, policyArn=POLICY), set()),
    (iam("GetPolicy", policyArn=POLICY), set()),
    (call("iot", "CreatePolicy", {"policyName": "acme-shop-sensor"}, STRANGER), set()),
    (iam("CreatePolicyVersion", policyArn=f"arn:aws:iam::{ACCOUNT}:policy/team/other"), set()),
    (iam("CreatePolicyVersion", policyArn=f"arn:aws:iam::{ACCOUNT}:policy/not-acme-shop-x"), set()),
    (iam("AttachUserPolicy", userName="mallory", policyArn=POLICY), {"policies"}),
    (iam("AttachRolePolicy", roleName="mine", policyArn=POLICY), {"policies"}),
    (iam("AttachRolePolicy", roleName=SHOP, policyArn=f"arn:aws:iam::{ACCOUNT}:policy/other"), {"roles"}),
    (iam("AttachRolePolicy", roleName=SHOP, policyArn=POLICY), {"roles", "policies"}),
    # The trail, by its name and by its ARN: nobody is exempt.
    (call("cloudtrail", "StopLogging", {"name": "acme-audit"}, PIPELINE), {"trails"}),
    (call("cloudtrail", "DeleteTrail", {"name": TRAIL}, ROOT), {"trails"}),
    (call("cloudtrail", "UpdateTrail", {"name": "acme-audit", "isMultiRegionTrail": False}, USER), {"trails"}),
    (call("cloudtrail", "PutEventSelectors", {"trailName": "acme-audit", "eventSelectors": []}, STRANGER), {"trails"}),
    (call("cloudtrail", "PutInsightSelectors", {"trailName": TRAIL, "insightSelectors": []}, STRANGER), {"trails"}),
    (call("cloudtrail", "StopLogging", {"name": "another"}, STRANGER), set()),
    (call("cloudtrail", "StartLogging", {"name": "acme-audit"}, STRANGER), set()),
    (call("cloudtrail", "GetTrailStatus", {"name": "acme-audit"}, STRANGER), set()),
    # AWS Config.
    (call("config", "StopConfigurationRecorder", {"configurationRecorderName": "default"}, PIPELINE), {"recorder"}),
    (call("config", "PutConfigurationRecorder", {"configurationRecorder": {"name": "default"}}, STRANGER), {"recorder"}),
    (call("config", "DeleteDeliveryChannel", {"deliveryChannelName": "default"}, STRANGER), {"recorder"}),
    (call("config", "DeleteConfigRule", {"configRuleName": "mesh-role-tagged"}, STRANGER), {"recorder"}),
    (call("config", "StartConfigurationRecorder", {"configurationRecorderName": "default"}, STRANGER), set()),
    (call("config", "PutEvaluations", None, STRANGER), set()),
    # The log bucket.
    (call("s3", "PutBucketPolicy", {"bucketName": "acme-audit-logs", "bucketPolicy": {}}, PIPELINE), {"bucket"}),
    (call("s3", "DeleteBucketEncryption", {"bucketName": "acme-audit-logs"}, STRANGER), {"bucket"}),
    (call("s3", "PutBucketLifecycle", {"bucketName": "acme-audit-logs"}, STRANGER), {"bucket"}),
    (call("s3", "PutBucketVersioning", {"bucketName": "acme-audit-logs"}, STRANGER), {"bucket"}),
    (call("s3", "DeleteBucketPublicAccessBlock", {"bucketName": "acme-audit-logs"}, STRANGER), {"bucket"}),
    (call("s3", "PutBucketPolicy", {"bucketName": "acme-audit-logs-2"}, STRANGER), set()),
    (call("s3express", "PutBucketPolicy", {"bucketName": "acme-audit-logs"}, STRANGER), set()),
    (call("s3", "PutBucketTagging", {"bucketName": "acme-audit-logs"}, STRANGER), set()),
    # The key, by its id and by its ARN.
    (call("kms", "DisableKey", {"keyId": KEY_ID}, STRANGER), {"key"}),
    (call("kms", "ScheduleKeyDeletion", {"keyId": KEY, "pendingWindowInDays": 7}, PIPELINE), {"key"}),
    (call("kms", "PutKeyPolicy", {"keyId": KEY, "policyName": "default"}, ROOT), {"key"}),
    (call("kms", "PutKeyPolicy", {"keyId": "0000abcd-12ab-34cd-56ef-1234567890ab"}, STRANGER), set()),
    (call("kms", "GenerateDataKey", {"keyId": KEY}, STRANGER), set()),
    # Denied calls of a mesh role, in each service's word for it.
    (denied("s3", "GetObject", "AccessDenied", session(SHOP)), {"denials"}),
    (denied("dynamodb", "DescribeTable", "AccessDeniedException", session(f"mesh/{SHOP}")), {"denials"}),
    (denied("ec2", "DescribeInstances", "Client.UnauthorizedOperation", session("legacy-billing")), {"denials"}),
    (denied("redshift", "DescribeClusters", "UnauthorizedOperation", session(SHOP)), {"denials"}),
    (denied("appmesh", "DescribeMesh", "ForbiddenException", session(SHOP)), {"denials"}),
    (denied("apigateway", "GetRestApis", "UnauthorizedException", session(SHOP)), {"denials"}),
    (denied("sns", "Publish", "AuthorizationError", session(SHOP)), {"denials"}),
    (denied("lambda", "GetFunction", "KMSAccessDeniedException", session(SHOP)), {"denials"}),
    (denied("sns", "Publish", "KMSAccessDenied", session(SHOP)), {"denials"}),
    (denied("organizations", "ListAccounts", "AccessDeniedForDependencyException", session("acme-bank-web")), {"denials"}),
    (call("dynamodb", "DescribeTable", None, session(SHOP)), set()),
    (denied("dynamodb", "DescribeTable", "ResourceNotFoundException", session(SHOP)), set()),
    (denied("dynamodb", "DescribeTable", "AccessDeniedException", STRANGER), set()),
    (denied("dynamodb", "DescribeTable", "AccessDeniedException", session("legacy-billing-2")), set()),
    (denied("dynamodb", "DescribeTable", "AccessDeniedException", {**USER, "userName": SHOP}), set()),
    # Envoys whose role does not have the node's grant.
    (envoy(SHOP, "ConnectionTerminated", REFUSED, NODE), {"envoy-denials"}),
    (envoy("legacy-billing", "ConnectionTerminated", REFUSED, NODE), {"envoy-denials"}),
    (envoy("acme-bank-web", "ConnectionTerminated", REFUSED, NODE), {"envoy-denials"}),
    (envoy(SHOP, "ConnectionEstablished", "", NODE), set()),
    (envoy(SHOP, "ConnectionTerminated", "The Envoy did not answer.", NODE), set()),
    (envoy("legacy-billing-2", "ConnectionTerminated", REFUSED, NODE), set()),
    (envoy("node-group", "ConnectionTerminated", REFUSED, NODE), set()),
]

# What the service authorization reference lists as writing to a kind of resource, and no rule looks for: what is no call (PassRole), what
# only a service or its own recorder is changed by, and what begins something or names it.
LEFT_OUT = {
    ("iam", "role"): {"PassRole", "CreateServiceLinkedRole", "DeleteServiceLinkedRole"},
    ("cloudtrail", "trail"): {"CreateTrail", "StartLogging", "AddTags", "RemoveTags"},
    ("config", "ConfigurationRecorder"): {
        "AssociateResourceTypes",
        "DeleteServiceLinkedConfigurationRecorder",
        "StartConfigurationRecorder",
        "TagResource",
        "UntagResource",
    },
}
# What changes such a resource, or what belongs to it, without being listed for it.
ADDED = {
    ("iam", "role"): {"AddRoleToInstanceProfile", "RemoveRoleFromInstanceProfile"},
    ("iam", "policy"): {"AttachGroupPolicy", "AttachRolePolicy", "AttachUserPolicy"},
    ("config", "ConfigurationRecorder"): {
        "DeleteConfigRule",
        "DeleteDeliveryChannel",
        "DeleteRetentionConfiguration",
        "PutDeliveryChannel",
        "PutRetentionConfiguration",
    },
}
