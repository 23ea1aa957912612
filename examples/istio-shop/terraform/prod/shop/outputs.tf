# Written by meshrole: change the inventory, then generate again.

output "role_arns" {
  description = "The ARN of each role, by identity."
  value = {
    "ingress"     = aws_iam_role.ingress.arn
    "storefront"  = aws_iam_role.storefront.arn
    "checkout-v1" = aws_iam_role.checkout-v1.arn
    "checkout-v2" = aws_iam_role.checkout-v2.arn
    "catalog"     = aws_iam_role.catalog.arn
    "payments"    = aws_iam_role.payments.arn
    "reports"     = aws_iam_role.reports.arn
  }
}
