# Not encrypted with a key of one's own: a message holds a bucket's name and the names of log files, and no event.
resource "aws_sns_topic" "delivery" {
  count = var.sns ? 1 : 0
  name  = "${replace(var.name, ".", "-")}-delivery"
  tags  = var.tags
}

# https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-permissions-for-sns-notifications.html#cloudtrail-sns-notifications-policy-security
resource "aws_sns_topic_policy" "delivery" {
  count = var.sns ? 1 : 0
  arn   = aws_sns_topic.delivery[0].arn

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "AWSCloudTrailSNSPolicy20150319"
      Effect    = "Allow"
      Principal = { Service = "cloudtrail.amazonaws.com" }
      Action    = "SNS:Publish"
      Resource  = "arn:${var.partition}:sns:${var.region}:${var.account_id}:${replace(var.name, ".", "-")}-delivery"
      Condition = { StringEquals = { "aws:SourceArn" = local.trail_arn } }
    }]
  })
}
