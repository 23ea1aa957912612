"""Which policies a request needs the permission of, and whether they give it.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
"""

from collections.abc import Callable, Mapping
from typing import Literal

from meshrole.iam.evaluation.facts import Facts
from meshrole.iam.evaluation.principal import Grade

# Calls for a role's credentials: the role is the resource, and its trust policy must allow whoever calls.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
# https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
TRUST = frozenset(
    f"sts:{name}"
    for name in ("assumerole", "assumerolewithwebidentity", "assumerolewithsaml", "tagsession", "setsourceidentity", "setcontext")
)
# https://docs.aws.amazon.com/vpc-lattice/latest/ug/auth-policies.html#auth-policies-evaluation-logic
LATTICE = "vpc-lattice-svcs"
KMS, STS = "kms", "sts"
BY_RESOURCE = frozenset((KMS, STS))
USER, KEY, SERVICE_LINKED = ":user/", ":key/", ":role/aws-service-role/"
ACCOUNT, ENTITY, DIRECT = int(Grade.account), int(Grade.entity), int(Grade.direct)


# Operations that work on a key of another account; permissions for others have no effect.
# https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
# https://docs.aws.amazon.com/kms/latest/developerguide/kms-cryptography.html#cryptographic-operations
KMS_ACROSS_ACCOUNTS = """
    Decrypt DeriveSharedSecret Encrypt GenerateDataKey GenerateDataKeyPair GenerateDataKeyPairWithoutPlaintext
    GenerateDataKeyWithoutPlaintext GenerateMac ReEncryptFrom ReEncryptTo Sign Verify VerifyMac
    CreateGrant DescribeKey GetKeyRotationStatus GetPublicKey ListGrants RetireGrant RevokeGrant
"""
ACROSS_ACCOUNTS = frozenset(f"{KMS}:{name}".lower() for name in KMS_ACROSS_ACCOUNTS.split())
# How permissions come together. "union": within an account either side may grant. "own policy": the resource's policy must, to
# the principal itself or to its account, which then delegates. "trust": so too, and a boundary limits even the former. "both":
# both sides must. "resource only": there is no identity whose policies could say anything. "never": no policy can grant it.
# "always": no policy can deny it.
Way = Literal["union", "own policy", "trust", "both", "resource only", "never", "always"]
# https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_sts-comparison.html
NO_PERMISSION_NEEDED = "sts:getcalleridentity"


def way(facts: Facts) -> Way:
    """How permissions come together for this request."""
    if not facts.principal.has_identity:
        return "resource only"
    if facts.action == NO_PERMISSION_NEEDED:
        return "always"
    if _is_impossible(facts):
        return "never"
    if facts.is_cross_account or facts.service == LATTICE:
        return "both"
    if is_trust(facts):
        return "trust" if facts.principal.kind == "user" else "own policy"
    return "own policy" if _is_key(facts) else "union"


def marks(facts: Facts) -> tuple[bool, ...]:
    """What of the resource's name decides how permissions come together, for the services in `BY_RESOURCE`."""
    resource = facts.resource
    return USER in resource, KEY in resource, SERVICE_LINKED in resource


def is_trust(facts: Facts) -> bool:
    """Whether the resource's policy is a role's trust policy."""
    return facts.action in TRUST and USER not in facts.resource


def _is_impossible(facts: Facts) -> bool:
    """Whether AWS refuses whatever the policies say: across partitions, to the root user that would assume a role, to
    federated users the calls of STS, and some operations of KMS across accounts.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies-cross-account-resource-access.html
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_sts-comparison.html
    """
    principal = facts.principal
    if facts.partition != principal.partition and facts.partition is not None:
        return True
    if principal.kind == "root" and facts.action == "sts:assumerole":
        return True
    if principal.kind == "federated-user" and facts.service == STS:
        return True
    return facts.is_cross_account and _is_key(facts) and facts.action not in ACROSS_ACCOUNTS


def _is_key(facts: Facts) -> bool:
    """Whether it is about a KMS key: without the key policy's permission, IAM policies have no effect.

    https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
    """
    return facts.service == KMS and KEY in facts.resource


def is_below_scp(facts: Facts) -> bool:
    """Whether service control policies reach the principal: a user, a role or the root user of a member account.

    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html#not-restricted-by-scp
    """
    principal = facts.principal
    is_managing = principal.account is not None and principal.account == facts.management_account
    return principal.has_identity and not principal.service_linked and not is_managing


def is_below_rcp(facts: Facts) -> bool:
    """Whether resource control policies reach the resource.

    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html#actions-not-restricted-by-rcps
    """
    owner = facts.resource_account or facts.principal.account
    is_managing = owner is not None and owner == facts.management_account
    reached = facts.service in RCP_SERVICES and facts.action != "kms:retiregrant"
    service_linked = facts.principal.service_linked or (facts.service == STS and SERVICE_LINKED in facts.resource)
    return reached and not service_linked and not is_managing


def _union(identity: int, resource: int, limits: bool) -> bool:
    """An implicit deny of identity, boundary and session policies does not limit what is granted to the caller directly;
    what is granted to its role, the boundary and the session policy limit.
    """
    return resource == DIRECT or (limits and bool(identity or resource == ENTITY))


def _own_policy(identity: int, resource: int, limits: bool) -> bool:
    if resource == DIRECT:
        return True
    return limits and (resource == ENTITY or bool(resource == ACCOUNT and identity))


def _trust(identity: int, resource: int, limits: bool) -> bool:
    """A user that a trust policy names is limited by the boundary too.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-trust-policy.html
    """
    return limits and (resource >= ENTITY or bool(resource == ACCOUNT and identity))


def _both(identity: int, resource: int, limits: bool) -> bool:
    return bool(identity and limits and resource)


def _resource_only(_: int, resource: int, __: bool) -> bool:
    return bool(resource)


def _never(_: int, __: int, ___: bool) -> bool:
    return False


def _always(_: int, __: int, ___: bool) -> bool:
    return True


# Whether access is granted: how directly the identity policies and the resource's policy allow, and whether the boundary and the
# session policy do.
Rule = Callable[[int, int, bool], bool]
RULES: Mapping[Way, Rule] = {
    "union": _union,
    "own policy": _own_policy,
    "trust": _trust,
    "both": _both,
    "resource only": _resource_only,
    "never": _never,
    "always": _always,
}
# The prefixes of the services to whose actions RCPs apply, read on 2026-11-25; OpenSearch's actions begin with `es`.
# https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html#rcp-supported-services
RCP_SERVICES_TEXT = """
    aoss appconfig appstream autoscaling autoscaling-plans budgets clouddirectory cloudfront cloudsearch cloudtrail-data
    codeartifact codebuild codecommit codepipeline cognito-identity cognito-idp comprehend comprehendmedical
    compute-optimizer cost-optimization-hub dax dsql dynamodb ecr ecr-public es events firehose fis fms gamelift health
    inspector-scan kendra kinesisvideo kms logs memorydb networkmonitor notifications opensearch pca-connector-ad
    personalize polly pricing resource-groups rolesanywhere s3 secretsmanager servicediscovery signin sqs sts support swf
    textract timestream-influxdb transcribe transfer translate wafv2 workspaces xray
"""
RCP_SERVICES = frozenset(RCP_SERVICES_TEXT.split())
