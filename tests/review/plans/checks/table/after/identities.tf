locals {
  broad_managed_policy = {
    bad_administrator = "arn:aws:iam::aws:policy/AdministratorAccess"
    bad_full          = "arn:aws:iam::aws:policy/AmazonS3FullAccess"
    bad_envoy         = "arn:aws:iam::aws:policy/AWSAppMeshEnvoyAccess"
    bad_secrets       = "arn:aws:iam::aws:policy/SecretsManagerReadWrite"
    fine_execution    = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
    fine_audit        = "arn:aws:iam::aws:policy/SecurityAudit"
    fine_own          = "arn:aws:iam::123456789012:policy/AmazonS3FullAccess"
    unknown_new       = aws_iam_policy.not_yet.arn
  }
  privilege_escalation = {
    bad_pass_role       = [{ Effect = "Allow", Action = ["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"], Resource = "*" }]
    bad_put_policy      = [{ Effect = "Allow", Action = "iam:PutRolePolicy", Resource = "arn:aws:iam::123456789012:role/*" }]
    bad_itself          = [{ Effect = "Allow", Action = "iam:AttachRolePolicy", Resource = "arn:aws:iam::123456789012:role/privilege-escalation-bad_itself" }]
    bad_policy_version  = [{ Effect = "Allow", Action = "iam:CreatePolicyVersion", Resource = "*" }]
    bad_access_key      = [{ Effect = "Allow", Action = "iam:CreateAccessKey", Resource = "arn:aws:iam::*:user/*" }]
    bad_everything_else = [{ Effect = "Allow", Action = "iam:*", Resource = "*" }]
    fine_named          = [{ Effect = "Allow", Action = "iam:PassRole", Resource = "arn:aws:iam::123456789012:role/orders" }, { Effect = "Allow", Action = ["ecs:RegisterTaskDefinition", "ecs:RunTask"], Resource = "*" }]
    fine_other_service  = [{ Effect = "Allow", Action = "iam:PassRole", Resource = "*", Condition = { StringEquals = { "iam:PassedToService" = "monitoring.rds.amazonaws.com" } } }, { Effect = "Allow", Action = ["lambda:CreateFunction", "lambda:InvokeFunction"], Resource = "*" }]
    fine_bounded        = [{ Effect = "Allow", Action = ["iam:CreateRole", "iam:PutRolePolicy"], Resource = "*", Condition = { StringEquals = { "iam:PermissionsBoundary" = "arn:aws:iam::123456789012:policy/boundary" } } }]
    fine_denied         = [{ Effect = "Allow", Action = "iam:CreatePolicyVersion", Resource = "*" }, { Effect = "Deny", Action = ["iam:CreatePolicyVersion"], Resource = "*" }]
    fine_own_key        = [{ Effect = "Allow", Action = "iam:CreateAccessKey", Resource = "arn:aws:iam::*:user/$${aws:username}" }]
    unknown_queue       = [{ Effect = "Allow", Action = "iam:PutRolePolicy", Resource = ["*", aws_sqs_queue.new.arn] }]
  }
  dead_grant = {
    bad_out_of_bounds = { Effect = "Allow", Action = "sqs:SendMessage", Resource = "arn:aws:sqs:us-east-1:123456789012:orders" }
    bad_denied        = { Effect = "Allow", Action = "dynamodb:DeleteTable", Resource = "arn:aws:dynamodb:us-east-1:123456789012:table/orders" }
    bad_by_control    = { Effect = "Allow", Action = "s3:DeleteBucket", Resource = "arn:aws:s3:::orders" }
    fine_inside       = { Effect = "Allow", Action = ["dynamodb:GetItem", "s3:GetObject"], Resource = "*" }
    fine_partly       = { Effect = "Allow", Action = "dynamodb:*", Resource = "arn:aws:dynamodb:us-east-1:123456789012:table/orders" }
    unknown_queue     = { Effect = "Allow", Action = "sqs:SendMessage", Resource = aws_sqs_queue.new.arn }
  }
  description_contradicts = {
    bad_description = ["Read-only access to orders", { Effect = "Allow", Action = "dynamodb:DeleteItem", Resource = "arn:aws:dynamodb:us-east-1:123456789012:table/orders" }]
    bad_read_only   = ["for the dashboard, readonly", { Effect = "Allow", Action = ["s3:GetObject", "s3:PutObject"], Resource = "arn:aws:s3:::orders/*" }]
    bad_single      = ["Reads only the orders table", { Effect = "Allow", Action = ["dynamodb:GetItem"], Resource = "*" }]
    bad_only        = ["Access to the orders table only", { Effect = "Allow", Action = ["dynamodb:PutItem"], Resource = "*" }]
    bad_never       = ["for reports, never deletes", { Effect = "Allow", Action = ["s3:DeleteObject"], Resource = "arn:aws:s3:::reports/*" }]
    bad_sid         = ["", { Sid = "ReadOnlyOrders", Effect = "Allow", Action = ["dynamodb:PutItem"], Resource = "arn:aws:dynamodb:us-east-1:123456789012:table/orders" }]
    fine_reading    = ["Read-only access to orders", { Effect = "Allow", Action = ["dynamodb:Get*", "dynamodb:Query", "logs:PutLogEvents"], Resource = "arn:aws:dynamodb:us-east-1:123456789012:table/orders" }]
    fine_negated    = ["not read-only: it writes orders", { Effect = "Allow", Action = ["dynamodb:PutItem"], Resource = "arn:aws:dynamodb:us-east-1:123456789012:table/orders" }]
    unknown_queue   = ["read-only", { Effect = "Allow", Action = "sqs:SendMessage", Resource = aws_sqs_queue.new.arn }]
  }
}

