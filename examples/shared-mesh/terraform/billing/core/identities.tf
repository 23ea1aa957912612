# Written by meshrole: change the inventory, then generate again.

# virtual node invoices of mesh core, on ec2
resource "aws_iam_role" "invoices" {
  name                 = "globex-core-invoices-billing"
  path                 = "/mesh/"
  description          = "Virtual node invoices of mesh core, on ec2"
  assume_role_policy   = file("${path.module}/trust/invoices.json")
  max_session_duration = 3600
  permissions_boundary = "arn:aws:iam::666677778888:policy/limits/workload"
  tags = {
    "meshrole:mesh"     = "core"
    "meshrole:workload" = "invoices"
  }
}

resource "aws_iam_role_policy" "invoices" {
  name   = "permissions"
  role   = aws_iam_role.invoices.name
  policy = file("${path.module}/policies/invoices.json")
}

resource "aws_iam_instance_profile" "invoices" {
  name = "globex-core-invoices-billing"
  path = "/mesh/"
  role = aws_iam_role.invoices.name
  tags = {
    "meshrole:mesh"     = "core"
    "meshrole:workload" = "invoices"
  }
}
