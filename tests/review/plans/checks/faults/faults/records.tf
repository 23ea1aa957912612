resource "aws_s3_bucket" "reports" {
  bucket = "reports"
}

# fault 29: wildcard-principal
resource "aws_s3_bucket_policy" "reports" {
  bucket = aws_s3_bucket.reports.bucket
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Principal = "*", Action = "s3:GetObject", Resource = "arn:aws:s3:::reports/*" },
    { Effect = "Deny", Principal = "*", Action = "s3:*", Resource = ["arn:aws:s3:::reports", "arn:aws:s3:::reports/*"], Condition = { Bool = { "aws:SecureTransport" = "false" } } },
  ] })
}

resource "aws_kms_key" "orders" {
  description = "orders"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Principal = { AWS = "arn:aws:iam::123456789012:root" }, Action = "kms:*", Resource = "*" }
  ] })
}

# fault 30: key-deletion (aws_kms_key.archive was here)

# fault 31: log-bucket-opened
# fault 32: log-retention-cut
resource "aws_s3_bucket" "audit" {
  bucket = "audit"
}

resource "aws_s3_bucket_public_access_block" "audit" {
  bucket                  = aws_s3_bucket.audit.bucket
  block_public_acls       = true
  block_public_policy     = false
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_policy" "audit" {
  bucket = aws_s3_bucket.audit.bucket
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Principal = { Service = "cloudtrail.amazonaws.com" }, Action = "s3:GetBucketAcl", Resource = "arn:aws:s3:::audit", Condition = { StringEquals = { "aws:SourceArn" = "arn:aws:cloudtrail:us-east-1:123456789012:trail/main" } } },
    { Effect = "Allow", Principal = { Service = "cloudtrail.amazonaws.com" }, Action = "s3:PutObject", Resource = "arn:aws:s3:::audit/AWSLogs/123456789012/*", Condition = { StringEquals = { "s3:x-amz-acl" = "bucket-owner-full-control", "aws:SourceArn" = "arn:aws:cloudtrail:us-east-1:123456789012:trail/main" } } },
  ] })
}

resource "aws_s3_bucket_lifecycle_configuration" "audit" {
  bucket = aws_s3_bucket.audit.bucket
  rule {
    id     = "keep"
    status = "Enabled"
    filter {}
    expiration {
      days = 30
    }
  }
}

# fault 33: trail-stopped
resource "aws_cloudtrail" "main" {
  name                       = "main"
  s3_bucket_name             = "audit"
  enable_logging             = false
  is_multi_region_trail      = true
  enable_log_file_validation = true
  kms_key_id                 = local.key
}

# fault 34: trail-narrowed
resource "aws_cloudtrail" "second" {
  name                       = "second"
  s3_bucket_name             = "audit"
  is_multi_region_trail      = false
  enable_log_file_validation = true
  kms_key_id                 = local.key
}

# fault 35: trail-validation-off
# fault 36: trail-encryption-off
resource "aws_cloudtrail" "third" {
  name                       = "third"
  s3_bucket_name             = "audit"
  is_multi_region_trail      = true
  enable_log_file_validation = false
}

# fault 37: trail-deleted (aws_cloudtrail.fourth was here)

# fault 38: recorder-stopped
# fault 39: recorder-narrowed
resource "aws_config_configuration_recorder" "main" {
  name     = "default"
  role_arn = "arn:aws:iam::123456789012:role/recorder"
  recording_group {
    all_supported  = false
    resource_types = ["AWS::S3::Bucket"]
  }
}

resource "aws_config_configuration_recorder_status" "main" {
  name       = aws_config_configuration_recorder.main.name
  is_enabled = false
}

# fault 40: lattice-without-auth
resource "aws_vpclattice_service" "orders" {
  name      = "orders"
  auth_type = "NONE"
}
