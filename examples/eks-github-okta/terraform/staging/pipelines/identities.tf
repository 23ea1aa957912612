# Written by meshrole: change the inventory, then generate again.

resource "aws_iam_openid_connect_provider" "github" {
  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
}

resource "aws_iam_openid_connect_provider" "gitlab" {
  url            = "https://gitlab.com"
  client_id_list = ["https://gitlab.com"]
}

# pipeline infra, through github
resource "aws_iam_role" "infra" {
  name                 = "acme-infra-staging"
  path                 = "/mesh/"
  description          = "Pipeline infra, through github"
  assume_role_policy   = file("${path.module}/trust/infra.json")
  max_session_duration = 3600
  tags = {
    "meshrole:pipeline" = "infra"
  }
  depends_on = [aws_iam_openid_connect_provider.github]
}

resource "aws_iam_role_policy" "infra" {
  name   = "permissions"
  role   = aws_iam_role.infra.name
  policy = file("${path.module}/policies/infra.json")
}

# pipeline deploy-reviews, through github
resource "aws_iam_role" "deploy-reviews" {
  name                 = "acme-deploy-reviews-staging"
  path                 = "/mesh/"
  description          = "Pipeline deploy-reviews, through github"
  assume_role_policy   = file("${path.module}/trust/deploy-reviews.json")
  max_session_duration = 3600
  tags = {
    "meshrole:pipeline" = "deploy-reviews"
  }
  depends_on = [aws_iam_openid_connect_provider.github]
}

resource "aws_iam_role_policy" "deploy-reviews" {
  name   = "permissions"
  role   = aws_iam_role.deploy-reviews.name
  policy = file("${path.module}/policies/deploy-reviews.json")
}

# pipeline plan, through gitlab
resource "aws_iam_role" "plan" {
  name                 = "acme-plan-staging"
  path                 = "/mesh/"
  description          = "Pipeline plan, through gitlab"
  assume_role_policy   = file("${path.module}/trust/plan.json")
  max_session_duration = 3600
  tags = {
    "meshrole:pipeline" = "plan"
  }
  depends_on = [aws_iam_openid_connect_provider.gitlab]
}

resource "aws_iam_role_policy" "plan" {
  name   = "permissions"
  role   = aws_iam_role.plan.name
  policy = file("${path.module}/policies/plan.json")
}
