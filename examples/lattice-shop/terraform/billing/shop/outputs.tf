# Written by meshrole: change the inventory, then generate again.

output "role_arns" {
  description = "The ARN of each role, by identity."
  value = {
    "payments"          = aws_iam_role.payments.arn
    "ledger"            = aws_iam_role.ledger.arn
    "reports"           = aws_iam_role.reports.arn
    "reports-execution" = aws_iam_role.reports-execution.arn
  }
}

output "instance_profile_names" {
  description = "The name of each instance profile, by identity."
  value = {
    "ledger" = aws_iam_instance_profile.ledger.name
  }
}
