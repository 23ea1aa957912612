# Written by meshrole: change the inventory, then generate again.

# gateway ingress of mesh shop, on ecs
resource "aws_iam_role" "ingress" {
  name                 = "acme-shop-ingress-prod"
  path                 = "/mesh/"
  description          = "Gateway ingress of mesh shop, on ecs"
  assume_role_policy   = file("${path.module}/trust/ingress.json")
  max_session_duration = 3600
  permissions_boundary = "arn:aws:iam::111122223333:policy/mesh/acme-shop-prod-boundary"
  tags = {
    "meshrole:mesh"     = "shop"
    "meshrole:workload" = "ingress"
    "team"              = "checkout"
  }
  depends_on = [aws_iam_policy.boundary]
}

resource "aws_iam_role_policy" "ingress" {
  name   = "permissions"
  role   = aws_iam_role.ingress.name
  policy = file("${path.module}/policies/ingress.json")
}

resource "aws_iam_role" "ingress-execution" {
  name                 = "acme-shop-ingress-prod-execution"
  path                 = "/mesh/"
  description          = "Execution role of gateway ingress of mesh shop, on ecs"
  assume_role_policy   = file("${path.module}/trust/ingress-execution.json")
  max_session_duration = 3600
  permissions_boundary = "arn:aws:iam::111122223333:policy/mesh/acme-shop-prod-boundary"
  tags = {
    "meshrole:mesh"     = "shop"
    "meshrole:workload" = "ingress"
    "team"              = "checkout"
  }
  depends_on = [aws_iam_policy.boundary]
}

resource "aws_iam_role_policy" "ingress-execution" {
  name   = "permissions"
  role   = aws_iam_role.ingress-execution.name
  policy = file("${path.module}/policies/ingress-execution.json")
}

# service storefront of mesh shop, on ecs
resource "aws_iam_role" "storefront" {
  name                 = "acme-shop-storefront-prod"
  path                 = "/mesh/"
  description          = "Service storefront of mesh shop, on ecs"
  assume_role_policy   = file("${path.module}/trust/storefront.json")
  max_session_duration = 3600
  permissions_boundary = "arn:aws:iam::111122223333:policy/mesh/acme-shop-prod-boundary"
  tags = {
    "meshrole:mesh"     = "shop"
    "meshrole:workload" = "storefront"
    "team"              = "checkout"
  }
  depends_on = [aws_iam_policy.boundary]
}

resource "aws_iam_role_policy" "storefront" {
  name   = "permissions"
  role   = aws_iam_role.storefront.name
  policy = templatefile("${path.module}/policies/storefront.json", local.lattice)
}

resource "aws_iam_role" "storefront-execution" {
  name                 = "acme-shop-storefront-prod-execution"
  path                 = "/mesh/"
  description          = "Execution role of service storefront of mesh shop, on ecs"
  assume_role_policy   = file("${path.module}/trust/storefront-execution.json")
  max_session_duration = 3600
  permissions_boundary = "arn:aws:iam::111122223333:policy/mesh/acme-shop-prod-boundary"
  tags = {
    "meshrole:mesh"     = "shop"
    "meshrole:workload" = "storefront"
    "team"              = "checkout"
  }
  depends_on = [aws_iam_policy.boundary]
}

resource "aws_iam_role_policy" "storefront-execution" {
  name   = "permissions"
  role   = aws_iam_role.storefront-execution.name
  policy = file("${path.module}/policies/storefront-execution.json")
}

resource "aws_iam_role" "storefront-targets" {
  name                 = "acme-shop-storefront-prod-targets"
  path                 = "/mesh/"
  description          = "Targets role of service storefront of mesh shop, on ecs"
  assume_role_policy   = file("${path.module}/trust/storefront-targets.json")
  max_session_duration = 3600
  permissions_boundary = "arn:aws:iam::111122223333:policy/mesh/acme-shop-prod-boundary"
  tags = {
    "meshrole:mesh"     = "shop"
    "meshrole:workload" = "storefront"
    "team"              = "checkout"
  }
  depends_on = [aws_iam_policy.boundary]
}

