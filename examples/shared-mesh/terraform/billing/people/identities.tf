# Written by meshrole: change the inventory, then generate again.

resource "aws_iam_openid_connect_provider" "login" {
  url            = "https://login.globex.example"
  client_id_list = ["aws"]
}

# people auditors, through login
resource "aws_iam_role" "auditors" {
  name                 = "globex-auditors-billing"
  path                 = "/mesh/"
  description          = "People auditors, through login"
  assume_role_policy   = file("${path.module}/trust/auditors.json")
  max_session_duration = 3600
  permissions_boundary = "arn:aws:iam::666677778888:policy/limits/workload"
  tags = {
    "meshrole:people" = "auditors"
  }
  depends_on = [aws_iam_openid_connect_provider.login]
}

resource "aws_iam_role_policy" "auditors" {
  name   = "permissions"
  role   = aws_iam_role.auditors.name
  policy = file("${path.module}/policies/auditors.json")
}
