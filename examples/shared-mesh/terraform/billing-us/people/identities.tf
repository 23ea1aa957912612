# Written by meshrole: change the inventory, then generate again.

# people auditors, through login
resource "aws_iam_role" "auditors" {
  name                 = "globex-auditors-billing-us"
  path                 = "/mesh/"
  description          = "People auditors, through login"
  assume_role_policy   = file("${path.module}/trust/auditors.json")
  max_session_duration = 3600
  permissions_boundary = "arn:aws:iam::666677778888:policy/limits/workload"
  tags = {
    "meshrole:people" = "auditors"
  }
}

resource "aws_iam_role_policy" "auditors" {
  name   = "permissions"
  role   = aws_iam_role.auditors.name
  policy = file("${path.module}/policies/auditors.json")
}
