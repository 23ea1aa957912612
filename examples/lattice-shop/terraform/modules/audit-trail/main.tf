locals {
  has_organization = var.organization_id != ""
  makes_archive    = var.archive_bucket == ""
  has_log_group    = var.cloudwatch_logs_retention_days > 0

  # Built and not read from the trail: the policies that the trail needs before it is made name it.
  owner     = local.has_organization ? var.management_account_id : var.account_id
  trail_arn = "arn:${var.partition}:cloudtrail:${var.region}:${local.owner}:trail/${var.name}"

  # A key's ARN may be unknown until the key exists, so nothing is counted by it.
  own_key_arn   = one(module.archive[*].key_arn)
  given_key_arn = var.archive_key_arn == "" ? null : var.archive_key_arn
}

module "archive" {
  count  = local.makes_archive ? 1 : 0
  source = "../log-archive"

  name                   = replace(var.name, ".", "-")
  bucket_name            = var.bucket_name
  partition              = var.partition
  region                 = var.region
  account_id             = var.account_id
  trail_arns             = local.has_organization ? [] : [local.trail_arn]
  organization_trail_arn = local.has_organization ? local.trail_arn : ""
  organization_id        = var.organization_id
  config_accounts        = var.config_accounts
  reader_role_arns       = var.reader_role_arns
  retention_days         = var.retention_days
  object_lock_mode       = var.object_lock_mode
  object_lock_days       = var.object_lock_days
  force_destroy          = var.force_destroy
  tags                   = var.tags
}

# https://docs.aws.amazon.com/awscloudtrail/latest/userguide/best-practices-security.html
resource "aws_cloudtrail" "trail" {
  name                          = var.name
  s3_bucket_name                = local.makes_archive ? one(module.archive[*].bucket_name) : var.archive_bucket
  kms_key_id                    = local.makes_archive ? local.own_key_arn : local.given_key_arn
  enable_logging                = true
  is_multi_region_trail         = true
  include_global_service_events = true
  enable_log_file_validation    = true
  is_organization_trail         = local.has_organization
  sns_topic_name                = one(aws_sns_topic.delivery[*].name)

  # The form of the ARN that ends in :*, https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_LogGroup.html
  cloud_watch_logs_group_arn = local.has_log_group ? "${local.log_group_arn}:*" : null
  cloud_watch_logs_role_arn  = one(aws_iam_role.logs[*].arn)

  dynamic "advanced_event_selector" {
    for_each = local.selectors

    content {
      name = advanced_event_selector.value.name

      dynamic "field_selector" {
        for_each = advanced_event_selector.value.fields

        content {
          field       = field_selector.value.field
          equals      = field_selector.value.equals
          starts_with = field_selector.value.starts_with
        }
      }
    }
  }

  dynamic "insight_selector" {
    for_each = toset(var.insights)

    content {
      insight_type = insight_selector.value
    }
  }

  tags = var.tags

  lifecycle {
    precondition {
      condition     = local.has_organization == (var.management_account_id != "")
      error_message = "organization_id and management_account_id belong together."
    }
    precondition {
      condition     = local.makes_archive == (var.bucket_name != "")
      error_message = "Give archive_bucket, or bucket_name for an archive of the module's own; not both."
    }
    # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html
    precondition {
      condition     = local.selected_values <= 500
      error_message = "A trail has at most 500 values in all its event selectors: give longer prefixes fewer times."
    }
  }

  # CloudTrail tries the topic and the log group when a trail is made. The bucket's name already waits for the bucket's policy.
  depends_on = [
    aws_sns_topic_policy.delivery,
    aws_cloudwatch_log_group.events,
    aws_iam_role_policy.logs,
  ]
}
