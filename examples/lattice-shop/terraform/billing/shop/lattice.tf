# Written by meshrole: change the inventory, then generate again.

resource "aws_vpclattice_auth_policy" "payments" {
  resource_identifier = "arn:aws:vpc-lattice:us-east-1:555566667777:service/svc-0b1b2c3d4e5f60009"
  policy              = jsonencode(jsondecode(file("${path.module}/auth/payments.json")))
}

resource "aws_vpclattice_auth_policy" "ledger" {
  resource_identifier = "arn:aws:vpc-lattice:us-east-1:555566667777:service/svc-0b1b2c3d4e5f60010"
  policy              = jsonencode(jsondecode(file("${path.module}/auth/ledger.json")))
  depends_on = [
    aws_iam_role.payments,
    aws_iam_role.reports,
  ]
}

resource "aws_vpclattice_auth_policy" "reports" {
  resource_identifier = "arn:aws:vpc-lattice:us-east-1:555566667777:service/svc-0b1b2c3d4e5f60011"
  policy              = jsonencode(jsondecode(file("${path.module}/auth/reports.json")))
}
