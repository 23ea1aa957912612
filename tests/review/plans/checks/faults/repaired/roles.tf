resource "aws_iam_role" "orders" {
  name                 = "orders"
  permissions_boundary = local.boundary
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" }, Condition = local.source }
  ] })
}

resource "aws_iam_role_policy" "orders" {
  name = "orders"
  role = aws_iam_role.orders.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Resource = [local.table], Action = ["dynamodb:Query", "dynamodb:GetItem"] }
  ] })
}

resource "aws_iam_role" "payments" {
  name                 = "payments"
  permissions_boundary = local.boundary
  assume_role_policy   = local.trust_task
}

resource "aws_iam_role_policy" "payments" {
  name = "payments"
  role = aws_iam_role.payments.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = ["s3:PutObject"], Resource = "arn:aws:s3:::payments/*" },
    { Effect = "Allow", Action = ["ecr:GetAuthorizationToken"], Resource = "*" },
  ] })
}

resource "aws_iam_role_policy_attachment" "payments" {
  role       = aws_iam_role.payments.name
  policy_arn = "arn:aws:iam::123456789012:policy/catalog"
}

resource "aws_iam_role" "reader" {
  name                 = "reader"
  permissions_boundary = local.boundary
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "*" }, Condition = { StringEquals = { "aws:PrincipalOrgID" = "o-exampleorgid" } } }
  ] })
}

resource "aws_iam_policy" "catalog" {
  name        = "catalog"
  description = "reads and writes the catalog"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = ["s3:GetObject", "s3:PutObject"], Resource = "arn:aws:s3:::catalog/*" }
  ] })
}

resource "aws_iam_policy" "guard" {
  name = "guard"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Deny", Action = ["cloudtrail:DeleteTrail", "cloudtrail:StopLogging"], Resource = "*" }
  ] })
}

resource "aws_iam_policy" "search" {
  name = "search"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = ["s3:ListBucket"], Resource = "arn:aws:s3:::catalog" },
    { Effect = "Allow", Action = ["s3:GetObject"], Resource = "arn:aws:s3:::catalog/*" },
  ] })
}

resource "aws_iam_role" "shipping" {
  name                 = "shipping"
  permissions_boundary = local.boundary
  assume_role_policy   = local.trust_task
}

resource "aws_iam_role" "returns" {
  name                 = "returns"
  permissions_boundary = local.boundary
  assume_role_policy   = local.trust_task
}

resource "aws_iam_role" "agent" {
  name                 = "agent"
  permissions_boundary = local.boundary
  assume_role_policy   = local.trust_task
}

resource "aws_iam_role_policy_attachment" "agent" {
  role       = aws_iam_role.agent.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_ecs_task_definition" "orders" {
  family                = "orders"
  container_definitions = local.containers
  task_role_arn         = aws_iam_role.orders.arn
  execution_role_arn    = aws_iam_role.agent.arn
}

resource "aws_ecs_task_definition" "shipping" {
  family                = "shipping"
  container_definitions = local.containers
  task_role_arn         = aws_iam_role.shipping.arn
  execution_role_arn    = aws_iam_role.agent.arn
}

resource "aws_ecs_task_definition" "returns" {
  family                = "returns"
  container_definitions = local.containers
  task_role_arn         = aws_iam_role.returns.arn
  execution_role_arn    = aws_iam_role.agent.arn
}

resource "aws_iam_role" "pods" {
  name                 = "pods"
  permissions_boundary = local.boundary
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity", Principal = { Federated = "arn:aws:iam::123456789012:oidc-provider/${local.eks}" }, Condition = { StringEquals = { "${local.eks}:sub" = "system:serviceaccount:shop:catalog", "${local.eks}:aud" = "sts.amazonaws.com" } } }
  ] })
}

resource "aws_iam_role" "jobs" {
  name                 = "jobs"
  permissions_boundary = local.boundary
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity", Principal = { Federated = "arn:aws:iam::123456789012:oidc-provider/${local.eks}" }, Condition = { StringEquals = { "${local.eks}:sub" = "system:serviceaccount:shop:jobs", "${local.eks}:aud" = "sts.amazonaws.com" } } }
  ] })
}

