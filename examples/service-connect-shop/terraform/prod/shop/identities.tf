# Written by meshrole: change the inventory, then generate again.

# ECS service edge of mesh shop, on ecs
resource "aws_iam_role" "edge" {
  name                 = "hooli-shop-edge-prod"
  path                 = "/mesh/"
  description          = "ECS service edge of mesh shop, on ecs"
  assume_role_policy   = file("${path.module}/trust/edge.json")
  max_session_duration = 3600
  tags = {
    "meshrole:mesh"     = "shop"
    "meshrole:workload" = "edge"
  }
}

resource "aws_iam_role_policy" "edge" {
  name   = "permissions"
  role   = aws_iam_role.edge.name
  policy = file("${path.module}/policies/edge.json")
}

resource "aws_iam_role" "edge-execution" {
  name                 = "hooli-shop-edge-prod-execution"
  path                 = "/mesh/"
  description          = "Execution role of ECS service edge of mesh shop, on ecs"
  assume_role_policy   = file("${path.module}/trust/edge-execution.json")
  max_session_duration = 3600
  tags = {
    "meshrole:mesh"     = "shop"
    "meshrole:workload" = "edge"
  }
}

resource "aws_iam_role_policy" "edge-execution" {
  name   = "permissions"
  role   = aws_iam_role.edge-execution.name
  policy = file("${path.module}/policies/edge-execution.json")
}

# ECS service storefront of mesh shop, on ecs
resource "aws_iam_role" "storefront" {
  name                 = "hooli-shop-storefront-prod"
  path                 = "/mesh/"
  description          = "ECS service storefront of mesh shop, on ecs"
  assume_role_policy   = file("${path.module}/trust/storefront.json")
  max_session_duration = 3600
  tags = {
    "meshrole:mesh"     = "shop"
    "meshrole:workload" = "storefront"
  }
}

resource "aws_iam_role_policy" "storefront" {
  name   = "permissions"
  role   = aws_iam_role.storefront.name
  policy = file("${path.module}/policies/storefront.json")
}

resource "aws_iam_role" "storefront-execution" {
  name                 = "hooli-shop-storefront-prod-execution"
  path                 = "/mesh/"
  description          = "Execution role of ECS service storefront of mesh shop, on ecs"
  assume_role_policy   = file("${path.module}/trust/storefront-execution.json")
  max_session_duration = 3600
  tags = {
    "meshrole:mesh"     = "shop"
    "meshrole:workload" = "storefront"
  }
}

resource "aws_iam_role_policy" "storefront-execution" {
  name   = "permissions"
  role   = aws_iam_role.storefront-execution.name
  policy = file("${path.module}/policies/storefront-execution.json")
}

resource "aws_iam_role" "storefront-infrastructure" {
  name                 = "hooli-shop-storefront-prod-infrastructure"
  path                 = "/mesh/"
  description          = "Infrastructure role of ECS service storefront of mesh shop, on ecs"
  assume_role_policy   = file("${path.module}/trust/storefront-infrastructure.json")
  max_session_duration = 3600
  tags = {
    "meshrole:mesh"     = "shop"
    "meshrole:workload" = "storefront"
  }
}

resource "aws_iam_role_policy" "storefront-infrastructure" {
  name   = "permissions"
  role   = aws_iam_role.storefront-infrastructure.name
  policy = file("${path.module}/policies/storefront-infrastructure.json")
}

# ECS service cart of mesh shop, on ecs
resource "aws_iam_role" "cart" {
  name                 = "hooli-shop-cart-prod"
  path                 = "/mesh/"
  description          = "ECS service cart of mesh shop, on ecs"
  assume_role_policy   = file("${path.module}/trust/cart.json")
  max_session_duration = 3600
  tags = {
    "meshrole:mesh"     = "shop"
    "meshrole:workload" = "cart"
  }
}

resource "aws_iam_role_policy" "cart" {
  name   = "permissions"
  role   = aws_iam_role.cart.name
  policy = file("${path.module}/policies/cart.json")
}

resource "aws_iam_role" "cart-execution" {
  name                 = "hooli-shop-cart-prod-execution"
  path                 = "/mesh/"
  description          = "Execution role of ECS service cart of mesh shop, on ecs"
  assume_role_policy   = file("${path.module}/trust/cart-execution.json")
  max_session_duration = 3600
  tags = {
    "meshrole:mesh"     = "shop"
    "meshrole:workload" = "cart"
  }
}

resource "aws_iam_role_policy" "cart-execution" {
  name   = "permissions"
  role   = aws_iam_role.cart-execution.name
  policy = file("${path.module}/policies/cart-execution.json")
}

resource "aws_iam_role" "cart-infrastructure" {
  name                 = "hooli-shop-cart-prod-infrastructure"
  path                 = "/mesh/"
  description          = "Infrastructure role of ECS service cart of mesh shop, on ecs"
  assume_role_policy   = file("${path.module}/trust/cart-infrastructure.json")
  max_session_duration = 3600
  tags = {
    "meshrole:mesh"     = "shop"
    "meshrole:workload" = "cart"
  }
}

