# before/records.tf is how it was.
locals {
  defaults = { name = "", logging = true, regions = true, globals = true, validation = true, key = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab" }
  trails = {
    trail_stopped_bad_off               = merge(local.defaults, { logging = false })
    trail_narrowed_bad_regions          = merge(local.defaults, { regions = false })
    trail_narrowed_bad_globals          = merge(local.defaults, { regions = false, globals = false })
    trail_validation_off_bad_off        = merge(local.defaults, { validation = false })
    trail_encryption_off_bad_off        = merge(local.defaults, { key = null })
    trail_stopped_unknown_switch        = merge(local.defaults, { logging = local.not_yet.switch })
    trail_narrowed_unknown_regions      = merge(local.defaults, { regions = local.not_yet.switch })
    trail_validation_off_unknown_switch = merge(local.defaults, { validation = local.not_yet.switch })
    trail_encryption_off_unknown_key    = merge(local.defaults, { key = "arn:aws:kms:us-east-1:123456789012:key/${local.not_yet.text}" })
    trail_stopped_fine_renamed_tag      = local.defaults
    trail_deleted_fine_kept             = local.defaults
    trail_narrowed_fine_kept            = local.defaults
    trail_validation_off_fine_kept      = local.defaults
    trail_encryption_off_fine_kept      = local.defaults
  }
}

resource "aws_s3_bucket" "logs" {
  bucket = "audit-logs"
}

resource "aws_s3_bucket_policy" "logs" {
  bucket = aws_s3_bucket.logs.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Principal = { Service = "cloudtrail.amazonaws.com" }, Action = "s3:GetBucketAcl", Resource = "arn:aws:s3:::audit-logs", Condition = { StringEquals = { "aws:SourceAccount" = "123456789012" } } },
    { Effect = "Allow", Principal = { Service = "cloudtrail.amazonaws.com" }, Action = "s3:PutObject", Resource = "arn:aws:s3:::audit-logs/AWSLogs/123456789012/*", Condition = { StringEquals = { "s3:x-amz-acl" = "bucket-owner-full-control", "aws:SourceAccount" = "123456789012" } } },
  ] })
}

resource "aws_cloudtrail" "all" {
  for_each                      = local.trails
  name                          = replace(each.key, "_", "-")
  s3_bucket_name                = aws_s3_bucket_policy.logs.bucket
  enable_logging                = each.value.logging
  is_multi_region_trail         = each.value.regions
  include_global_service_events = each.value.globals
  enable_log_file_validation    = each.value.validation
  kms_key_id                    = each.value.key
  tags                          = { team = "security" }
}

resource "aws_cloudtrail" "trail_narrowed" {
  for_each                   = { bad_selectors = ["WriteOnly", ["arn:aws:s3:::orders/"]], bad_tables = ["All", ["arn:aws:s3:::orders/"]], fine_more = ["All", ["arn:aws:s3:::orders/", "arn:aws:s3:::payments/"]] }
  name                       = replace(each.key, "_", "-")
  s3_bucket_name             = "audit-logs"
  is_multi_region_trail      = true
  enable_log_file_validation = true
  event_selector {
    read_write_type = each.value[0]
    data_resource {
      type   = "AWS::S3::Object"
      values = [for value in each.value[1] : value if value != null]
    }
  }
}

resource "aws_config_configuration_recorder" "recorder" {
  name     = "default"
  role_arn = "arn:aws:iam::123456789012:role/recorder"
  recording_group {
    all_supported  = false
    resource_types = ["AWS::IAM::Role"]
  }
}

resource "aws_config_delivery_channel" "channel" {
  name           = "default"
  s3_bucket_name = aws_s3_bucket.logs.bucket
  depends_on     = [aws_config_configuration_recorder.recorder]
}

resource "aws_config_configuration_recorder_status" "status" {
  name       = aws_config_configuration_recorder.recorder.name
  is_enabled = false
  depends_on = [aws_config_delivery_channel.channel]
}

resource "aws_kms_key" "key_deletion" {
  for_each    = { bad_disabled = false, fine_kept = true, unknown_switch = local.not_yet.switch }
  is_enabled  = each.value
  description = each.key
}

resource "aws_iam_role" "boundary_removed" {
  for_each             = { bad_gone = null, bad_other = "arn:aws:iam::aws:policy/AdministratorAccess", fine_kept = "arn:aws:iam::aws:policy/PowerUserAccess", unknown_policy = "arn:aws:iam::123456789012:policy/${local.not_yet.text}" }
  name                 = "boundary-removed-${each.key}"
  permissions_boundary = each.value
  assume_role_policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }] })
}

