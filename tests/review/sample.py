"""A review by hand, with one of everything: the reports are read against it."""

from meshrole.review.model import Change, Confidence, Finding, Permission, Review, Severity, Trusted, Unknown, Waiver, Where

ORDERS = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders"
WAIVER = Waiver("platform", "the pipeline makes what it may touch", "2027-03-31")
LOOSE = Finding(
    "oidc-loose-sub",
    Severity.critical,
    Confidence.high,
    'aws_iam_role.release["eu"]',
    "any branch of acme/infra may assume the role: the subject is repo:acme/infra:*",
    "name the branch",
    code=Where("terraform/prod/roles.tf", 12),
    inventory=Where("inventory.yaml", 40),
)
WILDCARD = Finding(
    "wildcard-action",
    Severity.high,
    Confidence.medium,
    "aws_iam_role_policy.ci",
    "allows s3:* on arn:aws:s3:::builds/*",
    "name the actions that are used",
    code=Where("terraform/prod/policies.tf", 3),
)
WAIVED = Finding(
    "shared-role", Severity.medium, Confidence.high, "aws_iam_role.batch", "two tasks use it", "a role each", waiver=WAIVER
)
OLD = Finding(
    "policy-size", Severity.low, Confidence.high, "aws_iam_policy.big", "5,900 of 6,144 characters", "split it", in_baseline=True
)
ONE_ACTION = Change("checkout", "aws_iam_role.checkout", "update", gained=(Permission("dynamodb:PutItem", ORDERS, "", "Write"),))
RELEASE = Change(
    "release-managers",
    'aws_iam_role.release["eu"]',
    "replace",
    lost=(
        Permission("s3:GetObject", "arn:aws:s3:::builds/*", "aws:SourceVpc is vpc-1", "Read"),
        Permission("s3:GetObjectVersion", "arn:aws:s3:::builds/*", "aws:SourceVpc is vpc-1", "Read"),
    ),
    trust_gained=(
        Trusted("token.actions.githubusercontent.com", "sts:AssumeRoleWithWebIdentity", words="repo acme/infra on any branch"),
    ),
    trust_lost=(Trusted("arn:aws:iam::111122223333:root", "sts:AssumeRole", "aws:MultiFactorAuthPresent is true"),),
    notes=("the boundary is now arn:aws:iam::111122223333:policy/edge",),
)
REVIEW = Review(
    "plans/prod.json",
    (LOOSE, WILDCARD, WAIVED, OLD),
    (ONE_ACTION, RELEASE),
    (Unknown("aws_iam_role_policy.late", "the policy"),),
    ("made by Terraform 1.11.4",),
)
EMPTY = Review("plans/prod.json", (), (), ())
SMALL = Review("plans/prod.json", (), (ONE_ACTION,), ())
