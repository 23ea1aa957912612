"""CloudTrail records in the shapes that AWS documents, for what the public log files lack."""

from typing import Any

SHOP = "111122223333"
PARTNER = "222233334444"
STRANGER = "999988887777"
MESH = f"arn:aws:appmesh:eu-west-1:{SHOP}:mesh/shop"
CHECKOUT = f"arn:aws:iam::{SHOP}:role/mesh/acme-shop-checkout-prod"
INGRESS = f"arn:aws:iam::{SHOP}:role/mesh/acme-shop-ingress-prod"
READERS = f"arn:aws:iam::{SHOP}:role/mesh/acme-mesh-readers-prod"
DEPLOY = f"arn:aws:iam::{SHOP}:role/mesh/acme-deploy-prod"
ECS = "ecs-tasks.amazonaws.com"
# What a pipeline of a partner's account deploys with; the other roles are the example's.
DEPLOY_ROW = {"arn": DEPLOY, "name": "acme-deploy-prod", "mesh": "shop", "environment": "prod", "identity": "deploy",
              "kind": "pipeline", "trusted": [f"arn:aws:iam::{PARTNER}:role/deployer"], "nodes": []}  # fmt: skip
SCP = "arn:aws:organizations::444455556666:policy/o-a1b2c3d4e5/service_control_policy/p-12345678"
BOUNDARY = f"arn:aws:iam::{SHOP}:policy/mesh/acme-shop-boundary-prod"


def session(role: str, name: str, person: str | None = None) -> dict[str, Any]:
    """https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html"""
    account, role_name = role.split(":")[4], role.split("/")[-1]
    issuer = {"type": "Role", "principalId": "AROAEXAMPLE", "arn": role, "accountId": account, "userName": role_name}
    return {
        "type": "AssumedRole",
        "principalId": f"AROAEXAMPLE:{name}",
        "arn": f"arn:aws:sts::{account}:assumed-role/{role_name}/{name}",
        "accountId": account,
        "sessionContext": {
            "sessionIssuer": issuer,
            "attributes": {"mfaAuthenticated": "false", "creationDate": "2026-11-24T08:00:00Z"},
            **({"sourceIdentity": person} if person else {}),
        },
    }


def user(name: str, account: str = SHOP) -> dict[str, Any]:
    """https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html"""
    arn = f"arn:aws:iam::{account}:user/{name}"
    return {"type": "IAMUser", "principalId": "AIDAEXAMPLE", "arn": arn, "accountId": account, "userName": name}


def service(name: str) -> dict[str, Any]:
    """https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html"""
    return {"type": "AWSService", "invokedBy": name}


def call(time: str, who: dict, source: str, event: str, parameters: dict | None, **more: Any) -> dict[str, Any]:
    """https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html"""
    return {
        "eventVersion": "1.11",
        "userIdentity": who,
        "eventTime": time,
        "eventSource": f"{source}.amazonaws.com",
        "eventName": event,
        "awsRegion": "us-east-1" if source == "iam" else "eu-west-1",
        "sourceIPAddress": "192.0.2.7",
        "userAgent": "aws-cli/2.31.0",
        "requestParameters": parameters,
        "responseElements": None,
        "eventID": f"{time}-{event}",
        "readOnly": False,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": SHOP,
        "eventCategory": "Management",
        **more,
    }


def stream(
    time: str, role_name: str, task: str, node: str, status: str, failure: str = "", account: str = SHOP
) -> dict[str, Any]:
    """https://docs.aws.amazon.com/app-mesh/latest/userguide/logging-using-cloudtrail.html: no sessionContext, no errorCode."""
    who = {
        "type": "AssumedRole",
        "principalId": f"AROAEXAMPLE:{task}",
        "arn": f"arn:aws:sts::{account}:assumed-role/{role_name}/{task}",
        "accountId": account,
        "invokedBy": "appmesh.amazonaws.com",
    }
    details = {"connectionId": "e3c6f4ce-EXAMPLE", "nodeArn": f"{MESH}/{node}", "eventStatus": status, "failureReason": failure}
    record = call(time, who, "appmesh", "StreamAggregatedResources", None, serviceEventDetails=details)
    del record["requestParameters"], record["responseElements"]
    return {**record, "eventType": "AwsServiceEvent", "recipientAccountId": account}


def assumed(time: str, who: dict, role: str, event: str = "AssumeRole", **parameters: Any) -> dict[str, Any]:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html"""
    return call(time, who, "sts", event, {"roleArn": role, "roleSessionName": "session", **parameters}, readOnly=True)


def refused(message: str, code: str = "AccessDenied") -> dict[str, str]:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html"""
    return {"errorCode": code, "errorMessage": message}


TASK_ROLE = "acme-shop-checkout-prod"
CHECKOUT_TASK = session(CHECKOUT, "task-1")
ANNA = session(READERS, "anna", person="anna@acme.example")
ROUTE = f"{MESH}/virtualRouter/checkout/route/all"
TABLE = f"arn:aws:dynamodb:eu-west-1:{SHOP}:table/orders"

