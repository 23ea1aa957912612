"""Denials that are not of AWS's common form: less is known of them, and nothing is guessed."""

import re

from meshrole.access.denial import Denial, principal
from meshrole.access.plain import phrase
from meshrole.access.tokens import NAME, action_at
from meshrole.access.wrapping import Wrapping
from meshrole.access.wrapping import action as permission

ENCODED = re.compile(phrase("Encoded authorization failure message"))
EC2 = re.compile(phrase("You are not authorized to perform this operation"))
OTHER_ACCOUNT = re.compile(rf"{phrase('User')}\n?:?\s+(?P<user>{NAME})\s+{phrase('is not authorized to access this resource')}")
NOBODY = re.compile(r"\b[Nn]ot\s+authorized\s+to\s+perform\n?:?\s+(?=[\w-]+:)")
# An image in ECR: https://docs.aws.amazon.com/app-mesh/latest/userguide/troubleshooting-setup.html#ts-setup-cannot-pull-envoy
PULL = re.compile(
    r"CannotPullContainerError:[^\n]{0,500}\bpull\s+access\s+denied\s+for\s+(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[\w-]+)"
    r"\.amazonaws\.com(?P<china>\.cn)?/(?P<name>[\w./-]+)"
)
# Envoy's words for what a policy of Istio's does not allow: https://istio.io/latest/docs/tasks/security/authorization/authz-http/
ISTIO = re.compile(r"\bRBAC:\s+access\s+denied\b")
# The API server's words, in which EKS names the user by the session:
# https://kubernetes.io/docs/reference/access-authn-authz/authorization/
KUBERNETES = re.compile(
    r'\bUser\s+"(?P<user>arn:aws[a-z-]*:sts::[^"\n]{1,512})"\s+cannot\s+(?P<verb>[a-z]+)\s+resource\s+"(?P<resource>[^"\n]{1,253})"'
)
ENDPOINT = re.compile(phrase("The request was denied due to a VPC endpoint policy"))
BARE = re.compile(r"(?:Access\s*Denied|AccessDenied)\.?")
S3 = re.compile(r"Access Denied\b")
# The SDKs for Java and .NET name the service; a HEAD request has no body, so there is a status only.
S3_NAMED = re.compile(
    r"\bAccess\s+Denied\s+\(Service:\s+(?:Amazon\s+)?S3[;,]|\b(?:Amazon)?S3(?:Service)?Exception:\s+Access\s+Denied\b"
    r"|\(403\)\s+when\s+calling\s+the\s+Head(?:Object|Bucket)\s+operation:\s+Forbidden\b"
)
S3_NAMES = ("s3", "amazon s3", "amazons3")
# Calls that nobody signs, so only the role's trust policy decides about them:
# https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
UNSIGNED = ("sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithSAML")
BEHIND = re.compile(r"\s+status code: \d|\s*\(Service: ")
# After the code, a tool prints AWS's text; what it adds in parentheses behind is its own.
MESSAGES = (
    re.compile(r"when\s+calling\s+the\s+\w+\s+operation(?:\s+\([^)]*\))?:\s*(?P<text>.*)", re.DOTALL),
    re.compile(r"api\s+error\s+[\w.]+:\s*(?P<text>.*)", re.DOTALL),
    re.compile(r"<Message>(?P<text>.{0,4000}?)\s*</Message>", re.DOTALL),
    re.compile(r"^(?:[\w.]+Exception:\s*)?(?P<text>\S[^\n]*?)\s*\(Service:", re.MULTILINE),
    re.compile(r"(?:Exception|Denied|Operation|Forbidden):\s*(?P<text>.*)", re.DOTALL),
)


def parse(text: str, tool: Wrapping) -> Denial | None:
    """The denial in `text`, or None when it has no form that is known."""
    known = (_encoded, _other_account, _nobody, _endpoint, _bare)
    return _pull(text) or _cluster(text) or next((found for form in known if (found := form(text, tool)) is not None), None)


def _base(form: str, tool: Wrapping, **more: object) -> Denial:
    known = permission(tool.service, tool.operation)
    values = {
        "action": known,
        "operation": tool.operation,
        "service": tool.service,
        "code": tool.code,
        "request_id": tool.request,
    }
    return Denial(form=form, **(values | more))  # type: ignore[arg-type]


def _encoded(text: str, tool: Wrapping) -> Denial | None:
    """EC2's older form says nothing but an encoded message.

    https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html
    """
    form = "encoded" if ENCODED.search(text) else "ec2" if EC2.search(text) else None
    if form is None:
        return None
    # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html: this code is EC2's.
    is_ec2 = tool.service is None and (tool.code or "").endswith("UnauthorizedOperation")
    return _base(form, tool._replace(service="ec2") if is_ec2 else tool)


def _other_account(text: str, tool: Wrapping) -> Denial | None:
    """IAM's answer for a resource in another account."""
    match = OTHER_ACCOUNT.search(text)
    return _base("other-account", tool, principal=principal(match["user"].replace("\n", ""))) if match else None


def _nobody(text: str, tool: Wrapping) -> Denial | None:
    """STS names nobody when a federated call is refused."""
    match = NOBODY.search(text)
    found = action_at(text, match.end()) if match else None
    if found is None:
        return None
    is_federated = found[0] in UNSIGNED
    return _base(
        "federation" if is_federated else "nobody",
        tool,
        action=found[0],
        layer="trust" if is_federated else None,
        inferred=is_federated,
    )


def _endpoint(text: str, tool: Wrapping) -> Denial | None:
    """A network activity event's message never says more.

    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
    """
    return _base("endpoint", tool, layer="endpoint") if ENDPOINT.search(text) else None


def _pull(text: str) -> Denial | None:
    """ECS names the image that an execution role may not pull."""
    match = PULL.search(text)
    if match is None:
        return None
    partition = "aws-cn" if match["china"] else "aws-us-gov" if match["region"].startswith("us-gov-") else "aws"
    resource = f"arn:{partition}:ecr:{match['region']}:{match['account']}:repository/{match['name'].rstrip('.')}"
    return Denial(form="pull", action="ecr:BatchGetImage", service="ecr", resource=resource)


def _cluster(text: str) -> Denial | None:
    """A call that Istio's proxy refused, or one that the API server of a cluster did: IAM was not asked."""
    match = KUBERNETES.search(text)
    if match:
        operation = f"{match['verb']} {match['resource']}"
        return Denial(form="kubernetes", principal=principal(match["user"]), operation=operation)
    return Denial(form="istio") if ISTIO.search(text) else None


def _bare(text: str, tool: Wrapping) -> Denial | None:
    """An error code that says "denied" with no more than a word; S3 says "Access Denied" to everybody outside its organization.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html
    """
    said = next((match["text"] for pattern in MESSAGES if (match := pattern.search(text))), text if tool.denies else "")
    said = BEHIND.split(" ".join(said.split()))[0]
    if BARE.fullmatch(text.strip()) or S3_NAMED.search(text) or (tool.denies and S3.match(said)):
        service = tool.service if (tool.service or "s3").lower() not in S3_NAMES else "s3"
        return _base("bare", tool, action=permission(service, tool.operation), service=service)
    return (
        _base("code", tool, reason=said[:1000] or None)
        if tool.denies and (tool.operation or tool.request or tool.service)
        else None
    )
