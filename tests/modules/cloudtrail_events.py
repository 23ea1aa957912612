"""Events as CloudTrail sends them to EventBridge, with the callers that CloudTrail tells apart.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
"""

from typing import Any

ACCOUNT = "111122223333"
Identity = dict[str, Any]


def session(role: str, name: str = "i-0123456789abcdef0") -> Identity:
    """Who assumed a role; `role` has its path before its name."""
    role_name = role.rsplit("/", 1)[-1]
    return {
        "type": "AssumedRole",
        "principalId": f"AROAIOSFODNN7EXAMPLE:{name}",
        "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/{role_name}/{name}",
        "accountId": ACCOUNT,
        "accessKeyId": "ASIAIOSFODNN7EXAMPLE",
        "sessionContext": {
            "sessionIssuer": {
                "type": "Role",
                "principalId": "AROAIOSFODNN7EXAMPLE",
                "arn": f"arn:aws:iam::{ACCOUNT}:role/{role}",
                "accountId": ACCOUNT,
                "userName": role_name,
            },
            "attributes": {"creationDate": "2026-10-01T12:00:00Z", "mfaAuthenticated": "false"},
        },
    }


USER: Identity = {
    "type": "IAMUser",
    "principalId": "AIDAJ45Q7YFFAREXAMPLE",
    "arn": f"arn:aws:iam::{ACCOUNT}:user/alice",
    "accountId": ACCOUNT,
    "accessKeyId": "AKIAIOSFODNN7EXAMPLE",
    "userName": "alice",
}
# A console session with MFA has a context, but no issuer.
ROOT: Identity = {
    "type": "Root",
    "principalId": ACCOUNT,
    "arn": f"arn:aws:iam::{ACCOUNT}:root",
    "accountId": ACCOUNT,
    "sessionContext": {"attributes": {"creationDate": "2026-10-01T12:00:00Z", "mfaAuthenticated": "true"}},
}
SERVICE: Identity = {"type": "AWSService", "invokedBy": "cloudformation.amazonaws.com"}


def call(service: str, name: str, parameters: dict | None, identity: Identity, **more: Any) -> dict:
    """A call of a service's API; `more` are further fields of the record, such as errorCode."""
    record = {
        "eventVersion": "1.11",
        "userIdentity": identity,
        "eventTime": "2026-10-01T12:34:56Z",
        "eventSource": f"{service}.amazonaws.com",
        "eventName": name,
        "awsRegion": "us-east-1",
        "sourceIPAddress": "192.0.2.10",
        "userAgent": "aws-cli/2.31.0",
        "requestParameters": parameters,
        "responseElements": None,
        "requestID": "f1e2d3c4-b5a6-4789-8abc-def012345678",
        "eventID": "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d",
        "readOnly": name.startswith(("Get", "List", "Describe")),
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": ACCOUNT,
        "eventCategory": "Management",
    }
    return _delivered(service, "AWS API Call via CloudTrail", {**record, **more})


def envoy(role: str, status: str, reason: str, node: str) -> dict:
    """A connection of an Envoy to App Mesh: a service event, with neither an error code nor a session issuer.

    https://docs.aws.amazon.com/app-mesh/latest/userguide/logging-using-cloudtrail.html
    """
    record = {
        "eventVersion": "1.08",
        "userIdentity": {
            "type": "AssumedRole",
            "principalId": "AKIAIOSFODNN7EXAMPLE:d060be4ac3244e05aca4e067bfe241f8",
            "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/d060be4ac3244e05aca4e067bfe241f8",
            "accountId": ACCOUNT,
            "invokedBy": "appmesh.amazonaws.com",
        },
        "eventTime": "2026-09-01T12:34:56Z",
        "eventSource": "appmesh.amazonaws.com",
        "eventName": "StreamAggregatedResources",
        "awsRegion": "us-east-1",
        "sourceIPAddress": "appmesh.amazonaws.com",
        "userAgent": "appmesh.amazonaws.com",
        "eventID": "e3c6f4ce-4e5f-4a6b-8c7d-9e0f1a2b3c4d",
        "readOnly": False,
        "eventType": "AwsServiceEvent",
        "managementEvent": True,
        "recipientAccountId": ACCOUNT,
        "serviceEventDetails": {
            "connectionId": "e3c6f4ce-EXAMPLE",
            "nodeArn": node,
            "eventStatus": status,
            "failureReason": reason,
        },
        "eventCategory": "Management",
    }
    return _delivered("appmesh", "AWS Service Event via CloudTrail", record)


def _delivered(service: str, detail_type: str, record: dict) -> dict:
    return {
        "version": "0",
        "id": "6a7e8feb-b491-4cf7-a9f1-bf3703467718",
        "detail-type": detail_type,
        "source": f"aws.{service}",
        "account": ACCOUNT,
        "time": record["eventTime"],
        "region": record["awsRegion"],
        "resources": [],
        "detail": record,
    }
