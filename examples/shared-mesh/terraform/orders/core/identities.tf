# Written by meshrole: change the inventory, then generate again.

# virtual node orders of mesh core, on ecs
resource "aws_iam_role" "orders" {
  name                 = "globex-core-orders-orders"
  path                 = "/mesh/"
  description          = "Virtual node orders of mesh core, on ecs"
  assume_role_policy   = file("${path.module}/trust/orders.json")
  max_session_duration = 3600
  tags = {
    "meshrole:mesh"     = "core"
    "meshrole:workload" = "orders"
  }
}

resource "aws_iam_role_policy" "orders" {
  name   = "permissions"
  role   = aws_iam_role.orders.name
  policy = file("${path.module}/policies/orders.json")
}

resource "aws_iam_role" "orders-execution" {
  name                 = "globex-core-orders-orders-execution"
  path                 = "/mesh/"
  description          = "Execution role of virtual node orders of mesh core, on ecs"
  assume_role_policy   = file("${path.module}/trust/orders-execution.json")
  max_session_duration = 3600
  tags = {
    "meshrole:mesh"     = "core"
    "meshrole:workload" = "orders"
  }
}

resource "aws_iam_role_policy" "orders-execution" {
  name   = "permissions"
  role   = aws_iam_role.orders-execution.name
  policy = file("${path.module}/policies/orders-execution.json")
}
