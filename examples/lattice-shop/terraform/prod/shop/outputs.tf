# Written by meshrole: change the inventory, then generate again.

output "role_arns" {
  description = "The ARN of each role, by identity."
  value = {
    "ingress"              = aws_iam_role.ingress.arn
    "ingress-execution"    = aws_iam_role.ingress-execution.arn
    "storefront"           = aws_iam_role.storefront.arn
    "storefront-execution" = aws_iam_role.storefront-execution.arn
    "storefront-targets"   = aws_iam_role.storefront-targets.arn
    "checkout-blue"        = aws_iam_role.checkout-blue.arn
    "checkout-green"       = aws_iam_role.checkout-green.arn
    "receipts"             = aws_iam_role.receipts.arn
  }
}

output "lattice" {
  description = "The ids of the service network and of the services that are made here."
  value       = local.lattice.shop
}
