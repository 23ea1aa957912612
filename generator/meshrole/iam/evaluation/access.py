"""Which policies a request needs the permission of, and whether they give it.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
"""

from collections.abc import Callable, Mapping
from enum import StrEnum

from meshrole.iam.evaluation.principal import Grade, Kind
from meshrole.iam.evaluation.request import Facts

# Calls for a role's credentials: the role is the resource, and its trust policy must allow whoever calls.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
# https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
TRUST = frozenset(
    f"sts:{name}"
    for name in ("assumerole", "assumerolewithwebidentity", "assumerolewithsaml", "tagsession", "setsourceidentity", "setcontext")
)
# https://docs.aws.amazon.com/vpc-lattice/latest/ug/auth-policies.html#auth-policies-evaluation-logic
LATTICE = "vpc-lattice-svcs:"
KMS = "kms:"


class Way(StrEnum):
    """How permissions come together."""

    union = "union"
    """Within an account either side may grant."""
    own_policy = "own policy"
    """The resource's policy must grant, to the principal itself or to its account, which then delegates."""
    both = "both"
    """Both sides must grant."""
    resource_only = "resource only"
    """There is no identity whose policies could say anything."""


def way(facts: Facts) -> Way:
    """How permissions come together for this request."""
    if not facts.principal.has_identity:
        return Way.resource_only
    if facts.is_cross_account or facts.action.startswith(LATTICE):
        return Way.both
    return Way.own_policy if is_trust(facts) or _is_key(facts) else Way.union


def is_trust(facts: Facts) -> bool:
    """Whether the resource's policy is a role's trust policy."""
    return facts.action in TRUST and ":role/" in facts.resource


def _is_key(facts: Facts) -> bool:
    """Whether it is about a KMS key: without the key policy's permission, IAM policies have no effect.

    https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
    """
    return facts.action.startswith(KMS) and ":key/" in facts.resource


def is_below_scp(facts: Facts) -> bool:
    """Whether service control policies reach the principal: a user, a role or the root user of a member account.

    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html#not-restricted-by-scp
    """
    principal = facts.principal
    is_managing = principal.account is not None and principal.account == facts.request.management_account
    return principal.has_identity and not principal.service_linked and not is_managing


def is_below_rcp(facts: Facts) -> bool:
    """Whether resource control policies reach the resource.

    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html#actions-not-restricted-by-rcps
    """
    owner = facts.resource_account or facts.principal.account
    is_managing = owner is not None and owner == facts.request.management_account
    reached = facts.action.partition(":")[0] in RCP_SERVICES and facts.action != "kms:retiregrant"
    return reached and not facts.principal.service_linked and not is_managing


def has_session(facts: Facts) -> bool:
    """Whether a session policy must be there: a federated user has no permissions of identity policies without one.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
    """
    return facts.principal.kind is Kind.federated_user


def granted(how: Way, identity: Grade, resource: Grade, limits: bool) -> bool:
    """Whether access is granted. `limits` is whether the boundary and the session policy allow."""
    return RULES[how](bool(identity), resource, limits)


def _union(identity: bool, resource: Grade, limits: bool) -> bool:
    """An implicit deny of identity, boundary and session policies does not limit what is granted to the caller directly;
    what is granted to its role, the boundary and the session policy limit.
    """
    return resource is Grade.direct or (limits and (identity or resource is Grade.entity))


def _own_policy(identity: bool, resource: Grade, limits: bool) -> bool:
    if resource is Grade.direct:
        return True
    return limits and (resource is Grade.entity or (resource is Grade.account and identity))


def _both(identity: bool, resource: Grade, limits: bool) -> bool:
    return identity and limits and bool(resource)


def _resource_only(_: bool, resource: Grade, __: bool) -> bool:
    return bool(resource)


RULES: Mapping[Way, Callable[[bool, Grade, bool], bool]] = {
    Way.union: _union,
    Way.own_policy: _own_policy,
    Way.both: _both,
    Way.resource_only: _resource_only,
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
