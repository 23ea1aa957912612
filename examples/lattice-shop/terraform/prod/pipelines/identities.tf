# Written by meshrole: change the inventory, then generate again.

resource "aws_iam_openid_connect_provider" "github" {
  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
}

# pipeline network, through github
resource "aws_iam_role" "network" {
  name                 = "acme-network-prod"
  path                 = "/mesh/"
  description          = "Pipeline network, through github"
  assume_role_policy   = file("${path.module}/trust/network.json")
  max_session_duration = 3600
  tags = {
    "meshrole:pipeline" = "network"
  }
  depends_on = [aws_iam_openid_connect_provider.github]
}

resource "aws_iam_role_policy" "network" {
  name   = "permissions"
  role   = aws_iam_role.network.name
  policy = templatefile("${path.module}/policies/network.json", var.lattice)
}
