# Written by meshrole: change the inventory, then generate again.

output "role_arns" {
  description = "The ARN of each role, by identity."
  value = {
    "ingress"              = aws_iam_role.ingress.arn
    "ingress-execution"    = aws_iam_role.ingress-execution.arn
    "storefront"           = aws_iam_role.storefront.arn
    "storefront-execution" = aws_iam_role.storefront-execution.arn
    "checkout"             = aws_iam_role.checkout.arn
    "checkout-execution"   = aws_iam_role.checkout-execution.arn
  }
}
