# Written by meshrole: change the inventory, then generate again.

resource "aws_iam_saml_provider" "okta" {
  name                   = "okta"
  saml_metadata_document = file("${path.module}/providers/okta.xml")
}

# people readers, through okta
resource "aws_iam_role" "readers" {
  name                 = "hooli-readers-prod"
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

# people release-managers, through okta
resource "aws_iam_role" "release-managers" {
  name                 = "hooli-release-managers-prod"
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

# people cart-team, through okta
resource "aws_iam_role" "cart-team" {
  name                 = "hooli-cart-team-prod"
  path                 = "/mesh/"
  description          = "People cart-team, through okta"
  assume_role_policy   = file("${path.module}/trust/cart-team.json")
  max_session_duration = 3600
  tags = {
    "meshrole:people" = "cart-team"
  }
  depends_on = [aws_iam_saml_provider.okta]
}

resource "aws_iam_role_policy" "cart-team" {
  name   = "permissions"
  role   = aws_iam_role.cart-team.name
  policy = file("${path.module}/policies/cart-team.json")
}

# people owners, through okta
resource "aws_iam_role" "owners" {
  name                 = "hooli-owners-prod"
  path                 = "/mesh/"
  description          = "People owners, through okta"
  assume_role_policy   = file("${path.module}/trust/owners.json")
  max_session_duration = 3600
  tags = {
    "meshrole:people" = "owners"
  }
  depends_on = [aws_iam_saml_provider.okta]
}

resource "aws_iam_policy" "owners-b5eaadf4" {
  name   = "hooli-owners-prod-b5eaadf4"
  path   = "/mesh/"
  policy = file("${path.module}/policies/owners-b5eaadf4.json")
}

resource "aws_iam_role_policy_attachment" "owners-b5eaadf4" {
  role       = aws_iam_role.owners.name
  policy_arn = aws_iam_policy.owners-b5eaadf4.arn
}

resource "aws_iam_policy" "owners-bb585dc0" {
  name   = "hooli-owners-prod-bb585dc0"
  path   = "/mesh/"
  policy = file("${path.module}/policies/owners-bb585dc0.json")
}

resource "aws_iam_role_policy_attachment" "owners-bb585dc0" {
  role       = aws_iam_role.owners.name
  policy_arn = aws_iam_policy.owners-bb585dc0.arn
}
