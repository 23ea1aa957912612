# Written by meshrole: change the inventory, then generate again.

output "role_arns" {
  description = "The ARN of each role, by identity."
  value = {
    "infra"          = aws_iam_role.infra.arn
    "deploy-reviews" = aws_iam_role.deploy-reviews.arn
    "plan"           = aws_iam_role.plan.arn
  }
}
