# Written by meshrole: change the inventory, then generate again.

module "log_archive" {
  source         = "../modules/log-archive"
  name           = "acme-audit"
  bucket_name    = "acme-audit-111122223333-us-east-1"
  region         = "us-east-1"
  account_id     = "111122223333"
  trail_arns     = ["arn:aws:cloudtrail:us-east-1:111122223333:trail/acme-audit"]
  retention_days = 400
}

output "audit_bucket_name" {
  description = "The bucket of the records."
  value       = module.log_archive.bucket_name
}

output "audit_key_arn" {
  description = "The key of the records."
  value       = module.log_archive.key_arn
}
