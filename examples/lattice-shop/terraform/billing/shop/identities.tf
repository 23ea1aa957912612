# Written by meshrole: change the inventory, then generate again.

# service payments of mesh shop, on lambda
resource "aws_iam_role" "payments" {
  name                 = "acme-shop-payments-billing"
  path                 = "/mesh/"
  description          = "Service payments of mesh shop, on lambda"
  assume_role_policy   = file("${path.module}/trust/payments.json")
  max_session_duration = 3600
  permissions_boundary = "arn:aws:iam::555566667777:policy/mesh/acme-shop-billing-boundary"
  tags = {
    "meshrole:mesh"     = "shop"
    "meshrole:workload" = "payments"
    "team"              = "checkout"
  }
  depends_on = [aws_iam_policy.boundary]
}

resource "aws_iam_role_policy" "payments" {
  name   = "permissions"
  role   = aws_iam_role.payments.name
  policy = file("${path.module}/policies/payments.json")
}

# service ledger of mesh shop, on ec2
resource "aws_iam_role" "ledger" {
  name                 = "acme-shop-ledger-billing"
  path                 = "/mesh/"
  description          = "Service ledger of mesh shop, on ec2"
  assume_role_policy   = file("${path.module}/trust/ledger.json")
  max_session_duration = 3600
  permissions_boundary = "arn:aws:iam::555566667777:policy/mesh/acme-shop-billing-boundary"
  tags = {
    "meshrole:mesh"     = "shop"
    "meshrole:workload" = "ledger"
    "team"              = "checkout"
  }
  depends_on = [aws_iam_policy.boundary]
}

resource "aws_iam_instance_profile" "ledger" {
  name = "acme-shop-ledger-billing"
  path = "/mesh/"
  role = aws_iam_role.ledger.name
  tags = {
    "meshrole:mesh"     = "shop"
    "meshrole:workload" = "ledger"
    "team"              = "checkout"
  }
}

# service reports of mesh shop, on ecs
resource "aws_iam_role" "reports" {
  name                 = "acme-shop-reports-billing"
  path                 = "/mesh/"
  description          = "Service reports of mesh shop, on ecs"
  assume_role_policy   = file("${path.module}/trust/reports.json")
  max_session_duration = 3600
  permissions_boundary = "arn:aws:iam::555566667777:policy/mesh/acme-shop-billing-boundary"
  tags = {
    "meshrole:mesh"     = "shop"
    "meshrole:workload" = "reports"
    "team"              = "checkout"
  }
  depends_on = [aws_iam_policy.boundary]
}

resource "aws_iam_role_policy" "reports" {
  name   = "permissions"
  role   = aws_iam_role.reports.name
  policy = file("${path.module}/policies/reports.json")
}

resource "aws_iam_role" "reports-execution" {
  name                 = "acme-shop-reports-billing-execution"
  path                 = "/mesh/"
  description          = "Execution role of service reports of mesh shop, on ecs"
  assume_role_policy   = file("${path.module}/trust/reports-execution.json")
  max_session_duration = 3600
  permissions_boundary = "arn:aws:iam::555566667777:policy/mesh/acme-shop-billing-boundary"
  tags = {
    "meshrole:mesh"     = "shop"
    "meshrole:workload" = "reports"
    "team"              = "checkout"
  }
  depends_on = [aws_iam_policy.boundary]
}

resource "aws_iam_role_policy" "reports-execution" {
  name   = "permissions"
  role   = aws_iam_role.reports-execution.name
  policy = file("${path.module}/policies/reports-execution.json")
}
