resource "aws_iam_role" "renamed_now" {
  name               = "renamed"
  assume_role_policy = local.ecs
}
resource "aws_iam_role_policy" "renamed_now" {
  name = "access"
  role = aws_iam_role.renamed_now.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "dynamodb:GetItem", Resource = local.orders },
  ] })
}
moved {
  from = aws_iam_role.renamed
  to   = aws_iam_role.renamed_now
}
moved {
  from = aws_iam_role_policy.renamed
  to   = aws_iam_role_policy.renamed_now
}

resource "aws_iam_role" "name" {
  name               = "name-two"
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
    { Effect = "Allow", Action = ["s3:listbucket"], Resource = ["arn:aws:s3:::logs"], Condition = { StringEquals = { "S3:Prefix" = ["app"] } } },
    { Effect = "Allow", Action = "s3:GetObject", Resource = ["arn:aws:s3:::logs/*"] },
    { Effect = "Allow", Action = "dynamodb:PutItem", Resource = local.orders },
    { Effect = "Allow", Action = "dynamodb:GetItem", Resource = local.orders },
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
    { Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::logs/*" },
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
      StringLike   = { "token.actions.githubusercontent.com:sub" = "repo:acme/infra:ref:refs/heads/*" }
    }
  }] })
}

resource "aws_iam_role" "split_orders" {
  name               = "split-orders"
  assume_role_policy = local.ecs
}
resource "aws_iam_role_policy" "split_orders" {
  name = "access"
  role = aws_iam_role.split_orders.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "dynamodb:GetItem", Resource = local.orders },
  ] })
}
resource "aws_iam_role" "split_mail" {
  name               = "split-mail"
  assume_role_policy = local.ecs
}
resource "aws_iam_role_policy" "split_mail" {
  name = "access"
  role = aws_iam_role.split_mail.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "sqs:SendMessage", Resource = "arn:aws:sqs:eu-west-1:111122223333:mail" },
  ] })
}

module "new" {
  source = "./app"
  trust  = local.ecs
  table  = local.orders
}
moved {
  from = module.old
  to   = module.new
}

resource "aws_iam_role" "tagged" {
  name               = "tagged"
  assume_role_policy = local.ecs
  tags               = { team = "two", cost = "7" }
}
resource "aws_iam_role_policy" "tagged" {
  name = "access"
  role = aws_iam_role.tagged.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "dynamodb:GetItem", Resource = local.orders },
  ] })
}

resource "aws_iam_role" "imported" {
  name               = "imported"
  assume_role_policy = local.ecs
}
import {
  to = aws_iam_role.imported
  id = "imported"
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
    { Effect = "Allow", Action = ["dynamodb:GetItem", "dynamodb:PutItem"], Resource = local.orders },
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
    { Effect = "Allow", Action = "s3:*", Resource = "*" },
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
    { Effect = "Allow", Action = ["dynamodb:*", "dynamodb:PutItem"], Resource = local.orders },
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
    { Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::logs/*", Condition = { StringLike = { "aws:PrincipalOrgID" = "o-*" } } },
  ] })
}

resource "aws_iam_role" "bounded" {
  name               = "bounded"
  assume_role_policy = local.ecs
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

resource "aws_iam_role_policy_attachment" "attached" {
  role       = aws_iam_role.attached.name
  policy_arn = "arn:aws:iam::aws:policy/AWSAppMeshEnvoyAccess"
}
resource "aws_iam_policy" "fresh" {
  name   = "fresh"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sns:Publish", Resource = "arn:aws:sns:eu-west-1:111122223333:news" }] })
}
resource "aws_iam_role_policy_attachment" "fresh" {
  role       = aws_iam_role.attached.name
  policy_arn = aws_iam_policy.fresh.arn
}

resource "aws_sqs_queue" "fresh" {
  name = "fresh"
}
resource "aws_iam_role" "unknown" {
  name               = "unknown"
  assume_role_policy = local.ecs
}
resource "aws_iam_role_policy" "unknown" {
  name = "access"
  role = aws_iam_role.unknown.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "sqs:SendMessage", Resource = aws_sqs_queue.fresh.arn },
  ] })
}

variable "secret" {
  type      = string
  sensitive = true
  default   = "arn:aws:s3:::new-for-nobodys-eyes/*"
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

removed {
  from = aws_iam_role.forgotten
  lifecycle {
    destroy = false
  }
}

resource "aws_iam_role" "each" {
  for_each           = toset(["red", "blue"])
  name               = "each-${each.key}"
  assume_role_policy = local.ecs
  inline_policy {
    name   = "access"
    policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["s3:GetObject", "s3:PutObject"], Resource = "arn:aws:s3:::${each.key}/*" }] })
  }
}

resource "aws_iam_role" "pods" {
  name               = "pods"
  assume_role_policy = local.ecs
}

resource "aws_eks_pod_identity_association" "pods" {
  cluster_name    = "main"
  namespace       = "shop"
  service_account = "orders"
  role_arn        = aws_iam_role.pods.arn
}

resource "aws_s3_bucket_policy" "logs" {
  bucket = "logs"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = "*", Action = "s3:GetObject", Resource = "arn:aws:s3:::logs/*" }] })
}
