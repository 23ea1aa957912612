# Written by meshrole: change the inventory, then generate again.

resource "aws_iam_openid_connect_provider" "login" {
  url            = "https://login.globex.example"
  client_id_list = ["aws"]
}

# people orders-operators, through sso
resource "aws_iam_role" "orders-operators" {
  name                 = "globex-orders-operators-orders"
  path                 = "/mesh/"
  description          = "People orders-operators, through sso"
  assume_role_policy   = file("${path.module}/trust/orders-operators.json")
  max_session_duration = 3600
  tags = {
    "meshrole:people" = "orders-operators"
  }
}

resource "aws_iam_role_policy" "orders-operators" {
  name   = "permissions"
  role   = aws_iam_role.orders-operators.name
  policy = file("${path.module}/policies/orders-operators.json")
}

# people auditors, through login
resource "aws_iam_role" "auditors" {
  name                 = "globex-auditors-orders"
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
