# Written by meshrole: change the inventory, then generate again.

output "role_arns" {
  description = "The ARN of each role, by identity."
  value = {
    "deploy" = aws_iam_role.deploy.arn
  }
}
