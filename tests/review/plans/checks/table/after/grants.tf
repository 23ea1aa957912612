locals {
  wildcard_action = {
    bad_everything  = { Effect = "Allow", Action = "*", Resource = "*" }
    bad_service     = { Effect = "Allow", Action = ["dynamodb:*"], Resource = "arn:aws:dynamodb:us-east-1:123456789012:table/orders" }
    bad_all_but     = { Effect = "Allow", NotAction = "iam:*", Resource = "*" }
    bad_writing     = { Effect = "Allow", Action = "s3:Put*", Resource = "arn:aws:s3:::orders/*" }
    fine_named      = { Effect = "Allow", Action = ["dynamodb:GetItem"], Resource = "arn:aws:dynamodb:us-east-1:123456789012:table/orders" }
    fine_reading    = { Effect = "Allow", Action = ["ec2:Describe*", "dynamodb:List*"], Resource = "*" }
    fine_denied     = { Effect = "Deny", Action = "*", Resource = "*", Condition = { Bool = { "aws:SecureTransport" = "false" } } }
    fine_denied_but = { Effect = "Deny", NotAction = ["sts:GetCallerIdentity"], Resource = "*" }
    unknown_queue   = { Effect = "Allow", Action = "sqs:*", Resource = aws_sqs_queue.new.arn }
  }
  wildcard_resource = {
    bad_write     = { Effect = "Allow", Action = "dynamodb:PutItem", Resource = "*" }
    bad_secret    = { Effect = "Allow", Action = ["secretsmanager:GetSecretValue"], Resource = "*" }
    bad_all_but   = { Effect = "Allow", Action = ["s3:GetObject"], NotResource = "arn:aws:s3:::secret/*" }
    bad_mixed     = { Effect = "Allow", Action = ["ec2:DescribeInstances", "ec2:TerminateInstances"], Resource = "*" }
    bad_type      = { Effect = "Allow", Action = ["dynamodb:DeleteTable"], Resource = "arn:aws:dynamodb:*:*:table/*" }
    fine_no_type  = { Effect = "Allow", Action = ["ec2:DescribeInstances", "s3:ListAllMyBuckets", "ecr:GetAuthorizationToken", "xray:PutTraceSegments", "sts:GetCallerIdentity"], Resource = "*" }
    fine_tagged   = { Effect = "Allow", Action = "ec2:StopInstances", Resource = "*", Condition = { StringEquals = { "aws:ResourceTag/team" = "shop" } } }
    fine_named    = { Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::orders/*" }
    fine_denied   = { Effect = "Deny", Action = "s3:*", Resource = "*" }
    unknown_queue = { Effect = "Allow", Action = "sqs:SendMessage", Resource = [aws_sqs_queue.new.arn, "*"] }
  }
  unknown_action = {
    bad_typo      = { Effect = "Allow", Action = ["dynamodb:PutItems"], Resource = "arn:aws:dynamodb:us-east-1:123456789012:table/orders" }
    bad_service   = { Effect = "Allow", Action = ["dynamo:GetItem"], Resource = "*" }
    bad_pattern   = { Effect = "Allow", Action = ["s3:Gett*"], Resource = "arn:aws:s3:::orders/*" }
    bad_denied    = { Effect = "Deny", Action = ["cloudtrail:StopLoging"], Resource = "*" }
    fine_case     = { Effect = "Allow", Action = ["DynamoDB:getitem"], Resource = "arn:aws:dynamodb:us-east-1:123456789012:table/orders" }
    fine_pattern  = { Effect = "Allow", Action = ["s3:GetO*"], Resource = "arn:aws:s3:::orders/*" }
    fine_lattice  = { Effect = "Allow", Action = ["vpc-lattice-svcs:Invoke"], Resource = "arn:aws:vpc-lattice:us-east-1:123456789012:service/svc-0123456789abcdef0/*" }
    unknown_queue = { Effect = "Allow", Action = "sqs:SendMessages", Resource = aws_sqs_queue.new.arn }
  }
  action_on_wrong_resource = {
    bad_bucket        = { Effect = "Allow", Action = ["s3:GetObject"], Resource = "arn:aws:s3:::orders" }
    bad_object        = { Effect = "Allow", Action = ["s3:ListBucket"], Resource = "arn:aws:s3:::orders/*" }
    bad_no_type       = { Effect = "Allow", Action = ["ecr:GetAuthorizationToken"], Resource = "arn:aws:ecr:us-east-1:123456789012:repository/orders" }
    bad_denied        = { Effect = "Deny", Action = ["s3:DeleteObject"], Resource = "arn:aws:s3:::audit" }
    bad_other_service = { Effect = "Allow", Action = ["sqs:SendMessage"], Resource = "arn:aws:sns:us-east-1:123456789012:orders" }
    fine_both         = { Effect = "Allow", Action = ["s3:ListBucket", "s3:GetObject"], Resource = ["arn:aws:s3:::orders", "arn:aws:s3:::orders/*"] }
    fine_variable     = { Effect = "Allow", Action = ["s3:GetObject"], Resource = "arn:aws:s3:::home/$${aws:username}/*" }
    fine_index        = { Effect = "Allow", Action = ["dynamodb:Query"], Resource = "arn:aws:dynamodb:us-east-1:123456789012:table/orders/index/*" }
    unknown_queue     = { Effect = "Allow", Action = "sns:Publish", Resource = aws_sqs_queue.new.arn }
  }
  envoy_grant_wide = {
    bad_all         = { Effect = "Allow", Action = "appmesh:StreamAggregatedResources", Resource = "*" }
    bad_mesh        = { Effect = "Allow", Action = "appmesh:StreamAggregatedResources", Resource = "arn:aws:appmesh:us-east-1:123456789012:mesh/shop/*" }
    bad_nodes       = { Effect = "Allow", Action = "appmesh:Stream*", Resource = "arn:aws:appmesh:us-east-1:123456789012:mesh/shop/virtualNode/*" }
    fine_node       = { Effect = "Allow", Action = "appmesh:StreamAggregatedResources", Resource = "arn:aws:appmesh:us-east-1:123456789012:mesh/shop/virtualNode/orders" }
    fine_region     = { Effect = "Allow", Action = "appmesh:StreamAggregatedResources", Resource = "arn:aws:appmesh:*:123456789012:mesh/shop/virtualGateway/ingress" }
    fine_describing = { Effect = "Allow", Action = "appmesh:DescribeVirtualNode", Resource = "arn:aws:appmesh:us-east-1:123456789012:mesh/shop/virtualNode/*" }
    unknown_queue   = { Effect = "Allow", Action = "appmesh:StreamAggregatedResources", Resource = [aws_sqs_queue.new.arn, "*"] }
  }
}

resource "aws_iam_policy" "wildcard_action" {
  for_each = local.wildcard_action
  name     = "wildcard-action-${each.key}"
  policy   = jsonencode({ Version = "2012-10-17", Statement = [each.value] })
}

resource "aws_iam_policy" "wildcard_resource" {
  for_each = local.wildcard_resource
  name     = "wildcard-resource-${each.key}"
  policy   = jsonencode({ Version = "2012-10-17", Statement = [each.value] })
}

resource "aws_iam_policy" "unknown_action" {
  for_each = local.unknown_action
  name     = "unknown-action-${each.key}"
  policy   = jsonencode({ Version = "2012-10-17", Statement = [each.value] })
}

resource "aws_iam_policy" "action_on_wrong_resource" {
  for_each = local.action_on_wrong_resource
  name     = "action-on-wrong-resource-${each.key}"
  policy   = jsonencode({ Version = "2012-10-17", Statement = [each.value] })
}

resource "aws_iam_policy" "envoy_grant_wide" {
  for_each = local.envoy_grant_wide
  name     = "envoy-grant-wide-${each.key}"
  policy   = jsonencode({ Version = "2012-10-17", Statement = [each.value] })
}
