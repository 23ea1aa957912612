"""The words an inventory is made of: texts with a shape, and what to say when the shape is wrong."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

NAME = r"^[A-Za-z][A-Za-z0-9_-]{0,62}$"
ACCOUNT_ID = r"^[0-9]{12}$"
ORGANIZATION_ID = r"^o-[a-z0-9]{10,32}$"
# Role paths: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
ROLE_PATH = r"^/([!-~]+/)?$"
REGION = r"^[a-z]{2,4}(-[a-z]+){1,3}-[0-9]{1,2}$"
# Mesh names: https://docs.aws.amazon.com/app-mesh/latest/APIReference/API_CreateMesh.html
RESOURCE_NAME = r"^[A-Za-z0-9_.{}-]{1,255}$"
HOST_NAME = r"^[A-Za-z0-9_.{}-]{1,255}$"
# Role names: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
ROLE_NAME = r"^[A-Za-z0-9_+=,.@{}-]{1,128}$"
KUBERNETES_NAME = r"^([a-z0-9]|\{[A-Za-z0-9_.]+\})(([a-z0-9.-]|\{[A-Za-z0-9_.]+\})*([a-z0-9]|\{[A-Za-z0-9_.]+\}))?$"
WORD = r"^[A-Za-z][A-Za-z0-9_]{0,62}$"
REPOSITORY = r"^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$"
GITLAB_PROJECT = r"^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)+$"
NUMERIC_ID = r"^[0-9]+$"
PERMISSION_SET = r"^[A-Za-z0-9_+=,.@-]{1,32}$"
HTTPS_URL = r"^https://[A-Za-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~/-]*)?$"
HOST = r"^[A-Za-z0-9.-]+(/[A-Za-z0-9._~/-]+)?$"
OIDC_ISSUER = r"^(https://)?[A-Za-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~/-]+)?$"
# Tag keys and values: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html
TAG_KEY = r"^[\w .:/=+\-@]+$"
TAG_VALUE = r"^[\w .:/=+\-@]*$"
# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
LOG_GROUP = r"^[A-Za-z0-9_./#{}-]{1,512}$"
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html
NAMESPACE = r"^[A-Za-z0-9_./#:{}-]{1,255}$"
HTTP_METHOD = r"^[A-Z]{1,20}$"
URL_PATH = r"^/[A-Za-z0-9._~!$&'()+,;=:@%/-]*\*?$"
HEADER = r"^[A-Za-z0-9-]{1,64}$"
# https://datatracker.ietf.org/doc/html/rfc9110#section-5.5
HEADER_VALUE = r"^[!-~]([ -~]{0,1022}[!-~])?$"
# https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
LABEL_KEY = r"^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$"
LABEL_TEXT = r"^[A-Za-z0-9_.{}-]{1,255}$"
# https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
FUNCTION = r"^[A-Za-z0-9_.{}-]{1,140}$"
# https://docs.aws.amazon.com/vpc-lattice/latest/APIReference/API_Types.html
SERVICE_NETWORK_ID = r"^(sn-[0-9a-z]{17}|\{[A-Za-z0-9_.]+\})$"
SERVICE_ID = r"^(svc-[0-9a-z]{17}|\{[A-Za-z0-9_.]+\})$"
TARGET_GROUP_ID = r"^(tg-[0-9a-z]{17}|\{[A-Za-z0-9_.]+\})$"
GIT_REF = r"^[^\s*?:\[\\^~]+$"
# Names in the audit section may have placeholders; what they become is held to AWS's rules in `audit_rules`.
BUCKET = r"^[a-z0-9{][a-z0-9.{}-]{1,126}$"
TRAIL = r"^[A-Za-z0-9._{}-]{1,128}$"
# https://docs.aws.amazon.com/config/latest/APIReference/API_ConfigurationRecorder.html
RECORDER = r"^[A-Za-z0-9_{}-]{1,256}$"
RESOURCE_TYPE = r"^AWS::[A-Za-z0-9]+::[A-Za-z0-9]+$"
RULE_IDENTIFIER = r"^[A-Z0-9_]{1,256}$"
EMAIL = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"
DAY = r"^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
# https://docs.aws.amazon.com/organizations/latest/APIReference/API_AttachPolicy.html
TARGET = r"^(r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}|[0-9]{12})$"

# What each shape is called, and an example of it.
SHAPES: dict[str, tuple[str, str]] = {
    NAME: ("a name: a letter, then letters, digits, - or _, at most 63", "checkout-api"),
    ACCOUNT_ID: ("an AWS account id: 12 digits in quotes", '"111122223333"'),
    ORGANIZATION_ID: ("an AWS Organizations id", "o-a1b2c3d4e5"),
    ROLE_PATH: ("an IAM path: it begins and ends with /", "/mesh/"),
    REGION: ("an AWS region", "eu-west-1"),
    RESOURCE_NAME: ("an AWS resource name: letters, digits, . - or _, at most 255", "checkout-blue"),
    WORD: ("a word: a letter, then letters, digits or _, at most 63", "project"),
    ROLE_NAME: ("an IAM role name: letters, digits and +=,.@_-", "acme-checkout"),
    KUBERNETES_NAME: ("a Kubernetes name: lower-case letters, digits, . and -", "checkout"),
    REPOSITORY: ("a repository as owner/name", "acme/infra"),
    GITLAB_PROJECT: ("a GitLab project as group/project", "acme/infra"),
    NUMERIC_ID: ("a numeric id in quotes", '"123456"'),
    PERMISSION_SET: ("the name of a permission set, at most 32 characters", "MeshReaders"),
    HTTPS_URL: ("an https:// address", "https://acme.okta.com"),
    HOST: ("a host name, with a path where the issuer has one", "gitlab.com"),
    OIDC_ISSUER: ("an OIDC issuer", "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE"),
    TAG_KEY: ("a tag key: letters, digits, spaces and _.:/=+-@, at most 128", "cost-center"),
    TAG_VALUE: ("a tag value: letters, digits, spaces and _.:/=+-@, at most 256", "platform"),
    LOG_GROUP: ("a log group: letters, digits and _./#-", "/ecs/checkout"),
    NAMESPACE: ("a metrics namespace: letters, digits and _./#:-", "shop/checkout"),
    BUCKET: ("a bucket's name: lower-case letters, digits, dots and dashes", "acme-audit-{account}"),
    TRAIL: ("a trail's name: letters, digits and ._-", "acme-mesh"),
    RECORDER: ("a recorder's name: letters, digits, - and _", "default"),
    RESOURCE_TYPE: ("a resource type of CloudFormation", "AWS::IAM::Role"),
    RULE_IDENTIFIER: ("the identifier of a managed rule", "CLOUD_TRAIL_ENABLED"),
    EMAIL: ("an e-mail address", "security@example.com"),
    DAY: ("a day in quotes", '"2026-01-01"'),
    TARGET: ("an account id, or the id of an organizational unit or of the root", "ou-ab12-11111111"),
    HTTP_METHOD: ("an HTTP method in capitals", "GET"),
    URL_PATH: ("a path that begins with /, and may end in *", "/charges/*"),
    HEADER: ("the name of an HTTP header", "x-tenant"),
    HEADER_VALUE: ("the value of an HTTP header, without spaces around it", "gold"),
    LABEL_KEY: ("the key of a label of Kubernetes", "app.kubernetes.io/name"),
    LABEL_TEXT: ("a label's value: letters, digits, - _ or .", "checkout"),
    FUNCTION: ("the name of a Lambda function: letters, digits, - or _", "checkout"),
    SERVICE_NETWORK_ID: ("the id of a VPC Lattice service network: sn- and 17 letters or digits", "sn-0123456789abcdef0"),
    SERVICE_ID: ("the id of a VPC Lattice service: svc- and 17 letters or digits", "svc-0123456789abcdef0"),
    TARGET_GROUP_ID: ("the id of a VPC Lattice target group: tg- and 17 letters or digits", "tg-0123456789abcdef0"),
    GIT_REF: ("one branch or tag, without wildcards", "main"),
}

Name = Annotated[str, Field(pattern=NAME)]
AccountId = Annotated[str, Field(pattern=ACCOUNT_ID)]
Region = Annotated[str, Field(pattern=REGION)]
Word = Annotated[str, Field(pattern=WORD)]
RoleName = Annotated[str, Field(pattern=ROLE_NAME)]
ResourceName = Annotated[str, Field(pattern=RESOURCE_NAME)]
KubernetesName = Annotated[str, Field(pattern=KUBERNETES_NAME)]
NumericId = Annotated[str, Field(pattern=NUMERIC_ID)]
GitRef = Annotated[str, Field(pattern=GIT_REF)]
Text = Annotated[str, Field(min_length=1)]


def _own_tag_keys(tags: dict[str, str]) -> dict[str, str]:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html#id_tags_rules"""
    folded = [key.lower() for key in tags]
    if any(key.startswith("aws:") for key in folded):
        raise ValueError("a tag key that begins with aws: belongs to AWS")
    if len(set(folded)) < len(folded):
        raise ValueError("two tag keys differ in case only, and IAM takes them for one")
    return tags


Tags = Annotated[
    dict[Annotated[str, Field(pattern=TAG_KEY, max_length=128)], Annotated[str, Field(pattern=TAG_VALUE, max_length=256)]],
    AfterValidator(_own_tag_keys),
]


class Strict(BaseModel):
    """Frozen, nothing converted, no unknown key."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
