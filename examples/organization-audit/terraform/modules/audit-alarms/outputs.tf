output "topic_arn" {
  description = "The topic that the rules publish to, or null where no rule is made and no topic was given."
  value       = local.topic_arn
}

output "rule_names" {
  description = "The names of the rules."
  value       = [for rule in aws_cloudwatch_event_rule.this : rule.name]
}

output "event_patterns" {
  description = "What each rule looks for: the rule's name to the event pattern as JSON."
  value       = { for key, rule in local.rules : "${var.name}-${key}" => rule.pattern }
}