resource "aws_iam_role_policy" "storefront-targets" {
  name   = "permissions"
  role   = aws_iam_role.storefront-targets.name
  policy = file("${path.module}/policies/storefront-targets.json")
}

# service checkout-blue of mesh shop, on eks-pod-identity
resource "aws_iam_role" "checkout-blue" {
  name                 = "acme-shop-checkout-blue-prod"
  path                 = "/mesh/"
  description          = "Service checkout-blue of mesh shop, on eks-pod-identity"
  assume_role_policy   = file("${path.module}/trust/checkout-blue.json")
  max_session_duration = 3600
  permissions_boundary = "arn:aws:iam::111122223333:policy/mesh/acme-shop-prod-boundary"
  tags = {
    "meshrole:mesh"     = "shop"
    "meshrole:version"  = "blue"
    "meshrole:workload" = "checkout"
    "team"              = "checkout"
  }
  depends_on = [aws_iam_policy.boundary]
}

resource "aws_iam_role_policy" "checkout-blue" {
  name   = "permissions"
  role   = aws_iam_role.checkout-blue.name
  policy = templatefile("${path.module}/policies/checkout-blue.json", local.lattice)
}

resource "aws_eks_pod_identity_association" "checkout-blue" {
  cluster_name    = "core-prod"
  namespace       = "shop"
  service_account = "checkout-blue"
  role_arn        = aws_iam_role.checkout-blue.arn
  tags = {
    "meshrole:mesh"     = "shop"
    "meshrole:version"  = "blue"
    "meshrole:workload" = "checkout"
    "team"              = "checkout"
  }
}

# service checkout-green of mesh shop, on eks-pod-identity
resource "aws_iam_role" "checkout-green" {
  name                 = "acme-shop-checkout-green-prod"
  path                 = "/mesh/"
  description          = "Service checkout-green of mesh shop, on eks-pod-identity"
  assume_role_policy   = file("${path.module}/trust/checkout-green.json")
  max_session_duration = 3600
  permissions_boundary = "arn:aws:iam::111122223333:policy/mesh/acme-shop-prod-boundary"
  tags = {
    "meshrole:mesh"     = "shop"
    "meshrole:version"  = "green"
    "meshrole:workload" = "checkout"
    "team"              = "checkout"
  }
  depends_on = [aws_iam_policy.boundary]
}

resource "aws_iam_role_policy" "checkout-green" {
  name   = "permissions"
  role   = aws_iam_role.checkout-green.name
  policy = templatefile("${path.module}/policies/checkout-green.json", local.lattice)
}

resource "aws_eks_pod_identity_association" "checkout-green" {
  cluster_name    = "core-prod"
  namespace       = "shop"
  service_account = "checkout-green"
  role_arn        = aws_iam_role.checkout-green.arn
  tags = {
    "meshrole:mesh"     = "shop"
    "meshrole:version"  = "green"
    "meshrole:workload" = "checkout"
    "team"              = "checkout"
  }
}

# service receipts of mesh shop, on lambda
resource "aws_iam_role" "receipts" {
  name                 = "acme-shop-receipts-prod"
  path                 = "/mesh/"
  description          = "Service receipts of mesh shop, on lambda"
  assume_role_policy   = file("${path.module}/trust/receipts.json")
  max_session_duration = 3600
  permissions_boundary = "arn:aws:iam::111122223333:policy/mesh/acme-shop-prod-boundary"
  tags = {
    "meshrole:mesh"     = "shop"
    "meshrole:workload" = "receipts"
    "team"              = "checkout"
  }
  depends_on = [aws_iam_policy.boundary]
}

resource "aws_iam_role_policy" "receipts" {
  name   = "permissions"
  role   = aws_iam_role.receipts.name
  policy = file("${path.module}/policies/receipts.json")
}
