# Written by meshrole: change the inventory, then generate again.

# virtual gateway ingress of mesh shop, on ecs
resource "aws_iam_role" "ingress" {
  name                 = "initech-shop-ingress-prod"
  path                 = "/mesh/"
  description          = "Virtual gateway ingress of mesh shop, on ecs"
  assume_role_policy   = file("${path.module}/trust/ingress.json")
  max_session_duration = 3600
  permissions_boundary = "arn:aws:iam::111122223333:policy/mesh/initech-shop-prod-boundary"
  tags = {
    "meshrole:mesh"     = "shop"
    "meshrole:workload" = "ingress"
  }
  depends_on = [aws_iam_policy.boundary]
}

resource "aws_iam_role_policy" "ingress" {
  name   = "permissions"
  role   = aws_iam_role.ingress.name
  policy = file("${path.module}/policies/ingress.json")
}

resource "aws_iam_role" "ingress-execution" {
  name                 = "initech-shop-ingress-prod-execution"
  path                 = "/mesh/"
  description          = "Execution role of virtual gateway ingress of mesh shop, on ecs"
  assume_role_policy   = file("${path.module}/trust/ingress-execution.json")
  max_session_duration = 3600
  permissions_boundary = "arn:aws:iam::111122223333:policy/mesh/initech-shop-prod-boundary"
  tags = {
    "meshrole:mesh"     = "shop"
    "meshrole:workload" = "ingress"
  }
  depends_on = [aws_iam_policy.boundary]
}

resource "aws_iam_role_policy" "ingress-execution" {
  name   = "permissions"
  role   = aws_iam_role.ingress-execution.name
  policy = file("${path.module}/policies/ingress-execution.json")
}

# virtual node storefront of mesh shop, on ecs
resource "aws_iam_role" "storefront" {
  name                 = "initech-shop-storefront-prod"
  path                 = "/mesh/"
  description          = "Virtual node storefront of mesh shop, on ecs"
  assume_role_policy   = file("${path.module}/trust/storefront.json")
  max_session_duration = 3600
  permissions_boundary = "arn:aws:iam::111122223333:policy/mesh/initech-shop-prod-boundary"
  tags = {
    "meshrole:mesh"     = "shop"
    "meshrole:workload" = "storefront"
  }
  depends_on = [aws_iam_policy.boundary]
}

resource "aws_iam_role_policy" "storefront" {
  name   = "permissions"
  role   = aws_iam_role.storefront.name
  policy = file("${path.module}/policies/storefront.json")
}

resource "aws_iam_role" "storefront-execution" {
  name                 = "initech-shop-storefront-prod-execution"
  path                 = "/mesh/"
  description          = "Execution role of virtual node storefront of mesh shop, on ecs"
  assume_role_policy   = file("${path.module}/trust/storefront-execution.json")
  max_session_duration = 3600
  permissions_boundary = "arn:aws:iam::111122223333:policy/mesh/initech-shop-prod-boundary"
  tags = {
    "meshrole:mesh"     = "shop"
    "meshrole:workload" = "storefront"
  }
  depends_on = [aws_iam_policy.boundary]
}

resource "aws_iam_role_policy" "storefront-execution" {
  name   = "permissions"
  role   = aws_iam_role.storefront-execution.name
  policy = file("${path.module}/policies/storefront-execution.json")
}

# virtual node checkout of mesh shop, on ecs
resource "aws_iam_role" "checkout" {
  name                 = "initech-shop-checkout-prod"
  path                 = "/mesh/"
  description          = "Virtual node checkout of mesh shop, on ecs"
  assume_role_policy   = file("${path.module}/trust/checkout.json")
  max_session_duration = 3600
  permissions_boundary = "arn:aws:iam::111122223333:policy/mesh/initech-shop-prod-boundary"
  tags = {
    "meshrole:mesh"     = "shop"
    "meshrole:workload" = "checkout"
  }
  depends_on = [aws_iam_policy.boundary]
}

resource "aws_iam_role_policy" "checkout" {
  name   = "permissions"
  role   = aws_iam_role.checkout.name
  policy = file("${path.module}/policies/checkout.json")
}

resource "aws_iam_role" "checkout-execution" {
  name                 = "initech-shop-checkout-prod-execution"
  path                 = "/mesh/"
  description          = "Execution role of virtual node checkout of mesh shop, on ecs"
  assume_role_policy   = file("${path.module}/trust/checkout-execution.json")
  max_session_duration = 3600
  permissions_boundary = "arn:aws:iam::111122223333:policy/mesh/initech-shop-prod-boundary"
  tags = {
    "meshrole:mesh"     = "shop"
    "meshrole:workload" = "checkout"
  }
  depends_on = [aws_iam_policy.boundary]
}

resource "aws_iam_role_policy" "checkout-execution" {
  name   = "permissions"
  role   = aws_iam_role.checkout-execution.name
  policy = file("${path.module}/policies/checkout-execution.json")
}
