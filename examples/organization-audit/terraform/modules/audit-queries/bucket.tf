# Not versioned: results can be asked for again, and the roles come from Terraform.
resource "aws_s3_bucket" "results" {
  bucket        = var.results_bucket_name
  force_destroy = var.force_destroy
  tags          = var.tags

  lifecycle {
    precondition {
      condition     = var.results_bucket_name != var.archive_bucket
      error_message = "Results do not belong into the archive: who may write one could write the other."
    }
  }
}

resource "aws_s3_bucket_public_access_block" "results" {
  bucket                  = aws_s3_bucket.results.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "results" {
  bucket = aws_s3_bucket.results.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "results" {
  bucket = aws_s3_bucket.results.id

  rule {
    bucket_key_enabled = var.results_key_arn != ""

    apply_server_side_encryption_by_default {
      sse_algorithm     = var.results_key_arn == "" ? "AES256" : "aws:kms"
      kms_master_key_id = var.results_key_arn == "" ? null : var.results_key_arn
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "results" {
  bucket = aws_s3_bucket.results.id

  rule {
    id     = "results"
    status = "Enabled"

    # The table of roles lies beside them and stays.
    filter {
      prefix = "results/"
    }

    expiration {
      days = var.results_retention_days
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }
}

resource "aws_s3_bucket_policy" "results" {
  bucket = aws_s3_bucket.results.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      # Whatever else allows a request, it comes over TLS.
      # https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html
      {
        Sid       = "DenyInsecureTransport"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [local.results_arn, "${local.results_arn}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  })

  # S3 refuses a policy while the block is being set.
  depends_on = [aws_s3_bucket_public_access_block.results]
}

resource "aws_s3_object" "roles" {
  bucket       = aws_s3_bucket.results.id
  key          = "roles/roles.jsonl"
  content      = trimspace(var.roles_json) == "" ? "" : "${trimspace(var.roles_json)}\n"
  content_type = "application/x-ndjson"
  tags         = var.tags

  depends_on = [aws_s3_bucket_server_side_encryption_configuration.results]
}
