# Written by meshrole: change the inventory, then generate again.

# virtual gateway edge of mesh core, on ecs
resource "aws_iam_role" "edge" {
  name                 = "globex-core-edge-platform"
  path                 = "/mesh/"
  description          = "Virtual gateway edge of mesh core, on ecs"
  assume_role_policy   = file("${path.module}/trust/edge.json")
  max_session_duration = 3600
  tags = {
    "meshrole:mesh"     = "core"
    "meshrole:workload" = "edge"
  }
}

resource "aws_iam_role_policy" "edge" {
  name   = "permissions"
  role   = aws_iam_role.edge.name
  policy = file("${path.module}/policies/edge.json")
}

resource "aws_iam_role" "edge-execution" {
  name                 = "globex-core-edge-platform-execution"
  path                 = "/mesh/"
  description          = "Execution role of virtual gateway edge of mesh core, on ecs"
  assume_role_policy   = file("${path.module}/trust/edge-execution.json")
  max_session_duration = 3600
  tags = {
    "meshrole:mesh"     = "core"
    "meshrole:workload" = "edge"
  }
}

resource "aws_iam_role_policy" "edge-execution" {
  name   = "permissions"
  role   = aws_iam_role.edge-execution.name
  policy = file("${path.module}/policies/edge-execution.json")
}
