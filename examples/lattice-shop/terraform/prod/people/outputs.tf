# Written by meshrole: change the inventory, then generate again.

output "role_arns" {
  description = "The ARN of each role, by identity."
  value = {
    "mesh-readers"     = aws_iam_role.mesh-readers.arn
    "release-managers" = aws_iam_role.release-managers.arn
    "checkout-team"    = aws_iam_role.checkout-team.arn
  }
}
