# Written by meshrole: change the inventory, then generate again.

resource "aws_iam_openid_connect_provider" "login" {
  url            = "https://login.globex.example"
  client_id_list = ["aws"]
}

# people mesh-owners, through sso
resource "aws_iam_role" "mesh-owners" {
  name                 = "globex-mesh-owners-platform"
  path                 = "/mesh/"
  description          = "People mesh-owners, through sso"
  assume_role_policy   = file("${path.module}/trust/mesh-owners.json")
  max_session_duration = 3600
  tags = {
    "meshrole:people" = "mesh-owners"
  }
}

resource "aws_iam_role_policy" "mesh-owners" {
  name   = "permissions"
  role   = aws_iam_role.mesh-owners.name
  policy = file("${path.module}/policies/mesh-owners.json")
}

# people auditors, through login
resource "aws_iam_role" "auditors" {
  name                 = "globex-auditors-platform"
  path                 = "/mesh/"
  description          = "People auditors, through login"
  assume_role_policy   = file("${path.module}/trust/auditors.json")
  max_session_duration = 3600
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
