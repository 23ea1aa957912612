"""What a plan changes in who can do what: the edits that people make, on a plan of real terraform, and the sets behind it."""

import json
from pathlib import Path

import pytest

from meshrole.plans.read import parse
from meshrole.review import difference
from meshrole.review import difference_conditions as conditions
from meshrole.review.difference_cells import Cell, of_policy
from meshrole.review.difference_conditions import alternatives, implies
from meshrole.review.difference_sets import Power, gained
from meshrole.review.difference_words import trusted
from meshrole.review.documents import Policy
from meshrole.review.facts import Facts, Inline, Role, Side
from meshrole.review.reading.sides import facts

PLANS = Path(__file__).parent / "plans"
ORDERS = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders"
MAIL = "arn:aws:sqs:eu-west-1:111122223333:mail"
LOGS = "arn:aws:s3:::logs/*"
ECS = "the service ecs-tasks.amazonaws.com"

# Identity: what it gains (+), loses (-), who may (>) or may no longer (<) assume it, and what is said (=). Written from
# plans/edits/before and plans/edits/after; an identity that is not here has not changed.
EDITS = {
    "release-managers": ["> repo acme/infra on any branch"],
    "dropped": [
        f"+ s3:GetObject on {LOGS}",
        f"= could do s3:GetObject on {LOGS} before only if aws:SourceVpce StringEquals vpce-0a1b2c3d",
    ],
    "loosened": [
        f"+ s3:GetObject on {LOGS} if aws:PrincipalOrgID StringLike o-*",
        f"= could do s3:GetObject on {LOGS} before only if aws:PrincipalOrgID StringEquals o-aa111bb222",
    ],
    "monolith": [f"- dynamodb:GetItem on {ORDERS}", f"- sqs:SendMessage on {MAIL}", f"< {ECS}"],
    "split-orders": [f"+ dynamodb:GetItem on {ORDERS}", f"> {ECS}"],
    "split-mail": [f"+ sqs:SendMessage on {MAIL}", f"> {ECS}"],
    "destroyed": [f"- dynamodb:GetItem on {ORDERS}", f"< {ECS}"],
    "imported": ["= is imported: it is in AWS already"],
    "forgotten": ["= is let go of by Terraform: it stays in AWS as it is"],
    "checkout": [f"+ dynamodb:PutItem on {ORDERS}"],
    "wildcard": ["+ s3:* on *"],
    "lifted": [f"+ s3:DeleteObject on {LOGS}"],
    "bounded": [f"+ s3:PutObject on {LOGS}", "= is no longer within the boundary limits"],
    "attached": [
        "+ arn:aws:iam::aws:policy/AWSAppMeshEnvoyAccess on *",
        "+ sns:Publish on arn:aws:sns:eu-west-1:111122223333:news",
    ],
    "each-red": ["+ s3:PutObject on arn:aws:s3:::red/*"],
    "each-blue": ["+ s3:PutObject on arn:aws:s3:::blue/*"],
    "pods": ["> pods of service account orders in namespace shop of cluster main"],
    "anybody in any AWS account": [f"+ s3:GetObject on {LOGS}"],
}
# Roles of the same plan of which nothing is to be shown: each is an edit that changes who can do what in nothing.
ALIKE = ("renamed", "name-one", "name-two", "reordered", "moved-app", "upgraded", "tagged", "granted", "unknown", "sensitive")


@pytest.fixture(scope="module")
def edits():
    return facts(parse((PLANS / "edits.json").read_bytes(), "edits.json"))


def lines(change):
    for mark, permissions in (("+", change.gained), ("-", change.lost)):
        for each in permissions:
            yield f"{mark} {each.action} on {each.resource}" + (f" if {each.condition}" if each.condition else "")
    yield from (f"> {each.words}" for each in change.trust_gained)
    yield from (f"< {each.words}" for each in change.trust_lost)
    yield from (f"= {note}" for note in change.notes)


def test_every_edit_shows_what_it_means_and_nothing_else(edits):
    assert {change.identity: list(lines(change)) for change in difference.changes(edits)} == EDITS


@pytest.mark.parametrize("name", ALIKE)
def test_the_edits_that_mean_nothing_are_in_the_plan(name, edits):
    """Or the test above would pass without them."""
    assert name in {role.name for side in (edits.before, edits.after) for role in side.roles}


def test_what_is_hidden_is_unknown_and_never_shown(edits):
    assert {item.address for item in edits.after.unknown} == {
        "aws_iam_role_policy.unknown",
        "aws_iam_role_policy.sensitive",
        "aws_iam_role_policy_attachment.attached",
    }
    assert "nobodys-eyes" not in repr(edits)
    assert "nobodys-eyes" in (PLANS / "edits.json").read_text()


