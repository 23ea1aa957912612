output "recorder_name" {
  description = "The recorder's name, also where an existing one is used."
  value       = var.recorder_name
}

output "role_arn" {
  description = "The ARN of the recorder's role; empty where an existing recorder is used."
  value       = local.role_arn
}

output "recorded_types" {
  description = "The resource types that the recorder records here."
  value       = local.recorded_types
}

output "rule_names" {
  description = "The names of all rules, managed ones and ours."
  value = concat(
    [for rule in values(aws_config_config_rule.managed) : rule.name],
    [for rule in values(aws_config_config_rule.guard) : rule.name],
  )
}

output "guard_rules" {
  description = "The text of each Guard rule, by the end of its name."
  value       = { for name, rule in local.guard_rules : name => rule.text }
}

output "recommended_managed_rules" {
  description = "Managed rules, as managed_rules takes them, that an account with audit-trail and generated identities is compliant with in this region."
  value       = local.recommended_managed_rules
}

output "aggregator_arn" {
  description = "The ARN of the aggregator; empty where there is none."
  value       = join("", aws_config_configuration_aggregator.this[*].arn)
}
