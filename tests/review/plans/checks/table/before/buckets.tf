# Buckets that CloudTrail writes to, by what is said about each; after/buckets.tf changes it.
locals {
  closed = { block = true, days = 400, versioning = "Enabled", reader = "s3:GetObject", destroys = false }
  opened = { for key in ["bad_block", "bad_delete", "bad_anybody", "fine_kept", "unknown_block"] : key => local.closed }
  kept   = { for key in ["bad_sooner", "bad_versioning", "bad_gone", "bad_destroys", "fine_longer", "unknown_days"] : key => local.closed }
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
