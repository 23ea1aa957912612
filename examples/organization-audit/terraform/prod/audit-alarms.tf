# Written by meshrole: change the inventory, then generate again.

module "audit_alarms" {
  source               = "../modules/audit-alarms"
  name                 = "initech-prod"
  region               = "eu-west-1"
  account_id           = "111122223333"
  emails               = ["security@example.com"]
  role_name_prefixes   = ["initech-shop-"]
  role_names           = ["initech-release-prod"]
  policy_name_prefixes = ["initech-shop-"]
  administrators       = ["arn:aws:iam::*:role/terraform-apply"]
  watch_recorder       = true
  watch_denials        = true
  watch_envoy_denials  = true
}

output "audit_topic_arn" {
  description = "The topic of the alarms."
  value       = module.audit_alarms.topic_arn
}

module "audit_alarms_global" {
  source = "../modules/audit-alarms"
  providers = {
    aws = aws.global
  }
  name                 = "initech-prod-global"
  region               = "us-east-1"
  account_id           = "111122223333"
  emails               = ["security@example.com"]
  role_name_prefixes   = ["initech-shop-"]
  role_names           = ["initech-release-prod"]
  policy_name_prefixes = ["initech-shop-"]
  administrators       = ["arn:aws:iam::*:role/terraform-apply"]
  watch_roles          = true
}

output "audit_alarms_global_topic_arn" {
  description = "The topic of the alarms about IAM."
  value       = module.audit_alarms_global.topic_arn
}
