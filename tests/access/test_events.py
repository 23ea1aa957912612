"""CloudTrail records in every form in which they come, and what each says of a denial."""

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meshrole.access import answer
from meshrole.access.records import MAX_BYTES, read
from meshrole.errors import InputError

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "cloudtrail"
ROLE = "arn:aws:iam::111122223333:role/mesh/acme-shop-checkout-blue-prod"
SESSION = "arn:aws:sts::111122223333:assumed-role/acme-shop-checkout-blue-prod/d060be4a"
TASK = "arn:aws:ecs:us-east-1:111122223333:task/shop/d060be4a"
IDENTITY = {
    "type": "AssumedRole",
    "principalId": "AROAEXAMPLE:d060be4a",
    "arn": SESSION,
    "accountId": "111122223333",
    "sessionContext": {
        "sessionIssuer": {"type": "Role", "arn": ROLE, "accountId": "111122223333", "userName": "acme-shop-checkout-blue-prod"},
        "sourceIdentity": "jo@acme.example",
    },
    "inScopeOf": {"sourceArn": TASK, "sourceAccount": "111122223333", "issuerType": "AWS::ECS::Task"},
}
MESSAGE = (
    f"User: {SESSION} is not authorized to perform: dynamodb:Scan on resource: "
    "arn:aws:dynamodb:us-east-1:111122223333:table/orders because no identity-based policy allows the dynamodb:Scan action"
)
RECORD = {
    "eventVersion": "1.11",
    "userIdentity": IDENTITY,
    "eventTime": "2026-10-01T10:00:00Z",
    "eventSource": "dynamodb.amazonaws.com",
    "eventName": "Scan",
    "awsRegion": "us-east-1",
    "sourceIPAddress": "192.0.2.7",
    "userAgent": "aws-sdk-go-v2/1.36.3",
    "errorCode": "AccessDeniedException",
    "errorMessage": MESSAGE,
    "requestParameters": None,
    "responseElements": None,
    "requestID": "8J5E",
    "eventID": "0c1d",
    "eventType": "AwsApiCall",
    "tlsDetails": {"tlsVersion": "TLSv1.3"},
}
FINE = {**RECORD, "errorCode": None, "errorMessage": None}
OTHER = {**RECORD, "errorCode": "ThrottlingException", "errorMessage": "Rate exceeded"}


def one(record):
    (denial,) = answer.of_events(json.dumps(record).encode(), "event.json").denials
    return denial


