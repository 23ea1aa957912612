"""Who may assume the role of a group of people or of a pipeline."""

from collections.abc import Callable

from meshrole.blueprint.naming import iam_arn
from meshrole.iam.policy import Document, Statement, conditions
from meshrole.inventory.values import Environment, Federated, Provider

# Sign-in endpoints: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html
SIGN_IN = {
    "aws": "https://signin.aws.amazon.com/saml",
    "aws-cn": "https://signin.amazonaws.cn/saml",
    "aws-us-gov": "https://signin.amazonaws-us-gov.com/saml",
}
# The identity source's region is left out of the role's path there:
# https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
HOME_OF_IDENTITY_CENTER = "us-east-1"
# A permission set's role ends in 16 characters; `*` would take in the roles of other sets whose name begins the same.
SUFFIX = "?" * 16

Strings = dict[str, str | list[str]]
Block = dict[str, Strings]


def trust(federated: Federated) -> Document:
    """The trust policy of one identity; the session's tags and source identity are let through where its provider sends them."""
    return (TRUSTS[federated.provider.type](federated),)


def provider_arn(provider: Provider, environment: Environment) -> str:
    """The ARN of a SAML or OIDC provider in the account of `environment`."""
    if provider.type == "saml":
        return iam_arn(environment, "saml-provider", provider.name)
    return iam_arn(environment, "oidc-provider", provider.url)


def _saml(federated: Federated) -> Statement:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_saml.html"""
    audience = federated.provider.audience or SIGN_IN[federated.environment.partition]
    return _federated(federated, "sts:AssumeRoleWithSAML", {"SAML:aud": audience})


def _oidc(federated: Federated) -> Statement:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html"""
    provider = federated.provider
    equals: Strings = {f"{provider.url}:aud": provider.audience}
    if federated.subjects:
        equals[f"{provider.url}:sub"] = list(federated.subjects)
    for key, values in federated.claims:
        equals[key] = list(values)
    # The role must be in the token's own list of roles:
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
    listed: Block = {"Bool": {"sts:RoleAuthorizedByIdp": "true"}} if federated.roles_claim else {}
    return _federated(federated, "sts:AssumeRoleWithWebIdentity", equals, listed)


def _identity_center(federated: Federated) -> Statement:
    """The account is the principal and a condition names the role: a deleted and re-created role keeps its access.

    https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
    """
    environment, region = federated.environment, federated.provider.region
    folder = "" if region == HOME_OF_IDENTITY_CENTER else f"{region}/"
    role = iam_arn(
        environment,
        "role",
        f"AWSReservedSSO_{federated.permission_set}_{SUFFIX}",
        f"/aws-reserved/sso.amazonaws.com/{folder}",
    )
    return Statement(
        sid="Assume",
        actions=("sts:AssumeRole", *_extra_actions(federated)),
        principals=(("AWS", (iam_arn(environment, "root", "", ""),)),),
        conditions=conditions(_session_tags(federated) | {"ArnLike": {"aws:PrincipalArn": role}}),
    )


def _federated(federated: Federated, action: str, equals: Strings, more: Block | None = None) -> Statement:
    equals = equals | _session_tags(federated).get("StringEquals", {})
    return Statement(
        sid="Assume",
        actions=(action, *_extra_actions(federated)),
        principals=(("Federated", (provider_arn(federated.provider, federated.environment),)),),
        conditions=conditions({"StringEquals": equals, **(more or {})}),
    )


def _extra_actions(federated: Federated) -> tuple[str, ...]:
    """Where the provider sends session tags or a source identity, a trust policy without these refuses everybody.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
    """
    provider = federated.provider
    tags = ("sts:TagSession",) if provider.session_tags else ()
    return (*tags, "sts:SetSourceIdentity") if provider.source_identity else tags


def _session_tags(federated: Federated) -> Block:
    tags: Strings = {f"aws:RequestTag/{key}": list(values) for key, values in federated.session_tags}
    return {"StringEquals": tags} if tags else {}


TRUSTS: dict[str, Callable[[Federated], Statement]] = {
    "saml": _saml,
    "oidc": _oidc,
    "identity-center": _identity_center,
    "github-actions": _oidc,
    "gitlab": _oidc,
}
