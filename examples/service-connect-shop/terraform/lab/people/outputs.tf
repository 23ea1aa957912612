# Written by meshrole: change the inventory, then generate again.

output "role_arns" {
  description = "The ARN of each role, by identity."
  value = {
    "readers"          = aws_iam_role.readers.arn
    "release-managers" = aws_iam_role.release-managers.arn
    "cart-team"        = aws_iam_role.cart-team.arn
    "owners"           = aws_iam_role.owners.arn
  }
}
