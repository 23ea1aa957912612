# Written by meshrole: change the inventory, then generate again.

module "audit_alarms" {
  source            = "../modules/audit-alarms"
  name              = "initech-audit"
  region            = "eu-west-1"
  account_id        = "444455556666"
  emails            = ["security@example.com"]
  administrators    = ["arn:aws:iam::*:role/terraform-apply"]
  watch_trail_arns  = ["arn:aws:cloudtrail:eu-west-1:999988887777:trail/initech-audit"]
  watch_recorder    = true
  watch_bucket_name = "initech-audit-444455556666-eu-west-1"
  watch_key         = true
  watch_key_arn     = module.log_archive.key_arn
}

output "audit_topic_arn" {
  description = "The topic of the alarms."
  value       = module.audit_alarms.topic_arn
}
