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
  region                      = "us-east-1"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

module "alarms" {
  source = "../../"

  name       = "acme-audit"
  region     = "us-east-1"
  account_id = "111122223333"
  emails     = ["security@example.com"]

  role_name_prefixes   = ["acme-shop-", "acme-bank-"]
  role_names           = ["legacy-billing"]
  policy_name_prefixes = ["acme-shop-", "acme-bank-"]
  administrators = [
    "arn:aws:iam::111122223333:role/pipelines/acme-infrastructure",
    "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_MeshAdministrator_*",
  ]

  watch_roles         = true
  watch_trail_arns    = ["arn:aws:cloudtrail:us-east-1:111122223333:trail/acme-audit"]
  watch_recorder      = true
  watch_bucket_name   = "acme-audit-logs"
  watch_key_arn       = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
  watch_denials       = true
  watch_envoy_denials = true

  tags = { "meshrole:managed" = "true" }
}

output "event_patterns" {
  description = "What each rule looks for."
  value       = module.alarms.event_patterns
}
