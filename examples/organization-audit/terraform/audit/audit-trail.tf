# Written by meshrole: change the inventory, then generate again.

module "audit_trail" {
  source                = "../modules/audit-trail"
  name                  = "initech-audit"
  region                = "eu-west-1"
  account_id            = "444455556666"
  archive_bucket        = module.log_archive.bucket_name
  archive_key_arn       = module.log_archive.key_arn
  organization_id       = "o-a1b2c3d4e5"
  management_account_id = "999988887777"
  insights              = ["ApiErrorRateInsight"]
  depends_on            = [module.log_archive]
}

output "audit_trail_arn" {
  description = "The trail."
  value       = module.audit_trail.trail_arn
}
