# Written by meshrole: change the inventory, then generate again.

# people mesh-readers, through staff
resource "aws_iam_role" "mesh-readers" {
  name                 = "acme-mesh-readers-billing"
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
  policy = file("${path.module}/policies/mesh-readers.json")
}
