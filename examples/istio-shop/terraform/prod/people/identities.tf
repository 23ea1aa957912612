# Written by meshrole: change the inventory, then generate again.

resource "aws_iam_saml_provider" "okta" {
  name                   = "okta"
  saml_metadata_document = file("${path.module}/providers/okta.xml")
}

# people readers, through okta
resource "aws_iam_role" "readers" {
  name                 = "vandelay-readers-prod"
  path                 = "/mesh/"
  description          = "People readers, through okta"
  assume_role_policy   = file("${path.module}/trust/readers.json")
  max_session_duration = 3600
  tags = {
    "meshrole:people" = "readers"
  }
  depends_on = [aws_iam_saml_provider.okta]
}

resource "aws_iam_role_policy" "readers" {
  name   = "permissions"
  role   = aws_iam_role.readers.name
  policy = file("${path.module}/policies/readers.json")
}

resource "aws_eks_access_entry" "readers-shop-core" {
  cluster_name      = "shop-core"
  principal_arn     = aws_iam_role.readers.arn
  kubernetes_groups = ["meshrole:vandelay-readers-prod"]
  tags = {
    "meshrole:people" = "readers"
  }
}

resource "aws_eks_access_entry" "readers-shop-vault" {
  cluster_name      = "shop-vault"
  principal_arn     = aws_iam_role.readers.arn
  kubernetes_groups = ["meshrole:vandelay-readers-prod"]
  tags = {
    "meshrole:people" = "readers"
  }
}

# people release-managers, through okta
resource "aws_iam_role" "release-managers" {
  name                 = "vandelay-release-managers-prod"
  path                 = "/mesh/"
  description          = "People release-managers, through okta"
  assume_role_policy   = file("${path.module}/trust/release-managers.json")
  max_session_duration = 3600
  tags = {
    "meshrole:people" = "release-managers"
  }
  depends_on = [aws_iam_saml_provider.okta]
}

resource "aws_iam_role_policy" "release-managers" {
  name   = "permissions"
  role   = aws_iam_role.release-managers.name
  policy = file("${path.module}/policies/release-managers.json")
}

resource "aws_eks_access_entry" "release-managers-shop-core" {
  cluster_name      = "shop-core"
  principal_arn     = aws_iam_role.release-managers.arn
  kubernetes_groups = ["meshrole:vandelay-release-managers-prod"]
  tags = {
    "meshrole:people" = "release-managers"
  }
}

# people payments-team, through okta
resource "aws_iam_role" "payments-team" {
  name                 = "vandelay-payments-team-prod"
  path                 = "/mesh/"
  description          = "People payments-team, through okta"
  assume_role_policy   = file("${path.module}/trust/payments-team.json")
  max_session_duration = 3600
  tags = {
    "meshrole:people" = "payments-team"
  }
  depends_on = [aws_iam_saml_provider.okta]
}

resource "aws_iam_role_policy" "payments-team" {
  name   = "permissions"
  role   = aws_iam_role.payments-team.name
  policy = file("${path.module}/policies/payments-team.json")
}

resource "aws_eks_access_entry" "payments-team-shop-vault" {
  cluster_name      = "shop-vault"
  principal_arn     = aws_iam_role.payments-team.arn
  kubernetes_groups = ["meshrole:vandelay-payments-team-prod"]
  tags = {
    "meshrole:people" = "payments-team"
  }
}

# people platform, through okta
resource "aws_iam_role" "platform" {
  name                 = "vandelay-platform-prod"
  path                 = "/mesh/"
  description          = "People platform, through okta"
  assume_role_policy   = file("${path.module}/trust/platform.json")
  max_session_duration = 3600
  tags = {
    "meshrole:people" = "platform"
  }
  depends_on = [aws_iam_saml_provider.okta]
}

resource "aws_iam_role_policy" "platform" {
  name   = "permissions"
  role   = aws_iam_role.platform.name
  policy = file("${path.module}/policies/platform.json")
}

resource "aws_eks_access_entry" "platform-shop-core" {
  cluster_name      = "shop-core"
  principal_arn     = aws_iam_role.platform.arn
  kubernetes_groups = ["meshrole:vandelay-platform-prod"]
  tags = {
    "meshrole:people" = "platform"
  }
}

resource "aws_eks_access_entry" "platform-shop-vault" {
  cluster_name      = "shop-vault"
  principal_arn     = aws_iam_role.platform.arn
  kubernetes_groups = ["meshrole:vandelay-platform-prod"]
  tags = {
    "meshrole:people" = "platform"
  }
}
