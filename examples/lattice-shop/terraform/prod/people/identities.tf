# Written by meshrole: change the inventory, then generate again.

# people mesh-readers, through staff
resource "aws_iam_role" "mesh-readers" {
  name                 = "acme-mesh-readers-prod"
  path                 = "/mesh/"
  description          = "People mesh-readers, through staff"
  assume_role_policy   = file("${path.module}/trust/mesh-readers.json")
  max_session_duration = 3600
  tags = {
    "meshrole:people" = "mesh-readers"
  }
}

resource "aws_iam_role_policy" "mesh-readers" {
  name   = "permissions"
  role   = aws_iam_role.mesh-readers.name
  policy = templatefile("${path.module}/policies/mesh-readers.json", var.lattice)
}

# people release-managers, through staff
resource "aws_iam_role" "release-managers" {
  name                 = "acme-release-managers-prod"
  path                 = "/mesh/"
  description          = "People release-managers, through staff"
  assume_role_policy   = file("${path.module}/trust/release-managers.json")
  max_session_duration = 3600
  tags = {
    "meshrole:people" = "release-managers"
  }
}

resource "aws_iam_role_policy" "release-managers" {
  name   = "permissions"
  role   = aws_iam_role.release-managers.name
  policy = file("${path.module}/policies/release-managers.json")
}

# people checkout-team, through staff
resource "aws_iam_role" "checkout-team" {
  name                 = "acme-checkout-team-prod"
  path                 = "/mesh/"
  description          = "People checkout-team, through staff"
  assume_role_policy   = file("${path.module}/trust/checkout-team.json")
  max_session_duration = 3600
  tags = {
    "meshrole:people" = "checkout-team"
  }
}

resource "aws_iam_role_policy" "checkout-team" {
  name   = "permissions"
  role   = aws_iam_role.checkout-team.name
  policy = templatefile("${path.module}/policies/checkout-team.json", var.lattice)
}
