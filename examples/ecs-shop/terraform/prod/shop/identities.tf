# Written by meshrole: change the inventory, then generate again.

# virtual gateway ingress of mesh shop, on ecs
resource "aws_iam_role" "ingress" {
  name                 = "acme-shop-ingress-prod"
  path                 = "/mesh/"
  description          = "Virtual gateway ingress of mesh shop, on ecs"
  assume_role_policy   = file("${path.module}/trust/ingress.json")
  max_session_duration = 3600
  permissions_boundary = "arn:aws:iam::111122223333:policy/mesh/acme-shop-prod-boundary"
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
  name                 = "acme-shop-ingress-prod-execution"
  path                 = "/mesh/"
  description          = "Execution role of virtual gateway ingress of mesh shop, on ecs"
  assume_role_policy   = file("${path.module}/trust/ingress-execution.json")
  max_session_duration = 3600
  permissions_boundary = "arn:aws:iam::111122223333:policy/mesh/acme-shop-prod-boundary"
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
  name                 = "acme-shop-storefront-prod"
  path                 = "/mesh/"
  description          = "Virtual node storefront of mesh shop, on ecs"
  assume_role_policy   = file("${path.module}/trust/storefront.json")
  max_session_duration = 3600
  permissions_boundary = "arn:aws:iam::111122223333:policy/mesh/acme-shop-prod-boundary"
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
  name                 = "acme-shop-storefront-prod-execution"
  path                 = "/mesh/"
  description          = "Execution role of virtual node storefront of mesh shop, on ecs"
  assume_role_policy   = file("${path.module}/trust/storefront-execution.json")
  max_session_duration = 3600
  permissions_boundary = "arn:aws:iam::111122223333:policy/mesh/acme-shop-prod-boundary"
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

# virtual node checkout-blue of mesh shop, on ecs
resource "aws_iam_role" "checkout-blue" {
  name                 = "acme-shop-checkout-blue-prod"
  path                 = "/mesh/"
  description          = "Virtual node checkout-blue of mesh shop, on ecs"
  assume_role_policy   = file("${path.module}/trust/checkout-blue.json")
  max_session_duration = 3600
  permissions_boundary = "arn:aws:iam::111122223333:policy/mesh/acme-shop-prod-boundary"
  tags = {
    "meshrole:mesh"     = "shop"
    "meshrole:version"  = "blue"
    "meshrole:workload" = "checkout"
  }
  depends_on = [aws_iam_policy.boundary]
}

resource "aws_iam_role_policy" "checkout-blue" {
  name   = "permissions"
  role   = aws_iam_role.checkout-blue.name
  policy = file("${path.module}/policies/checkout-blue.json")
}

resource "aws_iam_role" "checkout-blue-execution" {
  name                 = "acme-shop-checkout-blue-prod-execution"
  path                 = "/mesh/"
  description          = "Execution role of virtual node checkout-blue of mesh shop, on ecs"
  assume_role_policy   = file("${path.module}/trust/checkout-blue-execution.json")
  max_session_duration = 3600
  permissions_boundary = "arn:aws:iam::111122223333:policy/mesh/acme-shop-prod-boundary"
  tags = {
    "meshrole:mesh"     = "shop"
    "meshrole:version"  = "blue"
    "meshrole:workload" = "checkout"
  }
  depends_on = [aws_iam_policy.boundary]
}

resource "aws_iam_role_policy" "checkout-blue-execution" {
  name   = "permissions"
  role   = aws_iam_role.checkout-blue-execution.name
  policy = file("${path.module}/policies/checkout-blue-execution.json")
}

# virtual node checkout-green of mesh shop, on ecs
resource "aws_iam_role" "checkout-green" {
  name                 = "acme-shop-checkout-green-prod"
  path                 = "/mesh/"
  description          = "Virtual node checkout-green of mesh shop, on ecs"
  assume_role_policy   = file("${path.module}/trust/checkout-green.json")
  max_session_duration = 3600
  permissions_boundary = "arn:aws:iam::111122223333:policy/mesh/acme-shop-prod-boundary"
  tags = {
    "meshrole:mesh"     = "shop"
    "meshrole:version"  = "green"
    "meshrole:workload" = "checkout"
  }
  depends_on = [aws_iam_policy.boundary]
}

resource "aws_iam_role_policy" "checkout-green" {
  name   = "permissions"
  role   = aws_iam_role.checkout-green.name
  policy = file("${path.module}/policies/checkout-green.json")
}

resource "aws_iam_role" "checkout-green-execution" {
  name                 = "acme-shop-checkout-green-prod-execution"
  path                 = "/mesh/"
  description          = "Execution role of virtual node checkout-green of mesh shop, on ecs"
  assume_role_policy   = file("${path.module}/trust/checkout-green-execution.json")
  max_session_duration = 3600
  permissions_boundary = "arn:aws:iam::111122223333:policy/mesh/acme-shop-prod-boundary"
  tags = {
    "meshrole:mesh"     = "shop"
    "meshrole:version"  = "green"
    "meshrole:workload" = "checkout"
  }
  depends_on = [aws_iam_policy.boundary]
}

resource "aws_iam_role_policy" "checkout-green-execution" {
  name   = "permissions"
  role   = aws_iam_role.checkout-green-execution.name
  policy = file("${path.module}/policies/checkout-green-execution.json")
}

# virtual node payments of mesh shop, on ec2
resource "aws_iam_role" "payments" {
  name                 = "acme-shop-payments-prod"
  path                 = "/mesh/"
  description          = "Virtual node payments of mesh shop, on ec2"
  assume_role_policy   = file("${path.module}/trust/payments.json")
  max_session_duration = 3600
  permissions_boundary = "arn:aws:iam::111122223333:policy/mesh/acme-shop-prod-boundary"
  tags = {
    "meshrole:mesh"     = "shop"
    "meshrole:workload" = "payments"
  }
  depends_on = [aws_iam_policy.boundary]
}

resource "aws_iam_role_policy" "payments" {
  name   = "permissions"
  role   = aws_iam_role.payments.name
  policy = file("${path.module}/policies/payments.json")
}

resource "aws_iam_instance_profile" "payments" {
  name = "acme-shop-payments-prod"
  path = "/mesh/"
  role = aws_iam_role.payments.name
  tags = {
    "meshrole:mesh"     = "shop"
    "meshrole:workload" = "payments"
  }
}
