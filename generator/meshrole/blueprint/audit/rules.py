"""AWS Config's managed rules that say whether what is generated here still stands as it was generated.

https://docs.aws.amazon.com/config/latest/developerguide/managed-rules-by-aws-config.html
Not among them: IAM_NO_INLINE_POLICY_CHECK, because permissions are inline here on purpose (nobody can attach them elsewhere).
"""

from meshrole.inventory.audit_model import ConfigRule

MANAGED_RULES = {
    "trail-enabled": ConfigRule(identifier="CLOUD_TRAIL_ENABLED"),
    "trail-multi-region": ConfigRule(identifier="MULTI_REGION_CLOUD_TRAIL_ENABLED"),
    "trail-validated": ConfigRule(identifier="CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED"),
    "trail-encrypted": ConfigRule(identifier="CLOUD_TRAIL_ENCRYPTION_ENABLED"),
    "no-admin-access": ConfigRule(identifier="IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS", types=["AWS::IAM::Policy"]),
    "no-full-access": ConfigRule(identifier="IAM_POLICY_NO_STATEMENTS_WITH_FULL_ACCESS", types=["AWS::IAM::Policy"]),
}
