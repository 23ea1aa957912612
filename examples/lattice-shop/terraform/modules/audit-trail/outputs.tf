# It waits for nothing, so that the archive that the trail waits for can take it.
output "trail_arn" {
  value       = local.trail_arn
  description = "The trail's ARN, with the account that owns it; known before the trail exists."
}

output "trail_name" {
  value       = aws_cloudtrail.trail.name
  description = "The trail's name."
}

output "home_region" {
  value       = var.region
  description = "The region that the trail is changed and stopped in."

  depends_on = [aws_cloudtrail.trail]
}

output "bucket_name" {
  value       = aws_cloudtrail.trail.s3_bucket_name
  description = "The bucket that log files are delivered to."
}

output "key_arn" {
  value       = local.makes_archive ? local.own_key_arn : var.archive_key_arn
  description = "The key that log files are encrypted with; empty without one."
}

output "log_group_name" {
  value       = local.has_log_group ? local.log_group_name : ""
  description = "The CloudWatch Logs group; empty without one."

  depends_on = [aws_cloudwatch_log_group.events]
}

output "topic_arn" {
  value       = var.sns ? aws_sns_topic.delivery[0].arn : ""
  description = "The SNS topic that is told of each log file; empty without one."
}
