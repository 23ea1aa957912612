# Written by meshrole: change the inventory, then generate again.

resource "aws_iam_saml_provider" "okta" {
  name                   = "okta"
  saml_metadata_document = file("${path.module}/providers/okta.xml")
}

# people mesh-readers, through okta
resource "aws_iam_role" "mesh-readers" {
  name                 = "acme-mesh-readers-prod"
  path                 = "/mesh/"
  description          = "People mesh-readers, through okta"
  assume_role_policy   = file("${path.module}/trust/mesh-readers.json")
  max_session_duration = 3600
  tags = {
    "meshrole:people" = "mesh-readers"
  }
  depends_on = [aws_iam_saml_provider.okta]
}

resource "aws_iam_role_policy" "mesh-readers" {
  name   = "permissions"
  role   = aws_iam_role.mesh-readers.name
  policy = file("${path.module}/policies/mesh-readers.json")
}

# people release-managers, through okta
resource "aws_iam_role" "release-managers" {
  name                 = "acme-release-managers-prod"
  path                 = "/mesh/"
  description          = "People release-managers, through okta"
  assume_role_policy   = file("${path.module}/trust/release-managers.json")
  max_session_duration = 14400
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
