"""A denial in plain words: what it means, what to do about it, and AWS's page."""

from collections.abc import Iterator

from meshrole.access.denial import Denial
from meshrole.access.layers import EVALUATION, LAYERS, TROUBLESHOOTING, Layer

DECODING = "https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html"
ENVOY_CODES = "https://docs.aws.amazon.com/app-mesh/latest/userguide/troubleshooting-setup.html#ts-setup-grpc-error-codes"
PROXY = "https://docs.aws.amazon.com/app-mesh/latest/userguide/proxy-authorization.html"
S3 = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html"
FEDERATION = "https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_saml.html"
OIDC = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html"
DECODE = 'aws sts decode-authorization-message --query DecodedMessage --output text --encoded-message "$ENCODED"'
# Envoy's gRPC statuses as AWS explains them: what each means, what to do.
ENVOY = {
    0: ("The management service closed the connection gracefully; Envoy connects again by itself.", "nothing"),
    3: (
        "The virtual node or gateway that Envoy names, or something that it refers to, does not exist.",
        "correct the name in Envoy's APPMESH_RESOURCE_ARN, or make what is missing (Cloud Map namespace, certificate)",
    ),
    7: (
        "Envoy's role may not stream the configuration of its virtual node or gateway, or not read something it refers to.",
        "let the role that Envoy runs with stream exactly its own node, and read its certificate and trusted authorities",
    ),
    8: ("More Envoys are connected to one node or gateway than the quota allows.", "ask AWS for a higher quota"),
    16: (
        "Envoy has no valid AWS credentials, so no policy was looked at.",
        "give the task, pod or instance that Envoy runs in its role; look at what assumes it",
    ),
}
ODD = {
    "encoded": ("AWS refused the call and encoded the reason; the message alone does not say who decided.", DECODING),
    "ec2": ("EC2 refused the call and says neither for whom nor why.", TROUBLESHOOTING),
    "other-account": (
        "IAM refused the call and names no action and no policy, as it does for what is in another account than the caller.",
        TROUBLESHOOTING,
    ),
    "endpoint": ("The policy of the VPC endpoint that the call went through denies it.", LAYERS["endpoint"].page),
    "bare": (
        "S3 tells the reason to callers of the bucket owner's account and organization only.",
        S3,
    ),
    "pull": (
        "ECS could not pull the image, because the task's execution role may not read it from ECR, or there is no such image.",
        "https://docs.aws.amazon.com/app-mesh/latest/userguide/troubleshooting-setup.html#ts-setup-cannot-pull-envoy",
    ),
    "istio": (
        "Istio's proxy refused the call: no AuthorizationPolicy of the callee admits this caller, method and path.",
        "https://istio.io/latest/docs/ops/common-problems/security-issues/",
    ),
    "kubernetes": (
        "The cluster's API server refused the call: no role of Kubernetes allows it to the groups of the caller's access entry.",
        "https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html",
    ),
    "service-event": ("App Mesh ended Envoy's connection for the reason that it gives.", PROXY),
}
IN_CLUSTER = {
    "istio": "add the call to the caller's `calls`, generate, and apply the manifests; `meshrole access` lists who calls whom",
    "kubernetes": "give the identity the level of `access` that has it, generate, and apply Terraform and the manifests",
}
PASSING_BOTH = "look at the principal's own policies and at the resource's: across accounts, both have to allow it"


def meaning(denial: Denial) -> str:
    """One sentence that says what happened."""
    layer = LAYERS.get(denial.layer or "")
    if denial.grpc is not None:
        return ENVOY[denial.grpc][0]
    if denial.form in ("federation", "event") and denial.inferred:
        return "Nobody signs this call, so the role's trust policy decides alone, and no statement of it matches the caller."
    if denial.form in ODD:
        return ODD[denial.form][0]
    if denial.form in ("code", "event") and layer is None:
        return (
            f"The service refused the call in its own words: {denial.reason}" if denial.reason else "The service gives no reason."
        )
    if denial.layer == "public-access-block":
        return "S3 Block Public Access forbids to make this public, whatever the policies allow."
    if layer is None:
        return _without_layer(denial)
    return _of_layer(denial, layer)


def _without_layer(denial: Denial) -> str:
    if denial.reason:
        return f"AWS gives a reason that is of no kind known here: {denial.reason}"
    if denial.kind == "explicit":
        return "Some policy has a Deny for the action; AWS does not say of which kind it is."
    if denial.kind == "implicit":
        return "No policy allows the action, and none denies it explicitly; AWS does not say which layer lacks the Allow."
    return "AWS says no more than that it is denied: either no policy allows the action, or one denies it."


def _of_layer(denial: Denial, layer: Layer) -> str:
    if denial.kind == "explicit":
        policy = f" ({denial.policy})" if denial.policy else ""
        through = LAYERS.get(denial.through or "")
        if through:
            return f"The call went through a VPC endpoint, and a Deny in {through.a_title}{policy} forbids the action."
        return f"A Deny in {layer.a_title}{policy} forbids the action, and no Allow can undo that."
    return f"No {layer.title} that applies to this call allows the action."


def advice(denial: Denial) -> tuple[str, ...]:
    """What to do, the most useful first."""
    return tuple(_advice(denial))


def page(denial: Denial) -> str:
    """AWS's page about this denial."""
    if denial.grpc is not None:
        return PROXY if denial.form == "service-event" else ENVOY_CODES
    if denial.inferred:
        return FEDERATION if "SAML" in (denial.action or "") else OIDC
    layer = LAYERS.get(denial.through or denial.layer or "")
    if layer is not None:
        return layer.page
    return ODD[denial.form][1] if denial.form in ODD else EVALUATION if denial.form == "decoded" else TROUBLESHOOTING


def _advice(denial: Denial) -> Iterator[str]:
    if denial.grpc is not None:
        yield ENVOY[denial.grpc][1]
        return
    if denial.form in IN_CLUSTER:
        yield IN_CLUSTER[denial.form]
        return
    if denial.encoded:
        yield f"decode it with {DECODE} (this needs sts:DecodeAuthorizationMessage), and give the answer to `meshrole explain`"
    layer = LAYERS.get(denial.through or denial.layer or "")
    if layer is not None:
        yield _remedy(denial, layer)
    elif not denial.encoded:
        yield PASSING_BOTH
    if denial.principal is not None and denial.principal.kind == "anonymous":
        yield "sign the request: AWS saw no credentials at all (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html)"
    if denial.authorization_id:
        yield f"AWS explains this denial itself: GetRequestAuthorizationDetails with the id {denial.authorization_id}"


def _remedy(denial: Denial, layer: Layer) -> str:
    if denial.kind != "explicit":
        return f"{layer.remedy} ({layer.owner})"
    where = f"in {denial.policy}" if denial.policy else f"in the {layer.title}"
    return f"find the Deny {where} and take the call out of it, or do without the call ({layer.owner})"
