# Written by meshrole: change the inventory, then generate again.

module "config_recorder" {
  source         = "../modules/config-recorder"
  name           = "initech-audit"
  region         = "eu-west-1"
  account_id     = "111122223333"
  archive_bucket = "initech-config-444455556666-eu-west-1"
  managed_rules = {
    "cloudtrail-enabled" = {
      "identifier" = "CLOUD_TRAIL_ENABLED"
    }
    "multi-region-cloudtrail-enabled" = {
      "identifier" = "MULTI_REGION_CLOUD_TRAIL_ENABLED"
    }
    "cloud-trail-log-file-validation-enabled" = {
      "identifier" = "CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED"
    }
    "cloud-trail-encryption-enabled" = {
      "identifier" = "CLOUD_TRAIL_ENCRYPTION_ENABLED"
    }
    "cloudtrail-security-trail-enabled" = {
      "identifier" = "CLOUDTRAIL_SECURITY_TRAIL_ENABLED"
    }
    "iam-policy-no-statements-with-admin-access" = {
      "identifier" = "IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS"
      "parameters" = {
        "excludePermissionBoundaryPolicy" = "true"
      }
    }
    "iam-policy-no-statements-with-full-access" = {
      "identifier" = "IAM_POLICY_NO_STATEMENTS_WITH_FULL_ACCESS"
      "parameters" = {
        "excludePermissionBoundaryPolicy" = "true"
      }
    }
  }
  mesh_role_pattern = "^(initech-shop-.+)$"
  boundary_pattern  = "^(arn:aws:iam::111122223333:policy/mesh/initech-shop-prod-boundary)$"
}
