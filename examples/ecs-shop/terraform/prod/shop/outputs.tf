# Written by meshrole: change the inventory, then generate again.

output "role_arns" {
  description = "The ARN of each role, by identity."
  value = {
    "ingress"                  = aws_iam_role.ingress.arn
    "ingress-execution"        = aws_iam_role.ingress-execution.arn
    "storefront"               = aws_iam_role.storefront.arn
    "storefront-execution"     = aws_iam_role.storefront-execution.arn
    "checkout-blue"            = aws_iam_role.checkout-blue.arn
    "checkout-blue-execution"  = aws_iam_role.checkout-blue-execution.arn
    "checkout-green"           = aws_iam_role.checkout-green.arn
    "checkout-green-execution" = aws_iam_role.checkout-green-execution.arn
    "payments"                 = aws_iam_role.payments.arn
  }
}

output "instance_profile_names" {
  description = "The name of each instance profile, by identity."
  value = {
    "payments" = aws_iam_instance_profile.payments.name
  }
}
