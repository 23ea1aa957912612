# Written by meshrole: change the inventory, then generate again.

resource "aws_iam_openid_connect_provider" "github" {
  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
}

# pipeline release, through github
resource "aws_iam_role" "release" {
  name                 = "initech-release-prod"
  path                 = "/mesh/"
  description          = "Pipeline release, through github"
  assume_role_policy   = file("${path.module}/trust/release.json")
  max_session_duration = 3600
  tags = {
    "meshrole:pipeline" = "release"
  }
  depends_on = [aws_iam_openid_connect_provider.github]
}

resource "aws_iam_role_policy" "release" {
  name   = "permissions"
  role   = aws_iam_role.release.name
  policy = file("${path.module}/policies/release.json")
}
