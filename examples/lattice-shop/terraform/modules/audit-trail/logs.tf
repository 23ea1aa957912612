locals {
  log_group_name = "/cloudtrail/${var.name}"
  log_group_arn  = "arn:${var.partition}:logs:${var.region}:${var.account_id}:log-group:${local.log_group_name}"

  # The streams are named after the account and the region, those of an organization trail after the organization.
  # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-required-policy-for-cloudwatch-logs.html
  log_streams = concat(
    ["${local.log_group_arn}:log-stream:${var.account_id}_CloudTrail_${var.region}*"],
    local.has_organization ? ["${local.log_group_arn}:log-stream:${var.organization_id}_*"] : [],
  )
}

resource "aws_cloudwatch_log_group" "events" {
  count             = local.has_log_group ? 1 : 0
  name              = local.log_group_name
  retention_in_days = var.cloudwatch_logs_retention_days
  tags              = var.tags
}

resource "aws_iam_role" "logs" {
  count       = local.has_log_group ? 1 : 0
  name        = "${var.name}-cloudwatch-logs"
  description = "CloudTrail writes the events of the trail ${var.name} to CloudWatch Logs with it"
  tags        = var.tags

  # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/send-cloudtrail-events-to-cloudwatch-logs.html#send-cloudtrail-events-to-cloudwatch-logs-cli-create-role
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "cloudtrail.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })

  lifecycle {
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    precondition {
      condition     = length(var.name) <= 48
      error_message = "With a log group a trail's name has at most 48 characters: its role is <name>-cloudwatch-logs, and IAM allows 64."
    }
  }
}

# https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-required-policy-for-cloudwatch-logs.html
resource "aws_iam_role_policy" "logs" {
  count = local.has_log_group ? 1 : 0
  name  = "cloudwatch-logs"
  role  = aws_iam_role.logs[0].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "AWSCloudTrailCreateLogStream20141101"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream"]
        Resource = local.log_streams
      },
      {
        Sid      = "AWSCloudTrailPutLogEvents20141101"
        Effect   = "Allow"
        Action   = ["logs:PutLogEvents"]
        Resource = local.log_streams
      },
    ]
  })
}