def test_levels_are_those_of_aws(edits):
    levels = {change.identity: [each.level for each in change.gained] for change in difference.changes(edits)}
    assert levels["checkout"] == ["Write"]
    assert levels["dropped"] == ["Read"]
    assert levels["wildcard"] == ["Permissions management"]


def power(*statements):
    return Power(of_policy(Policy("a.policy", json.dumps({"Version": "2012-10-17", "Statement": list(statements)}))))


def allow(actions, resources="*", condition=None, effect="Allow"):
    return {"Effect": effect, "Action": actions, "Resource": resources} | ({"Condition": condition} if condition else {})


def names(before, after):
    return sorted(str(cell.action) for cell in gained(before, after))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        # One more action of a wildcard's is no gain, and a wildcard is one line.
        ([allow("dynamodb:*")], [allow(["dynamodb:*", "dynamodb:PutItem"])], []),
        ([allow("dynamodb:GetItem")], [allow("dynamodb:*")], ["dynamodb:*"]),
        # All actions of a wildcard, one by one, are no gain. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html
        (
            [allow(["sqs:ListQueues", "sqs:ListQueueTags", "sqs:ListDeadLetterSourceQueues", "sqs:ListMessageMoveTasks"])],
            [allow("sqs:List*")],
            [],
        ),
        (
            [allow(["sqs:ListQueues", "sqs:ListQueueTags", "sqs:ListMessageMoveTasks"])],
            [allow("sqs:List*")],
            ["sqs:ListDeadLetterSourceQueues"],
        ),
        # Case of an action means nothing.
        ([allow("S3:getobject")], [allow("s3:GetObject")], []),
        # What stays denied is no gain; what is no longer denied is one.
        (
            [allow("s3:*"), allow("s3:PutObject", effect="Deny")],
            [allow(["s3:*", "s3:PutObject"]), allow("s3:PutObject", effect="Deny")],
            [],
        ),
        ([allow("s3:*"), allow("s3:PutObject", effect="Deny")], [allow("s3:*")], ["s3:PutObject"]),
        (
            [allow("s3:*"), allow("s3:*", "arn:aws:s3:::a/*", effect="Deny")],
            [allow("s3:*"), allow("s3:*", "arn:aws:s3:::a/b/*", effect="Deny")],
            ["s3:*"],
        ),
        # A Deny that holds more often takes away.
        (
            [allow("s3:GetObject"), allow("s3:*", condition={"Bool": {"aws:SecureTransport": "false"}}, effect="Deny")],
            [allow("s3:GetObject"), allow("s3:*", effect="Deny")],
            [],
        ),
    ],
)
def test_what_one_policy_allows_beyond_another(before, after, expected):
    assert names(power(*before), power(*after)) == expected


def test_not_action_is_everything_but():
    most = power({"Effect": "Allow", "NotAction": ["iam:*"], "Resource": "*"})
    assert names(most, power(allow("s3:GetObject"))) == []
    assert names(most, power(allow("iam:PassRole"))) == ["iam:PassRole"]
    assert len(gained(most, power({"Effect": "Allow", "NotAction": ["iam:PassRole"], "Resource": "*"}))) == 1
    assert gained(power({"Effect": "Allow", "NotAction": ["iam:PassRole"], "Resource": "*"}), most) == ()


def test_a_boundary_limits():
    limit = power(allow("s3:Get*")).cells
    free = power(allow(["s3:GetObject", "s3:PutObject"]))
    assert names(Power(free.cells, limit), free) == ["s3:PutObject"]
    assert names(free, Power(free.cells, limit)) == []
    assert names(power(), Power(power(allow("iam:*")).cells, limit)) == []
    assert names(power(), Power(power(allow("s3:*")).cells, limit)) == ["s3:Get*"]


def held(**block):
    return frozenset(
        conditions.Test(operator.replace("_", ":"), key, tuple(values)) for operator, (key, *values) in block.items()
    )