resource "aws_iam_policy" "not_yet" {
  name   = "not-yet"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sqs:SendMessage", Resource = aws_sqs_queue.new.arn }] })
}

resource "aws_iam_role_policy_attachment" "broad_managed_policy" {
  for_each   = local.broad_managed_policy
  role       = "somebody"
  policy_arn = each.value
}

resource "aws_iam_role" "break_glass" {
  name               = "break-glass"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "arn:aws:iam::123456789012:root" }, Condition = { Bool = { "aws:MultiFactorAuthPresent" = "true" } } }] })
}

resource "aws_iam_role_policy_attachment" "break_glass" {
  role       = aws_iam_role.break_glass.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}

resource "aws_iam_role" "privilege_escalation" {
  for_each           = local.privilege_escalation
  name               = "privilege-escalation-${each.key}"
  assume_role_policy = local.trust_ec2
}

resource "aws_iam_role_policy" "privilege_escalation" {
  for_each = local.privilege_escalation
  role     = aws_iam_role.privilege_escalation[each.key].name
  policy   = jsonencode({ Version = "2012-10-17", Statement = each.value })
}

resource "aws_iam_policy" "boundary" {
  name = "boundary"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = ["dynamodb:*", "s3:*"], Resource = "*" },
    { Effect = "Deny", Action = "dynamodb:DeleteTable", Resource = "*" },
    { Effect = "Deny", Action = "s3:GetObject", Resource = "*", Condition = { Bool = { "aws:SecureTransport" = "false" } } },
  ] })
}

resource "aws_organizations_policy" "control" {
  name    = "keep-buckets"
  content = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Deny", Action = "s3:DeleteBucket", Resource = "*" }] })
}

resource "aws_organizations_policy_attachment" "control" {
  policy_id = aws_organizations_policy.control.id
  target_id = "r-abcd"
}

resource "aws_iam_role" "dead_grant" {
  for_each             = local.dead_grant
  name                 = "dead-grant-${each.key}"
  assume_role_policy   = local.trust_ec2
  permissions_boundary = aws_iam_policy.boundary.arn
}

resource "aws_iam_role_policy" "dead_grant" {
  for_each = local.dead_grant
  role     = aws_iam_role.dead_grant[each.key].name
  policy   = jsonencode({ Version = "2012-10-17", Statement = [each.value] })
}

resource "aws_iam_role" "boundary_missing" {
  for_each = {
    bad_none    = ["ec2.amazonaws.com", null]
    fine_bound  = ["ec2.amazonaws.com", "arn:aws:iam::123456789012:policy/boundary"]
    fine_of_aws = ["cloudtrail.amazonaws.com", null]
    unknown_new = ["ec2.amazonaws.com", aws_iam_policy.boundary.arn]
  }
  name                 = "boundary-missing-${each.key}"
  permissions_boundary = each.value[1]
  assume_role_policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = each.value[0] } }] })
}

resource "aws_iam_policy" "description_contradicts" {
  for_each    = local.description_contradicts
  name        = "description-contradicts-${each.key}"
  description = each.value[0]
  policy      = jsonencode({ Version = "2012-10-17", Statement = [each.value[1]] })
}

resource "aws_iam_policy" "policy_size" {
  for_each = { bad_over = 120, bad_near = 107, fine_small = 3 }
  name     = "policy-size-${each.key}"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "s3:GetObject", Resource = [for number in range(each.value) : format("arn:aws:s3:::a-bucket-with-a-long-name-that-counts-%04d/*", number)] }
  ] })
}

resource "aws_iam_role" "policy_size" {
  for_each           = { bad_trust = 90, fine_trust = 2, unknown_trust = 0 }
  name               = "policy-size-${each.key}"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = [for number in range(each.value) : format("arn:aws:iam::123456789012:role/reader-%04d", number)], Federated = each.value == 0 ? [aws_iam_openid_connect_provider.new.arn] : [] } }] })
}

resource "aws_iam_user" "user_for_machine" {
  for_each = { bad_deployer = "deployer", bad_plain = "reporting", fine_break_glass = "break-glass", fine_mail = "bob@example.com", fine_person = "alice", bad_unnamed = null }
  name     = each.value == null ? "user-${substr(sha1(aws_sqs_queue.new.arn), 0, 8)}" : each.value
}

resource "aws_iam_user_login_profile" "person" {
  user = aws_iam_user.user_for_machine["fine_person"].name
}

resource "aws_iam_access_key" "access_key_for_machine" {
  for_each = { bad_deployer = "deployer" }
  user     = aws_iam_user.user_for_machine[each.key].name
}

resource "aws_iam_user_login_profile" "access_key_for_machine" {
  for_each = { fine_password = aws_iam_user.user_for_machine["fine_break_glass"].name }
  user     = each.value
}

# AWS makes the rest of the name.
resource "aws_iam_role" "not_in_inventory_unknown_name" {
  name_prefix        = "not-in-inventory-"
  assume_role_policy = local.trust_ec2
}
