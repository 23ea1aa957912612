resource "aws_s3_bucket" "archive" {
  bucket              = var.bucket_name
  force_destroy       = var.force_destroy
  object_lock_enabled = local.has_lock
  tags                = var.tags

  lifecycle {
    precondition {
      condition     = local.has_lock == (var.object_lock_days > 0)
      error_message = "object_lock_mode and object_lock_days belong together."
    }
    precondition {
      condition     = var.object_lock_days <= var.retention_days
      error_message = "retention_days must be at least object_lock_days: a locked log file cannot be deleted."
    }
    # https://docs.aws.amazon.com/config/latest/developerguide/manage-delivery-channel.html
    precondition {
      condition     = !local.has_lock || length(local.config_accounts) == 0
      error_message = "AWS Config does not deliver to a bucket with an object lock: give it an archive of its own, without one."
    }
    precondition {
      condition     = var.glacier_after_days < var.retention_days
      error_message = "glacier_after_days must be less than retention_days."
    }
  }
}

# An object lock needs it, and it keeps what somebody deletes or overwrites.
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html
resource "aws_s3_bucket_versioning" "archive" {
  bucket = aws_s3_bucket.archive.id

  versioning_configuration {
    status = "Enabled"
  }
}

# Without ACLs the bucket's owner owns every log file. Requests that set the ACL bucket-owner-full-control, as CloudTrail's and
# Config's do, still succeed, and the conditions on s3:x-amz-acl still hold.
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
resource "aws_s3_bucket_ownership_controls" "archive" {
  bucket = aws_s3_bucket.archive.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_public_access_block" "archive" {
  bucket                  = aws_s3_bucket.archive.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

# https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html
resource "aws_s3_bucket_server_side_encryption_configuration" "archive" {
  bucket = aws_s3_bucket.archive.id

  rule {
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.archive.arn
    }
  }
}

resource "aws_s3_bucket_object_lock_configuration" "archive" {
  count  = local.has_lock ? 1 : 0
  bucket = aws_s3_bucket.archive.id

  rule {
    default_retention {
      mode = var.object_lock_mode
      days = var.object_lock_days
    }
  }

  depends_on = [aws_s3_bucket_versioning.archive]
}

# https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
resource "aws_s3_bucket_lifecycle_configuration" "archive" {
  bucket = aws_s3_bucket.archive.id

  rule {
    id     = "retention"
    status = "Enabled"

    filter {}

    expiration {
      days = var.retention_days
    }

    noncurrent_version_expiration {
      noncurrent_days = var.retention_days
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }

    dynamic "transition" {
      for_each = var.glacier_after_days > 0 ? [var.glacier_after_days] : []

      content {
        days          = transition.value
        storage_class = "GLACIER_IR"
      }
    }
  }

  # S3 wants this in a rule without days.
  rule {
    id     = "delete-markers"
    status = "Enabled"

    filter {}

    expiration {
      expired_object_delete_marker = true
    }
  }

  depends_on = [aws_s3_bucket_versioning.archive]
}