STREAMS = [
    stream("2026-11-24T10:00:00Z", TASK_ROLE, "task-1", "virtualNode/checkout", "ConnectionEstablished"),
    stream("2026-11-24T10:30:00Z", TASK_ROLE, "task-1", "virtualNode/checkout", "ConnectionGracefullyTerminated"),
    stream("2026-11-24T10:30:01Z", TASK_ROLE, "task-1", "virtualNode/checkout", "ConnectionGracefullyTerminated"),
    stream("2026-11-24T10:30:05Z", TASK_ROLE, "task-1", "virtualNode/checkout", "ConnectionEstablished"),
    stream("2026-11-24T10:45:00Z", TASK_ROLE, "task-1", "virtualNode/checkout", "ConnectionTerminated", "Not authorized."),
    stream("2026-11-24T11:00:00Z", TASK_ROLE, "task-2", "virtualGateway/ingress", "ConnectionEstablished"),
    stream("2026-11-24T11:05:00Z", "legacy-task-role", "task-3", "virtualNode/checkout", "ConnectionEstablished"),
    # Another account's role of the same name.
    stream(
        "2026-11-24T11:10:00Z", "acme-shop-ingress-prod", "task-5", "virtualGateway/ingress", "ConnectionEstablished", "", PARTNER
    ),
    # Before the days that are asked for.
    stream("2026-08-01T10:00:00Z", "acme-shop-ingress-prod", "task-4", "virtualGateway/ingress", "ConnectionEstablished"),
]
CALLS = [
    call("2026-11-24T12:00:00Z", ANNA, "appmesh", "DescribeMesh", {"meshName": "shop"}),
    call("2026-11-24T12:01:00Z", ANNA, "appmesh", "UpdateRoute", {"meshName": "shop", "routeName": "all"}, **refused(
        f"User: {ANNA['arn']} is not authorized to perform: appmesh:UpdateRoute on resource: {ROUTE} "
        f"with an explicit deny in a service control policy: {SCP}", "ForbiddenException")),
    call("2026-11-24T12:02:00Z", CHECKOUT_TASK, "dynamodb", "DescribeTable", None, **refused(
        f"User: {CHECKOUT_TASK['arn']} is not authorized to perform: dynamodb:DescribeTable on resource: {TABLE} "
        "because no permissions boundary allows the dynamodb:DescribeTable action", "AccessDeniedException")),
    call("2026-11-24T12:03:00Z", CHECKOUT_TASK, "servicediscovery", "DiscoverInstances", None, **refused(
        "The request was denied due to a VPC endpoint policy", "VpceAccessDenied")),
    call("2026-11-24T12:04:00Z", user("eve"), "sts", "AssumeRole", None, **refused(
        f"User: arn:aws:iam::{SHOP}:user/eve is not authorized to perform: sts:AssumeRole on resource: {CHECKOUT} "
        "because no role trust policy allows the sts:AssumeRole action")),
    # A user of a role's name.
    call("2026-11-24T12:04:30Z", user(TASK_ROLE), "s3", "ListBuckets", None),
    # Not of a mesh, and not on one.
    call("2026-11-24T12:05:00Z", user("eve"), "s3", "ListBuckets", None, **refused(
        f"User: arn:aws:iam::{SHOP}:user/eve is not authorized to perform: s3:ListAllMyBuckets "
        "because no identity-based policy allows the s3:ListAllMyBuckets action")),
    # An error, but no denial.
    call("2026-11-24T12:06:00Z", ANNA, "appmesh", "DescribeMesh", {"meshName": "shp"}, **refused("No such mesh", "NotFoundException")),
]  # fmt: skip
PIPELINE = session(f"arn:aws:iam::{SHOP}:role/mesh/acme-infra-prod", "run-1")
OPERATOR = session(f"arn:aws:iam::{SHOP}:role/ops", "otto", person="otto")
CHANGES = [
    # Administrators: by the pattern with *, and by the name with _, which stands for itself.
    call("2026-11-24T13:00:00Z", PIPELINE, "iam", "UpdateAssumeRolePolicy", {"roleName": TASK_ROLE, "policyDocument": "{}"}),
    call("2026-11-24T13:01:00Z", session(f"arn:aws:iam::{SHOP}:role/break_glass", "x"), "iam", "TagRole", {"roleName": TASK_ROLE}),
    call("2026-11-24T13:02:00Z", session(f"arn:aws:iam::{SHOP}:role/break-glass", "x"), "iam", "TagRole", {"roleName": TASK_ROLE}),
    call("2026-11-24T13:03:00Z", user("eve"), "iam", "PutRolePolicy", {"roleName": TASK_ROLE, "policyName": "extra"}),
    call("2026-11-24T13:04:00Z", OPERATOR, "iam", "DeleteRolePermissionsBoundary", {"roleName": TASK_ROLE}, **refused(
        f"User: {OPERATOR['arn']} is not authorized to perform: iam:DeleteRolePermissionsBoundary on resource: role "
        f"{TASK_ROLE} with an explicit deny in an identity-based policy")),
    call("2026-11-24T13:05:00Z", user("eve"), "iam", "CreatePolicyVersion", {"policyArn": BOUNDARY, "setAsDefault": True}),
    # Another policy, another account's role of that name, and a reading call.
    call("2026-11-24T13:06:00Z", user("eve"), "iam", "CreatePolicyVersion", {"policyArn": f"arn:aws:iam::{SHOP}:policy/other"}),
    call("2026-11-24T13:07:00Z", user("eve", PARTNER), "iam", "DeleteRole", {"roleName": TASK_ROLE}, recipientAccountId=PARTNER),
    call("2026-11-24T13:08:00Z", user("eve"), "iam", "GetRole", {"roleName": TASK_ROLE}),
]  # fmt: skip
OKTA, OTHER = f"arn:aws:iam::{SHOP}:saml-provider/okta", f"arn:aws:iam::{SHOP}:saml-provider/other"
GITHUB = f"arn:aws:iam::{SHOP}:oidc-provider/token.actions.githubusercontent.com"
SAML_USER = {"type": "SAMLUser", "principalId": "Sample=:anna", "userName": "anna", "identityProvider": "Sample="}
WEB_USER = {"type": "WebIdentityUser", "principalId": f"{GITHUB}:sts.amazonaws.com:repo:acme/shop", "userName": "repo:acme/shop",
            "identityProvider": GITHUB}  # fmt: skip
