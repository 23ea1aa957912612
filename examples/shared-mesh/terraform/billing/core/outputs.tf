# Written by meshrole: change the inventory, then generate again.

output "role_arns" {
  description = "The ARN of each role, by identity."
  value = {
    "invoices" = aws_iam_role.invoices.arn
  }
}

output "instance_profile_names" {
  description = "The name of each instance profile, by identity."
  value = {
    "invoices" = aws_iam_instance_profile.invoices.name
  }
}