resource "aws_iam_role_policy" "cart-infrastructure" {
  name   = "permissions"
  role   = aws_iam_role.cart-infrastructure.name
  policy = file("${path.module}/policies/cart-infrastructure.json")
}

# ECS service catalog of mesh shop, on ecs
resource "aws_iam_role" "catalog" {
  name                 = "hooli-shop-catalog-prod"
  path                 = "/mesh/"
  description          = "ECS service catalog of mesh shop, on ecs"
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

resource "aws_iam_role" "catalog-execution" {
  name                 = "hooli-shop-catalog-prod-execution"
  path                 = "/mesh/"
  description          = "Execution role of ECS service catalog of mesh shop, on ecs"
  assume_role_policy   = file("${path.module}/trust/catalog-execution.json")
  max_session_duration = 3600
  tags = {
    "meshrole:mesh"     = "shop"
    "meshrole:workload" = "catalog"
  }
}

resource "aws_iam_role_policy" "catalog-execution" {
  name   = "permissions"
  role   = aws_iam_role.catalog-execution.name
  policy = file("${path.module}/policies/catalog-execution.json")
}

resource "aws_iam_role" "catalog-infrastructure" {
  name                 = "hooli-shop-catalog-prod-infrastructure"
  path                 = "/mesh/"
  description          = "Infrastructure role of ECS service catalog of mesh shop, on ecs"
  assume_role_policy   = file("${path.module}/trust/catalog-infrastructure.json")
  max_session_duration = 3600
  tags = {
    "meshrole:mesh"     = "shop"
    "meshrole:workload" = "catalog"
  }
}

resource "aws_iam_role_policy" "catalog-infrastructure" {
  name   = "permissions"
  role   = aws_iam_role.catalog-infrastructure.name
  policy = file("${path.module}/policies/catalog-infrastructure.json")
}

# ECS service payments-api of mesh shop, on ecs
resource "aws_iam_role" "payments" {
  name                 = "hooli-shop-payments-prod"
  path                 = "/mesh/"
  description          = "ECS service payments-api of mesh shop, on ecs"
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

resource "aws_iam_role" "payments-execution" {
  name                 = "hooli-shop-payments-prod-execution"
  path                 = "/mesh/"
  description          = "Execution role of ECS service payments-api of mesh shop, on ecs"
  assume_role_policy   = file("${path.module}/trust/payments-execution.json")
  max_session_duration = 3600
  tags = {
    "meshrole:mesh"     = "shop"
    "meshrole:workload" = "payments"
  }
}

resource "aws_iam_role_policy" "payments-execution" {
  name   = "permissions"
  role   = aws_iam_role.payments-execution.name
  policy = file("${path.module}/policies/payments-execution.json")
}

resource "aws_iam_role" "payments-infrastructure" {
  name                 = "hooli-shop-payments-prod-infrastructure"
  path                 = "/mesh/"
  description          = "Infrastructure role of ECS service payments-api of mesh shop, on ecs"
  assume_role_policy   = file("${path.module}/trust/payments-infrastructure.json")
  max_session_duration = 3600
  tags = {
    "meshrole:mesh"     = "shop"
    "meshrole:workload" = "payments"
  }
}

resource "aws_iam_role_policy" "payments-infrastructure" {
  name   = "permissions"
  role   = aws_iam_role.payments-infrastructure.name
  policy = file("${path.module}/policies/payments-infrastructure.json")
}

# ECS service reports of mesh shop, on ecs
resource "aws_iam_role" "reports" {
  name                 = "hooli-shop-reports-prod"
  path                 = "/mesh/"
  description          = "ECS service reports of mesh shop, on ecs"
  assume_role_policy   = file("${path.module}/trust/reports.json")
  max_session_duration = 3600
  tags = {
    "meshrole:mesh"     = "shop"
    "meshrole:workload" = "reports"
  }
}

resource "aws_iam_role_policy" "reports" {
  name   = "permissions"
  role   = aws_iam_role.reports.name
  policy = file("${path.module}/policies/reports.json")
}

resource "aws_iam_role" "reports-execution" {
  name                 = "hooli-shop-reports-prod-execution"
  path                 = "/mesh/"
  description          = "Execution role of ECS service reports of mesh shop, on ecs"
  assume_role_policy   = file("${path.module}/trust/reports-execution.json")
  max_session_duration = 3600
  tags = {
    "meshrole:mesh"     = "shop"
    "meshrole:workload" = "reports"
  }
}

resource "aws_iam_role_policy" "reports-execution" {
  name   = "permissions"
  role   = aws_iam_role.reports-execution.name
  policy = file("${path.module}/policies/reports-execution.json")
}
