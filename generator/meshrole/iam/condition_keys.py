"""Condition keys: the ones that every action has, the ones of an identity provider, and the ones of a service.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

from meshrole.iam import actions as reference
from meshrole.iam.actions import Action

CACHE = 4_096
# Every key of the page above, read on 2026-11-24, under the type that the page gives it.
GLOBAL = {
    "String": (
        "aws:CalledViaAWSMCP aws:CalledViaFirst aws:CalledViaLast aws:Ec2InstanceSourceVpc aws:FederatedProvider "
        "aws:PrincipalAccount aws:PrincipalOrgID aws:PrincipalServiceName aws:PrincipalTag/${TagKey} aws:PrincipalType "
        "aws:RequestTag/${TagKey} aws:RequestedRegion aws:ResourceAccount aws:ResourceOrgID aws:ResourceTag/${TagKey} "
        "aws:SourceAccount aws:SourceIdentity aws:SourceOrgID aws:SourceVpc aws:SourceVpce aws:UserAgent "
        "aws:ViaCustomerDomain aws:VpceAccount aws:VpceOrgID aws:referer aws:userid aws:username "
        "glue:CredentialIssuingService glue:RoleAssumedBy identitystore:UserId"
    ),
    "ArrayOfString": (
        "aws:CalledVia aws:PrincipalOrgPaths aws:PrincipalServiceNamesList aws:ResourceOrgPaths aws:SourceOrgPaths aws:TagKeys "
        "aws:VpceOrgPaths"
    ),
    "ARN": (
        "aws:ChatbotSourceArn aws:PrincipalArn aws:SignInSessionArn aws:SourceArn aws:SourceVpcArn codebuild:BuildArn "
        "codebuild:ProjectArn ec2:SourceInstanceArn lambda:SourceFunctionArn ssm:SourceInstanceArn"
    ),
    "Bool": (
        "aws:AssumedRoot aws:IsMcpServiceAction aws:MultiFactorAuthPresent aws:PrincipalIsAWSService aws:SecureTransport "
        "aws:ViaAWSMCPService aws:ViaAWSService"
    ),
    "Numeric": "aws:MultiFactorAuthAge ec2:RoleDelivery",
    "Date": "aws:CurrentTime aws:EpochTime aws:TokenIssueTime",
    "IPAddress": "aws:Ec2InstanceSourcePrivateIPv4 aws:SourceIp aws:VpcSourceIp",
}
# Keys of the sts service that only a call to sts has; its others are an identity provider's and stay with the session.
STS_ONLY = ("aws:", "iam:", "sts:")
VARIABLE = re.compile(r"\$\{[^}]*\}|<[^>]*>")
PROVIDER = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+(/[^:]*)?:.+", re.IGNORECASE)


@cache
def global_keys() -> frozenset[str]:
    """The keys that a policy about any action may use, as AWS spells them, tags as `aws:ResourceTag/${TagKey}`."""
    return frozenset(key for names in GLOBAL.values() for key in names.split())


def is_of_identity_provider(key: str) -> bool:
    """Whether the key's prefix is a host, as in `oidc.eks.us-east-1.amazonaws.com/id/EXAMPLE:sub`: the provider names it.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
    """
    return PROVIDER.fullmatch(key) is not None


@lru_cache(CACHE)
def known(actions: tuple[Action, ...]) -> Mapping[str, str]:
    """The keys of a statement about `actions`: in lower case, with AWS's spelling."""
    own = {key for action in actions for key in action.condition_keys}
    return {key.lower(): key for key in (*global_keys(), *_federated(), *own)}


@lru_cache(CACHE)
def types(actions: tuple[Action, ...]) -> Mapping[str, str]:
    """The types of the keys of `known`, where AWS gives one."""
    of_services = {key: kind for action in actions for key, kind in reference.key_types(action.service).items()}
    return {**of_services, **_federated(), **{key.lower(): kind for kind, names in GLOBAL.items() for key in names.split()}}


@lru_cache(CACHE)
def matching(key: str, actions: tuple[Action, ...]) -> str | None:
    """The key of `known` that `key` is, its variable filled in or not; None when there is none."""
    name, keys = key.lower(), known(actions)
    if name in keys:
        return name
    return next((pattern for pattern in sorted(keys) if VARIABLE.search(pattern) and _shape(pattern).fullmatch(name)), None)


@cache
def _shape(pattern: str) -> re.Pattern[str]:
    return re.compile("(.+)".join(re.escape(piece) for piece in VARIABLE.split(pattern)))


@cache
def _federated() -> Mapping[str, str]:
    return {key: kind for key, kind in reference.key_types("sts").items() if not key.startswith(STS_ONLY)}


def suggestions(actions: Sequence[Action]) -> Mapping[str, str]:
    """What a misspelt key may have meant: the global keys and those of the actions."""
    own = (key for action in actions for key in action.condition_keys)
    return {key.lower(): key for key in (*global_keys(), *own)}
