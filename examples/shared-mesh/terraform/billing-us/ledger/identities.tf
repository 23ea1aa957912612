# Written by meshrole: change the inventory, then generate again.

# virtual node ledger of mesh ledger, on ecs
resource "aws_iam_role" "ledger" {
  name                 = "globex-ledger-ledger-billing-us"
  path                 = "/mesh/"
  description          = "Virtual node ledger of mesh ledger, on ecs"
  assume_role_policy   = file("${path.module}/trust/ledger.json")
  max_session_duration = 3600
  permissions_boundary = "arn:aws:iam::666677778888:policy/limits/workload"
  tags = {
    "meshrole:mesh"     = "ledger"
    "meshrole:workload" = "ledger"
  }
}

resource "aws_iam_role_policy" "ledger" {
  name   = "permissions"
  role   = aws_iam_role.ledger.name
  policy = file("${path.module}/policies/ledger.json")
}

resource "aws_iam_role" "ledger-execution" {
  name                 = "globex-ledger-ledger-billing-us-execution"
  path                 = "/mesh/"
  description          = "Execution role of virtual node ledger of mesh ledger, on ecs"
  assume_role_policy   = file("${path.module}/trust/ledger-execution.json")
  max_session_duration = 3600
  permissions_boundary = "arn:aws:iam::666677778888:policy/limits/workload"
  tags = {
    "meshrole:mesh"     = "ledger"
    "meshrole:workload" = "ledger"
  }
}

resource "aws_iam_role_policy" "ledger-execution" {
  name   = "permissions"
  role   = aws_iam_role.ledger-execution.name
  policy = file("${path.module}/policies/ledger-execution.json")
}
