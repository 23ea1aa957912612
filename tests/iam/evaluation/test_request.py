"""What may be a request, who makes it, and what follows from that."""

import pytest

from meshrole.errors import InputError
from meshrole.iam import Request
from meshrole.iam.evaluation.principal import Grade
from meshrole.iam.evaluation.values import UNKNOWN

ACCOUNT = "111122223333"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/team/app"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/app/one"
USER = f"arn:aws:iam::{ACCOUNT}:user/team/ana"
FEDERATED_USER = f"arn:aws:sts::{ACCOUNT}:federated-user/ana"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
PROVIDER = f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"
SAML = f"arn:aws:iam::{ACCOUNT}:saml-provider/corp"


def facts(principal=USER, resource="*", context=None, **more):
    return Request(principal, "s3:GetObject", resource, context=context or {}, **more).facts


# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
@pytest.mark.parametrize(
    ("principal", "kind", "name", "user_id"),
    [
        (USER, "User", ("ana",), UNKNOWN),
        (SESSION, "AssumedRole", (), UNKNOWN),
        (ROLE, "AssumedRole", (), UNKNOWN),
        (FEDERATED_USER, "FederatedUser", (), (f"{ACCOUNT}:ana",)),
        (ROOT, "Account", (), (ACCOUNT,)),
        ({"type": "Anonymous"}, "Anonymous", (), ("anonymous",)),
    ],
)
def test_the_keys_of_the_principal_are_those_of_the_table(principal, kind, name, user_id):
    lookup = facts(principal).lookup
    assert lookup("aws:principaltype") == (kind,)
    assert lookup("aws:username") == name
    assert lookup("aws:userid") == user_id


# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
@pytest.mark.parametrize(
    ("principal", "arn"),
    [
        (USER, (USER,)),
        (SESSION, (f"arn:aws:iam::{ACCOUNT}:role/app",)),
        (ROLE, (ROLE,)),
        (FEDERATED_USER, (FEDERATED_USER,)),
        (ROOT, (ROOT,)),
        ({"type": "Anonymous"}, ()),
    ],
)
def test_the_principals_arn_is_the_roles_for_a_session(principal, arn):
    assert facts(principal).lookup("aws:principalarn") == arn


@pytest.mark.parametrize(
    ("principal", "service", "name"),
    [
        ("lambda.amazonaws.com", ("true",), ("lambda.amazonaws.com",)),
        ({"service": "lambda.amazonaws.com"}, ("true",), ("lambda.amazonaws.com",)),
        ({"type": "Service", "service": "lambda.amazonaws.com"}, ("true",), ("lambda.amazonaws.com",)),
        ({"type": "Service", "name": "lambda.amazonaws.com"}, ("true",), ("lambda.amazonaws.com",)),
        ({"type": "AssumedRole", "arn": SESSION}, ("false",), ()),
        (SESSION, ("false",), ()),
        ({"type": "Anonymous"}, (), ()),
    ],
)
def test_a_service_says_its_name(principal, service, name):
    lookup = facts(principal).lookup
    assert lookup("aws:principalisawsservice") == service
    assert lookup("aws:principalservicename") == name


@pytest.mark.parametrize(
    ("principal", "found"),
    [
        (PROVIDER, (PROVIDER,)),
        ({"federated": PROVIDER}, (PROVIDER,)),
        ("cognito-identity.amazonaws.com", ("cognito-identity.amazonaws.com",)),
        (SAML, ()),
    ],
)
def test_who_comes_from_an_identity_provider_has_no_account(principal, found):
    made = facts(principal)
    assert made.lookup("aws:federatedprovider") == found
    assert made.principal.account is None
    assert not made.principal.has_identity


def test_a_principal_has_more_and_less_direct_names():
    assert dict(facts(SESSION).principal.names) == {
        SESSION: Grade.direct,
        "*": Grade.direct,
        f"arn:aws:iam::{ACCOUNT}:role/app": Grade.entity,
        ACCOUNT: Grade.account,
    }
    # A role's name is unique in its account: the path is no part of how it is compared.
    assert f"arn:aws:iam::{ACCOUNT}:role/app" in facts(ROLE).principal.names


