# Written by meshrole: change the inventory, then generate again.

output "role_arns" {
  description = "The ARN of each role, by identity."
  value = {
    "mesh-owners" = aws_iam_role.mesh-owners.arn
    "auditors"    = aws_iam_role.auditors.arn
  }
}
