# Written by meshrole: change the inventory, then generate again.

resource "aws_iam_policy" "boundary" {
  name   = "acme-shop-billing-boundary"
  path   = "/mesh/"
  policy = file("${path.module}/boundary.json")
}
