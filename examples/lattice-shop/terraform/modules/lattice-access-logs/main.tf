locals {
  # The account and region are those of the log group: nothing is to be looked up.
  group_arn = one(aws_cloudwatch_log_group.access[*].arn)
  group     = local.group_arn == null ? {} : { region = split(":", local.group_arn)[3], account = split(":", local.group_arn)[4] }
  partition = local.group_arn == null ? "" : split(":", local.group_arn)[1]

  # One subscription of a resource for each kind of destination.
  # https://docs.aws.amazon.com/vpc-lattice/latest/ug/monitoring-access-logs.html
  to_log_group = { for label, id in var.resource_ids : "${label}-log-group" => { id = id, destination = local.group_arn } if var.log_group }
  to_bucket    = { for label, id in var.resource_ids : "${label}-bucket" => { id = id, destination = var.bucket_arn } if var.bucket_arn != "" }
}

# Services write vended logs to groups of this prefix: one statement about the prefix is enough, whatever the number of groups.
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-CWL.html
resource "aws_cloudwatch_log_group" "access" {
  count = var.log_group ? 1 : 0

  name              = "/aws/vendedlogs/vpc-lattice/${var.name}"
  retention_in_days = var.retention_days
  kms_key_id        = var.key_arn == "" ? null : var.key_arn
  tags              = var.tags
}

# AWS adds this policy by itself where who subscribes may change policies of logs; here it is stated, and nobody needs that right.
resource "aws_cloudwatch_log_resource_policy" "delivery" {
  count = var.log_group ? 1 : 0

  policy_name = "${var.name}-vpc-lattice-access-logs"
  policy_document = jsonencode({
    Version = "2012-10-17"
    Statement = [
      # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-CWL.html
      {
        Sid       = "AWSLogDeliveryWrite20150319"
        Effect    = "Allow"
        Principal = { Service = ["delivery.logs.amazonaws.com"] }
        Action    = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource  = ["${local.group_arn}:log-stream:*"]
        Condition = {
          StringEquals = { "aws:SourceAccount" = [local.group.account] }
          ArnLike      = { "aws:SourceArn" = ["arn:${local.partition}:logs:${local.group.region}:${local.group.account}:*"] }
        }
      },
    ]
  })
}

resource "aws_vpclattice_access_log_subscription" "access" {
  for_each = merge(local.to_log_group, local.to_bucket)

  resource_identifier = each.value.id
  destination_arn     = each.value.destination
  tags                = var.tags

  depends_on = [aws_cloudwatch_log_resource_policy.delivery]
}