FORMS = {
    "one record": json.dumps(RECORD),
    "indented": json.dumps(RECORD, indent=2),
    "a log file": json.dumps({"Records": [RECORD, FINE]}),
    "EventBridge": json.dumps(
        {"version": "0", "detail-type": "AWS API Call via CloudTrail", "source": "aws.dynamodb", "detail": RECORD}
    ),
    "lookup-events": json.dumps({"Events": [{"EventId": "0c1d", "EventName": "Scan", "CloudTrailEvent": json.dumps(RECORD)}]}),
    "a list": json.dumps([RECORD]),
    "JSON Lines": f"{json.dumps(FINE)}\n\n{json.dumps(RECORD)}\n",
    "CloudWatch Logs": json.dumps({"events": [{"timestamp": 1, "message": json.dumps(RECORD)}]}),
    "SNS around EventBridge": json.dumps({"Type": "Notification", "Message": json.dumps({"detail": RECORD})}),
    "a byte order mark": "\ufeff" + json.dumps(RECORD),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_record_is_found_in_every_form(form):
    (denial,) = answer.of_events(FORMS[form].encode(), "event.json").denials
    assert (denial.action, denial.layer, denial.principal.role_arn) == ("dynamodb:Scan", "identity", ROLE)


def test_a_log_file_may_be_zipped_as_cloudtrail_leaves_it():
    (denial,) = answer.of_events(gzip.compress(FORMS["a log file"].encode()), "log.json.gz").denials
    assert denial.action == "dynamodb:Scan"


def test_the_event_says_who_with_path_session_and_what_for():
    who = one(RECORD).principal
    assert (who.role, who.role_arn, who.session) == ("acme-shop-checkout-blue-prod", ROLE, "d060be4a")
    assert (who.source_identity, who.in_scope_of, who.account) == ("jo@acme.example", TASK, "111122223333")


def test_the_event_shows_condition_keys():
    assert dict(one(RECORD).context) == {
        "aws:PrincipalAccount": ("111122223333",),
        "aws:PrincipalArn": (ROLE,),
        "aws:RequestedRegion": ("us-east-1",),
        "aws:SecureTransport": ("true",),
        "aws:SourceIdentity": ("jo@acme.example",),
        "aws:SourceIp": ("192.0.2.7",),
        "aws:UserAgent": ("aws-sdk-go-v2/1.36.3",),
    }


def test_each_denial_has_its_place_and_the_rest_is_counted():
    told = answer.of_events(f"{json.dumps([FINE, RECORD])}\n{json.dumps(OTHER)}\n{json.dumps(RECORD)}".encode(), "log.jsonl")
    assert [denial.event.place for denial in told.denials] == ["log.jsonl:1 record 2", "log.jsonl:3"]
    assert told.skipped == 2


def test_a_code_alone_is_a_denial_whose_action_is_the_calls():
    bare = one({**RECORD, "errorMessage": "Access Denied", "eventSource": "s3.amazonaws.com", "eventName": "ListObjects"})
    assert (bare.form, bare.action, bare.operation, bare.layer) == ("bare", "s3:ListBucket", "ListObjects", None)
    own = one(
        {
            **RECORD,
            "errorMessage": "IAM user access not activated",
            "eventSource": "ce.amazonaws.com",
            "eventName": "GetCostForecast",
        }
    )
    assert (own.form, own.action, own.reason) == ("event", "ce:GetCostForecast", "IAM user access not activated")
    nothing = one(
        {
            **RECORD,
            "errorMessage": None,
            "errorCode": "ForbiddenException",
            "eventSource": "appmesh.amazonaws.com",
            "eventName": "DescribeMesh",
        }
    )
    assert (nothing.form, nothing.action, nothing.code) == ("event", "appmesh:DescribeMesh", "ForbiddenException")


@pytest.mark.parametrize("elements", [{"errorCode": "AccessDenied", "errorMessage": MESSAGE}, {"Error": {"Message": MESSAGE}}])
def test_some_services_put_the_error_into_the_response(elements):
    assert one({**FINE, "responseElements": elements}).layer == "identity"


def test_a_token_that_the_trust_policy_does_not_take_has_no_reason_and_is_still_told():
    """STS says "An unknown error occurred" for it."""
    provider = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
    subject = "repo:acme/infra:ref:refs/heads/main"
    identity = {
        "type": "WebIdentityUser",
        "principalId": f"{provider}:sts.amazonaws.com:{subject}",
        "userName": subject,
        "identityProvider": provider,
    }
    sts = {"eventSource": "sts.amazonaws.com", "eventName": "AssumeRoleWithWebIdentity", "errorCode": "AccessDenied"}
    request = {"roleArn": ROLE, "roleSessionName": "GitHubActions"}
    found = one(
        {**RECORD, **sts, "userIdentity": identity, "errorMessage": "An unknown error occurred", "requestParameters": request}
    )
    assert (found.layer, found.inferred, found.resource, found.principal.provider) == ("trust", True, ROLE, provider)
    context = dict(found.context)
    assert context["token.actions.githubusercontent.com:aud"] == ("sts.amazonaws.com",)
    assert context["token.actions.githubusercontent.com:sub"] == (subject,)
    assert context["sts:RoleSessionName"] == ("GitHubActions",)


def test_a_network_activity_event_is_the_endpoints():
    """https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-network-events-with-cloudtrail.html"""
    found = one(
        {
            "eventVersion": "1.09",
            "userIdentity": {"type": "AWSAccount", "principalId": "AKIAIOSFODNN7EXAMPLE", "accountId": "777788889999"},
            "eventTime": "2024-07-15T23:57:12Z",
            "eventSource": "kms.amazonaws.com",
            "eventName": "ListKeys",
            "errorCode": "VpceAccessDenied",
            "errorMessage": "The request was denied due to a VPC endpoint policy",
            "eventType": "AwsVpceEvent",
            "vpcEndpointId": "vpce-EXAMPLE08c1b6b9b7",
            "eventCategory": "NetworkActivity",
        }
    )
    assert (found.form, found.layer, found.action, found.principal.account) == (
        "endpoint",
        "endpoint",
        "kms:ListKeys",
        "777788889999",
    )
    assert dict(found.context)["aws:SourceVpce"] == ("vpce-EXAMPLE08c1b6b9b7",)


NODE = "arn:aws:appmesh:us-west-2:123456789012:mesh/CloudTrail-Test/virtualNode/cloudtrail-test-vn"


def service_event(status, reason):
    """As in https://docs.aws.amazon.com/app-mesh/latest/userguide/logging-using-cloudtrail.html"""
    arn = "arn:aws:sts::123456789012:assumed-role/Application-TaskIamRole-C20GBLBRLBXE/d060be4ac3244e05aca4e067bfe241f8"
    details = {"connectionId": "e3c6f4ce", "nodeArn": NODE, "eventStatus": status, "failureReason": reason}
    return {
        "eventVersion": "1.08",
        "userIdentity": {"type": "AssumedRole", "arn": arn, "accountId": "123456789012", "invokedBy": "appmesh.amazonaws.com"},
        "eventTime": "2021-06-09T23:09:46Z",
        "eventSource": "appmesh.amazonaws.com",
        "eventName": "StreamAggregatedResources",
        "eventType": "AwsServiceEvent",
        "serviceEventDetails": details,
    }


@pytest.mark.parametrize(("reason", "grpc"), [("Unauthorized to stream", 7), ("Not authorized", 7), ("no valid credentials", 16)])
def test_a_lost_connection_of_envoy_has_its_reason_and_no_error_code(reason, grpc):
    found = one(service_event("ConnectionTerminated", reason))
    assert (found.form, found.grpc, found.reason, found.resource) == ("service-event", grpc, reason, NODE)
    assert (found.action, found.principal.role) == ("appmesh:StreamAggregatedResources", "Application-TaskIamRole-C20GBLBRLBXE")


@pytest.mark.parametrize(
    ("status", "reason"),
    [("ConnectionEstablished", ""), ("ConnectionGracefullyTerminated", ""), ("ConnectionTerminated", "Too many connections")],
)
def test_other_events_of_envoy_are_no_denials(status, reason):
    with pytest.raises(InputError, match="no denial in 1 CloudTrail record"):
        one(service_event(status, reason))


UNREADABLE = {
    "empty": (b"", "event.json:1:1: this is empty"),
    "no JSON": (b"hello", "event.json:1:1: not JSON"),
    "truncated": (json.dumps(RECORD)[:200].encode(), "it is truncated"),
    "truncated between values": (b'{"Records": [', "event.json:1:14: this ends in the middle of a value: it is truncated"),
    "one line of several": (f"{json.dumps(RECORD)}\n{{oops}}\n".encode(), "event.json:2:2: not JSON"),
    "a comma too many": (b'{\n  "Records": [],\n}', "not JSON"),
    "not UTF-8": (b'{"a": "\xff"}', "event.json:1:8: this is not UTF-8"),
    "JSON of something else": (b'{"Records": [{"a": 1}]}', "no CloudTrail record in this"),
    "a number": (b"1", "no CloudTrail record in this"),
    "nested without end": (b"[" * 100_000, "event.json:1:1: nested too deeply"),
    "a number without end": (b"9" * 5000, "event.json:1:1: not JSON that can be read"),
    "damaged gzip": (b"\x1f\x8bxxxx", "this gzip file is damaged"),
    "half a gzip": (gzip.compress(json.dumps(RECORD).encode())[:-20], "it is truncated"),
    "a gzip bomb": (gzip.compress(b" " * (MAX_BYTES + 1)), "unzips to more than 50,000,000 bytes"),
    "too large": (b" " * (MAX_BYTES + 1), "larger than 50,000,000 bytes"),
    "nothing denied": (json.dumps({"Records": [FINE, OTHER]}).encode(), "no denial in 2 CloudTrail records"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_is_refused_with_its_place(name):
    content, words = UNREADABLE[name]
    with pytest.raises(InputError) as error:
        answer.of_events(content, "event.json")
    assert words in str(error.value)
    assert error.value.problems[0].place.file == "event.json"


@pytest.mark.parametrize("name", ["invictus", "stratus"])
def test_every_denied_record_of_real_logs_is_explained(name):
    path = CORPUS / f"{name}.jsonl"
    if not path.exists():
        pytest.skip(f"the logs of others are not in this repository: {path}")
    records = [record.value for record in read(path.read_bytes(), path.name)]
    told = answer.of_events(path.read_bytes(), path.name)
    refused = [record for record in records if record.get("errorCode") in ("AccessDenied", "Client.UnauthorizedOperation")]
    assert len(told.denials) == len(refused) == {"invictus": 21, "stratus": 14}[name]
    for denial, record in zip(told.denials, refused, strict=True):
        message = record["errorMessage"]
        service, operation = record["eventSource"].partition(".")[0], record["eventName"]
        assert denial.action == f"{service}:{operation}"
        assert denial.principal.text == record["userIdentity"]["arn"]
        assert (denial.encoded is not None) == ("Encoded authorization failure message" in message)
        assert (denial.layer, denial.kind) == (
            ("identity", "implicit") if "no identity-based policy" in message else (None, None)
        )
        resource = message.partition(" on resource: ")[2].partition(" ")[0]
        assert denial.resource == (resource or None)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*RECORD, "arn", "type", "tags"]), inner, max_size=6)
    ),
    max_leaves=12,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(list(RECORD)), VALUES), st.sampled_from(["AccessDenied", "VpceAccessDenied"]))
def test_no_record_makes_it_crash(strange, code):
    record = {**RECORD, **strange, "eventName": "Scan", "eventSource": "dynamodb.amazonaws.com", "errorCode": code}
    try:
        told = answer.of_events(json.dumps(record).encode(), "event.json")
    except InputError:
        return
    shown = answer.explain(told)
    for text in (shown.text(), shown.json()):
        assert not [letter for letter in text if (ord(letter) < 32 and letter != "\n") or 0x7F <= ord(letter) < 0xA0]