ASSUMPTIONS = [
    assumed("2026-11-24T09:00:00Z", service(ECS), CHECKOUT),
    assumed("2026-11-24T09:01:00Z", service(ECS), INGRESS),
    assumed("2026-11-24T09:02:00Z", service("lambda.amazonaws.com"), CHECKOUT),
    assumed("2026-11-24T09:03:00Z", service("lambda.amazonaws.com"), CHECKOUT),
    assumed("2026-11-24T09:04:00Z", SAML_USER, READERS, "AssumeRoleWithSAML", principalArn=OKTA),
    assumed("2026-11-24T09:05:00Z", SAML_USER, READERS, "AssumeRoleWithSAML", principalArn=OTHER),
    assumed("2026-11-24T09:06:00Z", WEB_USER, CHECKOUT, "AssumeRoleWithWebIdentity"),
    # From another account: in the role's account a number, in the caller's a name.
    assumed("2026-11-24T09:07:00Z", {"type": "AWSAccount", "principalId": "AROAEXAMPLE:d", "accountId": PARTNER}, DEPLOY),
    assumed("2026-11-24T09:08:00Z", {"type": "AWSAccount", "principalId": "AIDAEXAMPLE", "accountId": STRANGER}, DEPLOY),
    {**assumed("2026-11-24T09:09:00Z", session(f"arn:aws:iam::{PARTNER}:role/deployer", "d"), DEPLOY), "recipientAccountId": PARTNER},
    {**assumed("2026-11-24T09:10:00Z", session(f"arn:aws:iam::{PARTNER}:role/intruder", "i"), DEPLOY), "recipientAccountId": PARTNER,
     "sharedEventID": "shared-1"},
    # Refused: nobody got the role.
    {**assumed("2026-11-24T09:11:00Z", user("eve"), INGRESS), **refused("no")},
]  # fmt: skip
ARCHIVE = "acme-audit-archive"
TAMPERING = [
    call("2026-11-24T14:00:00Z", user("eve"), "cloudtrail", "StopLogging", {"name": "acme-audit"}),
    call("2026-11-24T14:01:00Z", PIPELINE, "cloudtrail", "UpdateTrail", {"name": "acme-audit", "enableLogFileValidation": True}),
    call("2026-11-24T14:02:00Z", user("eve"), "config", "StopConfigurationRecorder", {"configurationRecorderName": "default"},
         **refused("no")),
    call("2026-11-24T14:03:00Z", user("eve"), "s3", "DeleteBucketPolicy", {"bucketName": ARCHIVE}),
    # A record that arrives, another bucket, and calls that change nothing.
    call("2026-11-24T14:04:00Z", service("cloudtrail.amazonaws.com"), "s3", "PutObject", {"bucketName": ARCHIVE, "key": "x"}),
    call("2026-11-24T14:05:00Z", user("eve"), "s3", "PutBucketPolicy", {"bucketName": "elsewhere"}),
    call("2026-11-24T14:06:00Z", user("eve"), "s3", "GetBucketPolicy", {"bucketName": ARCHIVE}),
    call("2026-11-24T14:07:00Z", user("eve"), "cloudtrail", "GetTrailStatus", {"name": "acme-audit"}),
]  # fmt: skip
RECORDS = [*STREAMS, *CALLS, *CHANGES, *ASSUMPTIONS, *TAMPERING]
