# The audit account of an organization: its own recorder, every rule, and the whole organization in one place.

terraform {
  required_version = ">= 1.7"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7"
    }
  }
}

provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "offline"
  secret_key                  = "offline"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

module "config_recorder" {
  source = "../../"

  name            = "acme-prod"
  region          = "eu-west-1"
  account_id      = "111122223333"
  archive_bucket  = "acme-log-archive"
  archive_key_arn = "arn:aws:kms:eu-west-1:444455556666:key/0d1b3f4e-8c2a-4e6f-9b7d-5a1c2e3f4a5b"
  topic_arn       = "arn:aws:sns:eu-west-1:111122223333:acme-config"

  managed_rules = {
    cloudtrail-security-trail-enabled = {
      identifier = "CLOUDTRAIL_SECURITY_TRAIL_ENABLED"
      frequency  = "TwentyFour_Hours"
    }
    iam-policy-no-statements-with-full-access = {
      identifier     = "IAM_POLICY_NO_STATEMENTS_WITH_FULL_ACCESS"
      resource_types = ["AWS::IAM::Policy"]
      parameters     = { excludePermissionBoundaryPolicy = "true" }
    }
  }

  mesh_role_pattern = "^acme-shop-.*-prod(-execution)?$"
  mesh_role_tags    = ["meshrole:mesh", "meshrole:workload"]
  boundary_pattern  = "^arn:aws:iam::111122223333:policy/mesh/acme-shop-prod-boundary$"

  aggregator         = "organization"
  aggregator_regions = ["eu-west-1", "us-east-1"]

  tags = { cost-center = "platform" }
}

output "rule_names" {
  value = module.config_recorder.rule_names
}

output "guard_rules" {
  value = module.config_recorder.guard_rules
}

output "recommended_managed_rules" {
  value = module.config_recorder.recommended_managed_rules
}