resource "aws_iam_role_policy" "envoy" {
  name = "envoy"
  role = aws_iam_role.pods.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = ["appmesh:StreamAggregatedResources"], Resource = "arn:aws:appmesh:us-east-1:123456789012:mesh/shop/virtualNode/catalog" }
  ] })
}

resource "aws_lambda_permission" "upload" {
  function_name  = "upload"
  action         = "lambda:InvokeFunction"
  principal      = "s3.amazonaws.com"
  source_arn     = "arn:aws:s3:::uploads"
  source_account = "123456789012"
}

resource "aws_iam_role" "plan" {
  name                 = "plan"
  permissions_boundary = local.boundary
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity", Principal = { Federated = local.github }, Condition = { StringEquals = { "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com", "token.actions.githubusercontent.com:sub" = "repo:acme/shop:environment:plan" } } }
  ] })
}

resource "aws_iam_role" "apply" {
  name                 = "apply"
  permissions_boundary = local.boundary
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity", Principal = { Federated = local.github }, Condition = { StringEquals = { "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com", "token.actions.githubusercontent.com:sub" = "repo:acme@123456/shop@456789:environment:prod" } } }
  ] })
}

resource "aws_iam_role" "vendor" {
  name                 = "vendor"
  permissions_boundary = local.boundary
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "arn:aws:iam::444455556666:root" }, Condition = { StringEquals = { "sts:ExternalId" = "a-long-value" } } }
  ] })
}

resource "aws_iam_role" "support" {
  name                 = "support"
  permissions_boundary = local.boundary
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "arn:aws:iam::123456789012:role/on-call" }, Condition = { Bool = { "aws:MultiFactorAuthPresent" = "true" } } }
  ] })
}

resource "aws_iam_role_policy" "support" {
  name = "support"
  role = aws_iam_role.support.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = ["ec2:StopInstances"], Resource = "arn:aws:ec2:us-east-1:123456789012:instance/*", Condition = { StringEquals = { "aws:ResourceTag/team" = "shop" } } }
  ] })
}

resource "aws_iam_role" "deployer" {
  name                 = "deployer"
  permissions_boundary = null
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "cloudformation.amazonaws.com" } }
  ] })
}

resource "aws_iam_role_policy" "deployer" {
  name = "deployer"
  role = aws_iam_role.deployer.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = ["iam:PassRole"], Resource = "arn:aws:iam::123456789012:role/upload", Condition = { StringEquals = { "iam:PassedToService" = "lambda.amazonaws.com" } } },
    { Effect = "Allow", Action = ["lambda:CreateFunction", "lambda:InvokeFunction"], Resource = "arn:aws:lambda:us-east-1:123456789012:function:upload" },
  ] })
}

resource "aws_iam_role" "emails" {
  name                 = "emails"
  description          = "sends emails"
  permissions_boundary = local.boundary
  assume_role_policy   = local.trust_task
}

resource "aws_iam_role" "invoices" {
  name                 = "invoices"
  permissions_boundary = local.boundary
  assume_role_policy   = local.trust_task
}

resource "aws_iam_user" "alice" {
  name = "alice@example.com"
}

resource "aws_iam_policy" "boundary" {
  name = "stock-boundary"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = ["sqs:*", "dynamodb:*"], Resource = "*" }
  ] })
}

resource "aws_iam_role" "stock" {
  name                 = "stock"
  permissions_boundary = "arn:aws:iam::123456789012:policy/stock-boundary"
  assume_role_policy   = local.trust_task
}

resource "aws_iam_role_policy" "stock" {
  name = "stock"
  role = aws_iam_role.stock.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = ["sqs:SendMessage"], Resource = "arn:aws:sqs:us-east-1:123456789012:stock" }
  ] })
}

resource "aws_iam_policy" "buckets" {
  name = "buckets"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = ["s3:GetObject"], Resource = [for number in range(10) : format("arn:aws:s3:::a-bucket-with-a-long-name-that-counts-%04d/*", number)] }
  ] })
}

resource "aws_iam_policy" "reports" {
  name        = "reports"
  description = "Read-only access to reports"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = ["s3:GetObject"], Resource = "arn:aws:s3:::reports/*" }
  ] })
}

resource "aws_iam_role" "reviews" {
  name                 = "reviews"
  permissions_boundary = local.boundary
  assume_role_policy   = local.trust_task
}
