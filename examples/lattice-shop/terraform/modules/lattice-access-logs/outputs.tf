output "log_group_name" {
  description = "The log group of the access logs; empty where there is none."
  value       = var.log_group ? aws_cloudwatch_log_group.access[0].name : ""
}

output "subscription_arns" {
  description = "The subscriptions: label and kind of destination to ARN."
  value       = { for label, subscription in aws_vpclattice_access_log_subscription.access : label => subscription.arn }

  precondition {
    condition     = var.log_group || var.bucket_arn != ""
    error_message = "The logs go to a log group, a bucket or both."
  }
}
