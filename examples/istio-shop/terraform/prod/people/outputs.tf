# Written by meshrole: change the inventory, then generate again.

output "role_arns" {
  description = "The ARN of each role, by identity."
  value = {
    "readers"          = aws_iam_role.readers.arn
    "release-managers" = aws_iam_role.release-managers.arn
    "payments-team"    = aws_iam_role.payments-team.arn
    "platform"         = aws_iam_role.platform.arn
  }
}