resource "aws_iam_role" "trust_broadened" {
  for_each = {
    bad_account    = { Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = ["arn:aws:iam::123456789012:role/one", "arn:aws:iam::444455556666:root"] } }
    bad_condition  = { Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = ["arn:aws:iam::123456789012:role/one"] } }
    bad_like       = { Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity", Principal = { Federated = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com" }, Condition = { StringLike = { "token.actions.githubusercontent.com:sub" = "repo:acme/shop:*" } } }
    fine_narrowed  = { Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = ["arn:aws:iam::123456789012:role/one"] } }
    fine_reordered = { Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = ["arn:aws:iam::123456789012:role/two", "arn:aws:iam::123456789012:role/one"] } }
    unknown_role   = { Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = ["arn:aws:iam::123456789012:role/one", "arn:aws:iam::444455556666:role/${local.not_yet.text}"] } }
  }
  name               = "trust-broadened-${each.key}"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [each.value] })
}

locals {
  permission_widened = {
    bad_action     = { Effect = "Allow", Action = ["dynamodb:GetItem", "dynamodb:PutItem"], Resource = "arn:aws:dynamodb:us-east-1:123456789012:table/orders" }
    bad_condition  = { Effect = "Allow", Action = ["s3:PutObject"], Resource = "arn:aws:s3:::orders/*" }
    bad_resource   = { Effect = "Allow", Action = ["s3:GetObject"], Resource = ["arn:aws:s3:::orders/*", "arn:aws:s3:::payments/*"] }
    fine_narrowed  = { Effect = "Allow", Action = ["s3:GetObject"], Resource = "arn:aws:s3:::orders/*" }
    fine_reordered = { Effect = "Allow", Action = ["s3:PutObject", "s3:GetObject"], Resource = "arn:aws:s3:::orders/*" }
    unknown_queue  = { Effect = "Allow", Action = ["sqs:SendMessage"], Resource = ["arn:aws:sqs:us-east-1:123456789012:orders", aws_sqs_queue.new.arn] }
  }
}

resource "aws_iam_role" "permission_widened" {
  for_each           = local.permission_widened
  name               = "permission-widened-${each.key}"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }] })
}

resource "aws_iam_role_policy" "permission_widened" {
  for_each = local.permission_widened
  name     = "given"
  role     = aws_iam_role.permission_widened[each.key].name
  policy   = jsonencode({ Version = "2012-10-17", Statement = [each.value] })
}

locals {
  switched   = { bad_off = false, fine_on = true, unknown_switch = local.not_yet.switch }
  everything = { all = true, globals = true, types = null, often = "CONTINUOUS" }
  recorded = {
    bad_types     = merge(local.everything, { all = false, globals = false, types = ["AWS::IAM::Role"] })
    bad_globals   = merge(local.everything, { globals = false })
    bad_daily     = merge(local.everything, { often = "DAILY" })
    bad_fewer     = merge(local.everything, { all = false, globals = false, types = ["AWS::IAM::Role"] })
    fine_more     = merge(local.everything, { all = false, globals = false, types = ["AWS::IAM::Role", "AWS::IAM::User"] })
    fine_all      = local.everything
    unknown_types = merge(local.everything, { all = local.not_yet.switch, globals = local.not_yet.switch })
  }
  groups = { bad_group = 30, bad_group_of_trail = 7, fine_group = 0, unknown_group = local.not_yet.number }
}

# As many as there are rows: AWS has one in an account and region, which no plan knows.
resource "aws_config_configuration_recorder" "recorder_stopped" {
  for_each = local.switched
  name     = "stopped-${each.key}"
  role_arn = "arn:aws:iam::123456789012:role/recorder"
  recording_group {
    all_supported                 = true
    include_global_resource_types = true
  }
}

resource "aws_config_configuration_recorder_status" "recorder_stopped" {
  for_each   = local.switched
  name       = aws_config_configuration_recorder.recorder_stopped[each.key].name
  is_enabled = each.value
}

resource "aws_config_configuration_recorder" "recorder_narrowed" {
  for_each = local.recorded
  name     = "narrowed-${each.key}"
  role_arn = "arn:aws:iam::123456789012:role/recorder"
  recording_group {
    all_supported                 = each.value.all
    include_global_resource_types = each.value.globals
    resource_types                = each.value.types
  }
  recording_mode {
    recording_frequency = each.value.often
  }
}

resource "aws_cloudwatch_log_group" "log_retention_cut" {
  for_each          = local.groups
  name              = "kept-${each.key}"
  retention_in_days = each.value
}

resource "aws_cloudtrail" "grouped" {
  name                       = "grouped"
  s3_bucket_name             = "audit-logs"
  is_multi_region_trail      = true
  enable_log_file_validation = true
  kms_key_id                 = local.defaults.key
  cloud_watch_logs_role_arn  = "arn:aws:iam::123456789012:role/cloudtrail"
  cloud_watch_logs_group_arn = "${aws_cloudwatch_log_group.log_retention_cut["bad_group_of_trail"].arn}:*"
}
