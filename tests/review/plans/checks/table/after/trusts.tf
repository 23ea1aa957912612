locals {
  github = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
  eks    = "oidc.eks.us-east-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE"
  wildcard_principal = {
    bad_anybody      = { Effect = "Allow", Action = "sts:AssumeRole", Principal = "*" }
    bad_aws          = { Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "*" } }
    bad_loose        = { Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "*" }, Condition = { StringEqualsIfExists = { "aws:PrincipalOrgID" = "o-exampleorgid" } } }
    bad_any_arn      = { Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "*" }, Condition = { ArnLike = { "aws:PrincipalArn" = "*" } } }
    fine_organized   = { Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "*" }, Condition = { StringEquals = { "aws:PrincipalOrgID" = "o-exampleorgid" } } }
    fine_account     = { Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "arn:aws:iam::123456789012:root" } }
    fine_denied      = { Effect = "Deny", Action = "sts:AssumeRole", Principal = "*", Condition = { Bool = { "aws:MultiFactorAuthPresent" = "false" } } }
    unknown_provider = { Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = ["*", aws_iam_openid_connect_provider.new.arn] } }
  }
  trust_without_source = {
    bad_task         = { Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }
    bad_recorder     = { Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = ["config.amazonaws.com"] } }
    fine_account     = { Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" }, Condition = { StringEquals = { "aws:SourceAccount" = "123456789012" } } }
    fine_arn         = { Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" }, Condition = { ArnLike = { "aws:SourceArn" = "arn:aws:ecs:us-east-1:123456789012:*" } } }
    fine_instance    = { Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }
    fine_pod         = { Effect = "Allow", Action = ["sts:AssumeRole", "sts:TagSession"], Principal = { Service = "pods.eks.amazonaws.com" } }
    unknown_provider = { Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com", Federated = aws_iam_openid_connect_provider.new.arn } }
  }
  oidc_without_sub = {
    bad_audience     = { Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity", Principal = { Federated = local.github }, Condition = { StringEquals = { "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com" } } }
    bad_if_exists    = { Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity", Principal = { Federated = local.github }, Condition = { StringLikeIfExists = { "token.actions.githubusercontent.com:sub" = "repo:acme/shop:*" } } }
    bad_all_values   = { Effect = "Allow", Action = "sts:*", Principal = { Federated = local.github }, Condition = { "ForAllValues:StringEquals" = { "token.actions.githubusercontent.com:sub" = "repo:acme/shop:ref:refs/heads/main" } } }
    bad_cognito      = { Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity", Principal = { Federated = "cognito-identity.amazonaws.com" }, Condition = { "ForAnyValue:StringLike" = { "cognito-identity.amazonaws.com:amr" = "authenticated" } } }
    fine_branch      = { Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity", Principal = { Federated = local.github }, Condition = { StringEquals = { "token.actions.githubusercontent.com:sub" = "repo:acme/shop:ref:refs/heads/main" } } }
    fine_cognito     = { Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity", Principal = { Federated = "cognito-identity.amazonaws.com" }, Condition = { StringEquals = { "cognito-identity.amazonaws.com:aud" = "us-east-1:12345678-ffff-ffff-ffff-123456" } } }
    fine_saml        = { Effect = "Allow", Action = "sts:AssumeRoleWithSAML", Principal = { Federated = "arn:aws:iam::123456789012:saml-provider/okta" }, Condition = { StringEquals = { "SAML:aud" = "https://signin.aws.amazon.com/saml" } } }
    unknown_provider = { Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity", Principal = { Federated = aws_iam_openid_connect_provider.new.arn } }
  }
  # Each subject of GitHub, or of an issuer that is named before it.
  subjects = {
    bad_any                = ["StringLike", "*"]
    bad_any_organization   = ["StringLike", "repo:*"]
    bad_organization       = ["StringLike", "repo:acme/*"]
    bad_organization_id    = ["StringLike", "repo:acme@123456/*:ref:refs/heads/main"]
    bad_repository_prefix  = ["StringLike", "repo:acme/shop*"]
    bad_any_ref            = ["StringLike", "repo:acme/shop:*"]
    bad_any_branch         = ["StringLike", "repo:acme/shop:ref:refs/heads/*"]
    bad_pull_request       = ["StringEquals", "repo:acme/shop:pull_request"]
    fine_branch            = ["StringEquals", "repo:acme/shop:ref:refs/heads/main"]
    fine_ids               = ["StringEquals", "repo:acme@123456/shop@456789:environment:prod"]
    fine_releases          = ["StringLike", "repo:acme/shop:ref:refs/tags/v*"]
    fine_like_without_star = ["StringLike", "repo:acme/shop:environment:prod"]
  }
  oidc_loose_sub = merge({ for key, value in local.subjects : key => {
    Effect    = "Allow", Action = "sts:AssumeRoleWithWebIdentity", Principal = { Federated = local.github }
    Condition = { (value[0]) = { "token.actions.githubusercontent.com:sub" = value[1] }, StringEquals = { "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com" } }
    } if value[0] == "StringLike" }, { for key, value in local.subjects : key => {
    Effect    = "Allow", Action = "sts:AssumeRoleWithWebIdentity", Principal = { Federated = local.github }
    Condition = { StringEquals = { "token.actions.githubusercontent.com:sub" = value[1] } }
    } if value[0] == "StringEquals" }, {
    bad_namespace    = { Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity", Principal = { Federated = "arn:aws:iam::123456789012:oidc-provider/${local.eks}" }, Condition = { StringLike = { "${local.eks}:sub" = "system:serviceaccount:shop:*" } } }
    bad_cluster      = { Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity", Principal = { Federated = "arn:aws:iam::123456789012:oidc-provider/${local.eks}" }, Condition = { StringLike = { "${local.eks}:sub" = "system:serviceaccount:*:orders" } } }
    bad_gitlab_group = { Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity", Principal = { Federated = "arn:aws:iam::123456789012:oidc-provider/gitlab.com" }, Condition = { StringLike = { "gitlab.com:sub" = "project_path:acme/*:ref_type:branch:ref:main" } } }
    fine_pod         = { Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity", Principal = { Federated = "arn:aws:iam::123456789012:oidc-provider/${local.eks}" }, Condition = { StringEquals = { "${local.eks}:sub" = "system:serviceaccount:shop:orders", "${local.eks}:aud" = "sts.amazonaws.com" } } }
    fine_gitlab      = { Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity", Principal = { Federated = "arn:aws:iam::123456789012:oidc-provider/gitlab.com" }, Condition = { StringEquals = { "gitlab.com:sub" = "project_path:acme/shop:ref_type:branch:ref:main" } } }
    unknown_provider = { Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity", Principal = { Federated = aws_iam_openid_connect_provider.new.arn }, Condition = { StringLike = { "token.actions.githubusercontent.com:sub" = "repo:acme/*" } } }
  })
  external_id_missing = {
    bad_account      = { Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "arn:aws:iam::444455556666:root" } }
    bad_number       = { Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "444455556666" } }
    bad_role         = { Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = ["arn:aws:iam::444455556666:role/vendor"] } }
    fine_external    = { Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "arn:aws:iam::444455556666:root" }, Condition = { StringEquals = { "sts:ExternalId" = "a-long-value" } } }
    fine_organized   = { Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "arn:aws:iam::444455556666:root" }, Condition = { StringEquals = { "aws:PrincipalOrgID" = "o-exampleorgid" } } }
    fine_own         = { Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "arn:aws:iam::123456789012:root" } }
    unknown_provider = { Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = ["444455556666", aws_iam_openid_connect_provider.new.arn] } }
  }
}

resource "aws_iam_role" "wildcard_principal" {
  for_each           = local.wildcard_principal
  name               = "wildcard-principal-${each.key}"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [each.value] })
}

resource "aws_iam_role" "trust_without_source" {
  for_each           = local.trust_without_source
  name               = "trust-without-source-${each.key}"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [each.value] })
}

resource "aws_iam_role" "oidc_without_sub" {
  for_each           = local.oidc_without_sub
  name               = "oidc-without-sub-${each.key}"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [each.value] })
}

resource "aws_iam_role" "oidc_loose_sub" {
  for_each           = local.oidc_loose_sub
  name               = "oidc-loose-sub-${each.key}"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [each.value] })
}

resource "aws_iam_role" "external_id_missing" {
  for_each           = local.external_id_missing
  name               = "external-id-missing-${each.key}"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [each.value] })
}

# Policies of resources are asked the same.
locals {
  queue_policies = {
    bad_queue   = { Effect = "Allow", Action = "sqs:SendMessage", Principal = "*", Resource = "*" }
    fine_topic  = { Effect = "Allow", Action = "sqs:SendMessage", Principal = "*", Resource = "*", Condition = { ArnEquals = { "aws:SourceArn" = "arn:aws:sns:us-east-1:123456789012:orders" } } }
    fine_secure = { Effect = "Deny", Action = "sqs:*", Principal = "*", Resource = "*", Condition = { Bool = { "aws:SecureTransport" = "false" } } }
  }
}

resource "aws_sqs_queue_policy" "wildcard_principal" {
  for_each  = local.queue_policies
  queue_url = "https://sqs.us-east-1.amazonaws.com/123456789012/orders"
  policy    = jsonencode({ Version = "2012-10-17", Statement = [each.value] })
}

resource "aws_kms_key" "wildcard_principal" {
  for_each = {
    bad_anybody  = { AWS = "*" }
    fine_default = { AWS = "arn:aws:iam::123456789012:root" }
  }
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = each.value, Action = "kms:*", Resource = "*" }] })
}

resource "aws_lambda_permission" "trust_without_source" {
  for_each      = { bad_bucket = null, fine_bucket = "arn:aws:s3:::orders" }
  function_name = "orders"
  action        = "lambda:InvokeFunction"
  principal     = "s3.amazonaws.com"
  source_arn    = each.value
}
