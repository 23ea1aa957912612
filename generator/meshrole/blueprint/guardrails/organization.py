"""Policies of the organization: they hold for every principal of the accounts, administrators of those accounts included.

Both kinds only take away, so that AWS's own FullAWSAccess and RCPFullAWSAccess stay attached beside them.
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
"""

from collections.abc import Iterator

from meshrole.blueprint.guardrails.protected import Protected
from meshrole.iam.policy import Conditions, Document, Statement, conditions, in_service


def service_control(protected: Protected, administrators: tuple[str, ...]) -> Document:
    """What nobody in the accounts may do but the administrators, and what not even they may do."""
    others = conditions({"ArnNotLike": {"aws:PrincipalArn": list(administrators)}})
    return (*_audit(protected, others), *_identities(protected, others))


def resource_control(protected: Protected, organization_id: str) -> Document:
    """Nobody outside of the organization reads the records or takes a mesh identity, whatever their policies say.

    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_examples.html
    """
    return tuple(_outsiders(protected, organization_id))


def _audit(protected: Protected, others: Conditions) -> Iterator[Statement]:
    if protected.trails:
        # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/best-practices-security.html
        changes = (
            "AddTags DeleteTrail PutEventConfiguration PutEventSelectors PutInsightSelectors RemoveTags StopLogging UpdateTrail"
        )
        yield _deny("TrailStands", in_service("cloudtrail", changes), protected.trails, others)
    if protected.has_recorder:
        # https://docs.aws.amazon.com/config/latest/developerguide/stop-start-recorder.html
        changes = "DeleteConfigRule DeleteConfigurationRecorder DeleteDeliveryChannel DeleteEvaluationResults "
        changes += "DeleteRetentionConfiguration DisassociateResourceTypes PutConfigRule PutConfigurationRecorder "
        changes += "PutDeliveryChannel PutRetentionConfiguration StopConfigurationRecorder"
        yield _deny("RecorderStands", in_service("config", changes), ("*",), others)
    if protected.buckets:
        # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/best-practices-security.html (protect the log bucket)
        changes = "BypassGovernanceRetention DeleteBucket DeleteBucketPolicy DeleteObject DeleteObjectVersion PutBucketAcl "
        changes += "PutBucketObjectLockConfiguration PutBucketOwnershipControls PutBucketPolicy PutBucketPublicAccessBlock "
        changes += "PutBucketVersioning PutEncryptionConfiguration PutLifecycleConfiguration PutReplicationConfiguration"
        places = (*protected.buckets, *(f"{bucket}/*" for bucket in protected.buckets))
        yield _deny("RecordsStay", in_service("s3", changes), places, others)
    if protected.key_aliases:
        # Without the key the records cannot be read: https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html
        changes = "DeleteAlias DisableKey DisableKeyRotation PutKeyPolicy ScheduleKeyDeletion UpdateAlias"
        aliases = conditions({"ForAnyValue:StringEquals": {"kms:ResourceAliases": list(protected.key_aliases)}})
        yield _deny("KeyOfRecordsStays", in_service("kms", changes), ("*",), (*others, *aliases))


def _identities(protected: Protected, others: Conditions) -> Iterator[Statement]:
    if protected.roles:
        # Everything that changes who may be an identity, or what it may do:
        # https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
        changes = "AttachRolePolicy CreateRole DeleteRole DeleteRolePolicy DetachRolePolicy PutRolePermissionsBoundary "
        changes += "PutRolePolicy TagRole UntagRole UpdateAssumeRolePolicy UpdateRole UpdateRoleDescription"
        yield _deny("IdentitiesStand", in_service("iam", changes), protected.roles, others)
        changes = "CreatePolicy CreatePolicyVersion DeletePolicy DeletePolicyVersion SetDefaultPolicyVersion"
        yield _deny("PoliciesStand", in_service("iam", changes), protected.policies, others)
    if protected.boundaries:
        yield from _boundaries(protected)
    if protected.users:
        # A mesh identity is a role: it has no keys that can leak.
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#bp-workloads-use-roles
        changes = "CreateAccessKey CreateLoginProfile CreateServiceSpecificCredential CreateUser UploadSigningCertificate"
        yield _deny("NoAccessKeys", in_service("iam", changes), protected.users)


def _boundaries(protected: Protected) -> Iterator[Statement]:
    """Not even an administrator takes a workload's boundary off, or makes a workload's role without it.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html#access_policies_boundaries-delegate
    """
    yield _deny("BoundaryStays", ("iam:DeleteRolePermissionsBoundary",), protected.bounded)
    without = conditions({"ArnNotLike": {"iam:PermissionsBoundary": list(protected.boundaries)}})
    yield _deny("BoundaryIsOn", in_service("iam", "CreateRole PutRolePermissionsBoundary"), protected.bounded, without)


def _outsiders(protected: Protected, organization_id: str) -> Iterator[Statement]:
    outside = conditions(
        {
            "StringNotEqualsIfExists": {"aws:PrincipalOrgID": organization_id},
            "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
        }
    )
    if protected.buckets:
        places = (*protected.buckets, *(f"{bucket}/*" for bucket in protected.buckets))
        yield _everybody("RecordsStayInside", ("s3:*",), places, outside)
        # A service of AWS that was asked by somebody else's account: the confused deputy.
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
        deputy = conditions(
            {
                "StringNotEqualsIfExists": {"aws:SourceOrgID": organization_id},
                "Null": {"aws:SourceAccount": "false"},
                "Bool": {"aws:PrincipalIsAWSService": "true"},
            }
        )
        yield _everybody("NoConfusedDeputy", ("s3:*",), places, deputy)
    if protected.roles:
        # Sessions through OIDC and SAML have no organization: they are held by the roles' own trust policies.
        yield _everybody("IdentitiesStayInside", ("sts:AssumeRole",), protected.roles, outside)


def _deny(sid: str, actions: tuple[str, ...], resources: tuple[str, ...], when: Conditions = ()) -> Statement:
    return Statement(sid=sid, effect="Deny", actions=actions, resources=resources, conditions=tuple(sorted(when)))


def _everybody(sid: str, actions: tuple[str, ...], resources: tuple[str, ...], when: Conditions) -> Statement:
    return Statement(sid=sid, effect="Deny", actions=actions, resources=resources, conditions=when, principals=(("*", ()),))
