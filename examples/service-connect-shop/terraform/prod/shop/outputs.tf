# Written by meshrole: change the inventory, then generate again.

output "role_arns" {
  description = "The ARN of each role, by identity."
  value = {
    "edge"                      = aws_iam_role.edge.arn
    "edge-execution"            = aws_iam_role.edge-execution.arn
    "storefront"                = aws_iam_role.storefront.arn
    "storefront-execution"      = aws_iam_role.storefront-execution.arn
    "storefront-infrastructure" = aws_iam_role.storefront-infrastructure.arn
    "cart"                      = aws_iam_role.cart.arn
    "cart-execution"            = aws_iam_role.cart-execution.arn
    "cart-infrastructure"       = aws_iam_role.cart-infrastructure.arn
    "catalog"                   = aws_iam_role.catalog.arn
    "catalog-execution"         = aws_iam_role.catalog-execution.arn
    "catalog-infrastructure"    = aws_iam_role.catalog-infrastructure.arn
    "payments"                  = aws_iam_role.payments.arn
    "payments-execution"        = aws_iam_role.payments-execution.arn
    "payments-infrastructure"   = aws_iam_role.payments-infrastructure.arn
    "reports"                   = aws_iam_role.reports.arn
    "reports-execution"         = aws_iam_role.reports-execution.arn
  }
}
