locals {
  organizations_principals = concat(
    # Config has two principals: one deploys rules and conformance packs, the other aggregates.
    # https://docs.aws.amazon.com/config/latest/developerguide/aggregated-register-delegated-administrator.html
    var.config ? ["config-multiaccountsetup.amazonaws.com", "config.amazonaws.com"] : [],
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-delegated-administrator-add.html
    var.access_analyzer ? ["access-analyzer.amazonaws.com"] : [],
  )
}

# Through CloudTrail and not through Organizations: only so are its service-linked roles made.
# https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-delegated-administrator.html
resource "aws_cloudtrail_organization_delegated_admin_account" "audit" {
  count      = var.cloudtrail ? 1 : 0
  account_id = var.audit_account_id
}

resource "aws_organizations_delegated_administrator" "audit" {
  for_each = toset(local.organizations_principals)

  account_id        = var.audit_account_id
  service_principal = each.value
}
