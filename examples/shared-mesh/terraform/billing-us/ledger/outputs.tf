# Written by meshrole: change the inventory, then generate again.

output "role_arns" {
  description = "The ARN of each role, by identity."
  value = {
    "ledger"           = aws_iam_role.ledger.arn
    "ledger-execution" = aws_iam_role.ledger-execution.arn
  }
}
