# Written by meshrole: change the inventory, then generate again.

module "audit_queries" {
  source              = "../modules/audit-queries"
  name                = "initech"
  region              = "eu-west-1"
  account_id          = "444455556666"
  archive_bucket      = module.log_archive.bucket_name
  archive_key_arn     = module.log_archive.key_arn
  results_bucket_name = "initech-athena-444455556666-eu-west-1"
  accounts = [
    "111122223333",
    "444455556666",
    "999988887777",
  ]
  regions = [
    "eu-west-1",
    "us-east-1",
  ]
  first_day              = "2026/11/01"
  roles_json             = file("${path.module}/roles.jsonl")
  results_retention_days = 30
  bytes_scanned_cutoff   = 100000000000
  organization_id        = "o-a1b2c3d4e5"
  administrators         = ["arn:aws:iam::*:role/terraform-apply"]
  watched_policies = [
    "arn:aws:iam::111122223333:policy/mesh/initech-shop-*",
    "arn:aws:iam::111122223333:policy/mesh/initech-shop-prod-boundary",
  ]
}

output "audit_workgroup_name" {
  description = "The Athena workgroup with the named queries."
  value       = module.audit_queries.workgroup_name
}

output "audit_database_name" {
  description = "The Glue database."
  value       = module.audit_queries.database_name
}

output "audit_reader_policy" {
  description = "What a role needs to ask the queries, as a policy."
  value       = module.audit_queries.reader_policy
}
