# Written by meshrole: change the inventory, then generate again.

resource "aws_iam_policy" "boundary" {
  name   = "acme-shop-prod-boundary"
  path   = "/mesh/"
  policy = templatefile("${path.module}/boundary.json", local.lattice)
}