@pytest.mark.parametrize(
    ("strong", "weak", "expected"),
    [
        (held(StringEquals=("a:k", "x")), frozenset(), True),
        (frozenset(), held(StringEquals=("a:k", "x")), False),
        (held(StringEquals=("a:k", "x")), held(StringEquals=("A:K", "x", "y")), True),
        (held(StringEquals=("a:k", "x", "y")), held(StringEquals=("a:k", "x")), False),
        (held(StringEquals=("a:k", "xy")), held(StringLike=("a:k", "x*")), True),
        (held(StringLike=("a:k", "x*")), held(StringEquals=("a:k", "x*")), False),
        (held(StringLike=("a:k", "x*")), held(StringLike=("a:k", "xy*")), False),
        (held(StringEquals=("a:k", "x")), held(StringEqualsIfExists=("a:k", "x")), True),
        (held(StringEqualsIfExists=("a:k", "x")), held(StringEquals=("a:k", "x")), False),
        (held(StringEquals=("a:k", "x")), held(StringEqualsIgnoreCase=("a:k", "X")), True),
        (held(StringEqualsIgnoreCase=("a:k", "X")), held(StringEquals=("a:k", "X")), False),
        (held(StringNotEquals=("a:k", "x", "y")), held(StringNotEquals=("a:k", "x")), True),
        (held(StringNotEquals=("a:k", "x")), held(StringNotEquals=("a:k", "x", "y")), False),
        (held(StringNotLike=("a:k", "x*")), held(StringNotEquals=("a:k", "xy")), True),
        (held(StringNotEquals=("a:k", "xy")), held(StringNotLike=("a:k", "x*")), False),
        (held(ForAllValues_StringEquals=("a:k", "x")), held(ForAnyValue_StringEquals=("a:k", "x")), False),
        (held(IpAddress=("aws:SourceIp", "10.1.0.0/16")), held(IpAddress=("aws:SourceIp", "10.0.0.0/8")), True),
        (held(IpAddress=("aws:SourceIp", "10.0.0.0/8")), held(IpAddress=("aws:SourceIp", "10.1.0.0/16")), False),
        (held(NumericLessThan=("a:k", "5")), held(NumericLessThan=("a:k", "9")), True),
        (held(NumericLessThan=("a:k", "9")), held(NumericLessThan=("a:k", "5")), False),
        (held(NumericGreaterThan=("a:k", "9")), held(NumericGreaterThan=("a:k", "5")), True),
        (held(Bool=("a:k", "true")), held(Null=("a:k", "false")), True),
        (held(BoolIfExists=("a:k", "true")), held(Null=("a:k", "false")), False),
        # In an ARN's first five parts a wildcard takes no colon.
        (held(ArnLike=("aws:SourceArn", "arn:aws:s3:::a")), held(ArnLike=("aws:SourceArn", "arn:*:a")), False),
        (held(ArnLike=("aws:SourceArn", "arn:aws:s3:::a")), held(ArnLike=("aws:SourceArn", "arn:aws:*:*:*:*")), True),
        (held(StringLike=("aws:SourceArn", "arn:aws:*")), held(ArnLike=("aws:SourceArn", "arn:aws:*:*:*:*")), False),
    ],
)
def test_which_condition_follows_from_which(strong, weak, expected):
    assert implies(strong, weak) is expected


def test_values_are_an_or_and_denied_ones_an_and():
    assert (
        len(list(alternatives(held(StringEquals=("a:k", "x", "y"), IpAddress=("aws:SourceIp", "10.0.0.0/8", "11.0.0.0/8"))))) == 4
    )
    assert len(list(alternatives(held(StringNotEquals=("a:k", "x", "y"))))) == 1
    assert len(list(alternatives(held(ForAllValues_StringEquals=("a:k", "x", "y"))))) == 1


GITHUB = "token.actions.githubusercontent.com"


@pytest.mark.parametrize(
    ("provider", "subject", "words"),
    [
        (GITHUB, "repo:acme/infra:ref:refs/heads/main", "repo acme/infra on branch main"),
        (GITHUB, "repo:acme/infra:ref:refs/heads/*", "repo acme/infra on any branch"),
        (GITHUB, "repo:acme/infra:ref:refs/heads/release/*", "repo acme/infra on branch release/*"),
        (GITHUB, "repo:acme/infra:ref:refs/tags/v*", "repo acme/infra on tag v*"),
        (GITHUB, "repo:acme/infra:pull_request", "repo acme/infra in pull requests"),
        (GITHUB, "repo:acme/infra:environment:prod", "repo acme/infra in environment prod"),
        (GITHUB, "repo:acme/infra:*", "repo acme/infra on any branch, tag, pull request or environment"),
        (GITHUB, "repo:acme/*", "any repo of acme on any branch, tag, pull request or environment"),
        (GITHUB, "*", "any repository on GitHub"),
        ("gitlab.com", "project_path:acme/shop:ref_type:branch:ref:main", "project acme/shop on branch main"),
        ("gitlab.com", "project_path:acme/*:*", "any project of acme on any branch or tag"),
        (
            "oidc.eks.eu-west-1.amazonaws.com/id/A",
            "system:serviceaccount:shop:orders",
            "service account orders in namespace shop of oidc.eks.eu-west-1.amazonaws.com/id/A",
        ),
        ("idp.example.com", "someone", "someone of idp.example.com"),
    ],
)
def test_who_is_trusted_through_oidc(provider, subject, words):
    conditioned = frozenset(
        {
            conditions.Test("StringLike", f"{provider}:sub", (subject,)),
            conditions.Test("StringEquals", f"{provider}:aud", ("sts.amazonaws.com",)),
        }
    )
    arn = f"arn:aws:iam::111122223333:oidc-provider/{provider}"
    assert trusted(Cell("Allow", "sts:AssumeRoleWithWebIdentity", "", conditioned, ("Federated", arn))) == words


