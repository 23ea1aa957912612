"""Which part of a trust policy does not match the one who asks for the role, and the line that it comes from."""

import json
from pathlib import Path

import pytest

INVENTORY = Path(__file__).with_name("inventory.yaml")
LINES = INVENTORY.read_text(encoding="utf-8").splitlines()
PROD, DEV = "111122223333", "222233334444"
GITHUB = "token.actions.githubusercontent.com"
CLUSTER = "oidc.eks.eu-west-1.amazonaws.com/id/0A1B2C3D4E5F60718293A4B5C6D7E8F9"
POD = {
    "eks-cluster-arn": f"arn:aws:eks:eu-west-1:{DEV}:cluster/core-dev",
    "kubernetes-namespace": "books",
    "kubernetes-service-account": "reviews-v1",
}


def at(line, fragment):
    """Where `fragment` begins in a line of the inventory."""
    return f"{line}:{LINES[line - 1].index(fragment) + 1}"


def event(name, role, identity, account=PROD, **request):
    return {
        "userIdentity": identity,
        "eventTime": "2026-10-01T10:00:00Z",
        "eventSource": "sts.amazonaws.com",
        "eventName": name,
        "errorCode": "AccessDenied",
        "errorMessage": "An unknown error occurred",
        "requestParameters": {"roleArn": f"arn:aws:iam::{account}:role/mesh/{role}", "roleSessionName": "x", **request},
    }


def token(role, provider, audience, subject, account=PROD):
    arn = f"arn:aws:iam::{account}:oidc-provider/{provider}"
    whole = f"{arn}:{audience}:{subject}"
    identity = {"type": "WebIdentityUser", "principalId": whole, "userName": subject, "identityProvider": arn}
    return event("AssumeRoleWithWebIdentity", role, identity, account)


def service(role, name, account=PROD, **tags):
    listed = [{"key": key, "value": value} for key, value in tags.items()]
    return event("AssumeRole", role, {"type": "AWSService", "invokedBy": name}, account, **({"tags": listed} if tags else {}))


def pod(**changed):
    tags = {key: value for key, value in (POD | changed).items() if value}
    return service("acme-books-reviews-v1-dev", "pods.eks.amazonaws.com", DEV, **tags)


def saml(provider, team):
    identity = {"type": "SAMLUser", "principalId": "hash=:jo", "userName": "jo", "identityProvider": "hash="}
    arn = f"arn:aws:iam::{PROD}:saml-provider/{provider}"
    return event(
        "AssumeRoleWithSAML", "acme-release-prod", identity, principalArn=arn, principalTags={"Team": team} if team else {}
    )


def permission_set(name):
    path = f"role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_{name}_0123456789abcdef"
    session = f"arn:aws:sts::{DEV}:assumed-role/AWSReservedSSO_{name}_0123456789abcdef/jo"
    issuer = {"type": "Role", "arn": f"arn:aws:iam::{DEV}:{path}"}
    identity = {"type": "AssumedRole", "arn": session, "accountId": DEV, "sessionContext": {"sessionIssuer": issuer}}
    return event("AssumeRole", "acme-owners-dev", identity, DEV)


@pytest.fixture
def finding(meshrole, tmp_path):
    def ask(record):
        file = tmp_path / "event.json"
        file.write_text(json.dumps(record), encoding="utf-8")
        outcome = meshrole("explain", "--event", file, "--inventory", INVENTORY, "--format", "json")
        assert outcome.code == 0, outcome.errors
        found = json.loads(outcome.output)["explanations"][0]["inventory"]
        failing = {check["key"]: (check["expected"], check["found"]) for check in found["checks"] if check["state"] == "fails"}
        return found, f"{found['line']}:{found['column']}", failing

    return ask


