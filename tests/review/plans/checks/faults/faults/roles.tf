# fault 1: trust-without-source
resource "aws_iam_role" "orders" {
  name                 = "orders"
  permissions_boundary = local.boundary
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }
  ] })
}

# fault 2: wildcard-action
resource "aws_iam_role_policy" "orders" {
  name = "orders"
  role = aws_iam_role.orders.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = ["dynamodb:*"], Resource = local.table }
  ] })
}

resource "aws_iam_role" "payments" {
  name                 = "payments"
  permissions_boundary = local.boundary
  assume_role_policy   = local.trust_task
}

# fault 3: wildcard-resource
resource "aws_iam_role_policy" "payments" {
  name = "payments"
  role = aws_iam_role.payments.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = ["s3:PutObject"], Resource = "*" },
    { Effect = "Allow", Action = ["ecr:GetAuthorizationToken"], Resource = "*" },
  ] })
}

resource "aws_iam_role_policy_attachment" "payments" {
  role       = aws_iam_role.payments.name
  policy_arn = "arn:aws:iam::123456789012:policy/catalog"
}

# fault 4: wildcard-principal
resource "aws_iam_role" "reader" {
  name                 = "reader"
  permissions_boundary = local.boundary
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "*" } }
  ] })
}

# fault 5: unknown-action
resource "aws_iam_policy" "catalog" {
  name        = "catalog"
  description = "reads and writes the catalog"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = ["s3:GetObjects", "s3:PutObject"], Resource = "arn:aws:s3:::catalog/*" }
  ] })
}

# fault 6: unknown-action
resource "aws_iam_policy" "guard" {
  name = "guard"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Deny", Action = ["cloudtrail:DeleteTrails", "cloudtrail:StopLogging"], Resource = "*" }
  ] })
}

# fault 7: action-on-wrong-resource
resource "aws_iam_policy" "search" {
  name = "search"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = ["s3:ListBucket"], Resource = "arn:aws:s3:::catalog" },
    { Effect = "Allow", Action = ["s3:GetObject"], Resource = "arn:aws:s3:::catalog" },
  ] })
}

# fault 8: shared-role
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

# fault 9: broad-managed-policy
resource "aws_iam_role_policy_attachment" "agent" {
  role       = aws_iam_role.agent.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonS3FullAccess"
}

# fault 10: task-and-execution-role-same
resource "aws_ecs_task_definition" "orders" {
  family                = "orders"
  container_definitions = local.containers
  task_role_arn         = aws_iam_role.orders.arn
  execution_role_arn    = aws_iam_role.orders.arn
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
  task_role_arn         = aws_iam_role.shipping.arn
  execution_role_arn    = aws_iam_role.agent.arn
}

# fault 11: shared-role
resource "aws_iam_role" "pods" {
  name                 = "pods"
  permissions_boundary = local.boundary
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity", Principal = { Federated = "arn:aws:iam::123456789012:oidc-provider/${local.eks}" }, Condition = { StringEquals = { "${local.eks}:sub" = ["system:serviceaccount:shop:catalog", "system:serviceaccount:shop:search"], "${local.eks}:aud" = "sts.amazonaws.com" } } }
  ] })
}

# fault 12: oidc-loose-sub
resource "aws_iam_role" "jobs" {
  name                 = "jobs"
  permissions_boundary = local.boundary
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity", Principal = { Federated = "arn:aws:iam::123456789012:oidc-provider/${local.eks}" }, Condition = { StringLike = { "${local.eks}:sub" = "system:serviceaccount:*:*" } } }
  ] })
}

# fault 13: envoy-grant-wide
resource "aws_iam_role_policy" "envoy" {
  name = "envoy"
  role = aws_iam_role.pods.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = ["appmesh:StreamAggregatedResources"], Resource = "arn:aws:appmesh:us-east-1:123456789012:mesh/shop/*" }
  ] })
}

# fault 14: trust-without-source
resource "aws_lambda_permission" "upload" {
  function_name = "upload"
  action        = "lambda:InvokeFunction"
  principal     = "s3.amazonaws.com"
}

# fault 15: oidc-without-sub
resource "aws_iam_role" "plan" {
  name                 = "plan"
  permissions_boundary = local.boundary
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity", Principal = { Federated = local.github }, Condition = { StringEquals = { "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com" } } }
  ] })
}

# fault 16: oidc-loose-sub
resource "aws_iam_role" "apply" {
  name                 = "apply"
  permissions_boundary = local.boundary
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity", Principal = { Federated = local.github }, Condition = { StringEquals = { "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com" }, StringLike = { "token.actions.githubusercontent.com:sub" = "repo:acme@123456/*" } } }
  ] })
}

# fault 17: external-id-missing
resource "aws_iam_role" "vendor" {
  name                 = "vendor"
  permissions_boundary = local.boundary
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "arn:aws:iam::444455556666:root" } }
  ] })
}

# fault 18: trust-broadened
# fault 19: permission-widened
resource "aws_iam_role" "support" {
  name                 = "support"
  permissions_boundary = local.boundary
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "arn:aws:iam::123456789012:role/on-call" } }
  ] })
}

resource "aws_iam_role_policy" "support" {
  name = "support"
  role = aws_iam_role.support.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = ["ec2:StopInstances"], Resource = "arn:aws:ec2:us-east-1:123456789012:instance/*" }
  ] })
}

# fault 20: privilege-escalation
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
    { Effect = "Allow", Action = ["iam:PassRole"], Resource = "*" },
    { Effect = "Allow", Action = ["lambda:CreateFunction", "lambda:InvokeFunction"], Resource = "arn:aws:lambda:us-east-1:123456789012:function:upload" },
  ] })
}

# fault 21: boundary-removed
resource "aws_iam_role" "emails" {
  name               = "emails"
  assume_role_policy = local.trust_task
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

# fault 22: permission-widened
resource "aws_iam_role" "stock" {
  name                 = "stock"
  permissions_boundary = "arn:aws:iam::123456789012:policy/stock-boundary"
  assume_role_policy   = local.trust_task
}

# fault 23: dead-grant
resource "aws_iam_role_policy" "stock" {
  name = "stock"
  role = aws_iam_role.stock.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = ["sqs:SendMessage", "sqs:PurgeQueue"], Resource = "arn:aws:sqs:us-east-1:123456789012:stock" },
    { Effect = "Allow", Action = ["sns:Publish"], Resource = "arn:aws:sns:us-east-1:123456789012:stock" }
  ] })
}

# fault 24: policy-size
resource "aws_iam_policy" "buckets" {
  name = "buckets"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = ["s3:GetObject"], Resource = [for number in range(120) : format("arn:aws:s3:::a-bucket-with-a-long-name-that-counts-%04d/*", number)] }
  ] })
}

# fault 25: description-contradicts
resource "aws_iam_policy" "reports" {
  name        = "reports"
  description = "Read-only access to reports"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = ["s3:GetObject", "s3:DeleteObject"], Resource = "arn:aws:s3:::reports/*" }
  ] })
}

# fault 26: user-for-machine
resource "aws_iam_user" "robot" {
  name = "robot"
}

# fault 27: access-key-for-machine
resource "aws_iam_access_key" "robot" {
  user = aws_iam_user.robot.name
}

# fault 28: boundary-missing
resource "aws_iam_role" "refunds" {
  name               = "refunds"
  assume_role_policy = local.trust_task
}
