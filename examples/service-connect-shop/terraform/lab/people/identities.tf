# Written by meshrole: change the inventory, then generate again.

resource "aws_iam_saml_provider" "okta" {
  name                   = "okta"
  saml_metadata_document = file("${path.module}/providers/okta.xml")
}

# people readers, through okta
resource "aws_iam_role" "readers" {
  name                 = "hooli-readers-lab"
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
  name                 = "hooli-release-managers-lab"
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
  name                 = "hooli-cart-team-lab"
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
  name                 = "hooli-owners-lab"
  path                 = "/mesh/"
  description          = "People owners, through okta"
  assume_role_policy   = file("${path.module}/trust/owners.json")
  max_session_duration = 3600
  tags = {
    "meshrole:people" = "owners"
  }
  depends_on = [aws_iam_saml_provider.okta]
}

resource "aws_iam_role_policy" "owners" {
  name   = "permissions"
  role   = aws_iam_role.owners.name
  policy = file("${path.module}/policies/owners.json")
}
