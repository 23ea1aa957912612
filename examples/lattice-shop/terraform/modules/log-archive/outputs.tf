# The names are known before anything exists, so that a caller can decide by them; what is named exists when the output is there.

output "bucket_name" {
  value       = var.bucket_name
  description = "The bucket's name. Whatever uses it waits for the bucket policy, which CloudTrail and Config check before they deliver."

  depends_on = [aws_s3_bucket_policy.archive, aws_s3_bucket_server_side_encryption_configuration.archive]
}

output "bucket_arn" {
  value       = local.bucket_arn
  description = "The bucket's ARN."

  depends_on = [aws_s3_bucket_policy.archive]
}

output "key_arn" {
  value       = aws_kms_key.archive.arn
  description = "The key's ARN."
}

output "key_alias_arn" {
  value       = "arn:${var.partition}:kms:${var.region}:${var.account_id}:alias/${var.name}"
  description = "The alias's ARN. It is known beforehand: a trail in another account can name it before it knows the key."

  depends_on = [aws_kms_alias.archive]
}

output "policy_ready" {
  value       = true
  description = "There when the bucket policy is: something that a trail can depend on."

  depends_on = [aws_s3_bucket_policy.archive]
}
