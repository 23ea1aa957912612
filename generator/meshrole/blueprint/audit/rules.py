"""AWS Config's managed rules that say whether what is generated here still stands as it was generated.

https://docs.aws.amazon.com/config/latest/developerguide/managed-rules-by-aws-config.html
They are those that the module config-recorder recommends. Not among them: IAM_NO_INLINE_POLICY_CHECK, because permissions are
inline here on purpose (nobody can attach them elsewhere), and rules about the mesh itself, which is not made here.
"""

from meshrole.inventory.audit_model import ConfigRule

TRAIL_RULES = {
    "cloudtrail-enabled": ConfigRule(identifier="CLOUD_TRAIL_ENABLED"),
    "multi-region-cloudtrail-enabled": ConfigRule(identifier="MULTI_REGION_CLOUD_TRAIL_ENABLED"),
    "cloud-trail-log-file-validation-enabled": ConfigRule(identifier="CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED"),
    "cloud-trail-encryption-enabled": ConfigRule(identifier="CLOUD_TRAIL_ENCRYPTION_ENABLED"),
    "cloudtrail-security-trail-enabled": ConfigRule(identifier="CLOUDTRAIL_SECURITY_TRAIL_ENABLED"),
}
# A boundary allows much and grants nothing. These rules look at policies where IAM is recorded.
NO_BOUNDARIES = {"excludePermissionBoundaryPolicy": "true"}
POLICY_RULES = {
    f"iam-policy-no-statements-with-{kind}-access": ConfigRule(
        identifier=f"IAM_POLICY_NO_STATEMENTS_WITH_{kind.upper()}_ACCESS", parameters=NO_BOUNDARIES
    )
    for kind in ("admin", "full")
}
