# Written by meshrole: change the inventory, then generate again.

resource "aws_iam_openid_connect_provider" "github" {
  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
}

# pipeline deploy, through github
resource "aws_iam_role" "deploy" {
  name                 = "vandelay-deploy-prod"
  path                 = "/mesh/"
  description          = "Pipeline deploy, through github"
  assume_role_policy   = file("${path.module}/trust/deploy.json")
  max_session_duration = 3600
  tags = {
    "meshrole:pipeline" = "deploy"
  }
  depends_on = [aws_iam_openid_connect_provider.github]
}

resource "aws_iam_role_policy" "deploy" {
  name   = "permissions"
  role   = aws_iam_role.deploy.name
  policy = file("${path.module}/policies/deploy.json")
}

resource "aws_eks_access_entry" "deploy-shop-core" {
  cluster_name      = "shop-core"
  principal_arn     = aws_iam_role.deploy.arn
  kubernetes_groups = ["meshrole:vandelay-deploy-prod"]
  tags = {
    "meshrole:pipeline" = "deploy"
  }
}

resource "aws_eks_access_entry" "deploy-shop-vault" {
  cluster_name      = "shop-vault"
  principal_arn     = aws_iam_role.deploy.arn
  kubernetes_groups = ["meshrole:vandelay-deploy-prod"]
  tags = {
    "meshrole:pipeline" = "deploy"
  }
}