@pytest.mark.parametrize(
    ("principal", "words"),
    [
        (("*", "*"), "anybody in any AWS account"),
        (("Service", "ec2.amazonaws.com"), "the service ec2.amazonaws.com"),
        (("Service", "pods.eks.amazonaws.com"), "pods through EKS Pod Identity"),
        (("AWS", "444455556666"), "account 444455556666"),
        (("AWS", "arn:aws:iam::444455556666:role/ci/deploy"), "role ci/deploy of account 444455556666"),
        (("Federated", "arn:aws:iam::111122223333:saml-provider/okta"), "everybody who signs in through the SAML provider okta"),
        (("Federated", f"arn:aws:iam::111122223333:oidc-provider/{GITHUB}"), "any repository on GitHub"),
    ],
)
def test_who_is_trusted(principal, words):
    assert trusted(Cell("Allow", "sts:AssumeRole", "", frozenset(), principal)) == words


def test_an_account_takes_in_its_roles_and_no_other_account():
    def trust(name):
        statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": name}}
        return Power(of_policy(Policy("a.assume_role_policy", json.dumps({"Statement": statement}))))

    account, role = trust("arn:aws:iam::444455556666:root"), trust("arn:aws:iam::444455556666:role/a")
    assert gained(account, role) == ()
    assert len(gained(role, account)) == 1
    assert len(gained(account, trust("arn:aws:iam::777788889999:role/a"))) == 1
    assert gained(account, trust("444455556666")) == ()


def change_of(before, after):
    """What a role changes by; each side is its trust and its policy, as statements."""
    sides = []
    for trust, statements in (before, after):
        text, inline = (json.dumps({"Statement": each}) for each in (trust, statements))
        role = Role(
            address="aws_iam_role.app",
            type="aws_iam_role",
            name="app",
            trust=Policy("aws_iam_role.app.assume_role_policy", text),
            inline=(Inline("p", Policy("aws_iam_role_policy.p.policy", inline), "aws_iam_role_policy.p"),),
        )
        sides.append(Side(roles=(role,)))
    (change,) = difference.changes(Facts(*sides))
    return change


def account(condition=None):
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "444455556666"}}
    return [statement | ({"Condition": condition} if condition else {})]


def test_a_trust_that_is_narrowed_says_what_stays():
    change = change_of((account(), []), (account({"StringEquals": {"sts:ExternalId": "abc"}}), []))
    assert (change.trust_gained, change.gained, change.lost) == ((), (), ())
    assert [each.words for each in change.trust_lost] == [
        "account 444455556666, but for account 444455556666 where sts:ExternalId StringEquals abc"
    ]


def test_a_dropped_external_id_is_a_gain():
    change = change_of((account({"StringEquals": {"sts:ExternalId": "abc"}}), []), (account(), []))
    assert [each.words for each in change.trust_gained] == ["account 444455556666"]
    assert change.trust_lost == ()


def test_a_permission_that_is_narrowed_says_what_stays():
    change = change_of((account(), [allow("s3:*")]), (account(), [allow(["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::a/*")]))
    assert change.gained == ()
    assert [(each.action, each.resource) for each in change.lost] == [("s3:*", "*")]
    assert change.notes == ("keeps, of s3:* on *: s3:GetObject on arn:aws:s3:::a/*, s3:PutObject on arn:aws:s3:::a/*",)


def test_a_tag_session_alone_is_no_assuming():
    more = {"Effect": "Allow", "Action": "sts:TagSession", "Principal": {"AWS": "444455556666"}}
    change = change_of((account(), []), ([*account(), more], []))
    assert [each.words for each in change.trust_gained] == ["account 444455556666 (sts:TagSession only)"]
