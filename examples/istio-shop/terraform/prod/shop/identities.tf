# Written by meshrole: change the inventory, then generate again.

# gateway ingress of mesh shop, on eks-pod-identity
resource "aws_iam_role" "ingress" {
  name                 = "vandelay-shop-ingress-prod"
  path                 = "/mesh/"
  description          = "Gateway ingress of mesh shop, on eks-pod-identity"
  assume_role_policy   = file("${path.module}/trust/ingress.json")
  max_session_duration = 3600
  tags = {
    "meshrole:mesh"     = "shop"
    "meshrole:workload" = "ingress"
  }
}

resource "aws_eks_pod_identity_association" "ingress" {
  cluster_name    = "shop-core"
  namespace       = "edge"
  service_account = "ingress"
  role_arn        = aws_iam_role.ingress.arn
  tags = {
    "meshrole:mesh"     = "shop"
    "meshrole:workload" = "ingress"
  }
}

# workload storefront of mesh shop, on eks-irsa
resource "aws_iam_role" "storefront" {
  name                 = "vandelay-shop-storefront-prod"
  path                 = "/mesh/"
  description          = "Workload storefront of mesh shop, on eks-irsa"
  assume_role_policy   = file("${path.module}/trust/storefront.json")
  max_session_duration = 3600
  tags = {
    "meshrole:mesh"     = "shop"
    "meshrole:workload" = "storefront"
  }
}

# workload checkout-v1 of mesh shop, on eks-irsa
resource "aws_iam_role" "checkout-v1" {
  name                 = "vandelay-shop-checkout-v1-prod"
  path                 = "/mesh/"
  description          = "Workload checkout-v1 of mesh shop, on eks-irsa"
  assume_role_policy   = file("${path.module}/trust/checkout-v1.json")
  max_session_duration = 3600
  tags = {
    "meshrole:mesh"     = "shop"
    "meshrole:version"  = "v1"
    "meshrole:workload" = "checkout"
  }
}

resource "aws_iam_role_policy" "checkout-v1" {
  name   = "permissions"
  role   = aws_iam_role.checkout-v1.name
  policy = file("${path.module}/policies/checkout-v1.json")
}

# workload checkout-v2 of mesh shop, on eks-irsa
resource "aws_iam_role" "checkout-v2" {
  name                 = "vandelay-shop-checkout-v2-prod"
  path                 = "/mesh/"
  description          = "Workload checkout-v2 of mesh shop, on eks-irsa"
  assume_role_policy   = file("${path.module}/trust/checkout-v2.json")
  max_session_duration = 3600
  tags = {
    "meshrole:mesh"     = "shop"
    "meshrole:version"  = "v2"
    "meshrole:workload" = "checkout"
  }
}

resource "aws_iam_role_policy" "checkout-v2" {
  name   = "permissions"
  role   = aws_iam_role.checkout-v2.name
  policy = file("${path.module}/policies/checkout-v2.json")
}

# workload catalog of mesh shop, on eks-pod-identity
resource "aws_iam_role" "catalog" {
  name                 = "vandelay-shop-catalog-prod"
  path                 = "/mesh/"
  description          = "Workload catalog of mesh shop, on eks-pod-identity"
  assume_role_policy   = file("${path.module}/trust/catalog.json")
  max_session_duration = 3600
  tags = {
    "meshrole:mesh"     = "shop"
    "meshrole:workload" = "catalog"
  }
}

resource "aws_iam_role_policy" "catalog" {
  name   = "permissions"
  role   = aws_iam_role.catalog.name
  policy = file("${path.module}/policies/catalog.json")
}

resource "aws_eks_pod_identity_association" "catalog" {
  cluster_name    = "shop-core"
  namespace       = "shop"
  service_account = "catalog"
  role_arn        = aws_iam_role.catalog.arn
  tags = {
    "meshrole:mesh"     = "shop"
    "meshrole:workload" = "catalog"
  }
}

# workload payments of mesh shop, on eks-pod-identity
resource "aws_iam_role" "payments" {
  name                 = "vandelay-shop-payments-prod"
  path                 = "/mesh/"
  description          = "Workload payments of mesh shop, on eks-pod-identity"
  assume_role_policy   = file("${path.module}/trust/payments.json")
  max_session_duration = 3600
  tags = {
    "meshrole:mesh"     = "shop"
    "meshrole:workload" = "payments"
  }
}

resource "aws_iam_role_policy" "payments" {
  name   = "permissions"
  role   = aws_iam_role.payments.name
  policy = file("${path.module}/policies/payments.json")
}

resource "aws_eks_pod_identity_association" "payments" {
  cluster_name    = "shop-vault"
  namespace       = "payments"
  service_account = "payments"
  role_arn        = aws_iam_role.payments.arn
  tags = {
    "meshrole:mesh"     = "shop"
    "meshrole:workload" = "payments"
  }
}

# workload reports of mesh shop, on eks-pod-identity
resource "aws_iam_role" "reports" {
  name                 = "vandelay-shop-reports-prod"
  path                 = "/mesh/"
  description          = "Workload reports of mesh shop, on eks-pod-identity"
  assume_role_policy   = file("${path.module}/trust/reports.json")
  max_session_duration = 3600
  tags = {
    "meshrole:mesh"     = "shop"
    "meshrole:workload" = "reports"
  }
}

resource "aws_eks_pod_identity_association" "reports" {
  cluster_name    = "shop-core"
  namespace       = "shop"
  service_account = "reports"
  role_arn        = aws_iam_role.reports.arn
  tags = {
    "meshrole:mesh"     = "shop"
    "meshrole:workload" = "reports"
  }
}
