# Written by meshrole: change the inventory, then generate again.

module "audit_trail" {
  source          = "../modules/audit-trail"
  name            = "acme-audit"
  region          = "us-east-1"
  account_id      = "555566667777"
  archive_bucket  = module.log_archive.bucket_name
  archive_key_arn = module.log_archive.key_arn
  depends_on      = [module.log_archive]
}

output "audit_trail_arn" {
  description = "The trail."
  value       = module.audit_trail.trail_arn
}
