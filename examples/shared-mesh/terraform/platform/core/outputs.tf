# Written by meshrole: change the inventory, then generate again.

output "role_arns" {
  description = "The ARN of each role, by identity."
  value = {
    "edge"           = aws_iam_role.edge.arn
    "edge-execution" = aws_iam_role.edge-execution.arn
  }
}
