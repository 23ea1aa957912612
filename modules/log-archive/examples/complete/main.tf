# The audit account's archive for an organization trail, two accounts with trails of their own, and three that AWS Config delivers from.

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
  access_key                  = "example"
  secret_key                  = "example"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

module "archive" {
  source = "../../"

  name        = "acme-audit"
  bucket_name = "acme-audit-444455556666"
  region      = "eu-west-1"
  account_id  = "444455556666"

  trail_arns = [
    "arn:aws:cloudtrail:eu-west-1:111122223333:trail/acme-shop",
    "arn:aws:cloudtrail:us-east-1:555566667777:trail/acme-pay",
  ]
  organization_trail_arn = "arn:aws:cloudtrail:eu-west-1:999900001111:trail/acme-organization"
  organization_id        = "o-a1b2c3d4e5"
  config_accounts        = ["111122223333", "444455556666", "555566667777"]
  config_role_arns       = ["arn:aws:iam::111122223333:role/acme-config", "arn:aws:iam::555566667777:role/acme-config"]
  reader_role_arns       = ["arn:aws:iam::444455556666:role/auditor"]

  retention_days     = 2557
  glacier_after_days = 90
  tags               = { "cost-center" = "platform" }
}

# Log files that nobody can delete for a year. AWS Config does not deliver to such a bucket.
module "locked" {
  source = "../../"

  name             = "acme-locked"
  bucket_name      = "acme-locked-444455556666"
  region           = "eu-west-1"
  account_id       = "444455556666"
  trail_arns       = ["arn:aws:cloudtrail:eu-west-1:111122223333:trail/acme-shop"]
  object_lock_mode = "COMPLIANCE"
  object_lock_days = 365
}

output "bucket_name" {
  value       = module.archive.bucket_name
  description = "The bucket that every account delivers to."
}

output "key_arn" {
  value       = module.archive.key_arn
  description = "The key that its log files are encrypted with."
}
