# Written by meshrole: change the inventory, then generate again.

module "log_archive" {
  source                 = "../modules/log-archive"
  name                   = "initech-audit"
  bucket_name            = "initech-audit-444455556666-eu-west-1"
  region                 = "eu-west-1"
  account_id             = "444455556666"
  organization_trail_arn = "arn:aws:cloudtrail:eu-west-1:999988887777:trail/initech-audit"
  organization_id        = "o-a1b2c3d4e5"
  retention_days         = 730
  object_lock_mode       = "GOVERNANCE"
  object_lock_days       = 365
}

output "audit_bucket_name" {
  description = "The bucket of the records."
  value       = module.log_archive.bucket_name
}

output "audit_key_arn" {
  description = "The key of the records."
  value       = module.log_archive.key_arn
}

module "config_archive" {
  source      = "../modules/log-archive"
  name        = "initech-config"
  bucket_name = "initech-config-444455556666-eu-west-1"
  region      = "eu-west-1"
  account_id  = "444455556666"
  config_accounts = [
    "111122223333",
    "444455556666",
  ]
  config_role_arns = ["arn:aws:iam::111122223333:role/initech-audit-config"]
  retention_days   = 730
}

output "config_archive_bucket_name" {
  description = "The bucket of the records of AWS Config."
  value       = module.config_archive.bucket_name
}

output "config_archive_key_arn" {
  description = "The key of the records of AWS Config."
  value       = module.config_archive.key_arn
}