SUBJECT, AUDIENCE = f"{GITHUB}:sub", f"{GITHUB}:aud"
TAG = "aws:RequestTag/"
INFRA = "repo:acme/infra:environment:production"
# What is wrong: the event, the line, and the parts that do not match with what is expected and what was found.
WRONG = {
    "the pod's service account": (
        pod(**{"kubernetes-service-account": "reviews"}),
        at(53, "reviews}"),
        {f"{TAG}kubernetes-service-account": (["reviews-v1"], ["reviews"])},
    ),
    "the pod's namespace": (
        pod(**{"kubernetes-namespace": "films"}),
        at(53, "books,"),
        {f"{TAG}kubernetes-namespace": (["books"], ["films"])},
    ),
    "the pod's cluster": (
        pod(**{"eks-cluster-arn": f"arn:aws:eks:eu-west-1:{DEV}:cluster/other"}),
        at(53, "core,"),
        {f"{TAG}eks-cluster-arn": ([POD["eks-cluster-arn"]], [f"arn:aws:eks:eu-west-1:{DEV}:cluster/other"])},
    ),
    "a tag that was not sent": (
        pod(**{"kubernetes-namespace": None}),
        at(53, "books,"),
        {f"{TAG}kubernetes-namespace": (["books"], [])},
    ),
    "a service account's namespace": (
        token("acme-books-ratings-dev", CLUSTER, "sts.amazonaws.com", "system:serviceaccount:films:ratings", DEV),
        at(59, "books"),
        {f"{CLUSTER}:sub": (["system:serviceaccount:books:ratings"], ["system:serviceaccount:films:ratings"])},
    ),
    "a service account's name": (
        token("acme-books-ratings-dev", CLUSTER, "sts.amazonaws.com", "system:serviceaccount:books:default", DEV),
        at(60, "ratings"),
        {f"{CLUSTER}:sub": (["system:serviceaccount:books:ratings"], ["system:serviceaccount:books:default"])},
    ),
    "another service": (
        service("acme-shop-checkout-blue-prod", "ec2.amazonaws.com"),
        at(29, "ecs"),
        {"principal": (["ecs-tasks.amazonaws.com"], ["ec2.amazonaws.com"])},
    ),
    "a branch instead of an environment": (
        token("acme-infra-prod", GITHUB, "sts.amazonaws.com", "repo:acme/infra:ref:refs/heads/main"),
        at(89, "production"),
        {SUBJECT: ([INFRA], ["repo:acme/infra:ref:refs/heads/main"])},
    ),
    "another repository": (
        token("acme-infra-prod", GITHUB, "sts.amazonaws.com", "repo:acme/fork:environment:production"),
        at(88, "acme/infra"),
        {SUBJECT: ([INFRA], ["repo:acme/fork:environment:production"])},
    ),
    "the subject without ids": (
        token("acme-ids-dev", GITHUB, "sts.amazonaws.com", "repo:acme/ids:ref:refs/heads/main", DEV),
        at(94, "acme/ids"),
        {SUBJECT: (["repo:acme@1234567/ids@812345678:ref:refs/heads/main"], ["repo:acme/ids:ref:refs/heads/main"])},
    ),
    "another branch": (
        token("acme-ids-dev", GITHUB, "sts.amazonaws.com", "repo:acme@1234567/ids@812345678:ref:refs/heads/next", DEV),
        at(97, "main"),
        {
            SUBJECT: (
                ["repo:acme@1234567/ids@812345678:ref:refs/heads/main"],
                ["repo:acme@1234567/ids@812345678:ref:refs/heads/next"],
            )
        },
    ),
    "another audience": (
        token("acme-infra-prod", GITHUB, "https://github.com/acme", INFRA),
        at(64, "github"),
        {AUDIENCE: (["sts.amazonaws.com"], ["https://github.com/acme"])},
    ),
    "another project": (
        token("acme-lab-dev", "gitlab.com", "https://gitlab.com", "project_path:acme/fork:ref_type:branch:ref:main", DEV),
        at(102, "acme/lab"),
        {
            "gitlab.com:sub": (
                ["project_path:acme/lab:ref_type:branch:ref:main"],
                ["project_path:acme/fork:ref_type:branch:ref:main"],
            )
        },
    ),
    "a session tag of the provider": (saml("okta", "books"), at(74, "[shop]"), {f"{TAG}Team": (["shop"], ["books"])}),
    "another SAML provider": (
        saml("azure", "shop"),
        at(70, "okta"),
        {"principal": ([f"arn:aws:iam::{PROD}:saml-provider/okta"], [f"arn:aws:iam::{PROD}:saml-provider/azure"])},
    ),
    "another permission set": (
        permission_set("MeshReaders"),
        at(77, "MeshOwners"),
        {
            "aws:PrincipalArn": (
                [f"arn:aws:iam::{DEV}:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_MeshOwners_{'?' * 16}"],
                [f"arn:aws:iam::{DEV}:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_MeshReaders_0123456789abcdef"],
            )
        },
    ),
    "another person": (
        token("acme-auditors-dev", "id.acme.example", "mesh", "al", DEV),
        at(82, "[jo]"),
        {"id.acme.example:sub": (["jo"], ["al"])},
    ),
    "another audience of a person": (
        token("acme-auditors-dev", "id.acme.example", "shop", "jo", DEV),
        at(63, "mesh}"),
        {"id.acme.example:aud": (["mesh"], ["shop"])},
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_the_part_that_does_not_match_is_named_with_its_line(name, finding):
    record, place, failing = WRONG[name]
    found, where, failed = finding(record)
    assert (found["verdict"], where, failed) == ("trust", place, failing)
    for expected, actual in failing.values():
        assert f"must be {expected[0]}, found {(actual or ['nothing'])[0]}" in found["message"]


RIGHT = {
    "a pod": pod(),
    "a permission set": permission_set("MeshOwners"),
    "an instance": service("acme-shop-payments-prod", "ec2.amazonaws.com"),
    "a pipeline": token("acme-infra-prod", GITHUB, "sts.amazonaws.com", INFRA),
}


@pytest.mark.parametrize("name", RIGHT)
def test_who_matches_is_not_refused_by_the_inventory(name, finding):
    found, _, failed = finding(RIGHT[name])
    assert (found["verdict"], failed) == ("trust-allows", {})
    assert "the deployed trust policy differs" in found["help"]


def test_what_the_event_does_not_show_is_said_to_be_unclear(finding):
    """ECS sends a source account and a source ARN that CloudTrail does not record."""
    found, where, failed = finding(service("acme-shop-checkout-blue-prod", "ecs-tasks.amazonaws.com"))
    assert (found["verdict"], where, failed) == ("trust-unclear", at(8, "us-east-1"), {})
    unknown = [check["key"] for check in found["checks"] if check["state"] == "unknown"]
    assert unknown == ["aws:SourceArn", "aws:SourceAccount"]


def test_a_message_alone_shows_another_permission_set(meshrole):
    who = f"arn:aws:sts::{DEV}:assumed-role/AWSReservedSSO_MeshReaders_0123456789abcdef/jo"
    message = (
        f"User: {who} is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::{DEV}:role/mesh/acme-owners-dev"
    )
    outcome = meshrole("explain", message, "--inventory", INVENTORY)
    assert (
        f"{INVENTORY}:{at(77, 'MeshOwners')}: the trust policy of acme-owners-dev does not match: aws:PrincipalArn"
        in outcome.output
    )


def test_the_callers_own_policies_are_asked_when_aws_says_that_they_refuse(meshrole):
    message = (
        f"User: arn:aws:sts::{PROD}:assumed-role/acme-shop-payments-prod/x is not authorized to perform: sts:AssumeRole on resource: "
        f"arn:aws:iam::{PROD}:role/mesh/acme-infra-prod because no identity-based policy allows the sts:AssumeRole action"
    )
    outcome = meshrole("explain", message, "--inventory", INVENTORY, "--format", "json")
    found = json.loads(outcome.output)["explanations"][0]["inventory"]
    assert (found["verdict"], found["role"]) == ("forbidden", "acme-shop-payments-prod")
    assert "the permissions boundary of environment prod does not allow sts:AssumeRole" in found["message"]
