locals {
  topic_count = local.makes_topic && length(local.rules) > 0 ? 1 : 0
  topic_arn   = local.makes_topic ? one(aws_sns_topic.this[*].arn) : var.topic_arn
}

resource "aws_sns_topic" "this" {
  count = local.topic_count

  name              = var.name
  display_name      = "Audit alarms"
  kms_master_key_id = var.key_arn == "" ? null : var.key_arn
  tags              = var.tags
}

# EventBridge publishes by the topic's policy. It has no condition on the rule or the account, since "you can't use Condition blocks in
# Amazon SNS topic policies for EventBridge": with one, no alarm would arrive.
# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sns-permissions
resource "aws_sns_topic_policy" "this" {
  count = local.topic_count

  arn = aws_sns_topic.this[0].arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "EventBridgePublishes"
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = "sns:Publish"
      Resource  = "arn:${var.partition}:sns:${var.region}:${var.account_id}:${var.name}"
    }]
  })
}

resource "aws_sns_topic_subscription" "email" {
  for_each = length(local.rules) > 0 ? toset(var.emails) : toset([])

  topic_arn = local.topic_arn
  protocol  = "email"
  endpoint  = each.value
}
