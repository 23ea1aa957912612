locals {
  # Each statement with the reason why it is there: a statement without anybody to name would be refused.
  bucket_statements = [for item in [
    {
      # https://repost.aws/knowledge-center/s3-bucket-policy-for-config-rule
      needed = true
      statement = {
        Sid       = "AllowSSLRequestsOnly"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [local.bucket_arn, "${local.bucket_arn}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      }
    },
    {
      # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
      needed = length(local.trail_arns) > 0
      statement = {
        Sid       = "AWSCloudTrailAclCheck20150319"
        Effect    = "Allow"
        Principal = { Service = "cloudtrail.amazonaws.com" }
        Action    = "s3:GetBucketAcl"
        Resource  = local.bucket_arn
        Condition = { StringEquals = { "aws:SourceArn" = local.trail_arns } }
      }
    },
    {
      # One statement with a line for each account:
      # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-set-bucket-policy-for-multiple-accounts.html
      needed = length(local.trail_arns) > 0
      statement = {
        Sid       = "AWSCloudTrailWrite20150319"
        Effect    = "Allow"
        Principal = { Service = "cloudtrail.amazonaws.com" }
        Action    = "s3:PutObject"
        Resource  = [for account in local.trail_accounts : "${local.bucket_arn}/AWSLogs/${account}/*"]
        Condition = { StringEquals = { "s3:x-amz-acl" = "bucket-owner-full-control", "aws:SourceArn" = local.trail_arns } }
      }
    },
    {
      # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html#org-trail-bucket-policy
      needed = local.has_organization_trail
      statement = {
        Sid       = "AWSCloudTrailOrganizationWrite20150319"
        Effect    = "Allow"
        Principal = { Service = "cloudtrail.amazonaws.com" }
        Action    = "s3:PutObject"
        Resource  = "${local.bucket_arn}/AWSLogs/${var.organization_id}/*"
        Condition = { StringEquals = { "s3:x-amz-acl" = "bucket-owner-full-control", "aws:SourceArn" = var.organization_trail_arn } }
      }
    },
    {
      # https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html#granting-access-in-another-account
      needed = length(local.config_accounts) > 0
      statement = {
        Sid       = "AWSConfigBucketPermissionsCheck"
        Effect    = "Allow"
        Principal = { Service = "config.amazonaws.com" }
        Action    = "s3:GetBucketAcl"
        Resource  = local.bucket_arn
        Condition = { StringEquals = { "AWS:SourceAccount" = local.config_accounts } }
      }
    },
    {
      needed = length(local.config_accounts) > 0
      statement = {
        Sid       = "AWSConfigBucketExistenceCheck"
        Effect    = "Allow"
        Principal = { Service = "config.amazonaws.com" }
        Action    = "s3:ListBucket"
        Resource  = local.bucket_arn
        Condition = { StringEquals = { "AWS:SourceAccount" = local.config_accounts } }
      }
    },
    {
      # AWS names the role as the principal. The accounts with the role in a condition say the same, and need no role that exists.
      # https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html#required-permissions-cross-account
      needed = length(var.config_role_arns) > 0
      statement = {
        Sid       = "AWSConfigBucketExistenceCheckByRole"
        Effect    = "Allow"
        Principal = { AWS = [for account in local.config_role_accounts : "arn:${var.partition}:iam::${account}:root"] }
        Action    = "s3:ListBucket"
        Resource  = local.bucket_arn
        Condition = { ArnEquals = { "aws:PrincipalArn" = var.config_role_arns } }
      }
    },
    {
      # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-sharing-logs.html
      needed = length(var.reader_role_arns) > 0
      statement = {
        Sid       = "ReadersFindLogFiles"
        Effect    = "Allow"
        Principal = { AWS = var.reader_role_arns }
        Action    = ["s3:GetBucketLocation", "s3:ListBucket"]
        Resource  = local.bucket_arn
      }
    },
    {
      needed = length(var.reader_role_arns) > 0
      statement = {
        Sid       = "ReadersGetLogFiles"
        Effect    = "Allow"
        Principal = { AWS = var.reader_role_arns }
        Action    = "s3:GetObject"
        Resource  = "${local.bucket_arn}/AWSLogs/*"
      }
    },
  ] : item.statement if item.needed]

  # Config writes below a prefix that the delivering account chooses: one statement for each account keeps it in its own folder.
  # https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html#granting-access-in-another-account
  config_delivery = [for account in local.config_accounts : {
    Sid       = length(local.config_accounts) == 1 ? "AWSConfigBucketDelivery" : "AWSConfigBucketDelivery${account}"
    Effect    = "Allow"
    Principal = { Service = "config.amazonaws.com" }
    Action    = "s3:PutObject"
    Resource  = "${local.bucket_arn}/AWSLogs/${account}/Config/*"
    Condition = { StringEquals = { "s3:x-amz-acl" = "bucket-owner-full-control", "AWS:SourceAccount" = account } }
  }]

  bucket_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = concat(local.bucket_statements, local.config_delivery)
  })

  # Terraform shows the values of a condition that fails, so it has the sizes and not the documents.
  bucket_policy_size = length(local.bucket_policy)
}

resource "aws_s3_bucket_policy" "archive" {
  bucket = aws_s3_bucket.archive.id
  policy = local.bucket_policy

  lifecycle {
    precondition {
      condition     = local.has_organization_trail == (var.organization_id != "")
      error_message = "organization_trail_arn and organization_id belong together."
    }
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/add-bucket-policy.html
    precondition {
      condition     = local.bucket_policy_size <= 20480
      error_message = "The bucket policy is larger than the 20 KB that S3 allows: use an organization trail, deliver AWS Config of fewer accounts, or use a second archive."
    }
  }

  # S3 refuses changes of one bucket's settings at the same time, and a policy is checked against the block.
  depends_on = [aws_s3_bucket_public_access_block.archive, aws_s3_bucket_ownership_controls.archive]
}
