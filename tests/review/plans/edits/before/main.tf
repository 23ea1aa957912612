resource "aws_iam_role" "renamed" {
  name               = "renamed"
  assume_role_policy = local.ecs
}
resource "aws_iam_role_policy" "renamed" {
  name = "access"
  role = aws_iam_role.renamed.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "dynamodb:GetItem", Resource = local.orders },
  ] })
}

resource "aws_iam_role" "name" {
  name               = "name-one"
  assume_role_policy = local.ecs
}
resource "aws_iam_role_policy" "name" {
  name = "access"
  role = aws_iam_role.name.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "dynamodb:GetItem", Resource = local.orders },
  ] })
}

resource "aws_iam_role" "reordered" {
  name               = "reordered"
  assume_role_policy = local.ecs
}
resource "aws_iam_role_policy" "reordered" {
  name = "access"
  role = aws_iam_role.reordered.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = ["dynamodb:GetItem", "dynamodb:PutItem"], Resource = local.orders },
    { Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::logs/*" },
    { Effect = "Allow", Action = "s3:ListBucket", Resource = "arn:aws:s3:::logs", Condition = { StringLike = { "s3:prefix" = "app" } } },
  ] })
}

resource "aws_iam_role" "dropped" {
  name               = "dropped"
  assume_role_policy = local.ecs
}
resource "aws_iam_role_policy" "dropped" {
  name = "access"
  role = aws_iam_role.dropped.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::logs/*", Condition = { StringEquals = { "aws:SourceVpce" = "vpce-0a1b2c3d" } } },
  ] })
}

resource "aws_iam_role" "release_managers" {
  name = "release-managers"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect    = "Allow"
    Action    = "sts:AssumeRoleWithWebIdentity"
    Principal = { Federated = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" }
    Condition = {
      StringEquals = { "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com" }
      StringLike   = { "token.actions.githubusercontent.com:sub" = "repo:acme/infra:ref:refs/heads/main" }
    }
  }] })
}

resource "aws_iam_role" "monolith" {
  name               = "monolith"
  assume_role_policy = local.ecs
}
resource "aws_iam_role_policy" "monolith" {
  name = "access"
  role = aws_iam_role.monolith.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "dynamodb:GetItem", Resource = local.orders },
    { Effect = "Allow", Action = "sqs:SendMessage", Resource = "arn:aws:sqs:eu-west-1:111122223333:mail" },
  ] })
}

module "old" {
  source = "./app"
  trust  = local.ecs
  table  = local.orders
}

resource "aws_iam_role" "tagged" {
  name               = "tagged"
  assume_role_policy = local.ecs
  tags               = { team = "one" }
}
resource "aws_iam_role_policy" "tagged" {
  name = "access"
  role = aws_iam_role.tagged.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "dynamodb:GetItem", Resource = local.orders },
  ] })
}

resource "aws_iam_role" "destroyed" {
  name               = "destroyed"
  assume_role_policy = local.ecs
}
resource "aws_iam_role_policy" "destroyed" {
  name = "access"
  role = aws_iam_role.destroyed.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "dynamodb:GetItem", Resource = local.orders },
  ] })
}

resource "aws_iam_role" "upgraded" {
  name               = "upgraded"
  assume_role_policy = local.ecs
}
resource "aws_iam_role_policy" "upgraded" {
  name = "access"
  role = aws_iam_role.upgraded.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "dynamodb:GetItem", Resource = local.orders },
  ] })
}

resource "aws_iam_role" "checkout" {
  name               = "checkout"
  assume_role_policy = local.ecs
}
resource "aws_iam_role_policy" "checkout" {
  name = "access"
  role = aws_iam_role.checkout.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "dynamodb:GetItem", Resource = local.orders },
  ] })
}

resource "aws_iam_role" "wildcard" {
  name               = "wildcard"
  assume_role_policy = local.ecs
}
resource "aws_iam_role_policy" "wildcard" {
  name = "access"
  role = aws_iam_role.wildcard.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "s3:GetObject", Resource = "*" },
  ] })
}

resource "aws_iam_role" "granted" {
  name               = "granted"
  assume_role_policy = local.ecs
}
resource "aws_iam_role_policy" "granted" {
  name = "access"
  role = aws_iam_role.granted.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "dynamodb:*", Resource = local.orders },
  ] })
}

resource "aws_iam_role" "lifted" {
  name               = "lifted"
  assume_role_policy = local.ecs
}
resource "aws_iam_role_policy" "lifted" {
  name = "access"
  role = aws_iam_role.lifted.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "s3:*", Resource = "arn:aws:s3:::logs/*" },
    { Effect = "Deny", Action = "s3:DeleteObject", Resource = "*" },
  ] })
}

resource "aws_iam_role" "loosened" {
  name               = "loosened"
  assume_role_policy = local.ecs
}
resource "aws_iam_role_policy" "loosened" {
  name = "access"
  role = aws_iam_role.loosened.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::logs/*", Condition = { StringEquals = { "aws:PrincipalOrgID" = "o-aa111bb222" } } },
  ] })
}

resource "aws_iam_role" "bounded" {
  name                 = "bounded"
  assume_role_policy   = local.ecs
  permissions_boundary = "arn:aws:iam::111122223333:policy/limits"
}
resource "aws_iam_role_policy" "bounded" {
  name = "access"
  role = aws_iam_role.bounded.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = ["s3:GetObject", "s3:PutObject"], Resource = "arn:aws:s3:::logs/*" },
  ] })
}

resource "aws_iam_policy" "limits" {
  name   = "limits"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:Get*", Resource = "*" }] })
}

resource "aws_iam_role" "attached" {
  name               = "attached"
  assume_role_policy = local.ecs
}

resource "aws_iam_role" "unknown" {
  name               = "unknown"
  assume_role_policy = local.ecs
}
resource "aws_iam_role_policy" "unknown" {
  name = "access"
  role = aws_iam_role.unknown.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "sqs:SendMessage", Resource = "arn:aws:sqs:eu-west-1:111122223333:mail" },
  ] })
}

variable "secret" {
  type      = string
  sensitive = true
  default   = "arn:aws:s3:::old-for-nobodys-eyes/*"
}
resource "aws_iam_role" "sensitive" {
  name               = "sensitive"
  assume_role_policy = local.ecs
}
resource "aws_iam_role_policy" "sensitive" {
  name = "access"
  role = aws_iam_role.sensitive.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "s3:GetObject", Resource = var.secret },
  ] })
}

resource "aws_iam_role" "forgotten" {
  name               = "forgotten"
  assume_role_policy = local.ecs
}

resource "aws_iam_role" "each" {
  for_each           = toset(["red", "blue"])
  name               = "each-${each.key}"
  assume_role_policy = local.ecs
  inline_policy {
    name   = "access"
    policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::${each.key}/*" }] })
  }
}

resource "aws_iam_role" "pods" {
  name               = "pods"
  assume_role_policy = local.ecs
}

resource "aws_s3_bucket_policy" "logs" {
  bucket = "logs"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { AWS = "arn:aws:iam::111122223333:root" }, Action = "s3:GetObject", Resource = "arn:aws:s3:::logs/*" }] })
}