@pytest.mark.parametrize(
    ("arn", "linked"),
    [
        (f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS", True),
        (f"arn:aws:sts::{ACCOUNT}:assumed-role/AWSServiceRoleForECS/one", True),
        (ROLE, False),
        (USER, False),
    ],
)
def test_a_service_linked_role_is_known_by_its_name(arn, linked):
    assert facts(arn).principal.service_linked is linked


@pytest.mark.parametrize(
    ("resource", "given", "owner"),
    [
        (f"arn:aws:sqs:eu-west-1:{ACCOUNT}:queue", None, (ACCOUNT,)),
        ("arn:aws:s3:::bucket", "444455556666", ("444455556666",)),
        ("arn:aws:s3:::bucket", None, (ACCOUNT,)),
        ("*", None, (ACCOUNT,)),
    ],
)
def test_the_resources_account_is_given_or_in_its_arn_or_the_principals(resource, given, owner):
    assert facts(USER, resource, resource_account=given).lookup("aws:resourceaccount") == owner


def test_keys_are_found_in_any_case_and_values_become_text():
    lookup = facts(context={"AWS:TagKeys": ["a", "b"], "s3:Max-Keys": 10, "aws:SecureTransport": True, "x:none": []}).lookup
    assert lookup("aws:tagkeys") == ("a", "b")
    assert lookup("s3:max-keys") == ("10",)
    assert lookup("aws:securetransport") == ("true",)
    assert not lookup("x:none")
    assert not lookup("x:other")


@pytest.mark.parametrize("value", [None, {"unknown": True}, ["a", None]])
def test_a_value_may_be_unknown(value):
    assert facts(context={"aws:PrincipalTag/Team": value}).lookup("aws:principaltag/team") is UNKNOWN


def test_what_is_given_is_believed_before_what_follows():
    assert facts(SESSION, context={"aws:PrincipalArn": ROLE}).lookup("aws:principalarn") == (ROLE,)
    assert facts(USER, context={"aws:username": None}).lookup("aws:username") is UNKNOWN


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"principal": "ana"}, ("request", "principal")),
        ({"principal": "arn:aws:iam::1:user/ana"}, ("request", "principal")),
        ({"principal": f"arn:aws:iam::{ACCOUNT}:user/*"}, ("request", "principal")),
        ({"principal": f"arn:aws:iam::{ACCOUNT}:group/all"}, ("request", "principal")),
        ({"principal": f"arn:aws:sts::{ACCOUNT}:assumed-role/app"}, ("request", "principal")),
        ({"principal": f"arn:aws:s3::{ACCOUNT}:bucket"}, ("request", "principal")),
        ({"principal": 7}, ("request", "principal")),
        ({"principal": {"service": "a.amazonaws.com", "federated": "b"}}, ("request", "principal")),
        ({"principal": {"user": "ana"}}, ("request", "principal")),
        ({"action": "GetObject"}, ("request", "action")),
        ({"action": "s3:Get*"}, ("request", "action")),
        ({"action": ["s3:GetObject"]}, ("request", "action")),
        ({"resource": ""}, ("request", "resource")),
        ({"resource": ["*"]}, ("request", "resource")),
        ({"resource_account": "123"}, ("request", "resource_account")),
        ({"management_account": 123456789012}, ("request", "management_account")),
        ({"complete": "no"}, ("request", "complete")),
        ({"context": ["aws:username"]}, ("request", "context")),
        ({"context": {"aws:username": {"is": "ana"}}}, ("request", "context", "aws:username")),
        ({"context": {"aws:username": [["ana"]]}}, ("request", "context", "aws:username")),
        ({"context": {"aws:username": "ana", "AWS:UserName": "bob"}}, ("request", "context")),
        ({"context": {7: "ana"}}, ("request", "context")),
        ({"principal": {"arn": ["ana"]}}, ("request", "principal")),
    ],
)
def test_what_cannot_be_a_request_is_said_at_its_place(fields, path):
    with pytest.raises(InputError) as error:
        Request.of({"principal": USER, "action": "s3:GetObject", "context": {}} | fields)
    assert [problem.path for problem in error.value.problems] == [path]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, "a request must be an object"),
        ([], "a request must be an object"),
        ({"action": "s3:GetObject"}, "it has no principal"),
        ({"principal": USER}, "it has no action"),
        ({"principal": USER, "action": "s3:GetObject", "who": "ana"}, "a request has no such field"),
    ],
)
def test_a_request_has_its_fields_and_no_others(value, message):
    with pytest.raises(InputError, match=message):
        Request.of(value)


def test_everything_that_is_wrong_comes_at_once():
    with pytest.raises(InputError) as error:
        Request("ana", "Get", "", "1")
    assert [problem.path[1] for problem in error.value.problems] == ["principal", "action", "resource", "resource_account"]


def test_without_a_context_nothing_is_known_of_it():
    assert Request.of({"principal": USER, "action": "s3:GetObject"}).facts.lookup("aws:sourcevpc") is UNKNOWN
    assert Request(USER, "s3:GetObject").facts.lookup("aws:sourcevpc") is None
