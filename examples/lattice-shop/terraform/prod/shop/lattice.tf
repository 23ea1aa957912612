# Written by meshrole: change the inventory, then generate again.

resource "aws_vpclattice_service" "receipts" {
  name      = "shop-receipts"
  auth_type = "AWS_IAM"
  tags = {
    "meshrole:mesh" = "shop"
    "team"          = "checkout"
  }
}

resource "aws_vpclattice_service_network_service_association" "receipts" {
  service_identifier         = aws_vpclattice_service.receipts.id
  service_network_identifier = "arn:aws:vpc-lattice:us-east-1:111122223333:servicenetwork/sn-0a1b2c3d4e5f67890"
  tags = {
    "meshrole:mesh" = "shop"
    "team"          = "checkout"
  }
}

resource "aws_vpclattice_auth_policy" "_network" {
  resource_identifier = "arn:aws:vpc-lattice:us-east-1:111122223333:servicenetwork/sn-0a1b2c3d4e5f67890"
  policy              = jsonencode(jsondecode(file("${path.module}/network.json")))
}

resource "aws_vpclattice_auth_policy" "storefront" {
  resource_identifier = "arn:aws:vpc-lattice:us-east-1:111122223333:service/svc-0a1b2c3d4e5f60001"
  policy              = jsonencode(jsondecode(file("${path.module}/auth/storefront.json")))
  depends_on          = [aws_iam_role.ingress]
}

resource "aws_vpclattice_auth_policy" "checkout" {
  resource_identifier = "arn:aws:vpc-lattice:us-east-1:111122223333:service/svc-0a1b2c3d4e5f60002"
  policy              = jsonencode(jsondecode(file("${path.module}/auth/checkout.json")))
  depends_on          = [aws_iam_role.storefront]
}

resource "aws_vpclattice_auth_policy" "receipts" {
  resource_identifier = aws_vpclattice_service.receipts.arn
  policy              = jsonencode(jsondecode(templatefile("${path.module}/auth/receipts.json", local.lattice)))
  depends_on = [
    aws_iam_role.storefront,
    aws_iam_role.checkout-blue,
    aws_iam_role.checkout-green,
  ]
}

locals {
  lattice = {
    "shop" = {
      "network" = "sn-0a1b2c3d4e5f67890"
      "services" = {
        "receipts" = aws_vpclattice_service.receipts.id
      }
    }
  }
}
