# Buckets that CloudTrail writes to, by what is said about each; before/buckets.tf is how it was.
locals {
  closed = { block = true, days = 400, versioning = "Enabled", reader = "s3:GetObject", destroys = false }
  opened = {
    bad_block     = merge(local.closed, { block = false })
    bad_delete    = merge(local.closed, { reader = "s3:DeleteObject" })
    bad_anybody   = merge(local.closed, { reader = "anybody s3:GetObject" })
    fine_kept     = local.closed
    unknown_block = merge(local.closed, { block = local.not_yet.switch })
  }
  kept = {
    bad_sooner     = merge(local.closed, { days = 30 })
    bad_versioning = merge(local.closed, { versioning = "Suspended" })
    bad_destroys   = merge(local.closed, { destroys = true })
    fine_longer    = merge(local.closed, { days = 800 })
    unknown_days   = merge(local.closed, { days = local.not_yet.number })
  }
}

resource "aws_s3_bucket" "log_bucket_opened" {
  for_each = local.opened
  bucket   = "opened-${replace(each.key, "_", "-")}"
}

resource "aws_s3_bucket_public_access_block" "log_bucket_opened" {
  for_each                = local.opened
  bucket                  = aws_s3_bucket.log_bucket_opened[each.key].bucket
  block_public_acls       = each.value.block
  block_public_policy     = each.value.block
  ignore_public_acls      = each.value.block
  restrict_public_buckets = each.value.block
}

resource "aws_s3_bucket_policy" "log_bucket_opened" {
  for_each = local.opened
  bucket   = aws_s3_bucket.log_bucket_opened[each.key].bucket
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Principal = { Service = "cloudtrail.amazonaws.com" }, Action = "s3:PutObject", Resource = "arn:aws:s3:::opened-${replace(each.key, "_", "-")}/*", Condition = { StringEquals = { "aws:SourceAccount" = "123456789012" } } },
    { Effect = "Allow", Principal = { AWS = startswith(each.value.reader, "anybody") ? "*" : "arn:aws:iam::123456789012:root" }, Action = trimprefix(each.value.reader, "anybody "), Resource = "arn:aws:s3:::opened-${replace(each.key, "_", "-")}/*" },
  ] })
}

resource "aws_s3_bucket" "log_retention_cut" {
  for_each      = local.kept
  bucket        = "kept-${replace(each.key, "_", "-")}"
  force_destroy = each.value.destroys
}

resource "aws_s3_bucket_policy" "log_retention_cut" {
  for_each = local.kept
  bucket   = aws_s3_bucket.log_retention_cut[each.key].bucket
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Principal = { Service = "cloudtrail.amazonaws.com" }, Action = "s3:PutObject", Resource = "arn:aws:s3:::kept-${replace(each.key, "_", "-")}/*", Condition = { StringEquals = { "aws:SourceAccount" = "123456789012" } } },
  ] })
}

resource "aws_s3_bucket_versioning" "log_retention_cut" {
  for_each = local.kept
  bucket   = aws_s3_bucket.log_retention_cut[each.key].bucket
  versioning_configuration {
    status = each.value.versioning
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "log_retention_cut" {
  for_each = local.kept
  bucket   = aws_s3_bucket.log_retention_cut[each.key].bucket
  rule {
    id     = "keep"
    status = "Enabled"
    filter {}
    expiration {
      days = each.value.days
    }
  }
}
