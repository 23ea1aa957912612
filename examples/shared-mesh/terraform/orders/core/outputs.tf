# Written by meshrole: change the inventory, then generate again.

output "role_arns" {
  description = "The ARN of each role, by identity."
  value = {
    "orders"           = aws_iam_role.orders.arn
    "orders-execution" = aws_iam_role.orders-execution.arn
  }
}
